"""We are soft while somebody speaks over us, and not for ever."""

from __future__ import annotations

import numpy as np

from voice_assist.samples import BLOCK, seconds
from voice_assist.speak.ducking import DUCKED, MOST, RESTS, STAYS, Ducking

LOUD = np.full(BLOCK, 10000, dtype=np.int16)


def ends(ducking: Ducking, count: int, *, others: bool) -> list[float]:
    """Return how loud the end of each block is, as a share of what was given."""
    return [float(ducking.block(LOUD, others=others)[-1]) / LOUD[-1] for _ in range(count)]


def test_nobody_else_leaves_our_voice_as_it_is() -> None:
    ducking = Ducking()
    assert ducking.block(LOUD, others=False) is LOUD


def test_it_is_soft_within_a_block_and_comes_back_without_a_click() -> None:
    ducking = Ducking()
    assert ends(ducking, 1, others=True) == [DUCKED]
    after = ends(ducking, STAYS // BLOCK + 20, others=False)
    assert after[: STAYS // BLOCK - 1] == [DUCKED] * (STAYS // BLOCK - 1)
    assert after[-1] == 1.0
    assert max(np.diff(after)) <= 0.11


def test_what_speaks_on_and_on_does_not_take_our_words_away() -> None:
    ducking = Ducking()
    blocks = ends(ducking, (MOST + RESTS) // BLOCK - 5, others=True)
    soft = [part < 1.0 for part in blocks]
    assert seconds(sum(soft) * BLOCK) < seconds(MOST) + 0.5
    assert not any(soft[-(RESTS // BLOCK) + 30 :])
    assert ends(ducking, 10, others=True)[-1] == DUCKED
