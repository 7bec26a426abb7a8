"""What the command line prints: plain lines, message first, or JSON for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from voice_assist.errors import VoiceAssistError
from voice_assist.events import Action, Heard, Intent, Say, Trouble, Unclear, Understood
from voice_assist.journal import JournalWriter, to_line
from voice_assist.samples import seconds

NOT_UNDERSTOOD = "not understood: that means nothing just now"
"""To whoever typed such a line. It names none that would: what does is the content's, in its language."""

OnAction = Callable[[Action], None]
"""Who is told what happens."""


class PlainLines:
    """Prints what a person wants to know, a line each, without colour or redraw: a screen reader reads along."""

    def __init__(
        self, file: TextIO | None = None, *, words: bool, times: bool = False, only_troubles: bool = False
    ) -> None:
        """Print to a text file (standard output).

        `words` shows what was heard, too: never by default when live. `times` sets the seconds from the start after
        each message. `only_troubles` leaves all else to the voice: a screen reader would talk over it.
        """
        self._file = file or sys.stdout
        self._words, self._times, self._only_troubles = words, times, only_troubles

    def __call__(self, action: Action) -> None:
        """Print an action, if it is one that a person wants to know."""
        if isinstance(action, Trouble):
            self._line(action.at, f"trouble: {action.what}")
        elif isinstance(action, Unclear):
            self._line(action.at, NOT_UNDERSTOOD)
        elif self._only_troubles:
            return
        elif isinstance(action, Say):
            self._line(action.at, f"says: {action.text}")
        elif isinstance(action, Understood):
            self._line(action.at, f"understood: {describe(action.intent)}")
        elif isinstance(action, Heard) and action.hypothesis.final and action.hypothesis.text and self._words:
            self._line(action.at, f"heard: {action.hypothesis.text}")

    def _line(self, at: int, text: str) -> None:
        print_line(f"{text} ({seconds(at):.2f} s)" if self._times else text, self._file)


class JsonLines:
    """Prints every action as a line of the journal."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._file = file or sys.stdout

    def __call__(self, action: Action) -> None:
        """Print an action."""
        print_line(to_line(action), self._file)


def print_line(line: str, file: TextIO) -> None:
    """Print a line at once. A disk that is full takes none: that ends the lines, but not the help."""
    try:
        # In one piece, its end with it: threads print, and no line may come to stand within another.
        file.write(f"{line}\n")
        file.flush()
    except BrokenPipeError:
        raise  # whoever read our lines has ended us
    except OSError:
        return  # there is nowhere left to tell it


@contextmanager
def journal_in(path: Path, *, live: bool = False) -> Iterator[OnAction]:
    """Write a journal to a file; what is given is told the actions.

    A disk that fills up ends the journal, but not the help to a person in pain. Raises
    VoiceAssistError where the file cannot be made, and at the end where it is not whole; `live`, where the end
    may be far off, it is printed at once instead.
    """
    failures: list[OSError] = []
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None
    writer = JournalWriter(file)

    def write(action: Action) -> None:
        if not failures:
            try:
                writer.write(action)
            except OSError as error:
                failures.append(error)
                if live:
                    complain(f"{_unwritable(path, error)}; it goes on without")

    try:
        yield write
    finally:
        with suppress(OSError):  # a full disk complains once more; that is known
            file.close()
    if failures and not live:
        raise _unwritable(path, failures[0])


def _unwritable(path: Path, error: OSError) -> VoiceAssistError:
    return VoiceAssistError(f"the journal {path} cannot be written: {error.strerror or error}")


def tell_fault(fault: VoiceAssistError) -> None:
    """Print a fault on standard error: a line, or one for each of several."""
    for line in str(fault).splitlines():
        complain(message_first(line))


def message_first(line: str) -> str:
    """Return a line with the place of a fault (`settings.toml:2: …`) at its end: what is wrong is heard before it."""
    place, colon, message = line.partition(": ")
    file = place.rpartition(":")[0] if re.search(r":\d+$", place) else place
    is_path = "/" in file.partition(" ")[0] or Path(file).is_absolute() or re.fullmatch(r"[^ ]+\.\w+", file)
    return f"{message} ({place})" if colon and is_path else line


def complain(line: str) -> None:
    """Print one line on standard error, with our name before it."""
    print_line(f"voice-assist: {line}", sys.stderr)


def describe(intent: Intent) -> str:
    """Return an intent in a few words."""
    slots: Mapping[str, str] = intent.slots
    return ", ".join([intent.name, *(f"{name} {value}" for name, value in slots.items())])


def both(*listeners: OnAction) -> OnAction:
    """Return a listener that tells several."""

    def tell(action: Action) -> None:
        for listener in listeners:
            listener(action)

    return tell
