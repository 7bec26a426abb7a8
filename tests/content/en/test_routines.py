"""routines.yaml: the courses end, and lead where the source says."""

from __future__ import annotations

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Ask, Goto, Run, spoken


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_the_leg_course_acts_twice_before_it_asks(pack: Pack) -> None:
    names = [getattr(step, "routine", getattr(step, "question", "")) for step in pack.guide.routines["leg"].steps]
    assert names.index("progress") > names.index("again") > names.index("hold")
    assert names.index("screen") > names.index("progress")


def test_the_screens_are_three_one_after_the_other(pack: Pack) -> None:
    assert pack.guide.routines["screen"].steps == (Ask("swollen"), Ask("cold_numb"), Ask("hit_or_popped"))


def test_worse_rests_screens_and_never_pushes_on_a_second_time(pack: Pack) -> None:
    worse = pack.guide.routines["worse"]
    assert next(spoken(worse.steps)) == "Stop pushing. Let it rest."
    assert Run("screen") in worse.steps
    assert worse.reactions["worse"] == "worse_again"
    again = list(spoken(pack.guide.routines["worse_again"].steps))
    assert not [line for line in again if "move" in line or "Hold" in line]


def test_after_relief_there_are_two_lines_and_quiet(pack: Pack) -> None:
    steps = pack.guide.routines["relieved"].steps
    assert list(spoken(steps))[-2:] == ["Good. Rest it now. Covers loose.", "If it comes back, just say cramp."]
    assert not [step for step in steps if isinstance(step, Goto | Ask)]


def test_no_routine_is_left_over(pack: Pack) -> None:
    guide = pack.guide
    used = {guide.begin, guide.untaught, guide.other_side, guide.overtime, *guide.reactions.values()}
    used |= set(guide.asides.values()) | {protocol.course for protocol in guide.protocols.values()}
    for question in guide.questions.values():
        branches = [*question.answers.values(), question.silence, question.unclear]
        used |= {branch.goto for branch in branches if branch}
    for routine in guide.routines.values():
        used |= set(routine.reactions.values())
        used |= {step.routine for step in routine.steps if isinstance(step, Run | Goto)}
    alarms = {name for name, routine in guide.routines.items() if routine.alarm}
    assert set(guide.routines) - used <= alarms
