"""The live edge: a session between a microphone and a loudspeaker, on the microphone's clock.

A device counts as lost by what it gives, not by what it says of itself: it ended, it has not called, it gives what we
play, the sound server has put another in its place. Lost devices are opened anew until they are back; their loss is
printed once, and said once if it lasts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from voice_assist.devices.edge import OnAction, Overhearing, Passing, SpokenSession, Together
from voice_assist.devices.line import Line
from voice_assist.devices.pair import Pair
from voice_assist.devices.placement import SoundServer
from voice_assist.devices.portaudio import Kind
from voice_assist.errors import DeviceError
from voice_assist.samples import BLOCK, seconds

TURN_S = 0.1
"""Longest wait in seconds for a block, so that a stop request and a lost device are noticed."""

STALL_S = 0.5
"""Seconds of ours without a turn after which nothing is held against the devices: it was we who stood still."""

TELL_S, STILL_S = 0.5, 4.0
"""Seconds since a device last worked after which its loss is printed: where it has ended, and where it only gives
nothing, since a sound server that could not keep up for a moment takes two to go on."""

SPEAK_S = 1.0
"""Seconds for which a loudspeaker must have worked again before a loss is said by it: the other may be back, too."""

SAY_S = 4.0
"""The same, until it is said aloud: a sound server that starts anew need wake nobody."""

RETRY_S, RETRY_MOST_S = 0.25, 0.5
"""Seconds to the second attempt to reopen a lost device, doubled each time, and their limit."""

KINDS: tuple[Kind, ...] = ("loudspeaker", "microphone")


class Live:
    """Runs a session with a microphone and a loudspeaker until it is told to stop.

    Devices are chosen by name, or part of it; empty is the system's default. A device that is lost
    is told of once, as Trouble, and looked for until it is back; meanwhile the session's time goes
    on by the clock on the wall, and without a microphone it is still spoken.
    """

    def __init__(self, microphone: str = "", loudspeaker: str = "", *, waits: bool = False) -> None:
        """Take the devices' names; with `waits` those that are not there yet are looked for as lost ones are."""
        self._waits = waits
        self._pair = Pair(microphone, loudspeaker)
        self._server = SoundServer()
        self._worked: dict[Kind, float] = {}
        """When each device was last seen to work, seconds of time.monotonic."""
        self._missing: set[Kind] = set()
        """Devices whose loss was told and that have not worked since."""
        self._said: set[Kind] = set()
        """Those whose loss was said aloud, too."""
        self._speaks_since = 0.0
        """When the loudspeaker began to work, seconds of time.monotonic."""
        self._instead: dict[Kind, str] = {}
        """The devices that were last told to be used in the place of ours."""
        self._unsaid: dict[Kind, float] = {}
        """Since when another is used in the place of ours (time.monotonic), as long as that was not said aloud."""
        self._mirrored = False
        self._deaf = False
        """True from the loss of the microphone to its next block: time goes by without being heard."""
        self._awake_since = self._turned = 0.0
        self._retry_at, self._retry_s = 0.0, RETRY_S
        self._tries = 0

    def open(self) -> None:
        """Open both devices now, so that what is missing is known before anything else is set up.

        What is said meanwhile is heard by `run`, as far as the microphone's buffer reaches. Raises
        DeviceError, in one line with the cure, where there is no microphone or no loudspeaker, unless it waits.
        """
        try:
            self._pair.open()
        except DeviceError:
            if not self._waits:
                raise
        self._server.start()

    def run(
        self,
        session: SpokenSession,
        on_action: OnAction,
        until: Callable[[], bool] = lambda: False,
        passing: Passing | None = None,
        overhearing: Overhearing | None = None,
    ) -> None:
        """Listen and speak until `until()` is true or an interrupt comes; both leave the devices closed.

        `passing` is told of every sample that goes by, `overhearing` is given the microphone's sound. Opens the devices
        if they are not yet, and raises DeviceError as `open` does, and where the sound system hangs for good.
        """
        try:
            if self._pair.microphone is None or self._pair.loudspeaker is None:
                self.open()
            line = Line(session, on_action, passing or Together(), overhearing=overhearing)
            self._turned = self._awake_since = time.monotonic()
            self._worked = dict.fromkeys(KINDS, self._turned)
            while not until():
                self._turn(line)
                self._look_after(line)
        finally:
            self.close()

    def close(self) -> None:
        """Close the devices. Safe to call twice."""
        self._server.close()
        self._pair.close()

    def _turn(self, line: Line) -> None:
        """Pass on one block, or the time that went by without one."""
        wait_s = seconds(BLOCK) if self._deaf else TURN_S
        block = None
        if (microphone := self._pair.microphone) is not None:
            block = microphone.read(wait_s)
        else:
            # Nothing wakes us: this is the one place where time itself is waited for.
            threading.Event().wait(wait_s)
        if self._deaf:
            line.lose_time(self._pair.loudspeaker)
        if block is not None and not self._server.away.deaf:
            self._deaf = False
            line.take(*block, self._pair.loudspeaker)

    def _look_after(self, line: Line) -> None:
        """Notice lost devices, and bring them back."""
        now = time.monotonic()
        if now - self._turned > STALL_S:
            self._awake_since = now
        self._turned = now
        busy = self._pair.mending
        lost = {kind: self._loss(kind) for kind in KINDS}
        for kind, told_after in lost.items():
            if told_after is None:
                self._note_working(line, kind, now)
            elif now - max(self._worked[kind], self._awake_since) > told_after:
                self._note_missing(line, kind, now)
        deaf = self._pair.absent("microphone") or self._server.away.deaf or "microphone" in self._missing
        self._deaf = self._deaf or deaf
        if not busy and now >= self._retry_at:
            self._bring_back(line, {kind for kind in KINDS if self._mendable(kind)}, now)
        self._note_others(line, now)
        line.lack(self._lost())

    def _lost(self) -> Iterator[str]:
        """Yield which devices are lost, or replaced by others, by the names of notices."""
        for kind in KINDS:
            if kind in self._missing or (kind == "microphone" and self._mirrored):
                yield f"{kind}_gone"
            elif self._instead.get(kind):
                yield f"{kind}_other"

    def _loss(self, kind: Kind) -> float | None:
        """Return after how many seconds the loss of a device is to be told; None if it works, or may."""
        if kind == "microphone" and self._server.away.deaf:
            return TELL_S
        if self._pair.absent(kind):
            return STILL_S if self._pair.mending else TELL_S
        return STILL_S if self._pair.still(kind, self._awake_since) or not self._pair.works(kind) else None

    def _mendable(self, kind: Kind) -> bool:
        return self._pair.absent(kind) or self._pair.still(kind, self._awake_since)

    def _bring_back(self, line: Line, lost: set[Kind], now: float) -> None:
        """Open lost devices anew, first alone, then by a sound system that looks for new ones."""
        if not lost:
            self._retry_s, self._tries = RETRY_S, 0
            if self._pair.came_back() and line.quiet and line.idle:
                self._pair.mend(anew=True)
            return
        anew = len(lost) == len(KINDS) or self._tries % 2 == 1
        # That closes the other device, too: not in the middle of a sentence.
        anew = anew and (line.quiet or "loudspeaker" in lost)
        self._pair.mend(*lost, anew=anew)
        self._tries += 1
        self._retry_at, self._retry_s = now + self._retry_s, min(2 * self._retry_s, RETRY_MOST_S)

    def _note_missing(self, line: Line, kind: Kind, now: float) -> None:
        if kind not in self._missing:
            self._missing.add(kind)
            line.tell(f"the {kind} is gone; plug it in again")
        # A lost loudspeaker says nothing: neither that it is gone, nor that the microphone is.
        speaks = "loudspeaker" not in self._missing and now - self._speaks_since > SPEAK_S
        if speaks and kind not in self._said and now - max(self._worked[kind], self._awake_since) > SAY_S:
            self._said.add(kind)
            line.notice(f"{kind}_gone")

    def _note_working(self, line: Line, kind: Kind, now: float) -> None:
        self._worked[kind] = now
        if kind in self._missing:
            self._missing.remove(kind)
            if kind == "loudspeaker":
                self._speaks_since = now
            line.withdraw(f"{kind}_gone")
            line.tell(f"the {kind} is back")
        self._said.discard(kind)

    def _note_others(self, line: Line, now: float) -> None:
        """Tell of devices that are used in the place of ours, and of a microphone that is none."""
        away = self._server.away
        instead = {"loudspeaker": away.loudspeaker, "microphone": away.microphone, **self._pair.instead}
        for kind in KINDS:
            self._note_other(line, kind, instead[kind], now)
        if line.mirrored != self._mirrored:
            self._mirrored = line.mirrored
            if self._mirrored:
                line.tell("the microphone gives only what we play; choose another in the settings")
                line.notice("microphone_gone")
            else:
                line.tell("the microphone gives the room's sound again")

    def _note_other(self, line: Line, kind: Kind, other: str, now: float) -> None:
        """Tell of another device in the place of ours, say it if that lasts, and tell that ours is used again."""
        before = self._instead.get(kind, "")
        if other and other != before:
            line.tell(f"the {kind} is gone; '{other}' is used until it is back")
            self._instead[kind] = other
            if not before:
                self._unsaid[kind] = now
        elif before and not other and not self._pair.absent(kind):
            line.tell(f"the {kind} is used again")
            line.withdraw(f"{kind}_other")
            self._instead[kind] = ""
            self._unsaid.pop(kind, None)
        elif kind in self._unsaid and now - max(self._unsaid[kind], self._awake_since) > SAY_S:
            line.notice(f"{kind}_other")
            del self._unsaid[kind]
