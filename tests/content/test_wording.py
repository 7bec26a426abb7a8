"""The writing rules: each with lines that keep it and lines that break it."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voice_assist.content.fills import FILLS, emergency_number, spoken_number
from voice_assist.content.reading import grade
from voice_assist.content.sheet import Cell, Faults
from voice_assist.content.wording import Rules, Wording, read_wording

RULES = Rules(
    most_words=9,
    most_sentences=2,
    most_grade=5,
    alike=88,
    banned=("flex*", "try to", "as hard as you can"),
    doses=("mg", "g", "tablet", "tablets"),
    amounts=("a", "two"),
    directions=("left", "right"),
    hedges=("should", "may", "might"),
    negatives=("don't", "do not", "never"),
    abbreviations=("min", "etc"),
    first_words=("straighten", "bring", "hold", "good", "stop", "again", "let", "press", "lift", "call", "two"),
    body_words=("leg", "toe*", "heel"),
    pointing=("it", "that one"),
)

FREE = Rules()
"""A pack that sets no rule."""


class Page:
    """A wording, and the faults that it finds."""

    def __init__(self, rules: Rules = RULES, **fills: str) -> None:
        self._faults = Faults()
        self._line = 0
        self.wording = Wording(
            fills or FILLS, rules, {text: self.cell(text, file="guide.yaml") for text in rules.given}
        )

    def cell(self, value: object, file: str = "a.yaml") -> Cell:
        self._line += 1
        return Cell(value, file, self._line, self._faults)

    def line(self, text: str, *, command: bool = True, because: str = "") -> str:
        return self.wording.line(self.cell(text), "a line", command=command, because=because)

    def unit(self, *texts: str, because: str = "") -> None:
        lines = [self.line(text, command=False) for text in texts]
        self.wording.unit(self.cell(None), "part move", lines, because)

    def named(self, *texts: str, because: str = "") -> None:
        lines = [self.line(text, because=because) for text in texts]
        self.wording.named(self.cell(None), "part move", lines)

    @property
    def told(self) -> list[str]:
        return [fault.reason for fault in self._faults.found]

    @property
    def where(self) -> list[tuple[str, int]]:
        return [(fault.file, fault.line) for fault in self._faults.found]

    @property
    def fault(self) -> str:
        """The one fault that was found."""
        assert len(self.told) == 1, self.told
        return self.told[0]


KEEPING = (
    "Straighten that leg.",
    "Good. Let it go soft.",
    "Stop. Hands off. Let it rest.",
    "Hold. Two, three, four.",
    "Hold for 10 seconds, then let go.",
    "Bring your toes back: slowly; that's well-meant.",
    "Call {emergency} now.",
)

BREAKING = (
    # the line, and what the fault says
    ("Bring your toes back toward your nose until you cannot.", "has more than 9 words"),
    ("Straighten that leg. Let it go. Press the heel down.", "has more than 2 sentences"),
    ("Let that leg flex.", "uses the banned words 'flex'"),
    ("Stop flexing that leg.", "uses the banned words 'flexing'"),
    ("Press as hard as you can.", "uses the banned words 'as hard as you can'"),
    ("Bring two tablets.", "speaks of 'two tablets'"),
    ("Bring 500mg of it.", "speaks of '0mg'"),
    ("Hold the left leg.", "says 'left'"),
    ("Press it to the Right.", "says 'Right'"),
    ("You straighten that leg.", "begins with 'you'"),
    ("The leg goes straight.", "begins with 'the'"),
    ("Hold it, it might ease.", "says 'might'"),
    ("Stop, and don't press.", "says 'don't'"),
    ("Hold (softly).", "has '('"),
    ("Hold and/or press.", "has '/'"),
    ("Hold it * softly.", "has '*'"),
    ("Stop!", "has '!'"),
    ("Hold – then let go.", "has '–'"),
    ("Hold it at 20 °.", "has '°'"),
    ("STOP now.", "has 'STOP' in capitals"),
    ("Hold it for 5 min.", "abbreviates 'min'"),
    ("Hold on sthg. for a while.", "abbreviates 'sthg.'"),
    ("Hold something, e.g. a wall.", "abbreviates 'e.g'"),
)


@pytest.mark.parametrize("text", KEEPING)
def test_a_line_that_keeps_the_rules_has_no_fault(text: str) -> None:
    page = Page()
    page.line(text)
    assert page.told == []


@pytest.mark.parametrize(("text", "reason"), BREAKING)
def test_a_line_that_breaks_a_rule_has_one_fault_at_its_place(text: str, reason: str) -> None:
    page = Page()
    page.line("Good.")
    page.line(text)
    assert reason in page.fault
    assert "; " in page.fault or ": " in page.fault, "it tells what to do"
    assert page.where == [("a.yaml", 2)]


@pytest.mark.parametrize(("text", "reason"), BREAKING)
def test_a_reason_lifts_all_but_what_nobody_may_say_or_can(text: str, reason: str) -> None:
    page = Page()
    page.line(text, because="The source says so.")
    kept = any(word in reason for word in ("banned", "speaks of", "has '", "abbreviates"))
    assert (page.told != []) == kept


@pytest.mark.parametrize(("text", "reason"), BREAKING)
def test_a_given_line_is_lifted_as_if_it_had_a_reason(text: str, reason: str) -> None:
    page = Page(replace(RULES, given=(text,)))
    page.line(text)
    kept = any(word in reason for word in ("banned", "speaks of", "has '", "abbreviates"))
    assert (page.told != []) == kept


@pytest.mark.parametrize("text", ["You may wait.", "The leg should never hurt."])
def test_what_commands_are_held_to_binds_no_other_line(text: str) -> None:
    page = Page()
    page.line(text, command=False)
    assert page.told == []
    page.line(text)
    assert page.told != []


@pytest.mark.parametrize(
    "text",
    ["Let him contract it.", "You never take 9 mg to the left or right of that long sentence. Two. Sentences here."],
)
def test_a_pack_that_leaves_a_rule_out_is_not_held_to_it(text: str) -> None:
    page = Page(FREE)
    page.line(text)
    page.unit("Administer medication immediately.", "Anticipate inevitable complications.")
    page.named("It is over.")
    page.wording.finish()
    assert page.told == []


def test_each_fault_of_a_line_is_told() -> None:
    page = Page()
    page.line("You should never flex it.")
    assert len(page.told) == 4
    for reason in ("begins with 'you'", "says 'should'", "says 'never'", "banned words 'flex'"):
        assert any(reason in told for told in page.told), reason


def test_an_unknown_placeholder_is_a_fault_and_reads_as_nothing() -> None:
    page = Page()
    assert page.line("Call {emergancy} now.") == ""
    assert "known are advice, call_name, contact, diary_erased" in page.fault
    assert page.line("{diary_week}") == "{diary_week}"


def test_the_words_that_stand_for_a_number_are_counted_whatever_the_user_has_set() -> None:
    text = "If it is numb and cold, call {emergency}."
    for page in (Page(), Page(emergency=emergency_number("112"), advice="them")):
        page.line(text, command=False)
        assert "more than 9 words" in page.fault


@given(number=some.text("0123456789", min_size=2, max_size=12))
def test_no_number_that_a_user_sets_makes_a_pack_wrong(number: str) -> None:
    page = Page(emergency=emergency_number(number), advice=spoken_number(number))
    for text in KEEPING:
        page.line(text)
    page.unit(*["Call {emergency} now. Ask {advice}."] * 4)
    assert page.told == []


@given(
    words=some.lists(some.sampled_from(["leg", "softly", "that", "now", "down"]), max_size=14),
    most=some.integers(1, 12),
)
def test_a_sentence_is_too_long_from_one_word_more(words: list[str], most: int) -> None:
    page = Page(Rules(most_words=most))
    page.line(" ".join(["Hold", *words]) + ".")
    assert len(page.told) == (len(words) + 1 > most)


@given(some.text(string.printable, max_size=30))
def test_any_text_is_read_and_what_cannot_be_spoken_is_never_passed(text: str) -> None:
    page = Page()
    page.line(text.replace("{", "").replace("}", "") or "Stop.")
    if re.search(r"[!\"#$%&()*+/<=>@\[\\\]^_`|~]", text):
        assert page.told != []


# Lines that are heard together.

EASY = ("Straighten that leg.", "Push your heel away from you.", "Bring your toes back toward your nose.")
HARD = (
    "Quinine medication occasionally necessitates supervision.",
    "Pharmaceutical alternatives remain unproven.",
    "Consider consulting a practitioner.",
)


def test_lines_that_are_hard_together_are_one_fault_with_their_grade_and_words() -> None:
    page = Page()
    page.unit(*HARD)
    assert "part move reads like school grade" in page.fault
    assert "practitioner" in page.fault


def test_easy_lines_are_none() -> None:
    page = Page()
    page.unit(*EASY)
    assert page.told == []


def test_a_reason_for_all_or_for_the_hard_lines_lifts_the_grade() -> None:
    page = Page()
    page.unit(*HARD, because="A name has no shorter word.")
    lines = [page.line(text, command=False, because="A name.") for text in HARD]
    page.wording.unit(page.cell(None), "part move", [page.line(text) for text in EASY] + lines)
    assert [told for told in page.told if "grade" in told] == []


def test_the_grade_may_be_reached_and_not_passed() -> None:
    lines = ("Salt swaps can be dangerous with weak kidneys.", "Ask your pharmacist about magnesium.")
    found = grade(lines)
    assert 5 < found < 8
    page = Page(replace(RULES, most_grade=found))
    page.unit(*lines)
    assert page.told == []
    page = Page()
    page.unit(*lines)
    assert f"grade {found:.1f}, above 5; " in page.fault
    assert page.fault.endswith("shorter words for dangerous, pharmacist, magnesium")


def test_few_words_are_judged_by_how_many_are_long() -> None:
    page = Page()
    page.unit("Ask pharmacists.")
    page.unit("Ask your pharmacist.")
    page.unit("I can't advise supplements. Ask your pharmacist.")
    assert page.told == []
    page.unit("Administer medication immediately.")
    assert "many long words (administer, medication, immediately)" in page.fault


# The part of the body.


@pytest.mark.parametrize(
    "lines",
    [
        ("Straighten that leg.", "Hold it so."),
        ("Hold still.", "Bring your toes back."),
        ("Press it down, that heel.",),
        (),
    ],
)
def test_a_part_of_the_body_is_named_before_it_is_it(lines: tuple[str, ...]) -> None:
    page = Page()
    page.named(*lines)
    assert page.told == []


def test_it_before_a_name_is_a_fault_and_so_is_no_name_at_all() -> None:
    page = Page()
    page.named("Hold still.", "Press that one down.", "Bring your toes back.")
    assert "says 'that one' in 'Press that one down.' before it names a part of the body" in page.fault
    page = Page()
    page.named("Hold still.", "Let go.")
    assert "names no part of the body" in page.fault
    page = Page()
    page.named("Let it go.", because="A place has been named by the person.")
    assert page.told == []


# The whole pack.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bring your toes back toward your nose.", "Good. Bring your toes toward your nose."),
        ("Straighten that leg.", "Straighten the leg."),
    ],
)
def test_the_same_move_in_other_words_is_a_fault_where_it_stands_again(one: str, other: str) -> None:
    page = Page()
    page.line(one)
    page.line(other)
    page.wording.finish()
    assert "same words every time" in page.fault
    assert "a.yaml:1" in page.fault
    assert page.where == [("a.yaml", 2)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Press that heel into the bed.", "Press that toe into the bed."),
        ("Let it go.", "Good. Let it go."),
        ("Straighten that leg.", "Bring that leg back."),
    ],
)
def test_another_part_of_the_body_or_the_same_words_are_none(one: str, other: str) -> None:
    page = Page()
    page.line(one)
    page.line(other)
    page.wording.finish()
    assert page.told == []


def test_a_line_with_a_reason_and_a_line_that_is_no_command_are_not_compared() -> None:
    page = Page()
    page.line("Straighten that leg.")
    page.line("Straighten the leg.", because="Another leg is meant.")
    page.line("Straighten the leg.", command=False)
    page.wording.finish()
    assert page.told == []


def test_a_given_line_that_nobody_speaks_is_a_fault() -> None:
    page = Page(replace(RULES, given=("I'm here.", "Same shape, softer.")))
    page.line("I'm here.")
    page.wording.finish()
    assert "'Same shape, softer.' is a given line that nobody speaks" in page.fault
    assert page.where[0][0] == "guide.yaml"


# Reading the rules.


def test_rules_are_read_from_the_pack() -> None:
    faults = Faults()

    def cell(value: object) -> Cell:
        return Cell(value, "guide.yaml", 7, faults)

    listed = cell([cell("flex*"), cell("try to")])
    wording = read_wording(cell({"most_words": cell(4), "banned": listed}), FILLS)
    assert wording.rules == Rules(most_words=4.0, banned=("flex*", "try to"))
    assert read_wording(None, FILLS).rules == FREE
    assert faults.found == []
    read_wording(cell({"most_words": cell("nine"), "most_letters": cell(3)}), FILLS)
    assert [fault.line for fault in faults.found] == [7, 7]
    assert any("has no field 'most_letters'" in fault.reason for fault in faults.found)
