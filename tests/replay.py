# ruff: noqa: E402 - the benches are found only once the checkout is on the path
"""A night's replay as a program of its own, which can be watched from outside with all that it starts.

`replay.py AUDIO FOLDER …` prints what came of it as JSON, and what changed meanwhile in the folders.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.listening import listener
from scripts.benchmarks.night import spend
from scripts.benchmarks.nights import BUSY, Night, compose

PART, LONGEST = 1 / 100, 12
"""The part of each stretch that is played, and seconds of one sound."""


def short_night(audio: Path) -> Night:
    """Return a night of some minutes. Raises SkippedError where a recording is missing."""
    return compose([replace(stretch, lasts=min(stretch.lasts, LONGEST)) for stretch in BUSY], audio, PART)


def tree(folders: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return what lies in folders, each with its size and when it was changed.

    A folder is changed by each file that is made or removed in it, too, however short it was there.
    """
    paths = [path for folder in map(Path, folders) for path in (folder, *folder.rglob("*"))]
    return {str(path): (path.lstat().st_size, path.lstat().st_mtime_ns) for path in paths}


def main(audio: str, *folders: str) -> None:
    """Spend the night and tell."""
    night = short_night(Path(audio))
    with listener() as ears:
        before = tree(folders)
        happened = spend(ears, night)
        after = tree(folders)
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    touched = [*happened.touched.sockets, *happened.touched.files]
    told = {"counts": happened.counts, "events": happened.events, "touched": touched, "changed": changed}
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
