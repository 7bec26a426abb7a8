"""The walk through a course of steps that the review sheet prints."""

# ruff: noqa: E402 - the sheet's modules are found only once the checkout is on the path
from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "review").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.review import drawing, outline, words
from tests.reading import plain
from voice_assist.content import Pack, load
from voice_assist.guide.protocol import (
    Ask,
    Branch,
    Goto,
    Guide,
    Hold,
    Loop,
    Only,
    Part,
    Protocol,
    Question,
    Rest,
    Routine,
    Run,
    Say,
    Step,
)
from voice_assist.samples import samples

CONTENT = ROOT / "content" / "en"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(CONTENT)


@pytest.fixture
def walk(pack: Pack) -> Callable[..., list[outline.Section]]:
    """Walk courses of our own on a guide that has nothing else."""

    def sections(
        *course: Step, parts: dict[str, tuple[Step, ...]] | None = None, **routines: Routine
    ) -> list[outline.Section]:
        found = {"begin": Routine("begin", ()), "main": Routine("main", course), **routines}
        questions = {
            "how": Question("how", "How is it?", {"worse": Branch(goto="rest"), "same": Branch()}, wait=samples(4)),
            "gate": Question(
                "gate",
                "Any pain?",
                {"yes": Branch(goto="help"), "no": Branch(learn=("no pain",))},
                silence=Branch(goto="help"),
                wait=samples(4),
            ),
        }
        guide: Guide = replace(
            pack.guide, routines=found, questions=questions, reactions={}, begin="begin", relapse=None
        )
        return outline.sections(guide, Protocol("knee", ("knee",), "main", parts or {}))

    return sections


def clocks(section: outline.Section) -> list[tuple[str, float | None]]:
    return [(row.text, None if row.clock is None else round(row.clock, 2)) for row in section.rows]


def test_the_clock_is_that_of_somebody_who_says_nothing_and_of_whom_nothing_is_known(
    walk: Callable[..., list[outline.Section]],
) -> None:
    spoken = 60 / outline.WORDS_A_MINUTE
    (first,) = walk(
        Say("Move.", pause=samples(2)),
        Only(Rest(samples(100)), when=frozenset({"old"})),
        Only(Rest(samples(10)), unless=frozenset({"old"})),
        Loop((Hold(5),), 3),
        Say("Ease off.", pause=0, lasts=samples(9)),
        Loop((Hold(7),)),
    )
    assert clocks(first) == [
        ("Move.", 0.0),
        ("Silence, 100 s", round(spoken + 2, 2)),
        ("Silence, 10 s", round(spoken + 2, 2)),
        ("Hold 5 s, counted down aloud: every number the first time, later five, two, one", round(spoken + 12, 2)),
        ("Ease off.", round(spoken + 27, 2)),
        ("Hold 7 s, counted down aloud: every number the first time, later five, two, one", round(spoken + 36, 2)),
    ]
    assert first.ends == outline.LOOP_ENDS
    assert [row.conditions for row in first.rows[1:3]] == [("only if old",), ("not if old",)]
    assert [row.loops for row in first.rows[3:6]] == [("3 times in all",), (), (words.times(None),)]


def test_a_question_takes_its_wait_and_a_gate_an_answer(walk: Callable[..., list[outline.Section]]) -> None:
    alarm = Routine("help", (Say("Call."),), alarm=True)
    first, *_ = walk(Ask("how"), Ask("gate"), Rest(samples(1)), rest=Routine("rest", ()), help=alarm)
    how = outline.spoken_for("How is it?") + 4
    gate = outline.spoken_for("Any pain?") + outline.ANSWER_S
    assert [row.clock for row in first.rows] == [0.0, how, pytest.approx(how + gate)]


def test_what_a_gate_was_told_counts_from_there_on(walk: Callable[..., list[outline.Section]]) -> None:
    safe, unsafe = frozenset({"no pain"}), Only(Goto("help"), unless=frozenset({"no pain"}))
    first, *_ = walk(
        Ask("gate"),
        unsafe,
        Only(Rest(samples(3)), when=safe),
        Say("Move."),
        help=Routine("help", (Say("Call."),), alarm=True),
    )
    start = pytest.approx(outline.spoken_for("Any pain?") + outline.ANSWER_S)
    assert [row.usual for row in first.rows] == [True, False, True, True]
    assert [row.clock for row in first.rows] == [0.0, start, start, pytest.approx(start.expected + 3)]


def test_what_an_answer_leads_to_is_a_section_of_its_own_but_for_safety_answers(
    walk: Callable[..., list[outline.Section]],
) -> None:
    found = walk(
        Ask("how"),
        Ask("gate"),
        parts={"small": (Say("Half as far."),)},
        rest=Routine("rest", (Say("Rest."), Run("deep")), reactions={"better": "ease"}),
        deep=Routine("deep", (Part("small"), Goto("rest"))),
        ease=Routine("ease", (Say("Good."), Part("absent"))),
        help=Routine("help", (Say("Call."),), alarm=True),
    )
    assert [section.name for section in found] == ["main", "rest", "ease"]
    assert [section.own for section in found] == [False, True, False]
    assert found[1].reactions == {"better": "ease"}
    assert [row.text for row in found[1].rows] == ["Rest.", "Half as far.", "goes to Rest"]
    assert [section.ends for section in found] == [outline.ENDS, outline.TURN_ENDS, outline.ENDS]


def test_a_routine_that_runs_itself_ends_the_walk(walk: Callable[..., list[outline.Section]]) -> None:
    (first,) = walk(Run("round"), round=Routine("round", (Hold(5), Run("round"))))
    assert [row.kind for row in first.rows] == ["hold", "note"]


def test_the_drawing_says_under_which_condition_a_course_turns(walk: Callable[..., list[outline.Section]]) -> None:
    alarm = Routine("help", (Say("Call."),), alarm=True)
    first, *_ = walk(
        Only(Goto("help"), unless=frozenset({"yawned"})),
        Only(Ask("how"), when=frozenset({"yawned"})),
        Say("Rest."),
        rest=Routine("rest", ()),
        help=alarm,
    )
    drawn = plain(f"<body>{drawing.draw(first, lambda name: name == 'help')}")
    assert "not if it came with a yawn: Safety answer goes to Help" in drawn
    assert [row.clock for row in first.rows] == [0.0, None, None], "the usual course ends there"


@pytest.mark.parametrize(
    ("when", "unless", "told"),
    [
        (["pregnant_late"], [], "only if pregnant from 28 weeks"),
        ([], ["fluid_limit"], "not if the person has a fluid or salt limit"),
        (
            ["no swollen"],
            ["over_65", "x_y"],
            "only if “no” to: the leg feels swollen or hot; not if the person is 65 or older or x y",
        ),
        ([], [], ""),
    ],
)
def test_conditions_are_told_in_plain_words(when: list[str], unless: list[str], told: str) -> None:
    assert words.condition(when, unless) == told
