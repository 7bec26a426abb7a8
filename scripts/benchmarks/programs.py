"""The program as the user starts it: how long until its lines come, what its processes take."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAM = (sys.executable, "-c", "from voice_assist.cli import main; main()")

ROOT = Path(__file__).resolve().parents[2]

PATIENCE_S = 120.0
"""Seconds after which a program that does not come to its line has failed."""


class FailedError(Exception):
    """A measured program did not do what it should; the message holds its last lines."""


def environment(folder: Path, cache: Path) -> dict[str, str]:
    """Return an environment in which no settings of the user count and phrases are kept in `cache`."""
    settings = folder / "settings.toml"
    settings.write_text(f'cache = "{cache.as_posix()}"\n', encoding="utf-8")
    # This checkout is measured, whatever else is installed.
    own = {"VOICE_ASSIST_SETTINGS": str(settings), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    # An installed program is compiled already; one that may not keep what it compiles starts half a second later.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


@contextmanager
def running(arguments: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the program while the block runs; it is ended, with its children, by closing."""
    command = [*PROGRAM, *arguments]
    with subprocess.Popen(
        command, env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as program:
        # What hangs must not hang the bench; its output then simply ends.
        watchdog = threading.Timer(PATIENCE_S, program.kill)
        watchdog.start()
        try:
            yield program
        finally:
            watchdog.cancel()
            program.terminate()


def wait_for(program: subprocess.Popen[str], word: str) -> float:
    """Return the time, by time.monotonic(), at which a line came that holds `word`. Raises FailedError."""
    lines = []
    for line in program.stdout or ():
        if word in line:
            return time.monotonic()
        lines.append(line.strip())
    raise FailedError(f"voice-assist ended without '{word}': {' / '.join(lines[-3:])}")


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it (Linux)."""
    found = [pid]
    # A process may end while we look.
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += family(int(child))
    return found


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and its descendants took so far, ended ones included (Linux)."""
    ticks = 0
    for member in family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            # After the command in brackets, which may hold blanks. Its own, and that of children it has outlived.
            fields = Path(f"/proc/{member}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_megabytes(pid: int) -> float:
    """Return the memory of a process and its descendants, what they share counted once (Linux)."""
    kilobytes = 0
    for member in family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes * 1024 / 1e6
