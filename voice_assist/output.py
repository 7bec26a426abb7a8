"""What the command line prints: plain lines, message first, or JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TextIO

from voice_assist.events import Action, Heard, Intent, Say, Trouble, Understood
from voice_assist.journal import to_line
from voice_assist.samples import seconds


class PlainLines:
    """Prints what a person wants to know, a line each, without colour or redraw: a screen reader reads along."""

    def __init__(self, file: TextIO | None = None, *, words: bool) -> None:
        """Print to a text file (standard output); `words` shows what was heard, too: never by default when live."""
        self._file = file or sys.stdout
        self._words = words

    def __call__(self, action: Action) -> None:
        """Print an action, if it is one that a person wants to know."""
        if isinstance(action, Say):
            self._line(action.at, f"says: {action.text}")
        elif isinstance(action, Understood):
            self._line(action.at, f"understood: {describe(action.intent)}")
        elif isinstance(action, Heard) and action.hypothesis.final and action.hypothesis.text and self._words:
            self._line(action.at, f"heard: {action.hypothesis.text}")
        elif isinstance(action, Trouble):
            self._line(action.at, f"trouble: {action.what}")

    def _line(self, at: int, text: str) -> None:
        print(f"{seconds(at):7.2f} s  {text}", file=self._file, flush=True)


class JsonLines:
    """Prints every action as a line of the journal."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout

    def __call__(self, action: Action) -> None:
        """Print an action."""
        print(to_line(action), file=self._file, flush=True)


def describe(intent: Intent) -> str:
    """Return an intent in a few words."""
    slots: Mapping[str, str] = intent.slots
    return ", ".join([intent.name, *(f"{name} {value}" for name, value in slots.items())])


OnAction = Callable[[Action], None]


def both(*listeners: OnAction) -> OnAction:
    """Return a listener that tells several."""

    def tell(action: Action) -> None:
        for listener in listeners:
            listener(action)

    return tell
