"""The doctor's report: how long ten years of cramps take, from the diary's file to the page."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from scripts.benchmarks.figures import Figure, SkippedError, quantile
from scripts.benchmarks.programs import PATIENCE_S, PROGRAM, FailedError, environment
from voice_assist.diary.store import Store
from voice_assist.testing import made_diary

YEARS = 10

LAST = date(2026, 3, 2)
"""The last night of the made diary."""

SLOWEST = 3.0
"""Seconds that the whole command may take."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure the command as a user runs it, the program's own start with it."""
    if not sys.platform.startswith("linux"):
        raise SkippedError("diary-report: the made diary is put where Linux has it")
    if importlib.util.find_spec("matplotlib") is None:
        raise SkippedError("diary-report: there is nothing to draw with; pip install 'voice-assist[report]'")
    diary = made_diary(YEARS, LAST)
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        home = Path(folder)
        with closing(Store(home / "voice-assist" / "diary.sqlite")) as store:
            for entry in diary:
                store.add(entry)
        first, *later = [_run(home) for _ in range(2 if quick else 6)]
        worked = quantile([processor for _, processor in later], 0.5)
        size = (home / "report.html").stat().st_size
    basis = f"{len(diary)} cramps of {YEARS} years, median of {len(later)}, page of {size / 1e6:.1f} MB"
    yield Figure(
        "doctor's report of ten years, whole command",
        quantile([taken for taken, _ in later], 0.5),
        "s",
        SLOWEST,
        basis=basis,
    )
    yield Figure("  of it the processor worked", worked, "s", basis="the rest is waiting for others on this machine")
    yield Figure("  its first run ever", first[0], "s", basis="the plotting library looks for fonts")


def _run(home: Path) -> tuple[float, float]:
    """Return the seconds that the report takes, and those of the processor. Raises FailedError."""
    since = LAST - timedelta(days=round(365.25 * YEARS))
    out = home / "report.html"
    asked = ["diary", "report", "--from", since.isoformat(), "--to", LAST.isoformat(), "--out", str(out)]
    env = {**environment(home, home / "phrases"), "XDG_DATA_HOME": str(home), "MPLCONFIGDIR": str(home / "plots")}
    begun, before = time.perf_counter(), os.times()
    done = subprocess.run([*PROGRAM, *asked], env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    taken, after = time.perf_counter() - begun, os.times()
    if done.returncode:
        raise FailedError(f"diary report: {done.stderr.strip().splitlines()[-1]}")
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return taken, worked
