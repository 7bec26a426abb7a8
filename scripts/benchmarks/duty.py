"""The program on duty, for as long as a bench lasts: its journal's lines with the time they came, and a person."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.programs import PROGRAM, FailedError
from voice_assist.samples import RATE, Samples, samples, silence

CALL, STOP = "my calf is cramping", "stop"

APART_S = 0.5
"""Seconds between two calls, as somebody in pain repeats them."""

CALLS = 8
"""Calls in one recording: more than are ever needed."""

HISS_S = 120.0
"""Seconds of a room's faint noise: longer than a call with all its patience."""

PATIENCE_S = 30.0
"""Seconds after which a program that does not do what is waited for has failed."""

CLOSE_S = 10.0


@dataclass(frozen=True)
class Line:
    """A line that the program printed."""

    at: float
    """When it came, by time.monotonic."""
    text: str
    entry: Mapping[str, Any]
    """The same as JSON has it; empty for a line that is none."""


class Duty:
    """`voice-assist listen` and what it prints; other threads read it along."""

    def __init__(self, env: Mapping[str, str], *options: str) -> None:
        self.began = time.monotonic()
        self._lines: list[Line] = []
        self._more = threading.Condition()
        self.process = subprocess.Popen(
            [*PROGRAM, "listen", "--json", *options],
            env=env,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self, wanted: Callable[[Line], bool], since: float = 0.0, patience: float = PATIENCE_S) -> Line:
        """Return the first wanted line that came after a time (time.monotonic). Raises FailedError."""
        until = time.monotonic() + patience
        seen = 0
        with self._more:
            while True:
                for line in self._lines[seen:]:
                    if line.at >= since and wanted(line):
                        return line
                seen = len(self._lines)
                if self.process.poll() is not None or not self._more.wait(until - time.monotonic()):
                    raise FailedError(f"it does not do what it should: {[line.text for line in self._lines[-5:]]}")

    @property
    def lines(self) -> list[Line]:
        """All that it printed so far."""
        with self._more:
            return list(self._lines)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait(CLOSE_S)
        self._reader.join(CLOSE_S)
        if self.process.stdout and not self._reader.is_alive():
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            with self._more:
                self._lines.append(Line(time.monotonic(), line.strip(), _entry(line)))
                self._more.notify_all()
        with self._more:
            self._more.notify_all()


def _entry(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def listening(line: Line) -> bool:
    """Tell whether a line says that it listens."""
    return line.text.startswith("Listening. ")


def heard(line: Line) -> bool:
    """Tell whether a line is a hearing of the call: its sound came in, and the recognizer made words of it."""
    words = line.entry.get("text", "").split() if line.entry.get("event") == "heard" else ()
    return any(word in CALL.split() for word in words)


def understood(line: Line) -> bool:
    """Tell whether a line is the call, understood beyond a doubt."""
    slots = line.entry.get("slots", {})
    return line.entry.get("event") == "intent" and slots.get("place") == "calf" and "doubt" not in slots


def stopped(line: Line) -> bool:
    """Tell whether a line is the stop, understood."""
    return line.entry.get("event") == "intent" and line.entry.get("slots", {}).get("word") == "stop"


class Person:
    """Somebody in the room."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._env = env
        said = sounds.spoken(sounds.VOICES[0], (CALL, STOP))
        once = np.concatenate((said[CALL], silence(samples(APART_S))))
        self._call = _written(folder / "call.wav", np.tile(once, CALLS))
        self._hiss = _written(folder / "room.wav", silence(samples(HISS_S)))
        self._stop = _written(folder / "stop.wav", sounds.surrounded(said[STOP], 0.1, 1.2))

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Call again and again while the block runs."""
        with _playing(self._call, self._env):
            yield

    def call_until_understood(self, duty: Duty, since: float) -> tuple[float, float]:
        """Call until it is understood; return when it first heard anything, and when it understood. Then stop it.

        Raises FailedError.
        """
        with _playing(self._hiss, self._env):
            return self._call_and_stop(duty, since)

    def _call_and_stop(self, duty: Duty, since: float) -> tuple[float, float]:
        with self.calling():
            first = duty.wait(heard, since).at
            known = duty.wait(understood, since).at
        self.stop(duty)
        return first, known

    def stop(self, duty: Duty) -> None:
        """Say stop until it is understood."""
        for _ in range(5):
            since = time.monotonic()
            with _playing(self._stop, self._env):
                try:
                    duty.wait(stopped, since, 2.5)
                except FailedError:
                    continue
                return
        raise FailedError("a stop was not understood, five times")


@contextmanager
def _playing(path: Path, env: Mapping[str, str]) -> Iterator[None]:
    command = ["paplay", "--device=microphone", "--latency-msec=20", str(path)]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as player:
        try:
            yield
        finally:
            player.terminate()


def _written(path: Path, sound: Samples) -> Path:
    faint = sounds.hiss(sounds.ROOM, len(sound))
    soundfile.write(path, sound + faint, RATE, subtype="PCM_16")
    return path
