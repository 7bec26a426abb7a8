"""What stands in a report, and what does not."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.reading import plain
from voice_assist.diary.entries import Entry
from voice_assist.diary.report import figures, words
from voice_assist.diary.report.nights import Period, by_night, within
from voice_assist.diary.report.page import Report, written


class Tables(HTMLParser):
    """Collects the rows of every table, by its caption."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: dict[str, list[list[str]]] = {}
        self._row: list[str] = []
        self._in = self._caption = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in ("caption", "th", "td"):
            self._in = tag
            self._row += [""] if tag != "caption" else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self.rows.setdefault(self._caption, []).append(self._row)
            self._row = []
        elif tag == "table":
            self._caption = ""
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in == "caption":
            self._caption += data
        elif self._in:
            self._row[-1] += data


@pytest.fixture(scope="module")
def rows(page: str) -> dict[str, list[list[str]]]:
    return Tables(page).rows


def counted(report: Report) -> list[Entry]:
    """Return the cramps that a report is about."""
    nights = within(by_night(entry for entry in report.entries if not entry.false_start), report.period)
    return [entry for entries in nights.values() for entry in entries]


def night(entry: Entry) -> date:
    """Return the evening of a cramp's night."""
    return (entry.began.replace(tzinfo=None) - timedelta(hours=12)).date()


def column(rows: list[list[str]], number: int) -> list[int]:
    return [int(row[number]) for row in rows[1:]]


# Each table holds the whole of the diary


def test_the_summary_counts_what_the_diary_holds(report: Report, rows: dict[str, list[list[str]]]) -> None:
    entries = counted(report)
    told = {row[0]: row[1] for row in rows["What the diary comes to"]}
    nights = {night(entry) for entry in entries}
    lately = [night for night in nights if night > report.period.last - timedelta(days=90)]
    handed_over = sum(entry.ended == "handed_over" for entry in entries)
    false_starts = sum(entry.false_start and night(entry) in report.period for entry in report.entries)
    assert told["Not counted"] == words.count(false_starts, "false start")
    assert told["Cramps"].startswith(f"{len(entries)},")
    assert told["Nights with a cramp"].startswith(f"{len(nights)} of 365 nights")
    assert told["The last 90 nights"].startswith(f"{len(lately)} nights")
    assert told["Where"].startswith("Calf ")
    assert told["Advice to get help"] == f"Spoken in {words.cramps(handed_over)}"


@pytest.mark.parametrize(
    ("caption", "number"),
    [
        ("Cramps by place and side", -1),
        ("How long the cramps lasted", 1),
        ("When the cramps began", 1),
        ("How the cramps ended", 1),
    ],
)
def test_the_numbers_of_a_table_make_up_all_cramps(
    report: Report, rows: dict[str, list[list[str]]], caption: str, number: int
) -> None:
    assert sum(column(rows[caption], number)) == len(counted(report))


def test_the_months_make_up_all_nights(report: Report, rows: dict[str, list[list[str]]]) -> None:
    nights = len(by_night(counted(report)))
    trend = rows[words.TREND]
    assert sum(int(cell) for row in trend[1:] for cell in row[1:-1] if cell) == nights
    assert sum(column(trend, -1)) == nights
    calendars = [of_year for caption, of_year in rows.items() if caption.startswith("Nights with a cramp in ")]
    assert sum(sum(column(of_year, 1)) for of_year in calendars) == nights


def test_every_cramp_of_the_period_is_told_and_no_false_start(report: Report, rows: dict[str, list[list[str]]]) -> None:
    told = [row for caption, of_year in rows.items() if caption.startswith("Every cramp") for row in of_year[1:]]
    entries = counted(report)
    assert any(entry.false_start for entry in report.entries)
    assert Counter((row[1], row[4]) for row in told) == Counter(
        (f"{entry.began.hour}:{entry.began.minute:02}", words.length(entry.lasted)) for entry in entries
    )


def test_what_lies_outside_the_period_is_counted_and_not_told(report: Report, page: str) -> None:
    outside = sum(not entry.false_start for entry in report.entries) - len(counted(report))
    assert outside
    assert f"The diary holds {outside} cramps more, outside these nights." in plain(page)


# Each picture has a name, a description, and its table


def test_each_picture_has_a_name_a_description_and_a_table_after_it(page: str) -> None:
    pictures = re.findall(r'<svg [^>]*role="img"[^>]*aria-labelledby="(\S+) (\S+)"', page)
    assert len(pictures) == page.count("<svg ") >= 13 + 4
    for title, described in pictures:
        assert re.search(rf'<title id="{title}">[^<]+</title>', page)
        assert re.search(rf'<desc id="{described}">[^<]+</desc>', page)
    # A picture, or the months of a year, and then nothing but a table.
    parts = re.findall(r"<(svg|table|h[1-6])\b", page)
    after = [one for before, one in pairwise(parts) if before == "svg" and one != "svg"]
    assert after == ["table"] * (2 + 4)


def test_a_month_tells_in_words_which_of_its_nights_are_dark(page: str) -> None:
    months = re.findall(r'<desc id="nights-[^"]*">(.*?)</desc>(.*?)</svg>', page)
    assert len(months) == 13
    for told, drawn in months:
        dark = re.findall(r'class="cramp">(\d+)</text>', drawn)
        assert dark
        assert re.findall(r"\b(\d+)(?: \(|[,.])", told.partition(":")[2]) == dark


def test_no_two_things_have_the_same_name(page: str) -> None:
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names)) > 20
    used = re.findall(r'(?:url\(|href=")#([^")]+)', page)
    assert used
    assert set(used) <= set(names)


# One file, nothing fetched, nothing smuggled in


def test_it_needs_no_network_and_runs_no_script(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe|object|embed|base)\b|@import|url\((?!#)|\son\w+=|\ssrc=", page)
    assert "default-src 'none'" in unescape(page)


def test_names_of_places_never_become_markup(report: Report) -> None:
    hostile = "</td><script>alert(1)</script>"
    html, _ = written(replace(report, places=dict.fromkeys(report.places, hostile)))
    assert "<script" not in html
    assert hostile in unescape(html)


# Nothing is told that was not chosen, and nothing is claimed


def test_only_what_was_chosen_is_told_of_the_person(report: Report, rows: dict[str, list[list[str]]]) -> None:
    assert rows[words.CHOSEN][1:] == [
        ["Do you take blood thinners?", "Yes"],
        ["Do you take a statin for cholesterol?", "No"],
    ]
    html, _ = written(replace(report, facts=()))
    assert "About the patient" not in html
    assert "blood thinners" not in html


def test_it_says_who_wrote_it_and_what_it_is_not(page: str) -> None:
    text = plain(page)
    assert "Nobody has verified it. It is no medical record, and it draws no conclusion." in text
    assert "A night without an entry may be a night without a cramp, or one on which the device was off" in text


def test_the_noise_of_the_room_is_no_matter_for_a_doctor(report: Report) -> None:
    louder = [replace(entry, noise=-10.0) for entry in report.entries]
    assert written(replace(report, entries=louder)) == written(report)


# What may be missing


def test_the_same_diary_makes_the_same_page(report: Report) -> None:
    assert written(report) == written(report)


def test_without_the_plotting_library_the_tables_are_there_and_the_cure_is_told(
    report: Report, rows: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    html, missing = written(report)
    assert missing.endswith("pip install 'voice-assist[report]'")
    assert Tables(html).rows == rows
    assert "nights-2026-01-title" in html
    assert "trend-title" not in html


def test_an_empty_diary_says_so_in_numbers() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 31))
    html, missing = written(Report((), period, date(2026, 2, 1)))
    told = Tables(html).rows["What the diary comes to"]
    assert told == [["Cramps", "None in these nights"]]
    assert missing == ""


def test_one_cramp_of_which_nothing_else_is_known_is_a_report_too() -> None:
    night = date(2026, 1, 5)
    entry = Entry(datetime(2026, 1, 6, 3, 12, tzinfo=timezone.utc))
    rows = Tables(written(Report([entry], Period(night, night), night))[0]).rows
    unknown = words.NOT_TOLD
    assert rows["Every cramp of 2026"][1:] == [
        ["5 January", "3:12", "Place not told", unknown, unknown, unknown, unknown, "Not known"]
    ]
    assert figures.middle([entry]) is None


# Words


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (137, "2 min 17 s"),
        (599, "9 min 59 s"),
        (640, "11 min"),
        (None, "not told"),
    ],
)
def test_lengths_in_words(seconds: float | None, told: str) -> None:
    assert words.length(seconds) == told
