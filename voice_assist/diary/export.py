"""The diary as a plain table for other programs: CSV, as RFC 4180 has it, in UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import fields

from voice_assist.diary.entries import Entry

COLUMNS = tuple(field.name for field in fields(Entry))
"""The heads of the columns, in their order."""

BETWEEN = " "
"""Stands between two things that were tried: their names have no blanks."""


def as_csv(entries: Iterable[Entry]) -> str:
    """Return cramps as CSV, the earliest first: times as ISO 8601 with their zone, what is unknown empty."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    writer.writerows(_row(entry) for entry in sorted(entries, key=lambda one: one.began))
    return table.getvalue()


def _row(entry: Entry) -> list[str]:
    return [
        entry.began.isoformat(),
        "" if entry.lasted is None else str(entry.lasted),
        entry.place,
        entry.side,
        BETWEEN.join(entry.tried),
        entry.felt,
        entry.ended,
        "" if entry.noise is None else str(entry.noise),
    ]
