from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.understand.patterns import LIMIT, PatternError, expand


@pytest.mark.parametrize(
    ("pattern", "phrases"),
    [
        ("calf", ("calf",)),
        ("(back|front) of my leg", ("back of my leg", "front of my leg")),
        ("(big)? toe", ("toe", "big toe")),
        ("shut (up (now)?|it)", ("shut up", "shut up now", "shut it")),
        ("((a|b) c|d)? e", ("e", "a c e", "b c e", "d e")),
        ("a|b", ("a", "b")),
        ("(a|a) b", ("a b",)),
    ],
)
def test_a_pattern_stands_for_its_phrases(pattern: str, phrases: tuple[str, ...]) -> None:
    assert expand(pattern) == phrases


@pytest.mark.parametrize("pattern", ["(a", "a)", "(a|b", "a)? b", "((a)", "(a)?", "", " ", "(a|) (b|)", "|"])
def test_a_slip_is_told(pattern: str) -> None:
    with pytest.raises(PatternError):
        expand(pattern)


def test_a_pattern_that_grows_without_measure_is_refused() -> None:
    with pytest.raises(PatternError, match=str(LIMIT)):
        expand(" ".join(["(a|b|c|d)"] * 6))


@given(st.text(alphabet="ab (|)?", max_size=30))
def test_any_text_is_read_or_refused(pattern: str) -> None:
    try:
        phrases = expand(pattern)
    except PatternError:
        return
    assert phrases
    assert all(phrase == " ".join(phrase.split()) != "" for phrase in phrases)
    assert len(set(phrases)) == len(phrases)
