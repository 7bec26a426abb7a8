"""Whether the machine has moved to another time zone since its emergency number was confirmed: told by day, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice_assist import clocks, room
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.content.check import MOVED
from voice_assist.events import Action, Say


class Moved:
    """Tells what stands, for `Nightly`, and keeps that it was told. Told every action of a session."""

    def __init__(self, settings: Settings, tell: room.Tell, zone: str = "") -> None:
        """Take the settings, who takes a line of trouble, and the time zone that the machine is in, if not its own."""
        self._zone, self._tell = zone or clocks.zone(), tell
        self._line = ""
        self._moved = bool(settings.emergency_number) and settings.time_zone not in ("", self._zone)

    def says(self, pack: Pack) -> None:
        """Take in the pack: what it says of this."""
        self._line = pack.check.findings.get(MOVED, "")

    def stands(self) -> tuple[Sequence[str], Sequence[str]]:
        """Return what stands, and what of it nobody was told of."""
        if not self._moved:
            return (), ()
        return (MOVED,), () if room.load(self._tell).zone == self._zone else (MOVED,)

    def __call__(self, action: Action) -> None:
        """Take in an action of the session."""
        if self._moved and isinstance(action, Say) and action.text == self._line:
            memory = room.load(self._tell)
            if memory.zone != self._zone:
                room.save(replace(memory, zone=self._zone), self._tell)
