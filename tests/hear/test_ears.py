"""Our own words are taken out of what is heard, and what is left of them is not a person's."""

from __future__ import annotations

import pytest

from voice_assist.events import Hypothesis, Word
from voice_assist.hear.canceller import NoCanceller
from voice_assist.hear.ears import Ears
from voice_assist.samples import samples
from voice_assist.testing import Quiet

BEFORE, BEGIN, LASTS = samples(1.0), samples(2.0), samples(2.0)


@pytest.mark.parametrize(
    ("line", "first", "others", "ours"),
    [
        ("Does the leg?", "why", "does the leg", True),
        ("Five.", "stop", "five", False),
        ("Hold still.", "stop", "hold still", False),
    ],
    ids=["before three words", "before a number", "before two words"],
)
def test_a_word_before_a_line_of_ours_is_ours_where_nearly_all_that_is_heard_is(
    line: str, first: str, others: str, *, ours: bool
) -> None:
    ears = Ears(Quiet(), NoCanceller())
    ears.own.said(line, BEGIN, LASTS)
    step = LASTS // len(others.split())
    said = tuple(Word(word, BEGIN + at * step, BEGIN + (at + 1) * step - 1) for at, word in enumerate(others.split()))
    words = (Word(first, BEFORE, BEFORE + samples(0.3)), *said)
    heard = Hypothesis(f"{first} {others}", final=True, words=words)
    left = ears.without_us(heard, BEGIN + LASTS)
    assert left.text == first
    assert left.echo is ours
