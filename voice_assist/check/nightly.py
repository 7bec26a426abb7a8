"""When the nightly check is due, and what is kept and said of what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from voice_assist import room
from voice_assist.clocks import WallClock, wall
from voice_assist.duty.hours import night_of, within
from voice_assist.hear.quiet_check import NoCheck, Probed, QuietCheck, SelfCheck
from voice_assist.room import RoomMemory

SOFTER = 12.0
"""dB by which our sound must come back softer than at the last full check for that to be a fault."""

PLAIN: Mapping[str, str] = {
    "unheard": "our own voice is not heard; check the loudspeaker",
    "softer": "our own voice is much softer than it was; check the loudspeaker",
    "mute": "the microphone gives nothing but zeros; switch it on",
}
"""What may be found, in plain words."""


class Told(Protocol):
    """Who is told what stands: a session."""

    def stand(self, troubles: Iterable[str], untold: Iterable[str] = ()) -> None:
        """Take in what is wrong with the assistant itself, and what of it nobody was told of."""
        ...


class Nightly:
    """The wall-clock side of the check: once a day, from a time on that the user set."""

    def __init__(
        self,
        at: str,
        memory: RoomMemory,
        tell: room.Tell,
        clock: WallClock = wall,
        *,
        quiet_hours: str = "",
        besides: Callable[[], tuple[Sequence[str], Sequence[str]]] = lambda: ((), ()),
    ) -> None:
        """Take the time of day (`15:00`, empty for never), what is known of the room, the clock, and the quiet hours.

        `besides` tells what stands besides what a check finds, and what of it nobody was told of.

        `tell` takes what was found, what cannot be kept, why nothing is checked where it could find nothing, and why it
        is checked at another time.
        """
        if at and quiet_hours and within(quiet_hours, at):
            begins = quiet_hours.partition("-")[2]
            tell(f"The nightly check is set for {at}, within quiet hours; it is made when they end, at {begins}.")
            at = begins
        self._at, self._tell, self._clock = at, tell, clock
        self._night = night_of(quiet_hours)
        self._memory = memory
        self._besides = besides
        self._session: Told | None = None
        unheard = bool(memory.measured) and memory.echo_level is None
        if at and unheard:
            tell("No nightly check: at the last full one our voice was not heard. To measure anew: voice-assist check")
        self.check: SelfCheck = QuietCheck(self.due, self.found) if at and not unheard else NoCheck()
        """What plays and listens, for the session."""

    def tells(self, session: Told) -> None:
        """Tell the session what stands since the last check, and from now on what is found."""
        self._session = session
        self._stand()

    def due(self) -> bool:
        """Tell whether it is time: after the hour that was set, once a day; missed by day, not in the night."""
        now = self._clock()
        today, time = f"{now:%Y-%m-%d}", f"{now:%H:%M}"
        last = self._memory.quiet_check.at
        # One of a day to come was made while the clock was wrong; it must not keep us from checking until that day.
        checked = f"{today} {self._at}" <= last < f"{today} 24:00"
        late = within(self._night, time) and not within(self._night, self._at)
        return not checked and self._at <= time and not late

    def found(self, probed: Probed) -> None:
        """Keep what was found, and tell the session."""
        # Read again: others may have kept something since.
        memory = room.load(self._tell)
        findings = judged(probed, memory)
        echo = probed.echo
        at = f"{self._clock():%Y-%m-%d %H:%M}"
        # What it found before, too, is no news; what was gone in between is.
        told = tuple(name for name in memory.quiet_check.told if name in findings)
        check = room.QuietCheck(at, findings, told, echo.level if echo else None, echo.delay if echo else None)
        self._memory = replace(memory, quiet_check=check)
        room.save(self._memory, self._tell)
        self._tell(f"Checked the sound: {'; '.join(PLAIN[name] for name in findings) or 'all is well'}.")
        self._stand()

    def _stand(self) -> None:
        if self._session is not None:
            check, (stands, untold) = self._memory.quiet_check, self._besides()
            found = [name for name in check.findings if name not in check.told]
            self._session.stand((*check.findings, *stands), (*found, *untold))


def judged(probed: Probed, memory: RoomMemory) -> tuple[str, ...]:
    """Return what is wrong, by the content pack's names."""
    if probed.mute:
        return ("mute",)
    if probed.echo is None:
        return ("unheard",)
    before = memory.echo_level
    return ("softer",) if before is not None and probed.echo.level < before - SOFTER else ()
