"""The quiet hours, by the clock on the wall: a session is told when they begin and when they end."""

from __future__ import annotations

from typing import Protocol

from voice_assist.clocks import WallClock, wall
from voice_assist.samples import samples

LOOK = samples(1.0)
"""Samples between two looks at the clock."""


class Told(Protocol):
    """Who is told: a session."""

    def quiet_hours(self, *, on: bool) -> None:
        """Take in that quiet hours begin, or end."""
        ...


class QuietHours:
    """Looks at the clock as sound goes by."""

    def __init__(self, hours: str, session: Told, clock: WallClock = wall) -> None:
        """Take the hours (`22:00-07:00`, empty for none), who is told of them, and the clock."""
        self._from, _, self._to = hours.partition("-")
        self._session, self._clock = session, clock
        self._on = False
        self._until_look = 0

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by."""
        self._until_look -= count
        if self._from and self._until_look <= 0:
            self._until_look = LOOK
            self._look()

    def _look(self) -> None:
        time = f"{self._clock():%H:%M}"
        over_midnight = self._to < self._from
        after, before = time >= self._from, time < self._to
        on = (after or before) if over_midnight else (after and before)
        if on != self._on:
            self._on = on
            self._session.quiet_hours(on=on)
