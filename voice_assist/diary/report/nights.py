"""Nights, from noon to noon, and the months and years that they are counted in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voice_assist.diary.entries import Entry

Month = tuple[int, int]
"""Year and month, from 1."""

NOON = 12
"""The hour at which a night begins and ends."""

LATELY = 90
"""Nights that count as lately."""

DAY = range(8, 20)
"""The hours that are not night to somebody who sleeps."""


@dataclass(frozen=True)
class Period:
    """The nights of a report. Raises ValueError if it ends before it begins."""

    first: date
    """The first night, by the date of its evening."""
    last: date
    """The last one."""

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the period ends on {self.last}, before it begins on {self.first}")

    @property
    def nights(self) -> int:
        """How many nights it has."""
        return (self.last - self.first).days + 1

    def __contains__(self, night: date) -> bool:
        return self.first <= night <= self.last

    def months(self) -> Iterator[Month]:
        """Yield every month that it touches, the earliest first."""
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            yield year, month
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 - months of a year

    def latest(self, nights: int, before: int = 0) -> Period | None:
        """Return its latest nights, those `before` nights before its end; None where it has not that many."""
        last = self.last - timedelta(days=before)
        first = last - timedelta(days=nights - 1)
        return Period(first, last) if first >= self.first else None


YEAR = 365
"""Nights that a report is about unless somebody chose others."""


def chosen(entries: Iterable[Entry], today: date, first: date | None = None, last: date | None = None) -> Period:
    """Return the nights of a report made `today`: those that were chosen, else the latest year up to last night.

    A diary that is younger than a year begins with its first cramp: before, nobody kept it. A cramp of this very
    afternoon belongs to a night that is still to come, and is not left out. Raises ValueError for a period that ends
    before it begins.
    """
    nights = [night_of(entry.began) for entry in entries]
    until = last or max([today - timedelta(days=1), *(night for night in nights if night <= today)])
    begun = min([*nights, until])
    return Period(first or max(begun, until - timedelta(days=YEAR - 1)), until)


def night_of(began: datetime) -> date:
    """Return the night of a moment, by the date of its evening; the clock is the one that hung on the wall there."""
    return (began.replace(tzinfo=None) - timedelta(hours=NOON)).date()


def by_night(entries: Iterable[Entry]) -> dict[date, list[Entry]]:
    """Return the cramps of each night that had any, the earliest first."""
    found: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: one.began):
        found.setdefault(night_of(entry.began), []).append(entry)
    return dict(sorted(found.items()))


def within(nights: Mapping[date, Sequence[Entry]], period: Period) -> dict[date, Sequence[Entry]]:
    """Return the nights of a period that had cramps."""
    return {night: entries for night, entries in nights.items() if night in period}


def by_month(nights: Mapping[date, Sequence[Entry]], period: Period) -> dict[Month, dict[date, Sequence[Entry]]]:
    """Return the nights with cramps of each month that a period touches; a month without any is empty."""
    found: dict[Month, dict[date, Sequence[Entry]]] = {month: {} for month in period.months()}
    for night, entries in within(nights, period).items():
        found[night.year, night.month][night] = entries
    return found
