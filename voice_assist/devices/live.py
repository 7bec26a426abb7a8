"""The live edge: a session between a microphone and a loudspeaker, on the microphone's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from voice_assist.devices.edge import OnAction, Session
from voice_assist.devices.portaudio import Kind, Loudspeaker, Microphone, restart
from voice_assist.devices.watch import Watch
from voice_assist.errors import DeviceError
from voice_assist.events import Said, Say, Trouble
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds

TURN_S = 0.1
"""Longest wait in seconds for a block, so that a stop request and a lost device are noticed."""

LOST_S = 3.0
"""Seconds without a call from a device after which it counts as lost: a sound server that could not keep
up for a moment takes two to go on."""

FIRST_S = 6.0
"""The same in the first seconds after opening: a sound server may take two to its first block, and, for
a loudspeaker, two more to the next."""

PAUSE = samples(0.3)
"""Silence in samples after which a sentence has left the loudspeaker, however slow it is."""

ZEROS = samples(10.0)
"""Nothing but zeros for so many samples is no room, however quiet: the microphone is muted, or the system does not let
us hear it (macOS gives zeros to whoever was not allowed)."""

RETRY_S, RETRY_MOST_S = 0.5, 8.0
"""Seconds to the second attempt to reopen a lost device, doubled each time, and their limit."""


class Live:
    """Runs a session with a microphone and a loudspeaker until it is told to stop.

    Devices are chosen by name, or part of it; empty is the system's default. A device that is lost
    is told of once, as Trouble, and looked for until it is back; meanwhile the session's time goes
    on by the clock on the wall, and without a microphone it is still spoken.
    """

    def __init__(self, microphone: str = "", loudspeaker: str = "", *, waits: bool = False) -> None:
        """Take the devices' names; with `waits` those that are not there yet are looked for as lost ones are."""
        self._waits = waits
        self._names: dict[Kind, str] = {"microphone": microphone, "loudspeaker": loudspeaker}
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._missing: set[Kind] = set()
        """Devices whose loss was told and that have not worked since."""
        self._deaf = False
        """True from the loss of the microphone to its next block: time goes by without being heard."""
        self._retry_at, self._retry_s = 0.0, RETRY_S

    def open(self) -> None:
        """Open both devices now, so that what is missing is known before anything else is set up.

        What is said meanwhile is heard by `run`, as far as the microphone's buffer reaches. Raises
        DeviceError, in one line with the cure, where there is no microphone or no loudspeaker, unless it waits.
        """
        try:
            self._microphone = Microphone(self._names["microphone"])
            self._loudspeaker = Loudspeaker(self._names["loudspeaker"])
        except DeviceError:
            self.close()
            if not self._waits:
                raise
        except BaseException:
            self.close()
            raise

    def run(
        self,
        session: Session,
        on_action: OnAction,
        until: Callable[[], bool] = lambda: False,
        watch: Watch | None = None,
    ) -> None:
        """Listen and speak until `until()` is true or an interrupt comes; both leave the devices closed.

        `watch` is told of every sample that goes by. Opens the devices if they are not yet, and raises DeviceError as
        `open` does.
        """
        try:
            if self._microphone is None or self._loudspeaker is None:
                self.open()
            line = _Line(session, on_action, watch or Watch({}))
            while not until():
                self._turn(line)
                self._look_after(line)
        finally:
            self.close()

    def close(self) -> None:
        """Close the devices. Safe to call twice."""
        for device in (self._microphone, self._loudspeaker):
            if device is not None:
                device.close()
        self._microphone = self._loudspeaker = None

    def _turn(self, line: _Line) -> None:
        """Pass on one block, or the time that went by without one."""
        wait_s = seconds(BLOCK) if self._deaf else TURN_S
        block = None
        if self._microphone is not None:
            block = self._microphone.read(wait_s)
        else:
            # Nothing wakes us: this is the one place where time itself is waited for.
            threading.Event().wait(wait_s)
        if self._deaf:
            line.lose_time(self._loudspeaker)
        if block is not None:
            self._deaf = False
            line.take(*block, self._loudspeaker)

    def _look_after(self, line: _Line) -> None:
        """Notice lost devices, and bring them back."""
        now = time.monotonic()
        lost = self._lost(now)
        for kind in sorted(lost - self._missing):
            line.tell(f"the {kind} is gone; plug it in again")
        self._missing |= lost
        self._deaf = self._deaf or "microphone" in lost
        # To reopen one device closes the other: not in the middle of a sentence.
        if lost and now >= self._retry_at and (line.quiet or "loudspeaker" in lost):
            self._reopen()
            self._retry_at = time.monotonic() + self._retry_s
            self._retry_s = min(2 * self._retry_s, RETRY_MOST_S)
        for kind in sorted(self._missing - lost):
            if self._works(kind):
                self._missing.remove(kind)
                self._retry_s = RETRY_S
                line.tell(f"the {kind} is back")

    def _lost(self, now: float) -> set[Kind]:
        """Return which devices are absent, ended, or silent for too long."""
        return {
            kind
            for kind in self._names
            if (device := self._device(kind)) is None
            or not device.active
            or now - device.beat > (LOST_S if now - device.opened > FIRST_S else FIRST_S)
        }

    def _works(self, kind: Kind) -> bool:
        device = self._device(kind)
        return device is not None and device.started

    def _device(self, kind: Kind) -> Microphone | Loudspeaker | None:
        return self._microphone if kind == "microphone" else self._loudspeaker

    def _reopen(self) -> None:
        self.close()
        self._deaf = True
        # Devices that were plugged in since the start are only seen by a fresh PortAudio.
        restart()
        try:
            self._loudspeaker = Loudspeaker(self._names["loudspeaker"])
        except DeviceError:
            self._loudspeaker = None  # still missing: that was told when it went
        try:
            self._microphone = Microphone(self._names["microphone"])
        except DeviceError:
            self._microphone = None


class _Line:
    """A session on the line: what goes in, what comes out, and how far it has come."""

    def __init__(self, session: Session, on_action: OnAction, watch: Watch) -> None:
        self._session, self._on_action, self._watch = session, on_action, watch
        self._clock = 0
        self._heard_at = time.monotonic()
        self._silence = 0
        self._zeros = 0
        """Samples since the microphone last gave anything but zeros."""
        self._playing: dict[int, tuple[int, int | None]] = {}
        """The first sample of each utterance that is not out yet, and one past its last once that is known."""

    @property
    def quiet(self) -> bool:
        """True once what was said is out of every buffer."""
        return self._silence >= PAUSE

    def take(self, lost: int, pcm: Samples, loudspeaker: Loudspeaker | None) -> None:
        """Pass on a block of the microphone and what was lost before it."""
        self._heard_at = time.monotonic()
        if lost:
            self._session.gap(lost)
            self._answer(lost, loudspeaker)
        self._session.hear(pcm)
        self._answer(len(pcm), loudspeaker)
        self._count_zeros(pcm)

    def lose_time(self, loudspeaker: Loudspeaker | None) -> None:
        """Tell the session that time has passed without a microphone."""
        count = int((time.monotonic() - self._heard_at) * RATE)
        if count > 0:
            self._heard_at += seconds(count)
            self._session.gap(count)
            self._answer(count, loudspeaker)

    def tell(self, what: str) -> None:
        """Tell of something that is wrong, or right again."""
        self._on_action(Trouble(self._clock, what))

    def _count_zeros(self, pcm: Samples) -> None:
        before = self._zeros
        self._zeros = 0 if pcm.any() else before + len(pcm)
        if before < ZEROS <= self._zeros:
            self.tell("the microphone gives nothing but zeros; unmute it, and allow it in the system's settings")
        elif before >= ZEROS > self._zeros:
            self.tell("the microphone gives sound again")

    def _answer(self, count: int, loudspeaker: Loudspeaker | None) -> None:
        self._clock += count
        self._watch.passed(count)
        for action in self._session.actions():
            if isinstance(action, Say):
                self._playing[action.utterance] = (action.at, None)
            elif isinstance(action, Said) and action.utterance in self._playing:
                self._playing[action.utterance] = (self._playing[action.utterance][0], action.at)
            self._on_action(action)
        spoken = self._session.speak(count)
        self._silence = 0 if spoken.any() else self._silence + count
        if loudspeaker is not None:
            loudspeaker.write(spoken)
            self._report(self._clock - samples(loudspeaker.pending_s))

    def _report(self, out: int) -> None:
        """Tell the session how much of its utterances has come out, if everything before `out` has."""
        for utterance, (start, end) in list(self._playing.items()):
            reached = out if end is None else min(out, end)
            if reached > start:
                self._session.played(utterance, reached - start)
            if end is not None and out >= end:
                del self._playing[utterance]
