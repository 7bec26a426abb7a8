"""Safety answers to the letter of safety.md, read from it where it is at hand."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Breathe, Goto, Loop, Rest, Say, every, spoken
from voice_assist.samples import samples, seconds

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))
GROUPS = {"E": "emergency", "U": "urgent", "G": "guarded"}
NAMES = {
    "E-HEART": "heart", "E-LUNG": "lung", "E-STROKE": "stroke", "E-LIMB": "limb", "E-BACK": "back", "E-NECK": "neck",
    "E-JAW": "jaw", "E-GROIN": "groin", "E-HEAT": "heat", "E-FIT": "fit", "E-PREG": "pregnancy", "E-GENERAL": "general",
    "U-CLOT": "clot", "U-10": "ten_minutes", "U-INJURY": "injury", "U-BLEED": "bleed", "U-MUSCLE": "muscle",
    "U-CHILD": "child",
    "G-CHEST": "chest", "G-BELLY": "belly", "G-GROIN": "groin", "G-HANDS": "hands", "G-JAW": "jaw",
}  # fmt: skip
"""safety.md's names to the pack's."""

OURS = {name: f"{GROUPS[name[0]]}.{kind}" for name, kind in NAMES.items()}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en", {"emergency": "{EMERGENCY}", "advice": "{ADVICE}"})


def answers_of_the_source() -> dict[str, str]:
    """Return each answer of safety.md section 4 as it stands there, by our name for it."""
    source = SHARED / "sources" / "safety.md"
    if not source.exists():
        pytest.skip(f"no {source}: the source of the safety answers is not here")
    section = source.read_text(encoding="utf-8").partition("\n## 4.")[2].partition("\n## 5.")[0]
    found: dict[str, str] = {}
    for block in re.split(r"\n(?=- \*\*|#)", section):
        if heading := re.match(r"- \*\*([EUG]-\w+)\*\*", block):
            found[OURS[heading[1]]] = block
    return found


def lines_of(block: str) -> list[str]:
    return re.findall(r"^  - (?:\([^)]*\) )?SAY: (.*?)(?: \[R.*)?$", block, re.MULTILINE)


def sources(pack: Pack, answer: str) -> set[str]:
    return {
        source for step in every(pack.guide.routines[answer].steps) if isinstance(step, Say) for source in step.sources
    }


def test_every_answer_says_what_the_source_says(pack: Pack) -> None:
    source = {name: lines_of(block) for name, block in answers_of_the_source().items()}
    assert set(source) == set(OURS.values())
    # These two have no lines of their own there: the one points elsewhere, for the other see below.
    assert source.pop("guarded.jaw") == source.pop("guarded.groin") == []
    # Whom the person named comes after it, and only where somebody is.
    named = "Then call somebody you trust."
    said = {name: [line for line in spoken(pack.guide.routines[name].steps) if line != named] for name in source}
    assert said == source


def test_every_answer_carries_the_sources_that_the_source_names(pack: Pack) -> None:
    named = {name: set(re.findall(r"\[(R\d+)\]", block)) for name, block in answers_of_the_source().items()}
    missing = {name: ids - sources(pack, name) for name, ids in named.items()}
    assert {name: ids for name, ids in missing.items() if ids} == {}


def test_a_jaw_gets_the_answer_of_the_locked_jaw(pack: Pack) -> None:
    assert [step for step in every(pack.guide.routines["guarded.jaw"].steps) if isinstance(step, Goto)] == [
        Goto("emergency.jaw")
    ]


def test_the_groin_is_sent_to_hospital_for_the_signs_and_to_a_doctor_otherwise(pack: Pack) -> None:
    lines = list(spoken(pack.guide.routines["guarded.groin"].steps))
    signs = next(line for line in lines if "testicle" in line)
    assert "lump" in signs
    assert "Go to hospital now." in signs
    assert list(spoken(pack.guide.routines["emergency.groin"].steps))[1].startswith("Go to hospital now.")
    assert lines[-1] == "Otherwise, ask a doctor."


def test_hands_that_cramp_breathe_six_slow_breaths_between_the_lines(pack: Pack) -> None:
    steps = list(every(pack.guide.routines["guarded.hands"].steps))
    breaths = [number for number, step in enumerate(steps) if isinstance(step, Breathe)]
    assert [steps[number] for number in breaths] == [Breathe(6)]
    assert len([step for step in steps[: breaths[0]] if isinstance(step, Say)]) == 2


@pytest.mark.parametrize("answer", [*OURS.values(), "unanswered", "not_for_you"])
def test_every_answer_is_an_alarm(pack: Pack, answer: str) -> None:
    assert pack.guide.routines[answer].alarm


def times(pack: Pack, answer: str) -> int | None:
    first = pack.guide.routines[answer].steps[0]
    assert isinstance(first, Loop)
    return first.times


@pytest.mark.parametrize("kind", [kind for name, kind in NAMES.items() if name.startswith("E-")])
def test_an_emergency_is_said_and_repeated_once_after_five_seconds(pack: Pack, kind: str) -> None:
    assert times(pack, f"emergency.{kind}") == 2
    pauses = [step for step in every(pack.guide.routines[f"emergency.{kind}"].steps) if isinstance(step, Rest)]
    assert samples(5.0) in [pause.length for pause in pauses], [seconds(pause.length) for pause in pauses]


def test_the_ten_minutes_are_told_once(pack: Pack) -> None:
    assert times(pack, "urgent.ten_minutes") == 1


@pytest.mark.parametrize("routine", ["unanswered", "not_for_you"])
def test_a_careful_end_names_the_emergency_number_and_whom_to_ask(pack: Pack, routine: str) -> None:
    lines = list(spoken(pack.guide.routines[routine].steps))
    assert [line for line in lines if "{EMERGENCY}" in line]
    assert "{ADVICE}" in lines[-1]


def test_no_alarm_tells_anybody_to_move_on_or_to_rub(pack: Pack) -> None:
    forbidden = re.compile(
        r"\b(stretch|pull|press|push|rub|stroke it|massage|hold it|straighten|bend)\b", re.IGNORECASE
    )
    for routine in pack.guide.routines.values():
        if routine.alarm:
            assert not [line for line in spoken(routine.steps) if forbidden.search(line)], routine.name


def test_no_line_names_a_dose_or_aspirin(pack: Pack) -> None:
    dose = re.compile(r"\b(mg|milligrams?|grams?|tablets?|pills?|doses?|aspirin)\b", re.IGNORECASE)
    assert [line for line in pack.lines() if dose.search(line)] == []
