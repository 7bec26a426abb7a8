from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.understand.sounds import Neighbours

WORDS = ("hamstring", "cramping", "cramp", "stop", "knee", "quadriceps")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("hamstringe", "hamstring"), ("hamstrng", "hamstring"), ("crampin", "cramping"), ("quadricepts", "quadriceps")],
)
def test_a_misspelling_is_read_as_what_was_meant(word: str, meant: str) -> None:
    assert Neighbours(WORDS).nearest(word, by_sound=False)[0][0] == meant


@pytest.mark.parametrize(("word", "meant"), [("kramp", "cramp"), ("nee", None), ("knea", "knee")])
def test_a_word_that_sounds_alike_counts_only_by_sound(word: str, meant: str | None) -> None:
    by_sound = Neighbours(WORDS).nearest(word, by_sound=True)
    assert (by_sound[0][0] if by_sound else None) == meant
    assert Neighbours(WORDS).nearest(word, by_sound=False) == ()


def test_two_equally_near_are_both_given() -> None:
    assert {word for word, _ in Neighbours(["shoulder", "smoulder"]).nearest("sboulder", by_sound=False)} == {
        "shoulder",
        "smoulder",
    }


@given(st.text(max_size=20))
def test_any_word_has_neighbours_in_order_and_in_range(word: str) -> None:
    near = Neighbours(WORDS).nearest(word, by_sound=True)
    assert all(0 < ratio <= 1 for _, ratio in near)
    assert [ratio for _, ratio in near] == sorted((ratio for _, ratio in near), reverse=True)
