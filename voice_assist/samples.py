"""Time is a whole number of samples; seconds are converted here, once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RATE = 16_000
"""Samples a second inside the assistant, in and out, mono. What the recognizer's features expect."""

BLOCK = 320
"""Samples of one step of the session's clock: 20 ms. Small enough that an answer starts at once,
large enough that a Raspberry Pi keeps up; every pause in the content is a whole number of blocks."""

Samples = npt.NDArray[np.int16]
"""Mono PCM, int16, shape (n,), at RATE."""


def samples(seconds: float) -> int:
    """Return the number of samples nearest to a duration in seconds."""
    return round(seconds * RATE)


def seconds(count: int) -> float:
    """Return the duration in seconds of a number of samples."""
    return count / RATE


def silence(count: int) -> Samples:
    """Return `count` samples of digital silence."""
    return np.zeros(count, dtype=np.int16)


def whole_blocks(count: int) -> int:
    """Return `count` rounded up to a whole number of blocks."""
    return -(-count // BLOCK) * BLOCK


class Blocks:
    """Re-blocking: samples of any length go in, blocks of BLOCK samples come out, none lost."""

    def __init__(self) -> None:
        self._rest: Samples = silence(0)

    def push(self, pcm: Samples) -> Iterator[Samples]:
        """Yield every whole block that `pcm` completes; keep the rest for the next call."""
        joined = np.concatenate((self._rest, pcm)) if len(self._rest) else pcm
        whole = len(joined) - len(joined) % BLOCK
        # Set before yielding: a caller that stops half-way must not see samples twice.
        self._rest = joined[whole:].copy()
        for start in range(0, whole, BLOCK):
            yield joined[start : start + BLOCK]


class Lined:
    """Sound that waits to be taken: samples of any length go in, samples of any length come out."""

    def __init__(self) -> None:
        self._waiting: deque[Samples] = deque()

    def push(self, pcm: Samples) -> None:
        """Put samples behind those that wait."""
        self._waiting.append(pcm)

    def take(self, count: int) -> Samples:
        """Return exactly `count` samples; where fewer wait, silence after them."""
        taken: list[Samples] = []
        while count and self._waiting:
            pcm = self._waiting.popleft()
            if len(pcm) > count:
                self._waiting.appendleft(pcm[count:])
                pcm = pcm[:count]
            taken.append(pcm)
            count -= len(pcm)
        return np.concatenate([*taken, silence(count)])
