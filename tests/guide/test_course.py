"""Walking through nested steps, and back."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from voice_assist.guide.course import Course, Leaf
from voice_assist.guide.facts import BRIEF, Facts
from voice_assist.guide.protocol import (
    HELPED,
    Ask,
    Breath,
    Goto,
    Guide,
    Hold,
    Learn,
    Leave,
    Loop,
    Only,
    Part,
    Protocol,
    Relapse,
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
    "worded": (Say("a long line", short="brief"), Say("line")),
    "learning": (Learn(("old",)), Only(Say("old"), when=frozenset({"old"})), Learn(("no old",)), Say("end")),
    "choosy": (
        Only(Say("old"), when=frozenset({"old"})),
        Only(Say("pregnant"), when=frozenset({"pregnant"})),
        Only(Say("not pregnant"), when=frozenset({"no pregnant"})),
        Only(Loop((Say("unasked"),), 1), unless=frozenset({"swollen", "no swollen"})),
        Say("end"),
    ),
    "leaves": (Say("before"), Run("early"), Say("after")),
    "early": (Say("one"), Leave(), Say("never")),
    "tries": (Part("move"), Part("other"), Part("absent")),
    "relapse": (Part(HELPED),),
    "cites": (Say("own", sources=("R1",)), Run("sourced"), Say("the protocol's")),
    "talks": (Say("first"), Say("second"), Hold(10), Ask("question"), Rest(320)),
}
PROTOCOL = Protocol(
    "calf",
    ("calf",),
    "main",
    {"move": (Say("up"), Say("back")), "other": (Say("other way"),)},
    sources=("R3",),
)


def guide() -> Guide:
    routines = {name: Routine(name, steps) for name, steps in ROUTINES.items()}
    routines["stern"] = Routine("stern", (Say("hm"), Run("sub")), reactions={"worse": "main"})
    routines["sourced"] = Routine("sourced", (Say("the routine's"),), sources=("R2",))
    return Guide(
        protocols={"calf": PROTOCOL},
        routines=routines,
        questions={},
        reactions={"better": "sub"},
        asides={},
        begin="sub",
        doubt="",
        untaught="",
        other_side="",
        clock=0,
        overtime="",
        numbers=(),
        short_count=(),
        breath=Breath("", 1, "", 1),
        relapse=Relapse(320, "relapse", ("move", "other")),
    )


def texts(course: Course) -> list[str]:
    return [leaf.text for leaf in walk(course) if isinstance(leaf, Say)]


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


def test_a_reaction_is_the_innermost_routines() -> None:
    course = course_at("stern")
    walk(course, 2)
    assert course.reaction("worse") == "main"
    assert course.reaction("better") == ""


def test_a_step_is_taken_only_where_the_facts_allow_it() -> None:
    facts = Facts({"old": True, "pregnant": False})
    course = Course(guide(), facts)
    course.begin("choosy")
    assert texts(course) == ["old", "not pregnant", "unasked", "end"]
    facts.learn(["swollen"])
    course.begin("choosy")
    assert texts(course) == ["old", "not pregnant", "end"]


def test_leave_ends_the_innermost_routine_only() -> None:
    assert texts(course_at("leaves")) == ["before", "one", "after"]


def test_an_aside_comes_between_and_the_last_line_comes_again() -> None:
    course = course_at("talks")
    walk(course, 1)
    course.aside(["sub"])
    assert walk(course, 3) == [Say("sub"), Hold(10), Say("first")]


def test_an_aside_in_an_aside_takes_its_place() -> None:
    course = course_at("talks")
    walk(course, 2)
    course.aside(["twice"])
    walk(course, 2)
    course.aside(["sub"])
    assert walk(course, 3) == [Say("sub"), Hold(10), Say("second")]


def test_the_part_that_was_run_last_is_known_and_can_be_run_again() -> None:
    course = course_at("tries")
    walk(course, 2)
    assert course.part == "move"
    walk(course, 1)
    assert course.part == "other"
    course.begin("relapse", PROTOCOL)
    course.helped = "other"
    assert texts(course) == ["other way"]
    course.begin("relapse", PROTOCOL)
    course.helped = ""
    assert texts(course) == ["up", "back"]


def test_what_a_line_cites_is_its_own_source_or_its_routines_or_its_protocols() -> None:
    course = course_at("cites")
    cited = []
    while course.next() is not None:
        cited.append(course.cited)
    assert cited == [("R1",), ("R2",), ("R3",)]


def test_settling_leaves_the_last_step_only() -> None:
    course = course_at("talks")
    walk(course, 1)
    course.settle()
    assert walk(course) == [Rest(320)]


def test_nothing_begun_has_no_steps() -> None:
    assert Course(guide()).next() is None


def test_a_line_is_said_in_its_short_form_where_lines_are_kept_brief() -> None:
    assert texts(course_at("worded")) == ["a long line", "line"]
    course = Course(guide(), Facts({BRIEF: True}))
    course.begin("worded", PROTOCOL)
    assert texts(course) == ["brief", "line"]


def test_what_a_step_tells_holds_from_there_on() -> None:
    facts = Facts({"old": False})
    course = Course(guide(), facts)
    course.begin("learning", PROTOCOL)
    assert texts(course) == ["old", "end"]
    assert facts.holds("no old")
    assert not facts.holds("old")
