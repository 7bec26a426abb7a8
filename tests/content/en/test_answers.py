"""answers/: every question has its answer, short, to the letter of the sources, and careful for whom it must be."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))

TOPICS = (
    "why", "causes", "how_long", "night", "age", "pregnancy", "source", "later", "afterwards", "sore_or_tight",
    "rub", "elevate", "exercise", "walking", "prevention", "stretching", "shoes", "sitting", "covers",
    "alcohol", "water", "food", "nutrients", "doctor", "serious", "medicines", "painkillers", "quinine",
    "supplements", "pickle", "pins_and_needles", "restless_legs", "twitch", "period_pain", "help",
    "what_can_i_ask", "diary_night", "diary_week", "diary_month", "diary_last", "diary_trend",
)  # fmt: skip

REFUSALS = {
    "quinine/tonic": "quinine",
    "which supplement/dose": "supplements",
    "pickle juice": "pickle",
    "what is causing it": "causes",
    "is it serious": "serious",
}
"""safety.md's names to ours."""

LATER = "Let it ease first. Then ask again."

Walk = Callable[..., list[str]]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def source(name: str) -> str:
    file = SHARED / "sources" / name
    if not file.exists():
        pytest.skip(f"no {file}: the source of the answers is not here")
    return file.read_text(encoding="utf-8")


def part(text: str, begins: str, ends: str) -> str:
    return text.split(begins, 1)[1].split(ends, 1)[0]


def lines(heard: list[str]) -> list[str]:
    return [line for line in heard if not re.match(r"\?|rest |hold |breathe ", line)]


def groups(heard: list[str]) -> list[list[str]]:
    """Return what is said between one "More?" and the next; other questions come before the first line."""
    found: list[list[str]] = [[]]
    for line in heard:
        if line == "? more":
            found.append([])
        elif line in lines([line]):
            found[-1].append(line)
    return found


def test_every_topic_is_answered_and_reached_by_its_question(pack: Pack) -> None:
    assert {name.removeprefix("answer.") for name in pack.guide.routines if name.startswith("answer.")} == set(TOPICS)
    for topic in TOPICS:
        assert pack.guide.asides[f"question.{topic}"] == f"answer.{topic}"
    assert pack.guide.later == "answer.later"


def test_refusals_are_those_of_the_source(walk: Walk) -> None:
    text = part(source("safety.md"), "### Refusals", "\n---")
    found = dict(re.findall(r"^- \((.*?)\) SAY: (.*?)(?: \[R.*)?$", text, re.MULTILINE))
    assert set(found) == set(REFUSALS)
    for name, topic in REFUSALS.items():
        assert lines(walk(f"answer.{topic}"))[0] == found[name]


def test_a_doctor_is_named_in_the_words_of_the_source(walk: Walk) -> None:
    text = part(source("safety.md"), "### See a doctor", "###")
    told = re.findall(r"^- SAY: (.*)$", text, re.MULTILINE)
    assert len(told) == 4
    assert set(told) <= set(walk("answer.doctor"))


def test_aftercare_is_told_in_the_words_of_the_source(walk: Walk) -> None:
    told = re.findall(r"^- SAY: (.*)$", part(source("protocols.md"), "Aftercare on request:", "###"), re.MULTILINE)
    assert len(told) == 3
    assert [line for line in walk("answer.sore_or_tight") if line in told] == told


def test_every_red_flag_of_the_first_document_is_a_reason_for_a_doctor(pack: Pack) -> None:
    for item in ("000-79", "000-80", "000-81", "000-82", "000-83", "000-84", "000-85", "000-86"):
        assert any(file == "answers/doctor.yaml" for file, _ in pack.claims[item]), item


def test_all_twelve_things_that_play_a_part_are_told(pack: Pack, walk: Walk) -> None:
    for item in range(10, 22):
        assert any(file == "answers/about.yaml" for file, _ in pack.claims[f"001-{item}"]), item
    told = [line for line in walk("answer.causes") if " can" in line]
    assert not [line for line in told if re.search(r"\b(causes?|because|lack)\b", line)]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_group_is_one_or_two_sentences_for_whomever(pack: Pack, walk: Walk, topic: str) -> None:
    for fact in ("", *pack.person):
        for group in groups(walk(f"answer.{topic}", [fact] if fact else [], {"stands": "yes"})):
            sentences = re.split(r"(?<=[.?!])\s+", " ".join(group))
            assert 1 <= len([sentence for sentence in sentences if sentence]) <= 2, (fact, group)


@pytest.mark.parametrize("topic", TOPICS)
def test_in_an_attack_one_group_is_said_and_nothing_asked(pack: Pack, walk: Walk, topic: str) -> None:
    for fact in ("", *pack.person):
        heard = walk(f"answer.{topic}", ["attack", fact] if fact else ["attack"])
        assert 1 <= len(heard) <= 2, (fact, heard)
        assert heard == lines(heard), fact


@pytest.mark.parametrize("topic", ["sore_or_tight", "rub", "elevate", "exercise", "walking", "stretching"])
def test_what_is_for_later_waits_until_it_has_eased(walk: Walk, topic: str) -> None:
    assert walk(f"answer.{topic}", ["attack"]) == [LATER]


def test_no_rub_before_the_clot_and_the_blow_are_asked_for(walk: Walk) -> None:
    heard = walk("answer.rub")
    assert heard[:3] == ["? swollen", "? hit_or_popped", "Stroke it lightly with your palm."]
    for question, answer in (("swollen", "urgent.clot"), ("hit_or_popped", "urgent.injury")):
        stopped = walk("answer.rub", answers={question: "yes"})
        assert "Stroke it lightly with your palm." not in stopped
        assert stopped[-1].startswith("rest"), answer


@pytest.mark.parametrize(
    "fact", ["past_clot", "pregnant", "pregnant_late", "recent_surgery", "cancer", "fracture", "long_trip"]
)
def test_where_a_clot_is_likelier_nobody_rubs(walk: Walk, fact: str) -> None:
    assert lines(walk("answer.rub", [fact])) == ["For you, hands off is safer. Ask your doctor."]


@pytest.mark.parametrize("fact", ["kidney_disease", "heart_failure", "low_salt"])
def test_with_a_fluid_limit_the_team_is_asked_and_no_tip_given(walk: Walk, fact: str) -> None:
    for topic in ("water", "food", "nutrients", "prevention"):
        said = lines(walk(f"answer.{topic}", [fact]))
        assert any(line.startswith("Ask your team about") for line in said), topic
        assert not [
            line for line in said if re.search(r"\b(drink enough|sip|eat|nuts|salt|potassium)\b", line, re.IGNORECASE)
        ]


@pytest.mark.parametrize("fact", ["numb_feet", "poor_circulation"])
def test_on_numb_skin_or_with_poor_blood_flow_neither_warm_nor_cold(walk: Walk, fact: str) -> None:
    assert lines(walk("answer.sore_or_tight", [fact])) == ["Skip heat and cold. Ask your doctor."]


def test_nobody_stands_who_did_not_say_that_it_is_safe(walk: Walk) -> None:
    assert "Face a wall, one leg straight behind you." in walk("answer.stretching", answers={"stands": "yes"})
    for answer in ("no", ""):
        said = walk("answer.stretching", answers={"stands": answer})
        assert not [line for line in said if re.search(r"\bwall\b", line)]


@pytest.mark.parametrize("fact", ["hip_replacement", "knee_replacement"])
def test_with_a_new_joint_nobody_leans_forward(walk: Walk, fact: str) -> None:
    said = walk("answer.stretching", [fact], {"stands": "yes"})
    assert not [line for line in said if "Lean forward" in line]


def test_medicines_are_never_changed_by_voice(walk: Walk) -> None:
    said = lines(walk("answer.medicines")) + lines(walk("answer.doctor"))
    assert said[0].startswith("Keep taking them.")
    assert not [line for line in said if re.search(r"\b(stop|skip|drop|less|more|change)\b", line, re.IGNORECASE)]


def test_no_answer_gives_a_dose_or_speaks_of_the_additive(walk: Walk) -> None:
    for topic in TOPICS:
        for line in walk(f"answer.{topic}", answers={"stands": "yes"}):
            assert not re.search(r"silicate|\b(mg|gram|milligram|dose|spoon|glass|litre)s?\b", line, re.IGNORECASE), (
                line
            )


def test_no_answer_promises_or_reassures(walk: Walk) -> None:
    banned = r"harmless|nothing to worry|don't worry|only a|will (stop|go|fix|cure)|always|guarantee"
    for topic in TOPICS:
        for line in walk(f"answer.{topic}"):
            assert not re.search(banned, line, re.IGNORECASE), line
