"""When quiet hours begin and end."""

from __future__ import annotations

import datetime as dt

import pytest

from voice_assist.hours import LOOK, QuietHours
from voice_assist.samples import BLOCK


class Told:
    def __init__(self) -> None:
        self.hours: list[bool] = []

    def quiet_hours(self, *, on: bool) -> None:
        self.hours.append(on)


@pytest.mark.parametrize(
    ("hours", "time", "quiet"),
    [
        ("22:00-07:00", "21:59", False),
        ("22:00-07:00", "22:00", True),
        ("22:00-07:00", "03:12", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("01:00-09:30", "00:59", False),
        ("01:00-09:30", "01:00", True),
        ("01:00-09:30", "09:30", False),
        ("01:00-09:30", "23:00", False),
        ("", "03:12", False),
    ],
)
def test_the_session_is_told_at_once_whether_it_is_quiet(hours: str, time: str, quiet: bool) -> None:  # noqa: FBT001 - a table
    told = Told()
    QuietHours(hours, told, lambda: dt.datetime.fromisoformat(f"2026-11-27T{time}:00")).passed(BLOCK)
    assert told.hours == ([True] if quiet else [])


def test_it_is_told_when_they_begin_and_when_they_end_once_each() -> None:
    told = Told()
    minutes = iter(range(24 * 60))
    start = dt.datetime.fromisoformat("2026-11-27T12:00:00")
    hours = QuietHours("22:00-07:00", told, lambda: start + dt.timedelta(minutes=next(minutes)))
    for _ in range(24 * 60):
        hours.passed(LOOK)
    assert told.hours == [True, False]


def test_a_clock_that_jumps_counts_from_its_next_look_on() -> None:
    told = Told()
    now = dt.datetime.fromisoformat("1970-01-01T12:00:00")
    hours = QuietHours("22:00-07:00", told, lambda: now)
    for time in ("1970-01-01T12:00:00", "2026-11-27T03:12:00", "2038-01-19T03:14:00", "2026-11-27T13:12:00"):
        now = dt.datetime.fromisoformat(time)
        hours.passed(LOOK)
    assert told.hours == [True, False]


def test_the_clock_is_looked_at_once_a_second() -> None:
    looks: list[int] = []

    def clock() -> dt.datetime:
        looks.append(1)
        return dt.datetime.fromisoformat("2026-11-27T12:00:00")

    hours = QuietHours("22:00-07:00", Told(), clock)
    for _ in range(10 * LOOK // BLOCK):
        hours.passed(BLOCK)
    assert len(looks) == 10
