"""Whether cramps come clearly more often, or are clearly worse, than before: a reason to see a doctor (000-85).

The rule. The last RECENT_DAYS are held against the BEFORE_DAYS before them.

- More often: at least LEAST spells of late, at a rate at least TIMES that of before, and a chance of at most CHANCE
  that as many come by accident while nothing has changed.
- Worse: the same, said of hard spells among all spells. A spell is hard if it ended in "worse", took ten minutes or
  more, led to an emergency or urgent answer, or lasted twice as long as was usual before.

Its reasons. Two weeks are long enough for a habit and short enough to matter; eight weeks before them are the longest
for which a person's nights stay alike. Three is the least that anybody would call frequent, and a rate by half as high
again the least that is clearly more. Cramps come at random, so that a rate alone says it of many a steady sufferer:
three in two weeks after six in eight are no news. Whether as many come by accident is the exact test of two Poisson
rates: given how many there were in all, each of them is late with the share of the days that are late (Przyborowski
and Wilenski 1940). The rule is asked every day, a year long, so CHANCE is one in a hundred, not one in twenty: then a
steady sufferer hears of it less than once a year, and of those whose cramps double from four a week three in four hear
of it within six weeks, of those whose cramps treble all (measured: scripts/bench diary). It is said at most once in
AGAIN_DAYS, by when what was new counts as before; and who hears it in vain was told nothing wrong: frequent cramps
deserve a doctor's visit.

A cramp that comes back within an hour is the same spell: relapses are no accident of their own. A false start counts
for nothing. With a diary that holds less than LEAST_BEFORE days before the last two weeks nothing is said: the first
cramps of all are not more than before.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import comb

from voice_assist.diary.entries import Entry

RECENT_DAYS, BEFORE_DAYS = 14, 56
LEAST_BEFORE = 28
"""Days of diary before the recent ones without which nothing is compared."""

LEAST = 3
TIMES = 1.5
CHANCE = 0.01
AGAIN_DAYS = 56

SPELL = dt.timedelta(hours=1)
"""From the end of a cramp: what begins within it is the same spell."""

LONG_S = 600.0
"""Seconds from which on a cramp needs advice (R01, R02)."""

LONGER = 2.0
"""How many times what is usual a cramp must last to be a hard one."""

_DAY = dt.timedelta(days=1)


class Trend(Enum):
    """What became of the cramps."""

    UNKNOWN = "unknown"
    """The diary is too young to tell."""
    STEADY = "steady"
    MORE_OFTEN = "more_often"
    WORSE = "worse"


@dataclass(frozen=True)
class Spell:
    """A cramp with its relapses."""

    entries: tuple[Entry, ...]

    @property
    def began(self) -> dt.datetime:
        """When the first of them began."""
        return self.entries[0].began

    @property
    def lasted(self) -> float | None:
        """Seconds that the longest of them lasted; None where none is known."""
        return max((entry.lasted for entry in self.entries if entry.lasted is not None), default=None)

    def hard(self, usual: float | None) -> bool:
        """Tell whether it was clearly worse than cramps are, `usual` being the seconds that they usually lasted."""
        lasted = self.lasted
        long = lasted is not None and (lasted >= LONG_S or (usual is not None and lasted >= LONGER * usual))
        return long or any(
            entry.felt == "worse" or entry.ended in ("timed_out", "handed_over") for entry in self.entries
        )


def spells(entries: Iterable[Entry]) -> Sequence[Spell]:
    """Return the spells of entries, which come in the order of time; false starts are left out."""
    found: list[list[Entry]] = []
    for entry in entries:
        if entry.false_start:
            continue
        if found and entry.began - _end(found[-1][-1]) <= SPELL:
            found[-1].append(entry)
        else:
            found.append([entry])
    return [Spell(tuple(one)) for one in found]


def trend(entries: Iterable[Entry], since: dt.datetime | None, now: dt.datetime) -> Trend:
    """Return what became of the cramps until now, by a diary that is kept since then; None is since the first entry."""
    found = spells(entries)
    edge = now - RECENT_DAYS * _DAY
    begins = [one.began for one in found] + ([since] if since else [])
    known = min((edge - min(begins)) / _DAY, BEFORE_DAYS) if begins else 0.0
    if known < LEAST_BEFORE:
        return Trend.UNKNOWN
    recent = [one for one in found if edge < one.began <= now]
    before = [one for one in found if edge - known * _DAY <= one.began <= edge]
    if _clearly(len(recent), RECENT_DAYS, len(before), known):
        return Trend.MORE_OFTEN
    lengths = [one.lasted for one in before if one.lasted is not None]
    usual = statistics.median(lengths) if len(lengths) >= LEAST else None
    hard, harder = [one for one in before if one.hard(usual)], [one for one in recent if one.hard(usual)]
    if _clearly_among(len(harder), len(recent), len(hard), len(before)):
        return Trend.WORSE
    return Trend.STEADY


def _end(entry: Entry) -> dt.datetime:
    return entry.began + dt.timedelta(seconds=entry.lasted or 0.0)


def _clearly(late: int, days: float, early: int, days_before: float) -> bool:
    """Tell whether so many in so many days are clearly more than before: the exact test of two Poisson rates."""
    if late < LEAST or late / days < TIMES * early / days_before:
        return False
    share, count = days / (days + days_before), late + early
    chance = sum(comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(late, count + 1))
    return chance <= CHANCE


def _clearly_among(late: int, all_late: int, early: int, all_early: int) -> bool:
    """Tell whether so many among all of late are clearly a greater share than before: Fisher's exact test."""
    if late < LEAST or not all_early or late / all_late < TIMES * early / all_early:
        return False
    some, count = late + early, all_late + all_early
    ways = sum(comb(all_late, k) * comb(all_early, some - k) for k in range(late, min(some, all_late) + 1))
    return ways / comb(count, some) <= CHANCE
