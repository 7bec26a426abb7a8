"""guide.yaml: the numbers, the clock and the words that may never be said."""

from __future__ import annotations

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.samples import samples


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_the_clock_is_ten_minutes(pack: Pack) -> None:
    assert pack.guide.clock == samples(600)
    assert pack.guide.overtime == "urgent.ten_minutes"


def test_numbers_count_from_one_to_ten(pack: Pack) -> None:
    names = ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight.", "Nine.", "Ten."]
    assert list(pack.guide.numbers) == names
    assert pack.guide.short_count == (5, 2, 1)


def test_breath_is_six_a_minute_with_the_longer_part_out(pack: Pack) -> None:
    breath = pack.guide.breath
    assert breath.seconds_in + breath.seconds_out == 10
    assert breath.seconds_out > breath.seconds_in


def test_no_line_has_a_start_phrase(pack: Pack) -> None:
    """What we say must not start us: only "cramp" itself stands in lines, never with a place."""
    places = ("calf", "hamstring", "thigh", "foot", "leg")
    for line in pack.lines():
        assert not ("cramp" in line.lower() and any(place in line.lower() for place in places)), line
