"""The protocols against their source: the lines of protocols.md in its order, its tiers, its hold plans."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.evening import SAFE
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.course import Course
from voice_assist.guide.facts import Facts
from voice_assist.guide.protocol import Ask, Breathe, Goto, Hold, Loop, Only, Part, Protocol, Run, Say, Step
from voice_assist.samples import samples

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))

SECTIONS = {
    1: "calf", 2: "foot", 3: "hamstring", 4: "quadriceps", 5: "inner_thigh", 6: "hip_flexor", 7: "buttock", 8: "shin",
    9: "hand", 10: "forearm", 11: "biceps", 12: "triceps", 13: "neck", 14: "upper_back", 15: "lower_back",
    16: "abdomen", 17: "chest", 18: "jaw",
}  # fmt: skip
"""Section of protocols.md (3.1 to 3.18) to the pack's place."""

COACHED = [place for number, place in SECTIONS.items() if number <= 15]

ELSEWHERE = {
    "Sweaty, sick, or faint?": "safety.md's Q5 asks this, and the weak side too; it comes straight after Q4",
    "Muscle cramp, tummy, or period pain?": "Q11 is asked of whoever says no more than 'cramps', in the opener",
}
"""Lines of the source that the place's own protocol leaves out, and why."""

TIERS = {"1": "guided", "2": "gentle", "2S": "screened", "3": "comfort", "4": "never"}

HOLDS = {
    "calf": 10, "foot": 10, "hamstring": 10, "quadriceps": 10, "unknown": 10, "inner_thigh": 8, "hip_flexor": 5,
    "buttock": 8, "shin": 5, "hand": 10, "forearm": 8, "biceps": 8, "triceps": 8,
}  # fmt: skip
"""Seconds of a hold in the attack: the lower end where the summary table of section 1 gives a span."""

STRETCH = {
    "calf": 20, "foot": 15, "hamstring": 20, "quadriceps": 15, "unknown": 20, "inner_thigh": 20, "buttock": 20,
    "shin": 15, "hand": 15, "forearm": 15, "biceps": 15, "triceps": 15,
}  # fmt: skip
"""Seconds of the follow-up stretch, twice (summary table). The hip's crease lies flat for 30 s instead."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def source() -> str:
    path = SHARED / "sources" / "protocols.md"
    if not path.exists():
        pytest.skip(f"no {path}: the source of the protocols is not here")
    return path.read_text(encoding="utf-8")


def said_in(text: str) -> list[str]:
    """Return the spoken lines of a piece of the source: sentences after SAY, up to where its prose goes on."""
    sentence = r"[A-Z][^.?/→|\"(\n]*[.?]"
    found = re.findall(rf"SAY: ({sentence}(?: {sentence})*)", text)
    return [" ".join(line.split()) for line in found]


def section(number: int) -> str:
    text = source()
    return text[text.index(f"### 3.{number} ") : text.index(f"### 3.{number + 1} ")]


def reach(pack: Pack, steps: tuple[Step, ...], protocol: Protocol, seen: set[str]) -> list[str]:
    """Return every line and question that steps can lead to, facts aside, in order."""
    lines: list[str] = []
    for step in steps:
        bare = step.step if isinstance(step, Only) else step
        if isinstance(bare, Say):
            lines.append(bare.text)
        elif isinstance(bare, Ask):
            lines.append(pack.guide.questions[bare.question].say)
        elif isinstance(bare, Loop):
            lines += reach(pack, bare.steps, protocol, seen)
        elif isinstance(bare, Part):
            lines += reach(pack, protocol.parts.get(bare.name, ()), protocol, seen)
        elif isinstance(bare, Run | Goto) and bare.routine not in seen:
            seen.add(bare.routine)
            lines += reach(pack, pack.guide.routines[bare.routine].steps, protocol, seen)
    return lines


def leaves(pack: Pack, place: str, *parts: str, told: tuple[str, ...] = ()) -> list[Step]:
    """Return what a place's parts yield for somebody of whom only `told` is known, each question answered safely."""
    facts = Facts()
    facts.learn(told)
    course = Course(pack.guide, facts)
    course.protocol = pack.guide.protocols[place]
    course.insert(*(Part(part) for part in parts))
    found: list[Step] = []
    while (step := course.next()) is not None:
        found.append(step)
        if isinstance(step, Ask):
            question = pack.guide.questions[step.question]
            answer = SAFE.get(question.say, "no")
            facts.learn(question.answers[answer].learn if answer else ())
        if isinstance(step, Goto):
            break
    return found


@pytest.mark.parametrize(("number", "place"), SECTIONS.items())
def test_every_line_of_the_source_is_spoken_by_its_place(pack: Pack, number: int, place: str) -> None:
    lines = said_in(section(number))
    assert lines
    protocol = pack.guide.protocols[place]
    ours: set[str] = set()
    for steps in protocol.parts.values():
        ours |= set(reach(pack, steps, protocol, set()))
    missing = [line for line in lines if line not in ours and line not in ELSEWHERE]
    assert not missing


@pytest.mark.parametrize("place", COACHED)
def test_gate_and_moves_come_in_the_order_of_the_source(pack: Pack, place: str) -> None:
    number = next(number for number, name in SECTIONS.items() if name == place)
    steps = leaves(pack, place, "gate", "move", "hold", "again")
    ours = [
        pack.guide.questions[step.question].say if isinstance(step, Ask) else getattr(step, "text", "")
        for step in steps
    ]
    wanted = [line for line in said_in(section(number)) if line in ours]
    places = [ours.index(line) for line in wanted]
    # The way in is told before "Hold. Keep breathing.", which some sections say and some leave to 2.1.
    assert places == sorted(places)
    assert len(set(wanted)) >= 3


def test_what_was_left_out_is_still_left_out(pack: Pack) -> None:
    for line in ELSEWHERE:
        places = [place for number, place in SECTIONS.items() if line in said_in(section(number))]
        assert places
        for place in places:
            protocol = pack.guide.protocols[place]
            for steps in protocol.parts.values():
                assert line not in reach(pack, steps, protocol, set()), place


@pytest.mark.parametrize("heading", ["### 2.1", "### 2.2", "### 3.19"])
def test_the_shared_lines_of_the_source_are_spoken_somewhere(pack: Pack, heading: str) -> None:
    text = source()
    start = text.index(heading)
    lines = said_in(text[start : re.compile(r"^(###|---)", re.MULTILINE).search(text, start + 5).start()])  # type: ignore[union-attr]
    assert lines
    assert not [line for line in lines if line not in pack.lines()]


def test_the_source_was_read_whole() -> None:
    assert len(said_in(source())) >= 110
    assert source().count("SAY:") - len(said_in(source())) <= 2  # the two that tell of SAY itself


def test_every_place_has_the_tier_of_the_source(pack: Pack) -> None:
    rows = re.findall(r"^\| (\d+) \| [^|]+\| (\d\w?)\b", source(), re.MULTILINE)
    assert {int(number) for number, _ in rows} == set(SECTIONS)
    for number, tier in rows:
        assert pack.guide.protocols[SECTIONS[int(number)]].tier == TIERS[tier], SECTIONS[int(number)]


@pytest.mark.parametrize("place", HOLDS)
@pytest.mark.parametrize("part", ["hold", "again"])
def test_a_hold_is_as_long_as_planned_and_eased_for_five_seconds(pack: Pack, place: str, part: str) -> None:
    steps = leaves(pack, place, part)
    holds = [step for step in steps if isinstance(step, Hold)]
    assert [(hold.seconds, hold.count) for hold in holds] == [(HOLDS[place], "auto")]
    ease = steps[-1]
    assert isinstance(ease, Say)
    assert (ease.text, ease.lasts) == ("Ease off. Let it go soft.", samples(5))


@pytest.mark.parametrize("place", HOLDS)
def test_every_hold_carries_a_breathing_word(pack: Pack, place: str) -> None:
    for parts in (("move", "hold"), ("again",)):
        assert any("breathing" in step.text for step in leaves(pack, place, *parts) if isinstance(step, Say)), parts


@pytest.mark.parametrize("place", STRETCH)
def test_the_stretch_is_held_twice_for_its_time_and_by_the_old_three_times_ten_seconds(pack: Pack, place: str) -> None:
    young = [step.seconds for step in leaves(pack, place, "stretch") if isinstance(step, Hold)]
    old = [step.seconds for step in leaves(pack, place, "stretch", told=("over_65",)) if isinstance(step, Hold)]
    assert (young, old) == ([STRETCH[place]] * 2, [10] * 3)


def test_comfort_has_no_hold_and_no_stretch(pack: Pack) -> None:
    """Tier 3: a resting position, breathing, small easy movement. No contraction, no stretch."""
    for place in ("neck", "upper_back", "lower_back"):
        protocol = pack.guide.protocols[place]
        steps = leaves(pack, place, "move", "hold", "again")
        assert not [step for step in steps if isinstance(step, Hold)]
        assert [step for step in steps if isinstance(step, Breathe)]
        assert not {"stretch", "smaller", "sway", "standing"} & set(protocol.parts)


def test_never_has_no_part_but_the_gate(pack: Pack) -> None:
    never = [protocol for protocol in pack.guide.protocols.values() if protocol.tier == "never"]
    assert len(never) >= 3
    for protocol in never:
        assert set(protocol.parts) == {"gate"}
        assert isinstance(protocol.parts["gate"][-1], Goto), protocol.name


def test_every_protocol_has_what_a_reviewer_needs(pack: Pack) -> None:
    for protocol in pack.guide.protocols.values():
        assert {"position", "opposite", "never", "red_flags", "evidence"} <= set(protocol.notes), protocol.name
        assert protocol.title
        assert protocol.sources


def test_every_guided_place_has_what_its_course_needs(pack: Pack) -> None:
    for place, protocol in pack.guide.protocols.items():
        if protocol.tier in ("guided", "gentle", "screened"):
            assert {"move", "hold", "again", "smaller", "screen", "sway", "wait", "stretch"} <= set(protocol.parts), (
                place
            )
        if protocol.tier == "screened":
            assert "gate" in protocol.parts


def test_every_content_file_has_a_mirror() -> None:
    files = {path.stem for path in (content_folder() / "en").glob("*") if path.suffix in ("", ".yaml")}
    mirrors = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert files <= mirrors, f"no test file for {files - mirrors}"
