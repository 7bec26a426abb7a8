"""A terminal as a screen reader gets it: the program's output through an emulator, what is new read out in its order.

Screen readers read text as it is written. What moves the cursor back, draws a line anew, or is told by colour or boxes
alone is lost on them, or is read again and again: here it is a fault.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import pyte

LONGEST = 120
"""Letters of the longest line that is still taken in as one."""

DRAWN = re.compile("[\u2500-\u25ff\u2800-\u28ff]")
"""Boxes, blocks, geometric shapes and the dots of spinners."""

PLACE_FIRST = re.compile(r"(voice-assist: )?([~.]?/|[A-Za-z]:\\)\S|(voice-assist: )?\W*\d+([.:]\d+)+ ?s?\b")
"""A line that begins with a path or a time: what it is about comes last."""

HARMLESS = ("bell", "tab", "set_tab_stop", "define_charset")
"""What a terminal may be sent that neither moves nor paints."""


@dataclass
class Reading:
    """What was read, and what could not be."""

    lines: list[str] = field(default_factory=list)
    """Each line that was ended, in its order."""
    faults: list[str] = field(default_factory=list)
    """What a screen reader would lose or repeat, with the line in which it was."""

    @property
    def words(self) -> int:
        """How many words were read."""
        return sum(len(line.split()) for line in self.lines)


class _Reader:
    """What the emulator's parser drives in the place of a screen: it writes down text, and faults for all else."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._line, self._returned = "", False

    def draw(self, data: str) -> None:
        """Take in text."""
        if self._returned and self._line:
            self._fault("goes back and writes over")
            self._line = ""
        self._returned = False
        self._line += data

    def carriage_return(self) -> None:
        """Take in a return to the line's beginning: harmless before a new line, else it draws anew."""
        self._returned = True

    def linefeed(self) -> None:
        """Take in the end of a line."""
        line, self._line, self._returned = self._line.rstrip(), "", False
        if not line:
            return
        self._reading.lines.append(line)
        if len(line) > LONGEST:
            self._reading.faults.append(f"is longer than {LONGEST} letters: {line!r}")
        if DRAWN.search(line):
            self._reading.faults.append(f"draws: {line!r}")
        if PLACE_FIRST.match(line):
            self._reading.faults.append(f"begins with a place or a time: {line!r}")

    def __getattr__(self, event: str) -> Callable[..., None]:
        """Return what takes in any other event of the parser: a move, a colour, something erased."""
        if event.startswith("__"):
            raise AttributeError(event)

        def take(*_arguments: object, **_named: object) -> None:
            if event not in HARMLESS:
                self._fault(event.replace("_", " "))

        return take

    def _fault(self, what: str) -> None:
        self._reading.faults.append(f"{what}: {self._line!r}")


class ScreenReader:
    """Reads a terminal: bytes go in as they come, lines and faults come out."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._reader = _Reader(self.reading)
        self._stream = pyte.Stream(cast("pyte.Screen", self._reader), strict=False)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def feed(self, data: bytes) -> None:
        """Take in what the program wrote."""
        self._stream.feed(self._decode(data))

    def end(self) -> Reading:
        """Return the reading once nothing more comes; a line that was never ended is read, too."""
        self._reader.linefeed()
        return self.reading
