"""The protocols against their source: the lines of protocols.md, in its order, and its rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Hold, Protocol, Say, spoken
from voice_assist.samples import samples

LINES = {
    "calf": {
        "move": [
            "Straighten that leg.",
            "Push your heel away from you.",
            "Bring your toes back toward your nose.",
            "Use your shin. Firm but gentle.",
        ],
        "alternative": ["Press the whole foot flat against something."],
        "stretch": ["Same shape, softer. Knee straight, toes back.", "A towel round the foot can help."],
    },
    "foot": {
        "move": ["Bring your toes back toward your nose.", "Spread your toes wide."],
        "alternative": ["Or press that foot flat on something."],
        "stretch": ["If you can reach, ease the toes back."],
    },
    "hamstring": {
        "move": [
            "Lie back if you can.",
            "Slowly straighten that knee.",
            "Press that knee into the bed.",
            "Tighten the front of your thigh.",
        ],
        "alternative": ["Straighten it only as far as it goes."],
        "stretch": ["Lift the leg a little. Stop at mild."],
    },
    "quadriceps": {
        "move": [
            "Roll onto your good side.",
            "Bend that knee.",
            "Draw your heel toward your bottom.",
            "Pull with the back of your thigh.",
        ],
        "alternative": ["Sit on the bed edge. Slide that heel back."],
        "stretch": ["Hold your ankle. Heel a little closer."],
    },
    "unknown": {
        "move": ["Straighten that leg. Heel away from you.", "Toes back toward your nose. Keep breathing."],
    },
}
"""What is said where, from shared/sources/protocols.md sections 2.2 and 3."""

STRETCH = {"calf": 20, "foot": 15, "hamstring": 20, "quadriceps": 15, "unknown": 20}
"""Seconds of the follow-up stretch, twice (protocols.md section 1, summary table)."""

FORBIDDEN = ("second", "minute", "left", "right", "should", "might")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.mark.parametrize("place", LINES)
def test_the_lines_are_those_of_the_source_in_its_order(pack: Pack, place: str) -> None:
    for part, lines in LINES[place].items():
        said = list(spoken(pack.guide.protocols[place].parts[part]))
        assert [line for line in said if line in lines][: len(lines)] == lines, part


@pytest.mark.parametrize("place", STRETCH)
def test_the_stretch_is_held_twice_for_its_time(pack: Pack, place: str) -> None:
    holds = [step for step in pack.guide.protocols[place].parts["stretch"] if isinstance(step, Hold)]
    assert [hold.seconds for hold in holds] == [STRETCH[place]] * 2


def test_every_hold_of_the_attack_is_ten_seconds_and_carries_a_breathing_word(pack: Pack) -> None:
    steps = pack.guide.routines["hold"].steps
    assert [step.seconds for step in steps if isinstance(step, Hold)] == [10]
    assert any("breathing" in step.text for step in steps if isinstance(step, Say))
    ease = steps[-1]
    assert isinstance(ease, Say)
    assert ease.lasts == samples(5)


@pytest.mark.parametrize("place", LINES)
def test_moves_never_promise_a_time_nor_name_a_side(pack: Pack, place: str) -> None:
    protocol: Protocol = pack.guide.protocols[place]
    for steps in protocol.parts.values():
        for line in spoken(steps):
            assert not [word for word in FORBIDDEN if re.search(rf"\b{word}s?\b", line, re.IGNORECASE)], line


def test_every_protocol_has_what_the_course_needs(pack: Pack) -> None:
    for place, protocol in pack.guide.protocols.items():
        assert {"move", "smaller", "alternative", "stretch"} <= set(protocol.parts), place


def test_every_content_file_has_a_mirror() -> None:
    files = {path.stem for path in (content_folder() / "en").glob("*.yaml")}
    mirrors = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert files <= mirrors, f"no test file for {files - mirrors}"
