"""A keyboard in the microphone's place: every line is an utterance, and silence passes in between."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import IO, Protocol

from voice_assist.devices.edge import OnAction, Session
from voice_assist.devices.recording import SETTLE, TAIL_S
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Said, Say
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds, silence

QUIET = samples(2.0)
"""Silence after our last word in which, without a clock on the wall, the next line is typed: longer
than any pause inside an instruction."""

TURN_MOST = samples(60.0)
"""Longest time that a line of a script waits for its turn: a slow count, say, that never pauses."""


class Lines(Protocol):
    """Where typed lines come from, while time passes."""

    def wait(self, timeout_s: float) -> str | None:
        """Return the next line, or None if none came in time. Raises EOFError after the last."""
        ...


class Console:
    """Lines of a terminal or pipe, read beside us: `select` knows no keyboards on Windows."""

    def __init__(self, stream: IO[str]) -> None:
        # Unbuffered and on its own: a thread that waits inside Python's stdin object would hold its
        # lock, and the interpreter could not end.
        self._raw = open(stream.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115 - kept
        self._lines: queue.Queue[str | Exception] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def wait(self, timeout_s: float) -> str | None:
        """Return the next line, or None if none came in time.

        Raises EOFError after the last line, and DeviceError for one that is not UTF-8; the next may be.
        """
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if isinstance(line, Exception):
            raise line
        return line

    def _read(self) -> None:
        try:
            while line := self._raw.readline():
                self._lines.put(_decoded(line))
        except OSError:
            pass  # the terminal is gone, or we are in its background: that is the end
        self._lines.put(EOFError())


def _decoded(line: bytes) -> str | DeviceError:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return DeviceError("what was typed is not UTF-8 text; set the terminal to UTF-8")


def converse(
    session: Session,
    lines: Lines,
    on_action: OnAction,
    play: Callable[[Samples], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Take lines as they are typed, at the pace of the clock on the wall, until they end.

    `play` takes what is spoken, in step with the clock, where there is a loudspeaker (its `write`);
    `clock` gives seconds and never goes back.
    """
    start, heard = clock(), 0
    while True:
        try:
            line = lines.wait(seconds(BLOCK))
        except EOFError:
            return
        due = int((clock() - start) * RATE) - heard
        heard += due
        spoken = _pass_time(session, due, on_action)
        if play is not None:
            play(spoken)
        if line is not None and line.strip():
            session.type(line.strip())


def follow(session: Session, lines: Iterable[str], on_action: OnAction, tail_s: float = TAIL_S) -> None:
    """Take lines of a script, each when nothing has been said for two seconds, as fast as it goes.

    Time is the session's own: no clock on the wall. After the last line silence is fed until the
    session is idle, for `tail_s` seconds at most.
    """
    for line in lines:
        if line.strip():
            session.type(line.strip())
            _until_quiet(session, on_action)
    tail = 0
    while tail < samples(tail_s) and (tail < SETTLE or not session.idle):
        _pass_time(session, BLOCK, on_action)
        tail += BLOCK


def _until_quiet(session: Session, on_action: OnAction) -> None:
    speaking, quiet, passed = False, 0, 0

    def watch(action: Action) -> None:
        nonlocal speaking, quiet
        if isinstance(action, Say | Said):
            speaking, quiet = isinstance(action, Say), 0
        on_action(action)

    while quiet < QUIET and passed < TURN_MOST:
        _pass_time(session, BLOCK, watch)
        passed += BLOCK
        quiet = 0 if speaking else quiet + BLOCK


def _pass_time(session: Session, count: int, on_action: OnAction) -> Samples:
    """Let the session hear silence; return what it says meanwhile."""
    session.hear(silence(count))
    for action in session.actions():
        on_action(action)
    return session.speak(count)
