"""Typed lines from where they come: a pipe that ends, or a keyboard beside a voice that goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from voice_assist.devices.keyboard import Console
from voice_assist.session import Session


def script(stream: IO[str]) -> Iterator[str]:
    """Yield the lines of a pipe or file to its end. Raises DeviceError for one that is not UTF-8."""
    console = Console(stream)
    with suppress(EOFError):
        while True:
            # In turns of a second: on Windows Ctrl-C does not end a longer wait.
            if line := console.wait(1.0):
                yield line


class UntilIdle:
    """Lines that are typed while a session speaks; they end when it sleeps again, not when the keyboard does."""

    def __init__(self, session: Session, stream: IO[str]) -> None:
        self._session = session
        self._console: Console | None = Console(stream)

    def wait(self, timeout_s: float) -> str | None:
        """Return the next line, or None if none came in time. Raises EOFError once the session sleeps."""
        if self._session.idle:
            raise EOFError
        if self._console is not None:
            try:
                return self._console.wait(timeout_s)
            except EOFError:
                self._console = None
        threading.Event().wait(timeout_s)
        return None
