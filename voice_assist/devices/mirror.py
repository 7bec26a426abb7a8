"""Do we hear a room, or only ourselves? Told from the sound alone, whatever the system says of its devices.

Through air our own voice comes back with the room's echoes and its noise. A microphone that is in truth the monitor
of our loudspeaker gives what we play, sample for sample: a filter shorter than the way to the next wall, which makes up
for another sample rate, tells all of it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from voice_assist.samples import Samples, samples

WINDOW = samples(0.25)
"""Samples that are compared at a time."""

LATEST = samples(2.0)
"""How late our own sound may come, in samples."""

TAPS = 16
"""Length of the filter in samples: a millisecond, a third of a metre in air."""

LOUD = 100.0
"""Least RMS, of 32767, of sound that is compared: below it rounding counts as noise."""

SAME = 1e-3
"""The share of the sound's power that such a filter may leave untold; a room leaves a tenth and more."""

WINDOWS = 3
"""So many windows in a row, alike or not, are a proof."""

_Floats = npt.NDArray[np.float64]


class Mirror:
    """Compares what is heard with what was played."""

    def __init__(self) -> None:
        self.shows_us = False
        """True from the proof that only we are heard to the proof of the contrary."""
        self._played: deque[Samples] = deque()
        self._played_count = 0
        self._heard: list[Samples] = []
        self._heard_count = 0
        self._row = 0

    def push(self, heard: Samples, played: Samples) -> None:
        """Take in a block and what was played meanwhile, of the same length."""
        self._played.append(played)
        self._played_count += len(played)
        while self._played_count - len(self._played[0]) >= LATEST + WINDOW:
            self._played_count -= len(self._played.popleft())
        self._heard.append(heard)
        self._heard_count += len(heard)
        if self._heard_count >= WINDOW:
            self._compare()
            self._heard, self._heard_count = [], 0

    def _compare(self) -> None:
        # All night long nothing is played, and there is nothing to compare with.
        if not any(block.any() for block in self._played):
            return
        window = np.concatenate(self._heard).astype(np.float64)
        played = np.concatenate(self._played).astype(np.float64)
        if np.sqrt(np.square(window).mean()) < LOUD or len(played) < len(window) + TAPS:
            return
        same = untold(window, played) < SAME
        if same == self.shows_us:
            self._row = 0
            return
        self._row += 1
        if self._row >= WINDOWS:
            self.shows_us, self._row = same, 0


def untold(window: _Floats, played: _Floats) -> float:
    """Return the share of a window's power that no short filter of what was played accounts for, 0 to 1.

    What was played is longer than the window, by TAPS samples at least.
    """
    size = len(played) + len(window)
    products = np.fft.irfft(np.fft.rfft(played, size) * np.conj(np.fft.rfft(window, size)), size)
    sums = np.concatenate(([0.0], np.cumsum(np.square(played))))
    places = np.arange(len(played) - len(window) + 1)
    power = sums[places + len(window)] - sums[places]
    alike = np.where(power > 0, np.square(products[places]) / np.maximum(power, 1.0), 0.0)
    first = int(np.clip(alike.argmax() - TAPS // 2, 0, len(places) - TAPS))
    shifted = np.stack([played[first + tap : first + tap + len(window)] for tap in range(TAPS)], axis=1)
    weights = np.linalg.lstsq(shifted, window, rcond=None)[0]
    return float(np.square(window - shifted @ weights).sum() / np.square(window).sum())
