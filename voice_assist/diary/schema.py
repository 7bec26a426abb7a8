"""The diary's tables, and how a file of an older version becomes one of this version."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

MIGRATIONS: Sequence[Sequence[str]] = (
    # Version 1: the episodes.
    (
        """
        CREATE TABLE episodes (
            id INTEGER PRIMARY KEY,
            began REAL NOT NULL,            -- seconds since 1970, UTC
            zone INTEGER NOT NULL,          -- seconds by which the clock on the wall was before UTC
            lasted REAL,                    -- seconds; NULL where it is not known
            place TEXT NOT NULL,
            side TEXT NOT NULL,
            tried TEXT NOT NULL,            -- parts of the protocol, a blank between them
            felt TEXT NOT NULL,
            ended TEXT NOT NULL,
            noise REAL                      -- dBFS; NULL where there was no microphone
        )
        """,
        "CREATE INDEX episodes_began ON episodes (began)",
    ),
    # Version 2: what of it somebody was told, so that it is told once; and since when it is kept.
    ("CREATE TABLE told (name TEXT PRIMARY KEY, at REAL NOT NULL)",),
)
"""What makes each version of the one before it. What was released once is never changed."""

VERSION = len(MIGRATIONS)


def version_of(database: sqlite3.Connection) -> int:
    """Return the version of a file; 0 for an empty one."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def migrate(database: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring a file up to a version, one version in one transaction: killed in between it has a whole one.

    The connection must be in autocommit mode (`isolation_level` None).
    """
    while (version := version_of(database)) < to:
        # Before the version is read once more: two programs may begin at the same time.
        database.execute("BEGIN IMMEDIATE")
        try:
            if version_of(database) == version:
                for statement in MIGRATIONS[version]:
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {version + 1}")
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise
