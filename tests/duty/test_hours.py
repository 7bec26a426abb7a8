"""When quiet hours and nights begin and end, and what is kept of a night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_assist import room
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.duty.hours import LOOK, Nights, QuietHours
from voice_assist.events import Intent
from voice_assist.room import RoomMemory
from voice_assist.samples import BLOCK
from voice_assist.session import Session
from voice_assist.testing import play, scripted_session


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


# The night, and what was asked in it

MUMBLED = Intent("cramp", "start", {"place": "calf", "doubt": "yes"})


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], RoomMemory]:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)

    def load() -> RoomMemory:
        told: list[str] = []
        memory = room.load(told.append)
        assert not told
        return memory

    return load


class Evenings:
    """A session beside a clock on the wall that can be set; started anew, it knows what is kept."""

    def __init__(self, quiet_hours: str = "") -> None:
        self.quiet_hours = quiet_hours
        self.now = dt.datetime.fromisoformat("2026-11-27T23:00:00")
        self.pack = load_pack(Settings())
        self.start()

    def start(self) -> None:
        memory = room.load(lambda _: None)
        self.session: Session = scripted_session(self.pack)
        self.session.taught(memory.false_alarms)
        self.nights = Nights(self.quiet_hours, self.session, memory, lambda _: None, lambda: self.now)
        self.nights.passed(BLOCK)

    def asks(self, time: str) -> bool:
        """Tell whether a bare word at that time gets the quiet question; nobody answers it."""
        self.now = dt.datetime.fromisoformat(time)
        self.nights.passed(LOOK)
        self.session.act(MUMBLED)
        self.nights.passed(BLOCK)
        asked = self.session.state == "doubting"
        play(self.session, 8.0)
        assert self.session.state == "asleep"
        return asked


def test_what_was_asked_counts_until_morning_however_often_it_starts(kept: Callable[[], RoomMemory]) -> None:
    evenings = Evenings()
    assert evenings.asks("2026-11-27T23:10")
    # Kept at once: the power may fail before anybody could have answered.
    assert (kept().asked, kept().unanswered) == ("2026-11-27 23:10", 1)
    for time in ("2026-11-27T23:30", "2026-11-28T03:12", "2026-11-28T07:59"):
        evenings.now = dt.datetime.fromisoformat(time)
        evenings.start()
        assert not evenings.asks(time)
    evenings.now = dt.datetime.fromisoformat("2026-11-28T22:00")
    evenings.start()
    assert kept().unanswered == 0
    assert evenings.asks("2026-11-28T22:00")


@pytest.mark.parametrize(("quiet_hours", "morning"), [("", "2026-11-28T08:00"), ("22:00-06:30", "2026-11-28T06:30")])
def test_the_night_ends_in_the_morning(kept: Callable[[], RoomMemory], quiet_hours: str, morning: str) -> None:
    evenings = Evenings(quiet_hours)
    assert evenings.asks("2026-11-27T23:10")
    before = dt.datetime.fromisoformat(morning) - dt.timedelta(minutes=1)
    assert not evenings.asks(before.isoformat())
    assert evenings.asks(morning)
    assert kept().asked == morning.replace("T", " ")


def test_two_that_nobody_answered_are_known_after_a_restart(kept: Callable[[], RoomMemory]) -> None:
    evenings = Evenings()
    assert evenings.asks("2026-11-27T23:10")
    evenings.session.act(Intent("cramp", "start", {"place": "calf"}))
    evenings.session.act(Intent("control", "control", {"word": "stop"}))
    play(evenings.session, 130.0)
    assert evenings.asks("2026-11-28T01:00")
    assert kept().unanswered == 2
    evenings.start()
    assert evenings.session.unanswered == 2
    assert not evenings.asks("2026-11-28T02:00")


@pytest.mark.parametrize(
    "stamp", ["1970-01-01 00:12", "2038-01-19 03:14", "2026-11-28 23:10", "2026-11-27 20:59", "no"]
)
def test_a_count_of_another_night_or_of_a_wrong_clock_counts_for_nothing(
    kept: Callable[[], RoomMemory], stamp: str
) -> None:
    room.save(RoomMemory(asked=stamp, unanswered=2), lambda _: None)
    assert Evenings().asks("2026-11-27T23:10")
    assert kept().unanswered == 1


def test_a_clock_that_jumps_out_of_the_night_and_back_costs_one_question_more(kept: Callable[[], RoomMemory]) -> None:
    evenings = Evenings()
    times = ("2026-11-27T23:10", "2026-11-28T02:00", "2026-11-27T23:00", "2038-01-19T03:14", "2026-11-28T03:12")
    assert [evenings.asks(time) for time in times] == [True, False, False, False, False]
    assert not evenings.asks("2026-11-27T22:00")
    evenings.now = dt.datetime.fromisoformat("1970-01-01T12:00")
    evenings.nights.passed(LOOK)
    assert [evenings.asks(time) for time in times] == [True, False, False, False, False]
    assert kept().unanswered == 1


def test_what_cannot_be_kept_counts_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path / "file")
    evenings = Evenings()
    assert [evenings.asks("2026-11-27T23:10"), evenings.asks("2026-11-27T23:20")] == [True, False]
