"""Counts fall on whole seconds; slower and faster change silences, never a hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.guide.small import guide
from voice_assist.guide.pacing import Length, Line, Pace, breathe, count, timer
from voice_assist.guide.protocol import Breath, Breathe, Hold, Span, Timer
from voice_assist.samples import BLOCK, RATE, samples

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SHORT = (5, 2, 1)


def lasting(seconds: float) -> Length:
    """What is no number takes so long; numbers fit into their second."""
    return lambda text: samples(0.6 if text in NUMBERS else seconds)


def test_a_hold_is_counted_down_one_number_a_second() -> None:
    lines = count(Hold(10), NUMBERS, SHORT, lasting(1), full=True)
    assert lines == [Line(NUMBERS[9 - second], second * RATE) for second in range(10)]


def test_later_holds_only_say_five_two_one() -> None:
    lines = count(Hold(10), NUMBERS, SHORT, lasting(1), full=False)
    assert lines == [Line("five", 5 * RATE), Line("two", 8 * RATE), Line("one", 9 * RATE)]


@pytest.mark.parametrize(("how", "spoken"), [("full", 10), ("short", 3), ("none", 0)])
def test_a_hold_can_fix_its_count(how: str, spoken: int) -> None:
    assert len(count(Hold(10, how), NUMBERS, SHORT, lasting(1), full=False)) == spoken


def test_a_long_hold_counts_no_further_than_there_are_numbers() -> None:
    lines = count(Hold(20), NUMBERS, SHORT, lasting(1), full=True)
    assert lines[0] == Line("ten", 10 * RATE)
    assert lines[-1] == Line("one", 19 * RATE)


def test_a_stretch_has_a_word_at_its_half() -> None:
    assert count(Hold(20, "none", "halfway"), NUMBERS, SHORT, lasting(1), full=True) == [Line("halfway", 10 * RATE)]


def test_breaths_are_counted_up_and_last_as_long_as_they_should() -> None:
    breath = Breath("in", 4, "out", 6)
    lines, lasts = breathe(Breathe(2), breath, NUMBERS, lambda _: RATE)
    assert lasts == 20 * RATE
    assert [line.text for line in lines[:4]] == ["in", "two", "three", "four"]
    assert [line.text for line in lines[4:10]] == ["out", "two", "three", "four", "five", "six"]
    assert [line.offset for line in lines[:10]] == [second * RATE for second in range(10)]


def test_a_long_word_takes_the_place_of_the_number_under_it() -> None:
    lines, _ = breathe(Breathe(1), Breath("in", 4, "out", 6), NUMBERS, lasting(2))
    assert [line.text for line in lines[:3]] == ["in", "three", "four"]


def test_a_number_that_words_hold_up_is_said_after_them_within_its_second() -> None:
    lines, _ = breathe(Breathe(1), Breath("in", 4, "out", 6), NUMBERS, lasting(1.4))
    assert lines[:3] == [Line("in", 0), Line("two", samples(1.4)), Line("three", 2 * RATE)]


def test_words_that_outlast_their_breath_make_it_longer() -> None:
    lines, lasts = breathe(Breathe(1), Breath("in", 4, "out", 6), NUMBERS, lasting(4.5))
    assert [line for line in lines if line.text == "out"] == [Line("out", 5 * RATE)]
    assert lasts == 11 * RATE


def test_a_line_at_the_half_takes_the_place_of_the_numbers_under_it() -> None:
    lines = count(Hold(10, "full", "halfway"), NUMBERS, SHORT, lasting(1.5), full=True)
    assert [line.text for line in lines] == ["ten", "nine", "eight", "seven", "six", "halfway", "three", "two", "one"]
    assert lines[-3] == Line("three", 7 * RATE)


def test_a_line_at_the_half_that_would_outlast_the_hold_is_left_out() -> None:
    lines = count(Hold(5, "full", "halfway"), NUMBERS, SHORT, lasting(3.5), full=True)
    assert [line.text for line in lines] == ["five", "four", "three", "two", "one"]


def test_slower_lengthens_silence_within_bounds_and_in_whole_blocks() -> None:
    pace = Pace(samples(1.5))
    usual = pace.stretch(pace.pause)
    pace.change(+1)
    slower = pace.stretch(pace.pause)
    for _ in range(10):
        pace.change(+1)
    slowest = pace.stretch(pace.pause)
    for _ in range(20):
        pace.change(-1)
    fastest = pace.stretch(pace.pause)
    assert fastest < usual < slower < slowest <= samples(3.1)
    assert {length % BLOCK for length in (usual, slower, slowest, fastest)} == {0}


@pytest.mark.parametrize("asked", [1, 3, 5, 19, 20, 90, 3600])
def test_a_timer_lasts_as_long_as_it_was_asked_for_and_ends_with_a_count(asked: int) -> None:
    pieces = timer(Timer("Half."), asked, replace(guide(), spans={asked: "So long."}), lambda _: 10 * BLOCK)
    spans = [piece for piece in pieces if isinstance(piece, Span)]
    assert pieces[-1] == Hold(min(3, asked), "full")
    assert sum(piece.lasts for piece in spans) == 10 * BLOCK + max(0, asked - 3) * RATE
    assert [piece.text for piece in spans] == (["So long.", "Half."] if asked >= 20 else ["So long."])
    if asked >= 20:
        assert spans[0].lasts == 10 * BLOCK + asked // 2 * RATE
