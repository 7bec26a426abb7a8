"""Walking through nested steps, and back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from voice_assist.guide.course import Course, Leaf
from voice_assist.guide.protocol import (
    Ask,
    Breath,
    Goto,
    Guide,
    Hold,
    Loop,
    Part,
    Protocol,
    Rest,
    Routine,
    Run,
    Say,
    Step,
)

ROUTINES: Mapping[str, tuple[Step, ...]] = {
    "main": (Say("one"), Part("move"), Run("sub"), Say("last")),
    "sub": (Say("sub"), Hold(10)),
    "twice": (Loop((Say("a"), Say("b")), 2), Say("end")),
    "forever": (Loop((Say("again"),)),),
    "hollow": (Loop((Part("absent"),)), Say("after")),
    "leads": (Say("before"), Goto("main")),
    "talks": (Say("first"), Say("second"), Hold(10), Ask("question"), Rest(320)),
}
PROTOCOL = Protocol("calf", ("calf",), "main", {"move": (Say("up"), Say("back"))})


def guide() -> Guide:
    routines = {name: Routine(name, steps) for name, steps in ROUTINES.items()}
    routines["stern"] = Routine("stern", (Say("hm"), Run("sub")), reactions={"worse": "main"})
    return Guide(
        {"calf": PROTOCOL}, routines, {}, {"better": "sub"}, {}, "sub", "", "", "", 0, "", (), (), Breath("", 1, "", 1)
    )


def walk(course: Course, most: int = 20) -> list[Leaf]:
    leaves: list[Leaf] = []
    while len(leaves) < most and (leaf := course.next()) is not None:
        leaves.append(leaf)
    return leaves


def course_at(routine: str) -> Course:
    course = Course(guide())
    course.begin(routine, PROTOCOL)
    return course


def test_parts_and_routines_open_in_place() -> None:
    texts = [leaf.text if isinstance(leaf, Say) else leaf for leaf in walk(course_at("main"))]
    assert texts == ["one", "up", "back", "sub", Hold(10), "last"]


def test_a_loop_runs_as_often_as_it_says() -> None:
    assert walk(course_at("twice")) == [Say("a"), Say("b"), Say("a"), Say("b"), Say("end")]


def test_a_loop_without_end_has_none() -> None:
    assert walk(course_at("forever"), most=50) == [Say("again")] * 50


def test_a_loop_over_nothing_is_left() -> None:
    assert walk(course_at("hollow")) == [Say("after")]


def test_goto_is_yielded_for_the_dialogue_to_decide() -> None:
    assert walk(course_at("leads")) == [Say("before"), Goto("main")]


@pytest.mark.parametrize("steps", range(1, 6))
def test_again_yields_the_last_line_and_what_followed(steps: int) -> None:
    course = course_at("talks")
    leaves = walk(course, steps)
    last = max(index for index, leaf in enumerate(leaves) if isinstance(leaf, Say | Ask))
    course.again()
    assert walk(course, steps - last) == leaves[last:]


def test_back_yields_the_line_before() -> None:
    course = course_at("talks")
    walk(course, 3)
    course.back()
    assert course.next() == Say("first")


def test_back_at_the_beginning_begins_again() -> None:
    course = course_at("talks")
    walk(course, 1)
    course.back()
    assert course.next() == Say("first")


def test_inserted_steps_come_first_and_then_the_same_as_ever() -> None:
    course = course_at("talks")
    walk(course, 1)
    course.insert(Say("aside"))
    assert walk(course, 2) == [Say("aside"), Say("second")]


def test_a_reaction_is_the_innermost_routines_then_the_guides() -> None:
    course = course_at("stern")
    walk(course, 2)
    assert course.reaction("worse") == "main"
    assert course.reaction("better") == "sub"
    assert course.reaction("same") == ""


def test_nothing_begun_has_no_steps() -> None:
    assert Course(guide()).next() is None
