"""The calendar of nights: a small picture for each month, and for each year the table of the same."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from voice_assist.diary.entries import Entry
from voice_assist.diary.report import words
from voice_assist.diary.report.nights import Month, Period, by_month
from voice_assist.diary.report.pictures import labelled
from voice_assist.paper.html import Markup, element, joined, table

CELL, GAP, HEAD = 30, 2, 18
"""Size of a night's box, what lies between two, and how high the weekdays stand above them."""

MOST_DOTS = 4
"""Dots for more than one cramp in a night; the table tells the number."""

Nights = Mapping[date, Sequence[Entry]]


def calendar(nights: Nights, period: Period) -> Markup:
    """Return the nights of a period by year, the latest year first."""
    months = by_month(nights, period)
    years = [(year, list(group)) for year, group in groupby(months, key=lambda month: month[0])]
    return joined(_year(year, {month: months[month] for month in group}, period) for year, group in reversed(years))


def _year(year: int, months: Mapping[Month, Nights], period: Period) -> Markup:
    pictures = element("div", *(_month(month, nights, period) for month, nights in months.items()), class_="months")
    rows = [(words.month(month), str(len(nights)), _told(nights)) for month, nights in months.items()]
    told = table(
        ("Month", "Nights with a cramp", "Which nights"),
        rows,
        caption=f"Nights with a cramp in {year}",
        named=True,
        class_="numbers",
    )
    return element("section", element("h3", str(year)), pictures, told, class_="year")


def _told(nights: Nights) -> str:
    """Return which nights of a month had cramps: 3, 7 (2 cramps)."""
    return ", ".join(_night(night, len(entries)) for night, entries in nights.items()) or "none"


def _night(night: date, count: int) -> str:
    return str(night.day) if count == 1 else f"{night.day} ({words.cramps(count)})"


def _month(month: Month, nights: Nights, period: Period) -> Markup:
    name = words.month(month)
    told = f"{words.nights(len(nights))} with a cramp: {_told(nights)}." if nights else "No night with a cramp."
    days = weeks.Calendar().monthdatescalendar(*month)
    boxes = [
        _box(night, column, row, nights, period)
        for row, week in enumerate(days)
        for column, night in enumerate(week)
        if night.month == month[1]
    ]
    width = 7 * CELL + 6 * GAP
    # Every month is as high as the longest one: the names stand in line.
    drawing = joined([*_weekdays(), *boxes])
    anchor = f"nights-{month[0]}-{month[1]:02}"
    picture = labelled(anchor, name, told, drawing, width, HEAD + 6 * (CELL + GAP))
    return element("div", element("p", name, class_="month", aria_hidden="true"), picture)


def _weekdays() -> Iterator[Markup]:
    for column, name in enumerate(words.WEEKDAYS):
        yield _text(_at(column) + CELL / 2, HEAD - 6, name[:2], "weekday")


def _box(night: date, column: int, row: int, nights: Nights, period: Period) -> Markup:
    x, y = _at(column), HEAD + row * (CELL + GAP)
    count = len(nights.get(night, ()))
    kind = "cramp" if count else "free" if night in period else "outside"
    parts = [
        element("rect", x=x, y=y, width=CELL, height=CELL, rx=3, class_=kind),
        _text(x + CELL / 2, y + (16 if count > 1 else 20), str(night.day), kind),
    ]
    dots = min(count, MOST_DOTS) if count > 1 else 0
    left = x + CELL / 2 - 3 * (dots - 1)
    marks = (element("circle", cx=left + 6 * number, cy=y + 24, r=2, class_="dot") for number in range(dots))
    return joined([*parts, *marks])


def _at(column: int) -> int:
    return column * (CELL + GAP)


def _text(x: float, y: float, text: str, kind: str) -> Markup:
    return element("text", text, x=f"{x:g}", y=f"{y:g}", class_=kind)
