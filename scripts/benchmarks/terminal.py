"""What a screen reader gets to read in the first minute of listening, at a terminal."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.idle import hiss
from scripts.benchmarks.programs import PROGRAM, FailedError, environment
from scripts.benchmarks.room import sound_room
from scripts.benchmarks.screen_reader import Reading

MINUTE_S = 60.0

CALL = "my calf is cramping\n"
"""What is typed when it listens, in the minute with a cramp."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Let it listen at a terminal: a quiet minute, one with a cramp, and that again with --quiet."""
    minute = MINUTE_S / 4 if quick else MINUTE_S
    if sys.platform == "win32":
        raise SkippedError("words read at a terminal: there are no pseudo-terminals of this kind on Windows")
    with sound_room() as room, tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        env = {**environment(folder, folder / "cache"), **room}
        _rendered(env)
        with hiss(folder, env, 3 * minute + 120.0):
            yield _figure("a quiet minute", ["listen"], env, minute)
            yield _figure("a minute with a cramp", ["listen"], env, minute, CALL)
            yield _figure("a minute with a cramp, --quiet", ["listen", "--quiet"], env, minute, CALL)


def _figure(name: str, arguments: Sequence[str], env: Mapping[str, str], minute_s: float, typed: str = "") -> Figure:
    reading = _read(arguments, env, minute_s, typed)
    basis = f"{len(reading.lines)} lines, {len(reading.faults)} of them, or parts, that it loses or repeats"
    return Figure(f"words read in {name}", reading.words, "", basis=basis, details=[*reading.lines, *reading.faults])


def _read(arguments: Sequence[str], env: Mapping[str, str], seconds: float, typed: str) -> Reading:
    """Return what is read up to so many seconds after it began to listen. Raises FailedError where it does not."""
    # Late: Windows has no such terminals.
    from scripts.benchmarks.terminals import TerminalError, terminal  # noqa: PLC0415

    with terminal(arguments, env) as opened:
        try:
            opened.wait_for("Listening. ")
        except TerminalError as error:
            raise FailedError(str(error)) from None
        opened.type(typed)
        opened.read(seconds)
        opened.type("\x03")
        return opened.finish()[1]


def _rendered(env: Mapping[str, str]) -> None:
    """Have every phrase rendered before: that is told once only."""
    subprocess.run([*PROGRAM, "type"], env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)
