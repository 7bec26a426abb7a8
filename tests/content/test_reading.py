"""How hard a text is to read: the published formula, and syllables that are near enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from voice_assist.content.reading import grade, long_words, syllables

SENTENCES = (
    "Straighten that leg.",
    "Push your heel away from you.",
    "Pharmaceutical alternatives remain unproven.",
    "Consider consulting a practitioner.",
)


@pytest.mark.parametrize(
    ("word", "count"),
    [("leg", 1), ("the", 1), ("toes", 1), ("again", 2), ("muscle", 2), ("doctor's", 2), ("emergency", 4), ("md", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_grade_is_that_of_the_formula() -> None:
    # 12 words, 2 sentences, 13 syllables: 0.39 · 6 + 11.8 · 13/12 − 15.59, which is below nothing.
    assert grade(["Put that leg down on the bed.", "Hold it so, again."]) == 0.0
    # 6 words, 1 sentence, 11 syllables.
    assert grade(["Doctors advise against quinine and tonic."]) == pytest.approx(0.39 * 6 + 11.8 * 11 / 6 - 15.59)
    assert grade([]) == grade(["10."]) == 0.0


@given(some.lists(some.sampled_from(SENTENCES), min_size=1, max_size=6))
def test_to_say_it_twice_makes_it_no_harder(sentences: list[str]) -> None:
    assert grade(sentences * 2) == pytest.approx(grade(sentences))
    assert len(long_words(sentences * 2)) == 2 * len(long_words(sentences))
