"""The first page of a report: what the diary comes to, in a table of a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from voice_assist.diary.entries import Entry
from voice_assist.diary.report import figures, words
from voice_assist.diary.report.nights import LATELY, Period, within
from voice_assist.paper.html import Markup, table

Nights = Mapping[date, Sequence[Entry]]

HANDED_OVER = "handed_over"
"""How a cramp ended in which advice to get help was spoken."""


def summary(nights: Nights, false_starts: int, period: Period, places: Mapping[str, str]) -> Markup:
    """Return what the nights of a period come to; `places` are the pack's names of places."""
    entries = [entry for night in nights.values() for entry in night]
    rows = list(_rows(entries, nights, period, places)) if entries else [("Cramps", "None in these nights")]
    if false_starts:
        rows.append(("Not counted", words.count(false_starts, "false start")))
    return table((), rows, caption="What the diary comes to", named=True, class_="summary")


def _rows(
    entries: Sequence[Entry], nights: Nights, period: Period, places: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    yield "Cramps", f"{len(entries)}, of these {figures.by_day(entries)} {words.BY_DAY}"
    yield "Nights with a cramp", _often(len(nights), period)
    yield from _lately(nights, period)
    yield "Where", _where(entries, places)
    yield "How long", _long(entries)
    yield "When", _when(entries)
    yield from _helped(entries)
    yield "Advice to get help", _handed_over(entries)


def _often(count: int, period: Period) -> str:
    weekly = 7 * count / period.nights
    return f"{count} of {words.nights(period.nights)}, {weekly:.1f} a week"


def _lately(nights: Nights, period: Period) -> Iterator[tuple[str, str]]:
    """Yield how many nights had a cramp of the latest ones, and of as many before them if the period has them."""
    latest = period.latest(LATELY)
    if latest is None:
        return
    told = f"{words.nights(len(within(nights, latest)))} with a cramp"
    if before := period.latest(LATELY, before=LATELY):
        told += f"; {len(within(nights, before))} of the {LATELY} before"
    yield f"The last {LATELY} nights", told


def _where(entries: Sequence[Entry], places: Mapping[str, str]) -> str:
    first, *others = figures.places(entries)
    sides = [f"{first.sides[side]} {side}" for side in ("left", "right") if first.sides[side]]
    told = f"{words.place(first.name, places)} {first.cramps}" + (f" ({', '.join(sides)})" if sides else "")
    return "; ".join([told, *(f"{words.place(one.name, places)} {one.cramps}" for one in others[:3])])


def _long(entries: Sequence[Entry]) -> str:
    timed = sum(entry.lasted is not None for entry in entries)
    if not timed:
        return words.NOT_TOLD
    half, longest = words.length(figures.middle(entries)), words.length(figures.longest(entries))
    return f"Half of them {half} or longer; the longest {longest} ({timed} of {len(entries)} timed)"


def _when(entries: Sequence[Entry]) -> str:
    hour, count = max(figures.hours(entries), key=lambda one: one[1])
    return f"Most often from {words.hour(hour)}: {words.cramps(count)}"


def _helped(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    attempts = figures.attempts(entries)
    if attempts:
        told = (f"{words.part(one.name)}: eased after it in {one.eased} of {one.tried}" for one in attempts[:3])
        yield "What was tried", "; ".join(told)


def _handed_over(entries: Sequence[Entry]) -> str:
    count = sum(entry.ended == HANDED_OVER for entry in entries)
    return f"Spoken in {words.cramps(count)}" if count else "Never spoken"
