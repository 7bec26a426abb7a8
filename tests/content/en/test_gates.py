"""questions/gates.yaml: the questions of safety.md section 3, to the letter, failing toward safety."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))

NUMBERS = {
    "Q1": "swollen", "Q2": "cold_numb", "Q3": "hit_or_popped", "Q4": "heart_lungs", "Q5": "faint_or_weak",
    "Q6": "neck_signs", "Q7": "nerves", "Q8": "lump", "Q9": "blood_thinners", "Q10": "hands", "Q11": "which_cramp",
    "Q12": "overheated", "Q13": "child_walks",
}  # fmt: skip
"""safety.md's numbers to the pack's names."""

DANGEROUS = {
    "swollen": ("yes", "urgent.clot"),
    "cold_numb": ("yes", "emergency.limb"),
    "hit_or_popped": ("yes", "urgent.injury"),
    "heart_lungs": ("yes", "emergency.heart"),
    "faint_or_weak": ("yes", "emergency.heart"),
    "neck_signs": ("yes", "emergency.neck"),
    "nerves": ("yes", "emergency.back"),
    "lump": ("yes", "emergency.groin"),
    "blood_thinners": ("yes", "urgent.bleed"),
    "hands": ("both", "guarded.hands"),
    "overheated": ("yes", "emergency.heat"),
    "child_walks": ("no", "urgent.child"),
    "heart_first": ("yes", "emergency.heart"),
    "fit_first": ("yes", "emergency.fit"),
}
"""Question to its dangerous answer, and where that leads."""

CARRIES_ON = ("swollen", "cold_numb", "hit_or_popped", "hands", "overheated", "which_cramp")
"""Asked of legs, feet and hands: silence carries on."""

CAREFUL = ("heart_lungs", "faint_or_weak", "neck_signs", "nerves", "lump", "blood_thinners", "child_walks")
"""Asked before any move: silence ends carefully."""

CONFIRMED = {"heart_first": "emergency.heart", "fit_first": "emergency.fit"}
"""Asked once, and then it is a yes."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_every_question_is_worded_as_the_source_words_it(pack: Pack) -> None:
    source = SHARED / "sources" / "safety.md"
    if not source.exists():
        pytest.skip(f"no {source}: the source of the questions is not here")
    rows = re.findall(r"^\| (Q\d+) \|[^|]*\| SAY: (.*?\?)", source.read_text(encoding="utf-8"), re.MULTILINE)
    assert {NUMBERS[number]: said for number, said in rows} == {
        name: pack.guide.questions[name].say for name in NUMBERS.values()
    }


@pytest.mark.parametrize("gate", DANGEROUS)
def test_the_dangerous_answer_and_two_muddles_lead_to_the_same(pack: Pack, gate: str) -> None:
    question = pack.guide.questions[gate]
    answer, target = DANGEROUS[gate]
    assert question.answers[answer].goto == target
    assert question.unclear is not None
    assert question.unclear.goto == target
    assert pack.guide.routines[target].alarm


@pytest.mark.parametrize("gate", DANGEROUS)
def test_the_harmless_answer_carries_on_and_is_remembered(pack: Pack, gate: str) -> None:
    answers = pack.guide.questions[gate].answers
    (harmless,) = set(answers) - {DANGEROUS[gate][0]}
    assert answers[harmless].learn
    assert not answers[harmless].goto


@pytest.mark.parametrize("gate", CARRIES_ON)
def test_of_legs_and_hands_silence_carries_on_once_it_was_asked_twice(pack: Pack, gate: str) -> None:
    question = pack.guide.questions[gate]
    assert question.reprompt
    assert (question.silence.goto, question.silence.learn) == ("", ())


@pytest.mark.parametrize("gate", CAREFUL)
def test_before_any_move_silence_ends_carefully_once_it_was_asked_twice(pack: Pack, gate: str) -> None:
    question = pack.guide.questions[gate]
    assert question.reprompt
    assert question.silence.goto == "unanswered"


@pytest.mark.parametrize("gate", CONFIRMED)
def test_a_doubt_is_asked_about_once_and_silence_is_a_yes(pack: Pack, gate: str) -> None:
    question = pack.guide.questions[gate]
    assert not question.reprompt
    assert question.silence.goto == CONFIRMED[gate]
    assert pack.guide.confirm[CONFIRMED[gate]] == gate


def test_whoever_does_not_tell_which_cramp_is_not_sent_away(pack: Pack) -> None:
    question = pack.guide.questions["which_cramp"]
    assert {value for value, branch in question.answers.items() if branch.goto == "guarded.belly"} == {
        "tummy",
        "period",
    }
    assert question.unclear is None


def test_somebody_who_was_asked_about_a_fit_is_not_asked_again(pack: Pack) -> None:
    question = pack.guide.questions["fit_first"]
    assert question.unclear is not None
    for branch in (question.answers["yes"], question.silence, question.unclear):
        assert branch.learn == ("fit_asked",)


def test_no_gate_depends_on_seeing_anything(pack: Pack) -> None:
    seen = re.compile(r"\b(red|redness|blue|white|pale|colou?r|dark|dusky|look|looks|see)\b", re.IGNORECASE)
    asked = [pack.guide.questions[name].say for name in (*DANGEROUS, "which_cramp")]
    assert [say for say in asked if seen.search(say)] == []
