"""The numbers of a report, counted from the diary; nothing here knows how they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from voice_assist.diary.entries import Entry
from voice_assist.diary.report.nights import DAY, NOON

LENGTHS: Sequence[tuple[str, float]] = (
    ("under 1 min", 60),
    ("1 to 2 min", 120),
    ("2 to 3 min", 180),
    ("3 to 5 min", 300),
    ("5 to 10 min", 600),
    ("10 min or more", float("inf")),
)
"""Classes of how long a cramp lasted, with the seconds that each one ends before."""

EASED = "eased"
"""How a cramp ended that did."""

HOURS = tuple((NOON + number) % 24 for number in range(24))
"""The hours of a night, from noon to noon."""


@dataclass(frozen=True)
class Place:
    """The cramps of one place."""

    name: str
    sides: Counter[str]
    """How many on each side; the side is empty where none was told."""

    @property
    def cramps(self) -> int:
        """How many in all."""
        return self.sides.total()

    @property
    def neither(self) -> int:
        """How many on no side of the two: it was not told, or it was both."""
        return self.cramps - self.sides["left"] - self.sides["right"]


def places(entries: Iterable[Entry]) -> list[Place]:
    """Return the places that cramped, the one that did most often first."""
    found: dict[str, Counter[str]] = {}
    for entry in entries:
        found.setdefault(entry.place, Counter())[entry.side] += 1
    ordered = sorted(found.items(), key=lambda one: (-one[1].total(), one[0]))
    return [Place(name, sides) for name, sides in ordered]


def lengths(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """Return how many cramps lasted how long, for each class of LENGTHS."""
    found = Counter(_class(entry.lasted) for entry in entries if entry.lasted is not None)
    return [(name, found[name]) for name, _ in LENGTHS]


def _class(seconds: float) -> str:
    return next(name for name, end in LENGTHS if seconds < end)


def middle(entries: Iterable[Entry]) -> float | None:
    """Return the seconds that half of the cramps lasted longer than; None where none was timed."""
    timed = [entry.lasted for entry in entries if entry.lasted is not None]
    return median(timed) if timed else None


def longest(entries: Iterable[Entry]) -> float | None:
    """Return the seconds of the longest cramp; None where none was timed."""
    return max((entry.lasted for entry in entries if entry.lasted is not None), default=None)


def hours(entries: Iterable[Entry]) -> list[tuple[int, int]]:
    """Return how many cramps began in each hour, from noon to noon."""
    found = Counter(entry.began.hour for entry in entries)
    return [(hour, found[hour]) for hour in HOURS]


def by_day(entries: Iterable[Entry]) -> int:
    """Return how many cramps began by day."""
    return sum(entry.began.hour in DAY for entry in entries)


@dataclass(frozen=True)
class Attempt:
    """What was tried, by the pack's name of the part."""

    name: str
    tried: int
    """In how many cramps."""
    eased: int
    """How many of these eased with it as the last thing tried."""


def attempts(entries: Iterable[Entry]) -> list[Attempt]:
    """Return what was tried, what was tried most often first."""
    tried: Counter[str] = Counter()
    eased: Counter[str] = Counter()
    for entry in entries:
        tried.update(set(entry.tried))
        if entry.tried and entry.ended == EASED:
            eased[entry.tried[-1]] += 1
    return [Attempt(name, times, eased[name]) for name, times in _ordered(tried)]


def endings(entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """Return how the cramps ended, by ENDED, the most frequent first."""
    return _ordered(Counter(entry.ended for entry in entries))


def _ordered(counted: Counter[str]) -> list[tuple[str, int]]:
    """Return what was counted, the most frequent first; the alphabet decides a tie."""
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))
