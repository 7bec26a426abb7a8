"""The diary's file: what is kept, what is erased, and what becomes of a file that cannot be used."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from voice_assist.diary.entries import Entry
from voice_assist.diary.schema import MIGRATIONS, VERSION, migrate, version_of
from voice_assist.diary.store import BrokenDiaryError, Store, open_or_anew
from voice_assist.errors import DiaryError

ZONE = dt.timezone(dt.timedelta(hours=-5))
FULL = Entry(
    dt.datetime(2026, 11, 27, 3, 12, 5, 250_000, tzinfo=ZONE),
    lasted=95.5,
    place="calf",
    side="left",
    tried=("move", "alternative"),
    felt="better",
    ended="eased",
    noise=-61.25,
)
BARE = Entry(dt.datetime(2026, 11, 28, 3, 12, tzinfo=dt.timezone.utc))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "diary.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with closing(Store(file)) as opened:
        yield opened


def test_an_entry_comes_back_as_it_was(store: Store, file: Path) -> None:
    store.add(FULL)
    store.add(BARE)
    assert store.entries() == [FULL, BARE]
    assert store.entries()[0].began.utcoffset() == dt.timedelta(hours=-5)
    with closing(Store(file)) as again:
        assert again.entries() == [FULL, BARE]


def test_an_entry_goes_on(store: Store) -> None:
    number = store.add(replace(FULL, lasted=None, felt="", ended=""))
    other = store.add(BARE)
    store.change(number, FULL)
    assert store.entries() == [FULL, BARE]
    assert number != other


def test_entries_since(store: Store) -> None:
    store.add(BARE)
    store.add(FULL)
    assert store.entries(FULL.began) == [FULL, BARE]
    assert store.entries(FULL.began + dt.timedelta(seconds=1)) == [BARE]


def test_what_was_told_is_kept(store: Store) -> None:
    assert store.told("more_often") is None
    store.tell("more_often", FULL.began)
    store.tell("more_often", BARE.began)
    assert store.told("more_often") == BARE.began


def test_it_keeps_the_promises_of_the_file(store: Store) -> None:
    def asked(pragma: str) -> object:
        return store._database.execute(f"PRAGMA {pragma}").fetchone()[0]

    assert (asked("journal_mode"), asked("synchronous"), asked("secure_delete")) == ("wal", 2, 1)


def test_what_is_erased_is_gone_from_the_disk_too(store: Store, file: Path) -> None:
    (file.parent / "diary.sqlite.broken").write_bytes(b"hamstring_of_old")
    number = store.add(replace(FULL, place="hamstring_of_old"))
    store.tell("told_of_old", FULL.began)
    assert store.erase() == 1
    assert (store.entries(), store.told("told_of_old")) == ([], None)
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"of_old" not in kept
    # What went on meanwhile writes nothing back.
    store.change(number, FULL)
    assert store.entries() == []


@pytest.mark.parametrize("version", range(VERSION))
def test_an_older_file_becomes_one_of_this_version(file: Path, version: int) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        migrate(database, to=version)
        if version:
            database.execute(
                "INSERT INTO episodes (began, zone, place, side, tried, felt, ended) "
                "VALUES (1.0, 0, 'foot', '', '', '', '')"
            )
    with closing(Store(file)) as store:
        assert [entry.place for entry in store.entries()] == ["foot"] * bool(version)
        store.tell("x", FULL.began)
        assert version_of(store._database) == VERSION == len(MIGRATIONS)


def test_a_migration_that_fails_leaves_the_older_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.parent.mkdir()
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        migrate(database, to=1)
    steps = (*MIGRATIONS[:1], ("CREATE TABLE half (x)", "CREATE TABLE episodes (x)"))
    monkeypatch.setattr("voice_assist.diary.schema.MIGRATIONS", steps)
    with pytest.raises(DiaryError, match="already exists"):
        Store(file)
    with closing(sqlite3.connect(file)) as database:
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert (tables, version_of(database)) == ({"episodes"}, 1)


def test_a_file_of_a_newer_version_is_left_alone(file: Path) -> None:
    with closing(Store(file)) as store:
        store.add(FULL)
        store._database.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = file.read_bytes()
    with pytest.raises(
        DiaryError, match=r"newer voice-assist \(version 3, this one knows 2\); it is left alone"
    ) as told:
        open_or_anew(file)
    assert "\n" not in str(told.value)
    assert file.read_bytes() == before
    assert {path.name for path in file.parent.iterdir()} == {file.name}


@pytest.mark.parametrize("what", ["no database", "torn"])
def test_a_broken_file_is_set_aside_and_not_deleted(file: Path, what: str) -> None:
    with closing(Store(file)) as store:
        for _ in range(200):
            store.add(FULL)
    whole = file.read_bytes()
    broken = b"no database " * 1000 if what == "no database" else whole[:4096] + b"\xff" * (len(whole) - 4096)
    for number in range(2):
        file.write_bytes(broken)
        with pytest.raises(BrokenDiaryError):
            Store(file)
        store, told = open_or_anew(file)
        with closing(store):
            assert store.entries() == []
        name = f"diary.sqlite.broken{number or ''}"
        assert told.startswith(f"the diary {file} is broken")
        assert told.endswith(f"set aside as {name}, and begun anew")
        assert (file.parent / name).read_bytes() == broken


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiaryError, match=r"cannot be kept: .*; make room, or allow to write there") as told:
        Store(tmp_path / "file" / "diary.sqlite")
    assert "\n" not in str(told.value)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_home_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DiaryError, match="cannot be kept"):
        Store(tmp_path / "diary.sqlite")
    tmp_path.chmod(0o700)


def test_a_full_disk_is_one_line_and_what_was_kept_stays(store: Store) -> None:
    store.add(FULL)
    pages = store._database.execute("PRAGMA page_count").fetchone()[0]
    # SQLite says of its own limit what it says of the disk's.
    store._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiaryError, match="cannot be kept: database or disk is full; make room"):
        store.add(replace(FULL, place="calf" * 10_000))
    assert set(store.entries()) == {FULL}


def test_a_program_that_writes_is_waited_for_and_then_told_of(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_assist.diary.store.BUSY_S", 0.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other, closing(Store(file)) as second:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DiaryError, match="database is locked"):
            second.add(FULL)
        other.execute("COMMIT")
        second.add(FULL)
    assert store.entries() == [FULL]


def test_an_entry_that_no_episode_can_be_is_refused() -> None:
    with pytest.raises(ValueError, match="offset from UTC"):
        Entry(dt.datetime(2026, 11, 27))  # noqa: DTZ001 - that is what is wrong with it
    with pytest.raises(ValueError, match="great"):
        replace(FULL, felt="great")
    with pytest.raises(ValueError, match="ended 'well'"):
        replace(FULL, ended="well")
