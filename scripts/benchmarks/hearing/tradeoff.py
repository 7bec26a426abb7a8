"""Misses against false alarms: what there would be if an utterance had to say more, or less, before it counts.

How much an utterance says for a start is one number, its evidence: what the matcher makes of what was heard at its
end, first as strictly as it is asleep, then as loosely as it is awake, and by the score within each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scripts.benchmarks.hearing.trial import Outcome
from scripts.benchmarks.listening import is_start
from voice_assist.events import Context
from voice_assist.understand.matcher import Matcher

BEGINS, ASKS, AWAKE = 4.0, 2.0, 0.0
"""From where evidence begins a protocol asleep; is asked about; would begin one awake only. The score, 0 to 1, comes on
top."""

NONE = -1.0
"""Evidence of what says nothing for a start."""


@dataclass(frozen=True)
class Point:
    """One choice of the evidence that is demanded."""

    demanded: float
    missed: float
    """Percent of start phrases whose place is not told with so much evidence."""
    false: float
    """Times an hour that other people's speech and noise hold so much."""


def evidence(matcher: Matcher, text: str) -> tuple[float, str]:
    """Return how much an utterance says for a start, and the place that it names; NONE and nothing without one."""
    for awake, levels in ((False, (BEGINS, ASKS)), (True, (AWAKE, AWAKE))):
        intent = matcher.match(text, Context(awake=awake))
        if intent and intent.kind == "start":
            return levels[not is_start(intent)] + intent.score, intent.slots.get("place", "")
    return NONE, ""


def curve(matcher: Matcher, found: Sequence[Outcome], finals: Iterable[str], hours: float) -> list[Point]:
    """Return what would be missed and what be false, from the least evidence that anything has to the most."""
    right = [_right(matcher, one) for one in found]
    false = [evidence(matcher, text)[0] for text in finals]
    demands = sorted({value for value in (*right, *false, BEGINS, ASKS, AWAKE) if value >= AWAKE})
    return [
        Point(
            demand,
            100.0 * sum(value < demand for value in right) / max(1, len(right)),
            sum(value >= demand for value in false) / hours,
        )
        for demand in demands
    ]


def _right(matcher: Matcher, one: Outcome) -> float:
    """Return the evidence for the place that was named, over all that was heard of an utterance, and put together."""
    heard = [text for text in one.finals if text]
    told = (evidence(matcher, text) for text in (*heard, " ".join(heard)))
    return max((value for value, place in told if place == one.wanted), default=NONE)
