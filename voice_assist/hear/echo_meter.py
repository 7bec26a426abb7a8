"""Can the microphone hear our loudspeaker, and how late? Told from loudness alone, while we speak.

With headphones, or a loudspeaker far away, everything can be understood while we speak. Where our voice
comes back, it comes back misheard ("straighten that leg" as "arm it right the neck"), and only what may
never be missed is believed meanwhile.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from voice_assist.samples import BLOCK, Samples, samples

WINDOW = samples(4.0) // BLOCK
"""Blocks that are compared: a few words and the pauses between them."""

LATEST = samples(0.5) // BLOCK
"""Blocks by which an echo may be late: buffers of both devices and the room (pitfalls.md: up to 0.3 s)."""

SPOKEN = samples(0.4) // BLOCK
"""Blocks of our voice that are needed before anything can be told."""

EVERY = samples(0.1) // BLOCK
"""Blocks between two comparisons."""

PRESENT = 0.5
"""Correlation of the two loudness curves from which our voice is taken to be in the microphone. A person's
speech beside ours stays below 0.4; an echo at the loudness of the room's noise reaches 0.6."""

FLOOR = -60.0
"""dBFS below which we count as silent."""

STEADY = 10
"""Comparisons in a row that find the same lag, to a block, from which it is proved: other people's speech happens to be
like ours for as long in one of forty cases, our echo always is."""

QUIETEST, NO_LOUDER, MOSTLY = 0.1, 6.0, 0.7
"""What was heard counts as quiet up to so many dB above its quietest tenth, and our voice as unheard where so large a
share of what we said met with quiet."""

_Levels = npt.NDArray[np.float64]


class EchoMeter:
    """Compares what we played with what the microphone heard, block by block."""

    def __init__(self) -> None:
        # Before the first block nothing was played.
        self._played: deque[float] = deque([FLOOR] * LATEST, maxlen=WINDOW + LATEST)
        self._heard: deque[float] = deque(maxlen=WINDOW)
        self._until = EVERY
        self.present = True
        """True while our voice can be heard by the microphone, and until the contrary is known."""
        self.lag: int | None = None
        """How late it is heard, in samples, as far as is known: kept while it cannot be told."""
        self.told = 0
        """How late our sound leaves the loudspeaker, as the device tells it: without the microphone's own delay."""
        self._proved = False
        """True once our voice was found in what was heard, steadily."""
        self._found = self._times = 0
        """Where it was found last, in blocks, and how many times in a row."""

    @property
    def late(self) -> int:
        """How late it is heard, in samples: as measured, or else as the device tells."""
        return self.told if self.lag is None else self.lag

    def push(self, played: Samples, heard: float) -> None:
        """Take in the block that we played and the loudness in dBFS of the block heard at the same time."""
        self._played.append(level(played))
        self._heard.append(heard)
        self._until -= 1
        if self._until <= 0:
            self._until = EVERY
            self._compare()

    def _compare(self) -> None:
        played = np.maximum(np.array(self._played), FLOOR)
        heard = np.array(self._heard)
        count = len(heard)
        # Enough of it must lie in the window, however late it is heard.
        if min(np.count_nonzero(part > FLOOR) for part in (played[LATEST:], played[:count])) < SPOKEN:
            return
        likeness = [_correlation(played[LATEST - late : LATEST - late + count], heard) for late in range(LATEST + 1)]
        best = int(np.argmax(likeness))
        found = likeness[best] >= PRESENT
        self._times = self._times + 1 if found and abs(best - self._found) <= 1 else int(found)
        self._found = best
        steady = self._times >= STEADY
        # Somebody who talks beside us hides our voice from this comparison, or puts it elsewhere: that alone does not
        # prove it gone.
        if steady or (found and not self._proved):
            self.present, self.lag = True, best * BLOCK
            self._proved |= steady
        elif not found and (not self._proved or self._unheard(played, heard)):
            self.present = self._proved = False

    def _unheard(self, played: _Levels, heard: _Levels) -> bool:
        """Tell whether most of what we said met with quiet, and so cannot have been heard: headphones by now."""
        late = self.late // BLOCK
        meant = played[LATEST - late : LATEST - late + len(heard)] > FLOOR
        quiet = heard <= np.quantile(heard, QUIETEST) + NO_LOUDER
        return bool(meant.any()) and float(quiet[meant].mean()) >= MOSTLY


def level(block: Samples) -> float:
    """Return the loudness of a block in dBFS; -90 for silence."""
    power = float(np.square(block.astype(np.float64)).mean()) / 2**30
    return 10.0 * float(np.log10(max(power, 1e-9)))


def _correlation(one: _Levels, other: _Levels) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size else 0.0
