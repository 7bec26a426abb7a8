"""What is kept, and what is due: told and asked once, by day, and never twice."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from voice_assist.content import Pack
from voice_assist.diary.entries import Entry
from voice_assist.diary.keeping import Keeping
from voice_assist.diary.store import Store
from voice_assist.errors import RenderError
from voice_assist.events import Account
from voice_assist.samples import samples

NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
BEGUN = Account(samples(10), place="calf", side="left")
EASED = replace(BEGUN, until=samples(105.5), tried=("move",), felt="better", ended="eased")


class Kept:
    """A diary's keeping, and what it told and had rendered."""

    def __init__(self, pack: Pack, file: Path) -> None:
        self.pack, self.file = pack, file
        self.told: list[str] = []
        self.rendered: set[str] = set()
        self.keeping = self.anew()

    def anew(self, *, on: bool = True, writes: bool = True) -> Keeping:
        return Keeping(self.pack, self.told.append, self._render, on=on, writes=writes, file=self.file)

    def holds(self, *entries: Entry, since: dt.timedelta = 200 * DAY) -> Kept:
        with closing(Store(self.file)) as store:
            store.tell("kept", NOW - since)
            for entry in entries:
                store.add(entry)
        return self

    @property
    def entries(self) -> list[Entry]:
        with closing(Store(self.file)) as store:
            return list(store.entries())

    def _render(self, lines: Iterable[str]) -> None:
        self.rendered |= set(lines)


@pytest.fixture
def kept(pack: Pack, tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(pack, tmp_path / "diary.sqlite")
    yield kept
    kept.keeping.close()


def cramp(ago: dt.timedelta, place: str = "calf", ended: str = "eased") -> Entry:
    return Entry(NOW - ago, 120.0, place, felt="better", ended=ended)


def test_a_cramp_is_kept_from_its_first_word_on_and_goes_on(kept: Kept) -> None:
    began = NOW - HOUR
    kept.keeping.noted(BEGUN, began, -60.0)
    assert kept.entries == [Entry(began, None, "calf", "left", noise=-60.0)]
    # Our own voice is in the room by then: how loud it is counts from the beginning.
    kept.keeping.noted(EASED, began, -30.0)
    assert kept.entries == [Entry(began, 95.5, "calf", "left", ("move",), "better", "eased", -60.0)]
    kept.keeping.noted(replace(BEGUN, began=samples(200)), NOW, None)
    assert len(kept.entries) == 2


def test_all_that_can_be_said_is_rendered_ahead(kept: Kept) -> None:
    kept.holds(cramp(5 * HOUR, "foot"))
    news = kept.keeping.news(NOW)
    assert news.values["diary_week"] == "Once in the last seven days."
    assert {*news.values.values(), "How is your foot?"} - {"your foot"} <= kept.rendered


def test_a_voice_that_fails_is_told_and_nothing_is_said(kept: Kept) -> None:
    def fail(lines: Iterable[str]) -> None:
        del lines
        raise RenderError("The voice does not work.")

    news = Keeping(kept.pack, kept.told.append, fail, file=kept.file).news(NOW)
    assert not news.values
    assert not news.due
    assert kept.told == ["The voice does not work."]


def test_how_it_is_is_asked_once_within_two_days(kept: Kept) -> None:
    kept.holds(cramp(5 * HOUR))
    news = kept.keeping.news(NOW)
    assert news.due == {"follow_up"}
    assert news.values["diary_place"] == "your calf"
    assert news.tells["How is your calf?"] == "follow_up"
    kept.keeping.told("follow_up", NOW)
    assert not kept.keeping.news(NOW + HOUR).due
    # A cramp after that is another one.
    kept.holds(cramp(-5 * HOUR))
    assert kept.keeping.news(NOW + 8 * HOUR).due == {"follow_up"}


@pytest.mark.parametrize(
    "entry",
    [
        cramp(49 * HOUR),
        cramp(0.5 * HOUR),
        cramp(5 * HOUR, ended="handed_over"),
        cramp(5 * HOUR, ended="false_start"),
        cramp(5 * HOUR, ended="broken_off"),
    ],
    ids=["too long ago", "just now", "sent to get help", "no cramp", "broken off"],
)
def test_how_it_is_is_not_asked(kept: Kept, entry: Entry) -> None:
    assert not kept.holds(entry).keeping.news(NOW).due


def more_often() -> list[Entry]:
    return [cramp(ago * DAY) for ago in (60, 50, 40, 30, 20, 13, 12, 10, 9, 7, 5, 4)]


def test_more_than_before_is_told_once_and_again_only_after_weeks(kept: Kept) -> None:
    kept.holds(*more_often())
    news = kept.keeping.news(NOW)
    assert news.due == {"more_often"}
    line = kept.pack.diary.news["more_often"]
    assert news.tells[line] == news.tells[news.values["diary_trend"]] == "trend"
    kept.keeping.told("trend", NOW)
    assert not kept.keeping.news(NOW + HOUR).due
    assert "often" in kept.keeping.news(NOW + HOUR).values["diary_trend"]
    assert not kept.anew().news(NOW + DAY).due


def test_a_young_diary_says_that_it_cannot_tell(kept: Kept) -> None:
    kept.holds(*more_often()[5:], since=14 * DAY)
    news = kept.keeping.news(NOW)
    assert not news.due
    assert news.values["diary_trend"] == "I can't tell yet. The diary is too young."


def test_it_is_kept_since_when_there_is_a_diary(kept: Kept) -> None:
    kept.keeping.news(NOW)
    kept.keeping.news(NOW + DAY)
    with closing(Store(kept.file)) as store:
        assert store.told("kept") == NOW


def test_erased_it_begins_anew(kept: Kept) -> None:
    kept.holds(*more_often())
    assert kept.keeping.erase() == "erased"
    news = kept.keeping.news(NOW, "erased")
    assert news.values["diary_erased"] == "Your diary is erased."
    assert news.values["diary_month"] == "None in the last thirty days."
    assert not news.due
    assert kept.entries == []


def test_where_it_is_off_nothing_is_written_and_that_is_said(kept: Kept) -> None:
    off = kept.anew(on=False)
    off.noted(EASED, NOW, -60.0)
    off.told("trend", NOW)
    assert set(off.news(NOW).values.values()) == {"The diary is off."}
    assert off.erase() == "erased"
    assert not kept.file.exists()


def test_a_diary_of_before_can_be_erased_where_it_is_off(kept: Kept) -> None:
    kept.holds(cramp(5 * HOUR))
    assert kept.anew(on=False).erase() == "erased"
    assert kept.entries == []


def test_who_only_reads_writes_nothing(kept: Kept) -> None:
    reads = kept.anew(writes=False)
    reads.noted(EASED, NOW, None)
    assert reads.news(NOW).values["diary_last"] == "The diary holds none yet."
    assert not kept.file.exists()
    kept.holds(cramp(5 * HOUR))
    reads.noted(EASED, NOW, None)
    assert reads.news(NOW).values["diary_week"] == "Once in the last seven days."
    reads.close()
    assert len(kept.entries) == 1


def test_a_diary_that_cannot_be_kept_is_told_once_and_said(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")
    kept = Kept(pack, tmp_path / "full" / "diary.sqlite")
    for _ in range(3):
        kept.keeping.noted(EASED, NOW, None)
    assert len(kept.told) == 1
    assert kept.told[0].endswith("make room, or allow to write there; all else goes on without it.")
    assert set(kept.keeping.news(NOW).values.values()) == {"I can't read the diary. The screen says more."}


def test_an_erasing_that_fails_is_said(kept: Kept) -> None:
    kept.holds(cramp(5 * HOUR))
    with closing(sqlite3.connect(kept.file, isolation_level=None)) as other:
        other.execute(f"PRAGMA user_version = {os.getpid() + 1000}")
    assert kept.keeping.erase() == "not_erased"
    assert kept.keeping.news(NOW, "not_erased").values["diary_erased"] == "I could not erase it. The screen says more."


def test_a_diary_that_breaks_on_the_way_is_set_aside_and_begun_anew(kept: Kept) -> None:
    kept.holds(*[cramp(ago * HOUR) for ago in range(2, 300)])
    kept.keeping.noted(BEGUN, NOW, None)
    size = kept.file.stat().st_size
    with kept.file.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    kept.keeping.close()
    kept.keeping.noted(EASED, NOW, None)
    assert [line.partition(" (")[0].partition(";")[0] for line in kept.told] == [f"the diary {kept.file} is broken"]
    assert "begun anew" in kept.told[0]


def test_what_a_person_said_is_not_in_the_file(kept: Kept) -> None:
    kept.keeping.noted(EASED, NOW, -60.0)
    kept.keeping.told("follow_up", NOW)
    with closing(sqlite3.connect(kept.file)) as database:
        columns = {
            (table, column[1])
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for column in database.execute(f"PRAGMA table_info({table})").fetchall()
        }
        texts = {
            str(value)
            for table in ("episodes", "told")
            for row in database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names
            for value in row
            if isinstance(value, str)
        }
    assert columns == {
        *(("episodes", name) for name in ("id", "began", "zone", "lasted", "place", "side", "tried", "felt", "ended")),
        *(("episodes", "noise"), ("told", "name"), ("told", "at")),
    }
    assert texts == {"calf", "left", "move", "better", "eased", "follow_up"}
