"""Quiet hours and the night, by the clock on the wall: a session is told when they begin and when they end."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Protocol

from voice_assist import room
from voice_assist.clocks import WallClock, wall
from voice_assist.room import RoomMemory
from voice_assist.samples import samples

LOOK = samples(1.0)
"""Samples between two looks at the clock."""

NIGHT = "21:00-08:00"
"""The night, where no quiet hours tell when it is."""


def within(hours: str, time: str) -> bool:
    """Tell whether a time of day (`03:12`) lies within hours (`22:00-07:00`)."""
    begin, _, end = hours.partition("-")
    after, before = time >= begin, time < end
    return (after or before) if end < begin else (after and before)


def night_of(quiet_hours: str) -> str:
    """Return the hours of the night: the quiet hours, if there are any."""
    return quiet_hours or NIGHT


class Told(Protocol):
    """Who is told of quiet hours: a session."""

    def quiet_hours(self, *, on: bool) -> None:
        """Take in that quiet hours begin, or end."""
        ...


class Sleeper(Protocol):
    """Who is told of the night: a session."""

    @property
    def unanswered(self) -> int:
        """How many quiet questions of this night nobody has answered."""
        ...

    def night(self, *, on: bool, unanswered: int = 0) -> None:
        """Take in that the night begins, or ends; so many of its questions got no answer before we began."""
        ...


class QuietHours:
    """Looks at the clock as sound goes by."""

    def __init__(self, hours: str, session: Told, clock: WallClock = wall) -> None:
        """Take the hours (`22:00-07:00`, empty for none), who is told of them, and the clock."""
        self._hours, self._session, self._clock = hours, session, clock
        self._on = False
        self._until_look = 0

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by."""
        self._until_look -= count
        if self._hours and self._until_look <= 0:
            self._until_look = LOOK
            self._look()

    def _look(self) -> None:
        on = within(self._hours, f"{self._clock():%H:%M}")
        if on != self._on:
            self._on = on
            self._session.quiet_hours(on=on)


class Nights:
    """Tells when the night begins and ends, and keeps beyond an end of ours what was asked in it.

    The clock may jump. Where that ends a night, or begins one, there may be one more question; no more comes of it.
    """

    def __init__(
        self, quiet_hours: str, session: Sleeper, memory: RoomMemory, tell: room.Tell, clock: WallClock = wall
    ) -> None:
        """Take the quiet hours, who is told, what is kept of the room, who takes a line of trouble, and the clock."""
        self._hours = night_of(quiet_hours)
        self._session, self._memory, self._tell, self._clock = session, memory, tell, clock
        self._on: bool | None = None
        self._kept = 0
        self._until_look = 0

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by."""
        self._until_look -= count
        if self._until_look <= 0:
            self._until_look = LOOK
            self._look()
        if self._session.unanswered != self._kept:
            self._keep()

    def _look(self) -> None:
        now = self._clock()
        on = within(self._hours, f"{now:%H:%M}")
        if self._on is None:
            begin, end = self._span(now)
            same = begin <= self._memory.asked < end
            self._kept = self._memory.unanswered
            self._session.night(on=on, unanswered=self._kept if same else 0)
        elif on != self._on:
            self._session.night(on=on)
        self._on = on

    def _span(self, now: dt.datetime) -> tuple[str, str]:
        """Return when the night, or the day, began that it is now, and when it ends."""
        days = [f"{now + dt.timedelta(days=ahead):%Y-%m-%d}" for ahead in (-1, 0, 1)]
        turns = sorted(f"{day} {time}" for day in days for time in self._hours.split("-"))
        later = next(index for index, turn in enumerate(turns) if turn > f"{now:%Y-%m-%d %H:%M}")
        return turns[later - 1], turns[later]

    def _keep(self) -> None:
        self._kept = self._session.unanswered
        # Read again: others may have kept something since.
        memory = room.load(self._tell)
        asked = f"{self._clock():%Y-%m-%d %H:%M}" if self._kept else ""
        room.save(replace(memory, asked=asked, unanswered=self._kept), self._tell)
