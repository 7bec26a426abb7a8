"""The diary in plain lines, and as a table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from voice_assist.diary.entries import Entry
from voice_assist.errors import DiaryError

COLUMNS = ("began", "lasted_s", "place", "side", "tried", "felt", "ended", "noise_dbfs")

_ENDED = {
    "eased": "it eased",
    "stopped": "stopped",
    "handed_over": "sent to get help",
    "timed_out": "still there after ten minutes",
    "false_start": "a false start",
    "broken_off": "broken off",
}


def lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield a line for each entry, to be read aloud by a screen reader."""
    for entry in entries:
        parts = [
            f"{entry.side} {_plain(entry.place)}".strip(),
            _length(entry.lasted),
            f"tried {', '.join(map(_plain, entry.tried))}" if entry.tried else "",
            f"felt {entry.felt}" if entry.felt else "",
            _ENDED.get(entry.ended, ""),
            f"room {entry.noise:.0f} dBFS" if entry.noise is not None else "",
        ]
        yield f"{entry.began:%Y-%m-%d %H:%M}  {', '.join(part for part in parts if part)}"


def write_table(entries: Iterable[Entry], file: Path) -> None:
    """Write entries as a table of comma-separated values. Raises DiaryError where the file cannot be written."""
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            table = csv.writer(opened)
            table.writerow(COLUMNS)
            table.writerows(_row(entry) for entry in entries)
    except OSError as error:
        raise DiaryError(f"{file} cannot be written: {error.strerror or error}") from None


def _row(entry: Entry) -> tuple[str, ...]:
    lasted = "" if entry.lasted is None else f"{entry.lasted:.0f}"
    noise = "" if entry.noise is None else f"{entry.noise:.1f}"
    began = entry.began.isoformat(timespec="seconds")
    return (began, lasted, entry.place, entry.side, " ".join(entry.tried), entry.felt, entry.ended, noise)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _length(lasted: float | None) -> str:
    if lasted is None:
        return ""
    minutes, rest = divmod(round(lasted), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
