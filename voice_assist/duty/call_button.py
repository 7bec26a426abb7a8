"""A call button: another program of the same user starts or stops the one that listens.

A shortcut of the desktop or a switch that a script reads runs `voice-assist cramp`; that lays an order into the user's
folder for running programs, and the one that listens takes it out. It is a file, so it needs no socket and works on
every system. Nobody else may lay one: it must belong to the user. An order that nobody took within seconds is taken
back, and one that was left behind counts for nothing: help must never begin by itself later.
"""

from __future__ import annotations

import os
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from voice_assist.duty import vigil
from voice_assist.errors import NobodyListensError

FILE = "voice-assist.order"

LONGEST = 200
"""Bytes of the longest order."""

PATIENCE_S = 5.0
"""Seconds that an order waits: a start that was under way takes about two."""

TURN_S = 0.05
"""Seconds between two looks of whoever waits for an order to be taken."""


def call(order: str, *, patience_s: float = PATIENCE_S, wait: Callable[[float], object] | None = None) -> None:
    """Give an order to the one that listens, and return when it has been taken.

    `wait` lets so many seconds pass. Raises NobodyListensError where nobody takes it, or no folder can be written.
    """
    wait = wait or threading.Event().wait
    file = _lay(order)
    until = time.monotonic() + patience_s
    while file.exists():
        if time.monotonic() >= until and _take_back(file):
            raise NobodyListensError("nobody listens; begin it with: voice-assist listen")
        wait(TURN_S)


def _lay(order: str) -> Path:
    """Lay an order where it is looked for, whole or not at all, for nobody else to read; return its file."""
    reason = "no folder"
    for folder in vigil.lock_folders():
        part = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=f"{FILE}.", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{order}\n")
            Path(part).replace(folder / FILE)
        except OSError as error:
            reason = error.strerror or str(error)
            if part:
                Path(part).unlink(missing_ok=True)
        else:
            return folder / FILE
    raise NobodyListensError(f"no folder takes the order ({reason}); make {vigil.lock_folders()[0]} writable")


def _take_back(file: Path) -> bool:
    """Take an order back; tell whether it was still there."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


class CallButton:
    """Where the one that listens looks for orders."""

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        """Take the folders, those of `call` unless told otherwise; what lies there from before is thrown away."""
        self._files = [folder / FILE for folder in (vigil.lock_folders() if folders is None else folders)]
        for file in self._files:
            with suppress(OSError):
                file.unlink()

    def order(self) -> str | None:
        """Return the next order, and take it out; None where there is none."""
        return next(filter(None, map(_taken, self._files)), None)


def _taken(file: Path) -> str | None:
    try:
        # Never through a link, and never waiting: it might be anything.
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None  # there is none; or, on Windows, it is being laid just now
    try:
        about = os.fstat(handle)
        ours = stat.S_ISREG(about.st_mode) and (not hasattr(os, "getuid") or about.st_uid == os.getuid())
        text = os.read(handle, LONGEST).decode("utf-8", "replace").strip() if ours else ""
    finally:
        os.close(handle)
    if not ours:
        return None
    try:
        file.unlink()
    except OSError:
        return None  # it would be obeyed again and again
    return text or None
