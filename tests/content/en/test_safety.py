"""Safety answers to the letter of safety.md, read from it where it is at hand."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import spoken

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))
NAMES = {
    "HEART": "heart", "LUNG": "lung", "STROKE": "stroke", "LIMB": "limb", "BACK": "back", "NECK": "neck",
    "JAW": "jaw", "GROIN": "groin", "HEAT": "heat", "FIT": "fit", "PREG": "pregnancy", "GENERAL": "general",
    "CLOT": "clot", "10": "ten_minutes", "INJURY": "injury", "BLEED": "bleed", "MUSCLE": "muscle", "CHILD": "child",
}  # fmt: skip
"""safety.md's names to the pack's."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en", {"emergency": "{EMERGENCY}", "advice": "{ADVICE}"})


def answers_of_the_source() -> dict[str, list[str]]:
    source = SHARED / "sources" / "safety.md"
    if not source.exists():
        pytest.skip(f"no {source}: the source of the safety answers is not here")
    found: dict[str, list[str]] = {}
    name = ""
    for line in source.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"- \*\*([EU])-(\w+)\*\*", line):
            name = f"{'emergency' if heading[1] == 'E' else 'urgent'}.{NAMES[heading[2]]}"
            found[name] = []
        elif (said := re.match(r"  - SAY: (.*?)(?: \[R.*)?$", line)) and name:
            found[name].append(said[1])
        elif line.startswith("#"):
            name = ""
    return found


def test_every_answer_says_what_the_source_says(pack: Pack) -> None:
    source = answers_of_the_source()
    assert len(source) == len(NAMES)
    ours = {name: list(spoken(pack.guide.routines[name].steps)) for name in source}
    assert ours == source


@pytest.mark.parametrize("kind", [name for name in NAMES.values() if name != "child"])
def test_every_answer_is_an_alarm(pack: Pack, kind: str) -> None:
    routines = [pack.guide.routines.get(f"{group}.{kind}") for group in ("emergency", "urgent")]
    assert [routine.alarm for routine in routines if routine] == [True]


def test_no_line_names_a_medicine_or_a_dose(pack: Pack) -> None:
    for line in pack.lines():
        assert not re.search(r"\b(mg|milligram|tablet|pill|dose|magnesium|aspirin)", line, re.IGNORECASE), line
