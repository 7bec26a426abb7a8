"""questions/: closed questions. The gates are test_gates.py's; here are those of the course and of the places."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

QUESTIONS = content_folder() / "en" / "questions"

LEADS = {
    "swollen_on_thinners": "urgent.bleed", "swollen_arm": "urgent.clot", "swollen_arm_on_thinners": "urgent.bleed",
    "cold_hand": "emergency.limb", "foot_drops": "emergency.limb", "hit": "urgent.injury", "dizzy": "emergency.stroke",
    "fall": "emergency.neck", "tearing": "emergency.heart", "saddle": "emergency.back", "bladder": "emergency.back",
    "belly_fever_fall": "needs_a_doctor", "lump_fever_tummy": "needs_a_doctor", "new_hip": "not_for_you",
    "mending": "not_for_you", "dark_urine": "urgent.muscle",
}  # fmt: skip
"""Where "yes" and two muddles lead."""

AFTER_A_MOVE = {"swollen_on_thinners", "swollen_arm", "swollen_arm_on_thinners", "cold_hand", "foot_drops", "hit",
                "dark_urine"}  # fmt: skip
"""Silence carries on there, as with Q1 to Q3; `dark_urine` has an answer after it whatever is said."""

GUARDED = {
    "shin": {"no": "guarded.jaw", "silence": "unanswered", "unclear": "guarded.jaw"},
    "chin": {"silence": "guarded.jaw", "unclear": "guarded.jaw"},
    "hip": {"no": "untaught", "silence": "unanswered", "unclear": "untaught"},
    "groin_or_thigh": {"groin": "guarded.groin", "silence": "unanswered", "unclear": "guarded.groin"},
    "exercising": {"no": "guarded.belly", "silence": "guarded.belly", "unclear": "guarded.belly"},
    "mouth": {"no": "emergency.jaw", "silence": "guarded.jaw", "unclear": "guarded.jaw"},
    "toes": {"no": "untaught", "silence": "", "unclear": "untaught"},
    "thigh": {"no": "untaught", "silence": "", "unclear": "untaught"},
}
"""Where the other questions lead that somebody's safety hangs on; "" carries on."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def written(file: str) -> set[str]:
    return set(yaml.safe_load((QUESTIONS / file).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LEADS)
def test_yes_and_two_muddles_lead_to_the_careful_answer(pack: Pack, name: str) -> None:
    question = pack.guide.questions[name]
    assert question.answers["yes"].goto == LEADS[name]
    assert question.unclear is not None
    assert question.unclear.goto == LEADS[name]
    assert question.reprompt
    assert question.answers["no"].learn
    assert question.silence.goto == ("" if name in AFTER_A_MOVE else "unanswered")


@pytest.mark.parametrize("name", GUARDED)
def test_whatever_is_no_plain_answer_takes_the_careful_path(pack: Pack, name: str) -> None:
    question = pack.guide.questions[name]
    for answer, routine in GUARDED[name].items():
        branch = {"silence": question.silence, "unclear": question.unclear}.get(answer) or question.answers.get(answer)
        assert branch is not None
        assert branch.goto == routine, answer


def test_every_question_that_can_end_the_coaching_is_tested_here() -> None:
    """A question added to places.yaml or course.yaml must be entered above, unless it only says how it goes."""
    harmless = {"cramp", "locate", "where", "parked", "ashore", "leg_or_spine", "bottom"}
    progress = {name for name in written("course.yaml") if name.startswith("progress")}
    assert written("course.yaml") | written("places.yaml") == set(LEADS) | set(GUARDED) | harmless | progress


def test_every_question_of_progress_asks_in_the_same_words_and_knows_the_same_answers(pack: Pack) -> None:
    asked = [question for name, question in pack.guide.questions.items() if name.startswith("progress")]
    assert len(asked) >= 5
    assert {question.say for question in asked} == {"Better, same, or worse?"}
    assert {tuple(sorted(question.answers)) for question in asked} == {("better", "no", "same", "worse", "yes")}
    assert {question.answers["better"].goto for question in asked} == {"relieved"}


def test_only_yes_leaves_the_wheel_and_the_water(pack: Pack) -> None:
    for name in ("parked", "ashore"):
        question = pack.guide.questions[name]
        assert [value for value, branch in question.answers.items() if branch.leave] == ["yes"]
        assert not question.silence.leave
        assert question.unclear is None


def test_every_question_ends_with_a_question_mark_and_has_answers(pack: Pack) -> None:
    for question in pack.guide.questions.values():
        assert question.say.endswith("?")
        assert question.answers


def test_every_answer_is_one_that_can_be_understood(pack: Pack) -> None:
    values = pack.lexicon.values("value", "answer")
    unknown = {value for question in pack.guide.questions.values() for value in question.answers} - values
    assert not unknown


def test_every_file_of_questions_is_some_tests() -> None:
    mirrors = {
        "course": "test_questions",
        "places": "test_questions",
        "gates": "test_gates",
        "talk": "test_answers",
        "diary": "test_diary",
        "me": "test_me",
    }
    for path in QUESTIONS.glob("*.yaml"):
        assert (Path(__file__).parent / f"{mirrors[path.stem]}.py").exists()
