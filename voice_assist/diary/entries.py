"""One episode as the diary keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FELT = ("better", "same", "worse")
"""The answers to how it felt."""

ENDS = ("eased", "stopped", "handed_over", "timed_out", "false_start", "broken_off", "")
"""How an episode can end: it eased; somebody said stop; a safety answer was given; ten minutes were over; there was no
cramp; the machine was suspended or ended. Empty where nobody knows: it was killed."""


@dataclass(frozen=True)
class Entry:
    """One episode, from its first word to its end."""

    began: datetime
    """When it was first told of, with the offset from UTC that held then."""
    lasted: float | None = None
    """Seconds; None where it never ended."""
    place: str = "unknown"
    """The content's id of the place that was coached last."""
    side: str = ""
    """`left` or `right`; empty where nobody said."""
    tried: tuple[str, ...] = ()
    """Parts of its protocol that were run, in order."""
    felt: str = ""
    """The last answer to how it felt, one of FELT; empty where there was none."""
    ended: str = ""
    """One of ENDS."""
    noise: float | None = None
    """Noise of the room, dBFS; None where it was not measured."""

    def __post_init__(self) -> None:
        if self.began.tzinfo is None:
            raise ValueError("an entry begins at a time without an offset from UTC; give it one")
        if self.lasted is not None and self.lasted < 0:
            raise ValueError(f"an entry lasts {self.lasted} s; it must not be negative")
        if self.felt not in ("", *FELT):
            raise ValueError(f"an entry felt '{self.felt}'; it must be one of {', '.join(FELT)}, or empty")
        if self.ended not in ENDS:
            raise ValueError(f"an entry ended '{self.ended}'; it must be one of {', '.join(filter(None, ENDS))}")

    @property
    def false_start(self) -> bool:
        """True where there was no cramp."""
        return self.ended == "false_start"
