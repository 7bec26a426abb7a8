"""Somebody speaks over our voice: what the canceller told of it, block by block."""

from __future__ import annotations

from collections import deque

from voice_assist.samples import BLOCK, samples

ENDPOINT = samples(0.18)
"""Quiet after which an utterance is over while we speak, if it means something so far or nothing is known of it
yet: then it is most likely "stop", and every moment counts."""

SOFT = samples(0.28)
"""The same, told from loudness alone; longer than the closed lips and teeth within a word."""

LASTS = samples(0.4)
"""How long after somebody else was heard over our voice what they said is listened for: the rest of a word, and the
recognizer's time for it."""

WITHIN = samples(0.6)
"""How far back somebody else must have been heard over our voice for a hypothesis to be theirs: a word and its end."""

LEAST = 5
"""Blocks with somebody else in them within that time: nearly every "stop" at -6 dB fills five or more; with four, our
own voice was once taken for "stop" in 35 lines in three rooms, with five never."""


def over(quiet: int, soft: int) -> bool:
    """Tell whether an utterance over our voice has ended, after so many samples of quiet, and of softer sound."""
    return quiet >= ENDPOINT or soft >= SOFT


class BargeIn:
    """Remembers when somebody else was heard over our voice."""

    def __init__(self) -> None:
        self._at: deque[int] = deque(maxlen=WITHIN // BLOCK)

    def heard(self, now: int) -> None:
        """Note that somebody else was in the block that ends at sample `now`."""
        self._at.append(now)

    def lasts(self, now: int) -> bool:
        """Tell whether somebody speaks over our voice, or did a moment ago."""
        return bool(self._at) and now - self._at[-1] <= LASTS

    def is_word(self, now: int) -> bool:
        """Tell whether somebody else was heard long enough for a word."""
        return sum(now - at <= WITHIN for at in self._at) >= LEAST
