"""We speak softly while somebody speaks over us, so that the rest of their word is heard."""

from __future__ import annotations

import numpy as np

from voice_assist.samples import BLOCK, Samples, samples

DUCKED = 0.1
"""Factor while somebody speaks: 20 dB down, a whisper beside them."""

STAYS = samples(0.4)
"""How long after the last sound of theirs: the end of a word, and the recognizer's time for it."""

MOST = samples(1.5)
"""The longest that we are soft at a stretch: a television must not take our words away."""

RESTS = samples(4.0)
"""How long we are not soft again after that."""

FALL, RISE = 1.0, 0.1
"""The most that the factor changes in a block: down within one, up within ten."""


class Ducking:
    """Takes our sound block by block and gives it as loud as the moment allows."""

    def __init__(self) -> None:
        self._factor = 1.0
        self._left = 0
        self._soft_for = 0
        self._rests = 0

    def block(self, pcm: Samples, *, others: bool) -> Samples:
        """Return a block of ours, softer while there are `others`."""
        self._rests -= BLOCK
        self._left = STAYS if others and self._rests <= 0 else self._left - BLOCK
        self._soft_for = self._soft_for + BLOCK if self._left > 0 else 0
        if self._soft_for >= MOST:
            self._left, self._rests = 0, RESTS
        before = self._factor
        wanted = DUCKED if self._left > 0 else 1.0
        self._factor = before + min(max(wanted - before, -FALL), RISE)
        if before == self._factor == 1.0:
            return pcm
        ramp = np.linspace(before, self._factor, len(pcm))
        return np.rint(pcm * ramp).astype(np.int16)
