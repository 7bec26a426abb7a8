"""A number in a spoken line: digit by digit, twice, with pauses that can be heard."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from voice_assist.content.fills import FILLS, emergency_number, filled, spoken_number
from voice_assist.samples import RATE, Samples
from voice_assist.speak.engine import Pyttsx3Renderer


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        ("112", "one one two"),
        ("000", "zero zero zero"),
        ("116 117", "one one six, one one seven"),
        ("10-177", "one zero, one seven seven"),
    ],
)
def test_a_number_is_spoken_digit_by_digit_as_it_is_grouped(number: str, spoken: str) -> None:
    assert spoken_number(number) == spoken


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("Call {emergency} now. I can't call.", "Call: one one two. One one two; now. I can't call."),
        ("Call {emergency}. Leave the jaw alone.", "Call: one one two. One one two. Leave the jaw alone."),
        ("Call {emergency}, or your maternity unit.", "Call: one one two. One one two, or your maternity unit."),
        ("Too weak to move? {emergency}.", "Too weak to move? One one two. One one two."),
        ("No number here.", "No number here."),
    ],
)
def test_an_emergency_number_stands_twice_in_its_line(line: str, spoken: str) -> None:
    assert filled(line, {"emergency": emergency_number("112")}) == spoken


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("Call {emergency} now.", "Call your local emergency number now."),
        ("Too weak to move? {emergency}.", "Too weak to move? Your local emergency number."),
        ("Get medical advice today. {advice}.", "Get medical advice today. A doctor."),
    ],
)
def test_where_none_is_set_no_digit_is_spoken(line: str, spoken: str) -> None:
    assert filled(line, FILLS) == spoken


def silences(pcm: Samples, least: float) -> list[tuple[float, float]]:
    """Return the silences within a sound: start and length in seconds, those of at least `least` seconds."""
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 150)
    return [(begin / RATE, (end - begin) / RATE) for begin, end in pairwise(loud) if end - begin >= least * RATE]


def test_the_pauses_can_be_heard_around_the_number_and_not_within_it() -> None:
    line = filled("Call {emergency} now.", {"emergency": emergency_number("112")})
    pcm = Pyttsx3Renderer().render(line, "", 145)
    found = silences(pcm, 0.25)
    # Before the number, between its two times, after it.
    assert len(found) == 3
    assert all(0.3 <= length <= 0.8 for _, length in found)
    first = found[1][0] - (found[0][0] + found[0][1])
    second = found[2][0] - (found[1][0] + found[1][1])
    assert second == pytest.approx(first, rel=0.15)
    # Three digits in more than a second: no faster than they can be written down.
    assert first > 1.0
