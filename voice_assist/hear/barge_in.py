"""Somebody speaks over our voice: what the canceller told of it, block by block."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from voice_assist.events import Hypothesis
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

LEAST = 8
"""Blocks with somebody else in them within that time for an order of one word, heard on the way: every "stop" at -6 dB
fills eight or more; of our own voice, in 1576 lines in two rooms, one burst did."""

LEAST_IN_ALL = 9
"""The same for more than one word, for what is heard in all words, or at its end in these few. Of our "Rest on your
side." six blocks became "correct", which is a yes, of "inhalers are named" seven became "no wait", and of "Lean
forward" eight were nothing or "stop". Of 40 orders by four voices at -6 dB none filled fewer than nine, but a "louder"
that was taken for "stop"."""


def over(quiet: int, soft: int) -> bool:
    """Tell whether an utterance over our voice has ended, after so many samples of quiet, and of softer sound."""
    return quiet >= ENDPOINT or soft >= SOFT


class BargeIn:
    """Remembers when somebody else was heard over our voice, and what they may have said."""

    def __init__(self) -> None:
        self._at: deque[int] = deque(maxlen=WITHIN // BLOCK)
        self._order: Hypothesis | None = None
        self._taken = 0
        self._obeyed: int | None = None

    def heard(self, now: int) -> None:
        """Note that somebody else was in the block that ends at sample `now`."""
        self._at.append(now)

    def lasts(self, now: int) -> bool:
        """Tell whether somebody speaks over our voice, or did a moment ago."""
        return bool(self._at) and now - self._at[-1] <= LASTS

    def is_word(self, now: int, least: int) -> bool:
        """Tell whether somebody else was in so many blocks lately: long enough for a word."""
        return sum(now - at <= WITHIN for at in self._at) >= least

    def admit(self, now: int) -> bool:
        """Take in that an order is heard; return False for the rest of the one before: "next" behind "it's worse"."""
        if not self.lasts(now):
            return True
        rest = self._obeyed is not None and now - self._obeyed < WITHIN
        if not rest:
            self._obeyed = now
        return not rest

    def take(self, order: Hypothesis, now: int) -> None:
        """Take the latest of what was heard in the few words that are said over our voice."""
        ended = self._order is not None and self._order.final
        if not order.text and ended and now - self._taken <= WITHIN:
            return  # The next utterance has no words yet: that takes nothing back.
        self._order, self._taken = order, now

    def believed(self, now: int) -> Hypothesis | None:
        """Return that order, once, when somebody else was heard long enough to have said it.

        That may be known only at their word's end, when its hypothesis is some blocks old. What bears no mark of an
        echo was believed before: it is of a journal.
        """
        order = self._order
        if order is None or now - self._taken > WITHIN:
            return None
        if order.echo and not self.is_word(now, _least(order)):
            return None
        self._order = None
        return replace(order, echo=False)


def _least(order: Hypothesis) -> int:
    """Return how many blocks it takes for an order to be somebody else's."""
    return LEAST if not order.final and len(order.text.split()) <= 1 else LEAST_IN_ALL
