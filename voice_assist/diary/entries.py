"""One episode, as the diary keeps it: no sound, and no word of what was said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

FALSE_START = "false_start"
"""How an episode ended of which somebody said that it was nothing."""

FELT = ("", "better", "same", "worse")
"""What was answered last; empty where nothing was."""

ENDED = ("", "eased", "stopped", "handed_over", "timed_out", FALSE_START, "broken_off")
"""How it ended: empty while it goes on, or where nobody knows, because the program was killed; `handed_over` to an
emergency or urgent answer; `broken_off` because the machine was suspended."""


@dataclass(frozen=True)
class Entry:
    """One episode. Raises ValueError for what no episode can be."""

    began: dt.datetime
    """When its first word was heard, by the clock on the wall, with its time zone."""
    lasted: float | None = None
    """Seconds from there to relief, or to its end; None where that is not known."""
    place: str = "unknown"
    """By the pack's name."""
    side: str = ""
    """`left`, `right`, or empty."""
    tried: tuple[str, ...] = ()
    """The parts of the protocol that can have helped, in the order in which they came."""
    felt: str = ""
    """One of FELT."""
    ended: str = ""
    """One of ENDED."""
    noise: float | None = None
    """How loud the room was when it began, dBFS at the microphone; None where there was none."""

    def __post_init__(self) -> None:
        if self.began.tzinfo is None:
            raise ValueError(f"an entry of {self.began} tells no time zone")
        if self.felt not in FELT or self.ended not in ENDED:
            raise ValueError(f"an entry of {self.began} felt '{self.felt}' and ended '{self.ended}'")

    @property
    def false_start(self) -> bool:
        """True where there was no cramp."""
        return self.ended == FALSE_START
