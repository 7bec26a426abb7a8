"""A pseudo-terminal in which the program runs as somebody at a terminal runs it, its output read by a screen reader."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from scripts.benchmarks.programs import PROGRAM, family
from scripts.benchmarks.screen_reader import Reading, ScreenReader

COLUMNS, ROWS = 80, 24
"""Size of the terminal."""

SHELL = (
    sys.executable,
    "-c",
    "import os, subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], preexec_fn=lambda: os.setpgid(0, 0)))",
)
"""What starts a program in the background of a terminal, and waits for it."""

PATIENCE_S = 60.0
"""Seconds without the awaited line after which the program has failed."""


class TerminalError(Exception):
    """The program did not print what it should; the message holds what was read last."""


class Terminal:
    """A program at a terminal of its own. Linux and macOS only."""

    def __init__(
        self, arguments: Sequence[str], env: Mapping[str, str], cwd: str | None = None, *, background: bool = False
    ) -> None:
        """Start the program with `arguments` in a session of its own, so that Ctrl-C reaches it alone.

        In the `background` it is a job of that session, as a shell starts one whose line ends with `&`.
        """
        self._reader = ScreenReader()
        self._ended, self._background = False, background
        self._looked_at = 0
        ours, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._keys = ours
        self._program = subprocess.Popen(
            [*(SHELL if background else ()), *PROGRAM, *arguments],
            env={"TERM": "xterm-256color", **env},
            cwd=cwd,
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            # The terminal becomes its controlling one: then Ctrl-C, typed, is an interrupt.
            preexec_fn=lambda: fcntl.ioctl(its, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - nothing of ours runs threads here
        )
        os.close(its)

    @property
    def reading(self) -> Reading:
        """What was read so far."""
        return self._reader.reading

    def type(self, text: str) -> None:
        """Press keys; the terminal shows them, as it does."""
        os.write(self._keys, text.encode())

    def interrupt(self) -> None:
        """Interrupt the program as a signal does, whatever the terminal is."""
        shell_and_all = family(self._program.pid)
        os.kill(shell_and_all[1 if self._background else 0], signal.SIGINT)

    def read(self, seconds: float) -> None:
        """Read what comes within so many seconds, or up to the end."""
        until = time.monotonic() + seconds
        while not self._ended and (left := until - time.monotonic()) > 0:
            self._read_once(left)

    def wait_for(self, word: str, patience_s: float = PATIENCE_S) -> str:
        """Return the next line that holds `word`. Raises TerminalError where there is none in time."""
        until = time.monotonic() + patience_s
        while True:
            while self._looked_at < len(self.reading.lines):
                self._looked_at += 1
                if word in (line := self.reading.lines[self._looked_at - 1]):
                    return line
            left = until - time.monotonic()
            if self._ended or left <= 0:
                raise TerminalError(f"there is no '{word}': {self.reading.lines[-10:]}")
            self._read_once(left)

    def finish(self) -> tuple[int, Reading]:
        """Wait for the program's end; return its exit code and all that was read."""
        self.read(PATIENCE_S)
        return self._program.wait(PATIENCE_S), self._reader.end()

    def close(self) -> None:
        """End the program, with its children, if it still runs."""
        for pid in family(self._program.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._program.wait(PATIENCE_S)
        os.close(self._keys)

    def _read_once(self, timeout_s: float) -> None:
        if not select.select([self._keys], [], [], timeout_s)[0]:
            return
        try:
            data = os.read(self._keys, 4096)
        except OSError:  # Linux tells the end of a terminal so
            data = b""
        self._ended = not data
        self._reader.feed(data)


@contextmanager
def terminal(
    arguments: Sequence[str], env: Mapping[str, str], cwd: str | None = None, *, background: bool = False
) -> Iterator[Terminal]:
    """Run the program at a terminal while the block runs."""
    opened = Terminal(arguments, env, cwd, background=background)
    try:
        yield opened
    finally:
        opened.close()
