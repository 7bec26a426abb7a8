"""What this process reaches for while it is watched: sockets opened, files written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
"""Flags of which one is enough to open a file for more than reading."""

CHANGES = frozenset(
    f"os.{name}" for name in ("mkdir", "rename", "remove", "rmdir", "link", "symlink", "truncate", "chmod", "utime")
)
"""Other events by which a folder or a file becomes another one."""


@dataclass
class Touched:
    """What was reached for, as Python's audit tells it: what a C library does by itself is not seen."""

    sockets: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take in one audit event."""
        if event.startswith("socket."):
            self.sockets.append(f"{event} {arguments!r}")
        elif event in CHANGES or (event == "open" and arguments[2] & WRITES):
            self.files.append(f"{event} {arguments[0]!r}")


@contextmanager
def watched() -> Iterator[Touched]:
    """Watch this process while the block runs."""
    touched = Touched()
    watching = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        # Python never lets go of a hook: after the block it does nothing.
        if watching:
            touched.note(event, arguments)

    sys.addaudithook(hook)
    try:
        yield touched
    finally:
        watching = False
