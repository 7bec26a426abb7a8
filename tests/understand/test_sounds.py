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


@pytest.mark.parametrize(
    ("sounds", "word", "meant"),
    [
        ("cologne", "vade", "wade"),
        ("cologne", "krampff", "krampf"),
        ("metaphone", "vade", None),
        ("", "vade", None),
    ],
)
def test_german_has_sounds_of_its_own_and_a_language_may_have_none(sounds: str, word: str, meant: str | None) -> None:
    near = Neighbours(["wade", "krampf"], sounds).nearest(word, by_sound=True)
    assert (near[0][0] if near else None) == meant


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
