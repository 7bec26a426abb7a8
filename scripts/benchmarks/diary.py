"""The diary: killed at every statement, and whether it cries wolf."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from scripts.benchmarks.figures import Figure, SkippedError, share
from scripts.benchmarks.programs import FailedError
from voice_assist.diary.entries import Entry
from voice_assist.diary.schema import migrate
from voice_assist.diary.store import Store
from voice_assist.diary.trend import AGAIN_DAYS, BEFORE_DAYS, RECENT_DAYS, Trend, trend

BEGAN = dt.datetime(2026, 11, 27, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))

EPISODES = 3
"""How many the child writes."""

INSTRUCTIONS = 5
"""SQLite's own instructions between two moments within a statement at which it may be killed."""

MOMENTS = 100
"""Kills at random moments, besides those at statements."""

_DAY = dt.timedelta(days=1)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Kill the writer at every statement, or with `quick` at every tenth moment; then ask the rule of made diaries."""
    if not hasattr(os, "fork"):
        raise SkippedError("diary: it is killed through fork, on Linux and macOS")
    with tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        kills, lost, torn = killed(Path(name), every=10 if quick else 1, moments=MOMENTS // (10 if quick else 1))
    yield Figure("kills injected", kills, "", basis="at statements, within them, and at random")
    yield Figure("diaries that do not open whole", torn, "", 0.0, basis="integrity_check")
    yield Figure("acknowledged rows lost", lost, "", 0.0)
    yield from _rule(people=20 if quick else 100)


# Killed


def killed(folder: Path, *, every: int, moments: int) -> tuple[int, int, int]:
    """Kill a writer at every so manieth moment, and some at random; return kills, rows lost and files torn.

    Done in a program of its own, which has no threads: only such a one may fork. Raises FailedError.
    """
    command = [sys.executable, "-m", "scripts.benchmarks.diary", str(folder), str(every), str(moments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError(f"the killing ended with code {done.returncode}: {done.stderr.strip().splitlines()[-1:]}")
    kills, lost, torn = json.loads(done.stdout)
    return kills, lost, torn


def _kill_all(folder: Path, every: int, moments: int) -> tuple[int, int, int]:
    lost = torn = kills = 0
    luck = random.Random(1)  # noqa: S311 - nothing secret
    for begin in (_new, _older):
        began = time.monotonic()
        count = _killed_at(folder, begin, math.inf)[1]
        lasted = time.monotonic() - began
        for at in [*range(1, count + 1, every), *(-luck.uniform(0, lasted) for _ in range(moments // 2))]:
            acknowledged, _ = _killed_at(folder, begin, at)
            missing, whole = _looked_at(folder / "diary.sqlite", acknowledged)
            kills, lost, torn = kills + 1, lost + missing, torn + (not whole)
    return kills, lost, torn


def _new(_file: Path) -> Sequence[str]:
    """Begin with no file; return what is kept already."""
    return ()


def _older(file: Path) -> Sequence[str]:
    """Begin with a file of version 1 with a row in it, so that the killing falls into the migration, too."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        migrate(database, to=1)
        database.execute(
            "INSERT INTO episodes (id, began, zone, place, side, tried, felt, ended) "
            "VALUES (100, 1.0, 0, 'foot', '', '', '', '')"
        )
    return ("100  ",)


def _killed_at(folder: Path, begin: Callable[[Path], Sequence[str]], at: float) -> tuple[Sequence[str], int]:
    """Write in a child that is killed at moment `at`, or, below 0, after so many seconds.

    Return what it acknowledged, and how many moments there were.
    """
    file = folder / "diary.sqlite"
    for left in folder.iterdir():
        left.unlink()
    before = begin(file)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with suppress(BaseException):
            _write(file, writing, at)
            os._exit(0)
        os._exit(1)
    os.close(writing)
    if at < 0:
        time.sleep(-at)
        os.kill(child, signal.SIGKILL)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 - a file descriptor
        lines = pipe.read().splitlines()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and (os.WEXITSTATUS(status) or (math.isfinite(at) and at > 0)):
        raise FailedError(f"the writer ended by itself, with {os.WEXITSTATUS(status)}")
    moments = int(lines.pop()) if math.isinf(at) else 0
    return (*before, *lines), moments


def _write(file: Path, pipe: int, at: float) -> None:
    """Write episodes, and acknowledge each change once it is kept; be killed at a moment."""
    passed = 0

    def moment(*_: object) -> int:
        nonlocal passed
        passed += 1
        if passed == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    connect = sqlite3.connect

    def watched(*args: object, **how: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*args, **how)  # type: ignore[call-overload]
        database.set_trace_callback(moment)
        database.set_progress_handler(moment, INSTRUCTIONS)
        return database

    sqlite3.connect = watched  # type: ignore[assignment]
    store = Store(file)
    for entry in made():
        number = store.add(entry)
        os.write(pipe, f"{number} {entry.ended} {entry.felt}\n".encode())
        for later in _goes_on(entry):
            store.change(number, later)
            os.write(pipe, f"{number} {later.ended} {later.felt}\n".encode())
    store.tell("more_often", BEGAN)
    store.close()
    if math.isinf(at):
        os.write(pipe, f"{passed}\n".encode())


def made() -> Sequence[Entry]:
    """Return the episodes that are written, as they begin."""
    return [Entry(BEGAN + number * _DAY, place="calf", noise=-60.0) for number in range(EPISODES)]


def _goes_on(entry: Entry) -> Iterator[Entry]:
    yield (moved := replace(entry, tried=("move",)))
    yield (same := replace(moved, felt="same", tried=("move", "alternative")))
    yield replace(same, felt="better", ended="eased", lasted=95.5)


def _looked_at(file: Path, acknowledged: Sequence[str]) -> tuple[int, bool]:
    """Return how many of the acknowledged rows are not as they were, or later; and whether the file opens whole."""
    latest = {int(line.split(" ")[0]): line.split(" ")[1:] for line in acknowledged}
    order = ["", "same", "better"]
    with closing(Store(file)):
        pass
    with closing(sqlite3.connect(file)) as database:
        whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = {
            number: (ended, felt) for number, ended, felt in database.execute("SELECT id, ended, felt FROM episodes")
        }
    lost = sum(
        number not in rows or order.index(rows[number][1]) < order.index(felt) or (bool(ended) and not rows[number][0])
        for number, (ended, felt) in latest.items()
    )
    return lost, whole


# The rule


def _rule(people: int) -> Iterator[Figure]:
    """Ask every day of a year whether steady sufferers are told of more, and whether those are whose cramps double."""
    luck = random.Random(1)  # noqa: S311 - nothing secret
    told = days = 0
    worst, worst_at = 0.0, 0.0
    for a_week in (0.5, 1.0, 2.0, 4.0, 7.0):
        count = sum(_told(_at_random(a_week / 7, luck, 365), 365) for _ in range(people // 5))
        told, days = told + count, days + people // 5
        if count / (people // 5) > worst:
            worst, worst_at = count / (people // 5), a_week
    basis = f"{days} made years; most, {worst:.1f}, at {worst_at:g} cramps a week"
    yield Figure("told of more or worse by accident, a year", told / days, "", 1.0, basis=basis)
    for times, bar in ((2, None), (3, 90.0)):
        found = sum(bool(_told(_at_random(4 / 7, luck, 42, times), 42)) for _ in range(people // 2))
        basis = f"{people // 2} made diaries, from four a week"
        name = f"told within six weeks that they come {times} times as often"
        yield Figure(name, share(found, people // 2), "%", bar, at_least=True, basis=basis)


def _at_random(rate: float, luck: random.Random, days: int, times: float = 1.0) -> Sequence[Entry]:
    """Return cramps at random, so many a day, and `times` as many from day 0 until the last."""
    found, day = [], float(-BEFORE_DAYS - RECENT_DAYS)
    while (day := day + luck.expovariate(rate * (times if day > 0 else 1.0))) < days:
        found.append(Entry(BEGAN + day * _DAY, luck.lognormvariate(5, 0.5), "calf", felt="better", ended="eased"))
    return found


def _told(entries: Sequence[Entry], days: int) -> int:
    """Return how often somebody is told, who is told at most once in AGAIN_DAYS."""
    told, quiet = 0, 0
    oldest = _DAY * (BEFORE_DAYS + RECENT_DAYS + 1)
    for day in range(1, days + 1):
        now = BEGAN + day * _DAY
        if day >= quiet:
            seen = [entry for entry in entries if now - oldest < entry.began <= now]
            if trend(seen, BEGAN - 400 * _DAY, now) in (Trend.MORE_OFTEN, Trend.WORSE):
                told, quiet = told + 1, day + AGAIN_DAYS
    return told


if __name__ == "__main__":
    print(json.dumps(_kill_all(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
