from __future__ import annotations

import pytest

from voice_assist.hear.barge_in import LASTS, LEAST, WITHIN, BargeIn
from voice_assist.samples import BLOCK


@pytest.mark.parametrize(("blocks", "word"), [(0, False), (LEAST - 1, False), (LEAST, True)])
def test_a_word_takes_some_blocks(blocks: int, *, word: bool) -> None:
    over_us = BargeIn()
    for block in range(blocks):
        over_us.heard(block * BLOCK)
    assert over_us.is_word(blocks * BLOCK) is word


def test_what_was_long_ago_is_no_word_of_now() -> None:
    over_us = BargeIn()
    for block in range(LEAST):
        over_us.heard(block * BLOCK)
    assert over_us.is_word(WITHIN)
    assert not over_us.is_word(WITHIN + BLOCK)


def test_it_is_listened_for_a_moment_longer() -> None:
    over_us = BargeIn()
    assert not over_us.lasts(0)
    over_us.heard(BLOCK)
    assert over_us.lasts(BLOCK + LASTS)
    assert not over_us.lasts(BLOCK + LASTS + 1)
