"""The diary's file: SQLite on this machine, which survives a kill at any moment.

Every change is one transaction and on the disk when it returns (write-ahead log, synchronous=FULL: a row or two a
night). What cannot be opened or written is a DiaryError of one line; a file that is none of ours is never deleted.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from voice_assist.config import data_folder
from voice_assist.diary.entries import Entry
from voice_assist.diary.schema import VERSION, migrate, version_of
from voice_assist.errors import DiaryError

BUSY_S = 2.0
"""Seconds for which another program's writing is waited for: a listing, an erasing."""

_FIELDS = ("began", "zone", "lasted", "place", "side", "tried", "felt", "ended", "noise")
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside the file, by the end of its name."""

_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) if hasattr(sqlite3, "SQLITE_CORRUPT") else (11, 26)
"""Python 3.10 has no names for SQLite's codes (sqlite.org/rescode.html)."""


def diary_file() -> Path:
    """Return the file; it need not exist."""
    return data_folder() / "diary.sqlite"


class Store:
    """The diary, open. Not for use from two threads."""

    def __init__(self, file: Path | None = None) -> None:
        """Open `diary_file()` or another file; it is made where it is not there.

        Raises DiaryError where it cannot be, or a newer version of us has written it, and BrokenDiaryError where it
        is no diary any more.
        """
        self.file = file or diary_file()
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DiaryError(_not_kept(self.file, error.strerror or str(error))) from None
        with self._told():
            # Every statement is its own transaction unless one is begun.
            self._database = sqlite3.connect(self.file, timeout=BUSY_S, isolation_level=None)
        try:
            with self._told():
                self._open()
        except BaseException:
            self._database.close()
            raise

    def _open(self) -> None:
        version = version_of(self._database)
        if version > VERSION:
            raise DiaryError(
                f"the diary {self.file} was written by a newer voice-assist (version {version}, this one knows "
                f"{VERSION}); it is left alone: update voice-assist"
            )
        if self._database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise BrokenDiaryError(f"the diary {self.file} is broken")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        # What is erased is gone from the file, too.
        self._database.execute("PRAGMA secure_delete = ON")
        migrate(self._database)

    def add(self, entry: Entry) -> int:
        """Keep a new entry; return its number. Raises DiaryError."""
        holes = ", ".join("?" * len(_FIELDS))
        with self._told():
            row = self._database.execute(
                f"INSERT INTO episodes ({', '.join(_FIELDS)}) VALUES ({holes})",  # noqa: S608 - our own names
                _row(entry),
            )
        return int(row.lastrowid or 0)

    def change(self, number: int, entry: Entry) -> None:
        """Keep an entry anew, in place of what it was; one that was erased meanwhile stays so. Raises DiaryError."""
        sets = ", ".join(f"{name} = ?" for name in _FIELDS)
        with self._told():
            self._database.execute(
                f"UPDATE episodes SET {sets} WHERE id = ?",  # noqa: S608 - our own names
                (*_row(entry), number),
            )

    def entries(self, since: dt.datetime | None = None) -> Sequence[Entry]:
        """Return all entries, or those that began since then, the oldest first. Raises DiaryError."""
        with self._told():
            rows = self._database.execute(
                f"SELECT {', '.join(_FIELDS)} FROM episodes WHERE began >= ? ORDER BY began, id",  # noqa: S608 - ours
                (since.timestamp() if since else 0.0,),
            ).fetchall()
        return [_entry(row) for row in rows]

    def tell(self, name: str, at: dt.datetime) -> None:
        """Keep that something was told, and when. Raises DiaryError."""
        with self._told():
            self._database.execute("INSERT OR REPLACE INTO told (name, at) VALUES (?, ?)", (name, at.timestamp()))

    def told(self, name: str) -> dt.datetime | None:
        """Return when something was last told; None for never. Raises DiaryError."""
        with self._told():
            row = self._database.execute("SELECT at FROM told WHERE name = ?", (name,)).fetchone()
        return dt.datetime.fromtimestamp(row[0], dt.timezone.utc) if row else None

    def erase(self) -> int:
        """Erase every entry and all that was told, from the disk, too; return how many entries there were.

        Diaries that were set aside as broken go with them. Raises DiaryError.
        """
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                count = int(self._database.execute("SELECT COUNT(*) FROM episodes").fetchone()[0])
                self._database.execute("DELETE FROM episodes")
                self._database.execute("DELETE FROM told")
                self._database.execute("COMMIT")
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            # The log still holds what was written before.
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            for aside in self.file.parent.glob(f"{self.file.name}.broken*"):
                aside.unlink()
        except OSError as error:
            raise DiaryError(f"{error.filename} cannot be deleted: {error.strerror}; delete it yourself") from None
        return count

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):  # a full disk complains once more; what was acknowledged is kept
            self._database.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Make a DiaryError of whatever SQLite says."""
        try:
            yield
        except sqlite3.Error as error:
            # A lower byte of the code is its kind (sqlite.org/rescode.html).
            code = getattr(error, "sqlite_errorcode", None)
            broken = code & 0xFF in _BROKEN if code is not None else type(error) is sqlite3.DatabaseError
            if broken:
                raise BrokenDiaryError(f"the diary {self.file} is broken ({error})") from None
            raise DiaryError(_not_kept(self.file, str(error))) from None


class BrokenDiaryError(DiaryError):
    """The file is no diary any more."""


def set_aside(file: Path | None = None) -> Path:
    """Give a broken diary another name, beside itself, and return that. Raises DiaryError where that cannot be."""
    path = file or diary_file()
    names = (path.with_name(f"{path.name}.broken{number or ''}") for number in range(1000))
    aside = next(name for name in names if not name.exists())
    try:
        # First what lies beside it: a log that is left alone would be taken for the next file's.
        for end in _BESIDE:
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).replace(aside.with_name(aside.name + end))
        path.replace(aside)
    except OSError as error:
        raise DiaryError(f"the broken diary {path} cannot be set aside: {error.strerror}; move it yourself") from None
    return aside


def open_or_anew(file: Path | None = None) -> tuple[Store, str]:
    """Open the diary; one that is broken is set aside and begun anew. Return it, and a line that tells so, or nothing.

    Raises DiaryError.
    """
    try:
        return Store(file), ""
    except BrokenDiaryError as fault:
        aside = set_aside(file)
        return Store(file), f"{fault}; set aside as {aside.name}, and begun anew"


def _not_kept(file: Path, reason: str) -> str:
    return f"the diary {file} cannot be kept: {reason}; make room, or allow to write there"


def _row(entry: Entry) -> tuple[float | str | None, ...]:
    zone = entry.began.utcoffset() or dt.timedelta()
    began = (entry.began.timestamp(), int(zone.total_seconds()))
    return (*began, entry.lasted, entry.place, entry.side, " ".join(entry.tried), entry.felt, entry.ended, entry.noise)


def _entry(row: tuple[float, int, float | None, str, str, str, str, str, float | None]) -> Entry:
    began, zone, lasted, place, side, tried, felt, ended, noise = row
    when = dt.datetime.fromtimestamp(began, dt.timezone(dt.timedelta(seconds=zone)))
    return Entry(when, lasted, place, side, tuple(tried.split()), felt, ended, noise)
