"""Puts the report together: the summary first, then each picture with its table, then every cramp."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path

from voice_assist.diary.entries import Entry
from voice_assist.diary.report import figures, plots, words
from voice_assist.diary.report.calendar import calendar
from voice_assist.diary.report.facts import Told
from voice_assist.diary.report.nights import Month, Period, by_month, by_night, night_of, within
from voice_assist.diary.report.pictures import adopted
from voice_assist.diary.report.summary import summary
from voice_assist.paper.html import Markup, element, joined, listed, page, paragraph, table

STYLE = Path(__file__).with_name("report.css")

Nights = Mapping[date, Sequence[Entry]]


@dataclass(frozen=True)
class Report:
    """What a report is made of."""

    entries: Sequence[Entry]
    """The whole diary; what lies outside the period is counted and not told."""
    period: Period
    made: date
    """The day on which it is made."""
    facts: Sequence[Told] = ()
    """What the person chose to tell of themselves."""
    places: Mapping[str, str] = field(default_factory=dict)
    """The content pack's names of places."""


@dataclass
class Plots:
    """Draws, and remembers why it could not."""

    missing: str = ""
    """Why there are no plots, in one line."""

    def __call__(self, anchor: str, title: str, described: str, draw: Callable[[], str]) -> Markup:
        """Return a plot; nothing where there is no library for it."""
        try:
            return adopted(anchor, title, described, draw())
        except plots.NoPlotsError as reason:
            self.missing = str(reason)
            return Markup("")


def written(report: Report) -> tuple[str, str]:
    """Return the report as one HTML document, and in one line what is missing in it; empty if nothing is."""
    nights = within(by_night(entry for entry in report.entries if not entry.false_start), report.period)
    drawn = Plots()
    front = list(_front(report, nights, drawn))
    body = _body(front, list(_chapters(report, nights, drawn)))
    return page(words.TITLE, STYLE.read_text(encoding="utf-8"), body, language=words.LANGUAGE), drawn.missing


def _front(report: Report, nights: Nights, drawn: Plots) -> Iterator[Markup]:
    """Yield what stands on the first page."""
    period = report.period
    told = f"Nights from {words.day(period.first)} to {words.day(period.last)}, {words.nights(period.nights)}. "
    yield element("h1", words.TITLE)
    yield paragraph(told + f"Made on {words.day(report.made)}.")
    yield element("div", paragraph(words.MADE_BY), paragraph(words.NO_ENTRY), class_="note")
    yield element("h2", "Summary")
    inside = [entry for entry in report.entries if night_of(entry.began) in period]
    false_starts = sum(entry.false_start for entry in inside)
    yield summary(nights, false_starts, period, report.places)
    if left_out := sum(not entry.false_start for entry in report.entries) - len(inside) + false_starts:
        yield paragraph(f"The diary holds {words.cramps(left_out)} more, outside these nights.")
    if nights:
        yield joined([element("h3", "Month by month"), *_trend(nights, period, drawn)])
    if report.facts:
        rows = [(one.asked, "Yes" if one.holds else "No") for one in report.facts]
        yield element("h2", "About the patient")
        yield table(("Question", "Answer"), rows, caption=words.CHOSEN, named=True, class_="numbers")


def _chapters(report: Report, nights: Nights, drawn: Plots) -> Iterator[tuple[str, Markup]]:
    """Yield what follows, each with its title."""
    entries = [entry for night in nights.values() for entry in night]
    yield "Nights", joined([paragraph(words.CALENDAR), calendar(nights, report.period)])
    if entries:
        yield "Where", joined(_where(entries, report.places, drawn))
        yield "How long", joined(_long(entries, drawn))
        yield "Time of day", joined(_hours(entries, drawn))
        yield "What was tried, and how it ended", joined(_tried(entries))
        yield "Every cramp", joined(_every(nights, report.places))


def _body(front: Sequence[Markup], chapters: Sequence[tuple[str, Markup]]) -> Markup:
    """Return the whole of it, with a way from the first page to each chapter."""
    links = [element("a", title, href=f"#chapter-{number}") for number, (title, _) in enumerate(chapters, 1)]
    way = element("nav", listed(links), aria_label="In this report")
    sections = [
        element("section", element("h2", title), content, id=f"chapter-{number}")
        for number, (title, content) in enumerate(chapters, 1)
    ]
    return element("main", element("header", *front, way), *sections)


def _trend(nights: Nights, period: Period, drawn: Plots) -> Iterator[Markup]:
    counted = [(month, len(found)) for month, found in by_month(nights, period).items()]
    most, least = max(count for _, count in counted), min(count for _, count in counted)
    told = f"A bar for each month; between {least} and {words.nights(most)} with a cramp in a month."
    yield drawn("trend", "Nights with a cramp, month by month", told, lambda: plots.months(counted))
    # A row for each year: ten years stay within sight.
    found = dict(counted)
    rows = [
        (str(year), *(str(found.get((year, month), "")) for month in range(1, 13)), str(_all(year, counted)))
        for year in sorted({year for year, _ in found})
    ]
    heads = ("Year", *(name[:3] for name in words.MONTHS), "All")
    yield _wide("Nights with a cramp, month by month", table(heads, rows, caption=words.TREND, named=True))


def _all(year: int, counted: Sequence[tuple[Month, int]]) -> int:
    return sum(count for month, count in counted if month[0] == year)


def _wide(named: str, told: Markup) -> Markup:
    """Return a table that may be wider than a phone: it is moved by itself, with the keys, too."""
    return element("div", told, class_="wide", tabindex="0", role="region", aria_label=named)


def _where(entries: Sequence[Entry], names: Mapping[str, str], drawn: Plots) -> Iterator[Markup]:
    places = figures.places(entries)
    counted = [(words.place(place.name, names), place) for place in places]
    told = f"A bar for each place, the most frequent first: {words.listing(f'{n} {p.cramps}' for n, p in counted)}."
    yield drawn("places", "Cramps by place and side", told, lambda: plots.places(counted))
    rows = [
        (name, str(place.sides["left"]), str(place.sides["right"]), str(place.neither), str(place.cramps))
        for name, place in counted
    ]
    heads = ("Place", "Left", "Right", words.NO_SIDE, "All")
    yield table(heads, rows, caption="Cramps by place and side", named=True, class_="numbers")


def _long(entries: Sequence[Entry], drawn: Plots) -> Iterator[Markup]:
    counted = figures.lengths(entries)
    told = f"A bar for each length: {words.listing(f'{name} {count}' for name, count in counted)}."
    short = [(name.replace(" min", ""), count) for name, count in counted]
    yield drawn("lengths", "How long the cramps lasted", told, lambda: plots.bars(short, "minutes"))
    timed = sum(count for _, count in counted)
    rows = [*((name, str(count)) for name, count in counted), (words.human(words.NOT_TOLD), str(len(entries) - timed))]
    yield table(("How long", "Cramps"), rows, caption="How long the cramps lasted", named=True, class_="numbers")


def _hours(entries: Sequence[Entry], drawn: Plots) -> Iterator[Markup]:
    hours = figures.hours(entries)
    some = [f"{words.hour(hour)} {count}" for hour, count in hours if count]
    told = f"A bar for each hour from noon to noon: {words.listing(some)}."
    counted = [(str(hour), count) for hour, count in hours]
    yield drawn("hours", "When the cramps began", told, lambda: plots.bars(counted, "hour, from noon to noon", every=2))
    rows = [(words.hour(hour), str(count)) for hour, count in hours]
    yield table(("Hour", "Cramps"), rows, caption="When the cramps began", named=True, class_="numbers")


def _tried(entries: Sequence[Entry]) -> Iterator[Markup]:
    if attempts := figures.attempts(entries):
        rows = [(words.part(one.name), str(one.tried), str(one.eased)) for one in attempts]
        heads = ("What was tried", "In cramps", "Of these, eased with it as the last")
        yield table(heads, rows, caption="What was tried", named=True, class_="numbers")
    rows_ended = [(words.ended(name), str(count)) for name, count in figures.endings(entries)]
    yield table(("How it ended", "Cramps"), rows_ended, caption="How the cramps ended", named=True, class_="numbers")


def _every(nights: Nights, names: Mapping[str, str]) -> Iterator[Markup]:
    """Yield each year's cramps one by one, the latest year first."""
    heads = ("Night of", "Began", "Place", "Side", "Lasted", "Tried", "Last answer", "How it ended")
    years = [(year, list(group)) for year, group in groupby(nights, key=lambda night: night.year)]
    for year, of_year in reversed(years):
        rows = [(words.of_year(night), *_row(entry, names)) for night in of_year for entry in nights[night]]
        told = table(heads, rows, caption=f"Every cramp of {year}", named=True, class_="every")
        yield joined([element("h3", str(year)), _wide(f"Every cramp of {year}", told)])


def _row(entry: Entry, names: Mapping[str, str]) -> tuple[str, ...]:
    tried = "; ".join(map(words.part, entry.tried)) or words.NOT_TOLD
    felt = words.FELT.get(entry.felt, words.NOT_TOLD)
    side = words.side(entry.side) if entry.side else words.NOT_TOLD
    place, ended = words.place(entry.place, names), words.ended(entry.ended)
    return words.clock(entry.began), place, side, words.length(entry.lasted), tried, felt, ended
