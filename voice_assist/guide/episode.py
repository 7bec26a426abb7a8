"""One cramp, from its first word to relief, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = "unknown"
"""The place of a cramp that nobody has placed yet."""


@dataclass
class Episode:
    """One cramp, from its first word to relief."""

    place: str = UNKNOWN
    began: int | None = None
    """Sample of its first word; None before it begins."""
    counted: bool = False
    """True once a hold was counted in full."""
    timed_out: bool = False
    asked: int = 0
    """Seconds that a timer was asked for."""


@dataclass(frozen=True)
class Relief:
    """A cramp that eased."""

    place: str
    part: str
    """The part of its protocol that was under way."""
    at: int
    """Sample."""
    facts: frozenset[str] = frozenset()
    """How it had been named: a cramp on top of the foot is there again, and its move is the other one."""
