"""Two claps of the hands, heard in the sound of a room: a call of somebody who has no voice and no key at hand.

A clap is sudden, bright and short. Two of them count, 0.2 to 0.7 seconds apart, as loud as each other, with quiet
before, between and after. Where it is never quiet nothing is found. What it is measured on: ACCESSIBILITY.md.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from voice_assist.samples import Samples, samples, silence

FRAME = samples(0.005)
"""Samples of a frame."""

LEAST = -30.0
"""dBFS of a clap's loudest frame: what is further away, or softer, is none."""

RISE = 15.0
"""dB by which it is above everything in the 60 ms before it."""

FALL = 12.0
"""dB by which it has fallen after 80 ms, and by which all is below it that is to be quiet."""

BRIGHT = -8.0
"""dB of the difference from sample to sample against the sound itself: a thud is below, a clap above."""

ALIKE = 8.0
"""dB by which the two may differ."""

APART = (40, 140)
"""Frames from the one to the other."""

BEFORE, AFTER = 100, 120
"""Frames of quiet before the first and after the second."""

RING = 28
"""Frames in which a clap rings on in the room."""

KEPT = 2 * (BEFORE + AFTER + APART[1])
"""Frames that are looked back over."""

SILENT = -100.0
"""dB of nothing."""

Levels = npt.NDArray[np.float64]


class Claps:
    """Finds pairs of claps in sound that comes block by block. Where we speak nothing is looked for."""

    def __init__(self) -> None:
        self._rest = silence(0)
        self._last = 0
        self._level: Levels = np.full(KEPT, SILENT)
        self._bright: Levels = np.full(KEPT, SILENT)
        self._since_loud = AFTER

    def push(self, pcm: Samples, *, ours: bool) -> bool:
        """Take in a block of any length, `ours` if we spoke in it; tell whether a pair of claps is complete with it."""
        sound = np.concatenate([self._rest, pcm])
        whole = len(sound) // FRAME * FRAME
        self._rest = sound[whole:]
        if not whole:
            return False
        level, bright = self._levels(sound[:whole])
        if ours:
            # As loud as can be, and no clap: so there is no quiet around any that is close to it.
            level, bright = np.zeros_like(level), np.full_like(bright, SILENT)
        self._level = np.concatenate([self._level, level])[-KEPT:]
        self._bright = np.concatenate([self._bright, bright])[-KEPT:]
        return self._complete(level)

    def _levels(self, sound: Samples) -> tuple[Levels, Levels]:
        floats = sound.astype(np.float64) / 32_768
        slopes = np.diff(floats, prepend=self._last / 32_768)
        self._last = int(sound[-1])
        return _decibels(floats), _decibels(slopes)

    def _complete(self, level: Levels) -> bool:
        """Tell whether it has been quiet for just long enough after two claps."""
        before = self._since_loud
        loud = np.flatnonzero(level >= LEAST)
        self._since_loud = len(level) - 1 - int(loud[-1]) if len(loud) else before + len(level)
        if not before < AFTER <= self._since_loud:
            return False
        claps = [at for at in self._onsets() if self._is_clap(at)]
        return any(self._is_pair(one, other) for one, other in pairwise(claps))

    def _onsets(self) -> list[int]:
        """Return the loudest frame of each sudden rise, in their order."""
        found: list[int] = []
        for at in np.flatnonzero(self._level[BEFORE : KEPT - RING] >= LEAST) + BEFORE:
            if not found or at - found[-1] >= RING:
                found.append(int(at) + int(np.argmax(self._level[at : at + 4])))
        return found

    def _is_clap(self, at: int) -> bool:
        level = self._level
        sudden = level[at] - level[at - 15 : at - 4].max() >= RISE
        short = level[at] - level[at + 16 : at + RING].max() >= FALL
        return bool(sudden and short and self._bright[at] - level[at] >= BRIGHT)

    def _is_pair(self, one: int, other: int) -> bool:
        level = self._level
        quiet = min(level[one], level[other]) - FALL
        return bool(
            APART[0] <= other - one <= APART[1]
            and abs(level[one] - level[other]) <= ALIKE
            and level[one - BEFORE : one - 4].max() <= quiet
            and level[one + RING : other - 4].max() <= quiet
            and level[other + RING :].max() <= quiet
        )


def _decibels(floats: Levels) -> Levels:
    power: Levels = np.square(floats).reshape(-1, FRAME).mean(axis=1)
    return 10.0 * np.log10(power + 1e-10)
