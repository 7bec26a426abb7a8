"""When a notice of a lost device is said: where it disturbs nothing, and in quiet hours only if it must be."""

from __future__ import annotations

from collections.abc import Mapping

from voice_assist.guide.pacing import Length
from voice_assist.guide.standing import Standing
from voice_assist.samples import samples

WAIT = samples(10.0)
"""For so long a notice waits for a pause that is long enough; then the next moment without a word must do."""

AT_ANY_HOUR = frozenset({"microphone_gone", "microphone_silent"})
"""Said in quiet hours, too: without a microphone nobody is helped, and who sleeps on would not know. That another
microphone hears, or another loudspeaker speaks, in the place of ours can wait until morning: it does."""


class Notices:
    """The notices that are to be said."""

    def __init__(self, lines: Mapping[str, str], length: Length, standing: Standing) -> None:
        """Take what is said of each, by name, how long a line takes, and who keeps what is not said in quiet hours."""
        self._lines, self._length, self._standing = dict(lines), length, standing
        self._waiting: dict[str, int] = {}
        """Those that wait, and since when."""
        self.said = ""
        """The one that was said last; empty before the first."""

    def add(self, name: str, now: int) -> None:
        """Take in a notice; one that the pack has no line for is not said."""
        if name in self._lines:
            self._waiting.setdefault(name, now)

    def withdraw(self, name: str) -> None:
        """Leave a notice unsaid: it is true no more."""
        self._waiting.pop(name, None)

    def next(self, now: int, due: int | None) -> str:
        """Return the line to say at sample `now`, while nobody speaks; empty if none.

        `due`: when something else is to be said, if that is known.
        """
        if self._standing.quiet:
            for name in self._waiting.keys() - AT_ANY_HOUR:
                del self._waiting[name]
                self._standing.defer(name)
        for name, since in self._waiting.items():
            line = self._lines[name]
            if due is None or due - now > self._length(line) or now - since > WAIT:
                del self._waiting[name]
                self.said = name
                return line
        return ""
