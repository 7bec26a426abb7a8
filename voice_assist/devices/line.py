"""A session on the line: what goes in, what comes out, and how far it has come."""

from __future__ import annotations

import time
from collections.abc import Iterable

from voice_assist.devices.edge import OnAction, Passing, SpokenSession
from voice_assist.devices.mirror import Mirror
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.events import Said, Say, Trouble
from voice_assist.samples import RATE, Samples, samples, seconds

PAUSE = samples(0.3)
"""Silence in samples after which a sentence has left the loudspeaker, however slow it is."""

ZEROS = samples(10.0)
"""Nothing but zeros for so many samples is no room, however quiet: the microphone is muted, or the system does not let
us hear it (macOS gives zeros to whoever was not allowed)."""


class Line:
    """A session on the line, sample for sample."""

    def __init__(self, session: SpokenSession, on_action: OnAction, passing: Passing) -> None:
        self._session, self._on_action, self._passing = session, on_action, passing
        self._clock = 0
        self._heard_at = time.monotonic()
        self._silence = 0
        self._mirror = Mirror()
        self._zeros = 0
        """Samples since the microphone last gave anything but zeros."""
        self._lost: frozenset[str] = frozenset()
        """The devices that the session knows to be lost."""
        self._playing: dict[int, tuple[int, int | None]] = {}
        """The first sample of each utterance that is not out yet, and one past its last once that is known."""

    @property
    def quiet(self) -> bool:
        """True once what was said is out of every buffer."""
        return self._silence >= PAUSE

    @property
    def idle(self) -> bool:
        """True while nobody is guided and nothing is said."""
        return self._session.idle

    @property
    def mirrored(self) -> bool:
        """True where the microphone gives what we play, and no room."""
        return self._mirror.shows_us

    def take(self, lost: int, pcm: Samples, loudspeaker: Loudspeaker | None) -> None:
        """Pass on a block of the microphone and what was lost before it."""
        self._heard_at = time.monotonic()
        if lost:
            self._session.gap(lost)
            self._answer(lost, loudspeaker)
        self._session.hear(pcm)
        self._mirror.push(pcm, self._answer(len(pcm), loudspeaker))
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

    def notice(self, name: str) -> None:
        """Have a notice said aloud, as soon as that disturbs nothing."""
        self._session.notice(name)

    def withdraw(self, name: str) -> None:
        """Take back a notice: it is true no more."""
        self._session.withdraw(name)

    def lack(self, devices: Iterable[str]) -> None:
        """Tell the session which devices are lost now, by the names of notices, where that has changed."""
        silent = {"microphone_silent"} if self._zeros >= ZEROS else set()
        if (lost := frozenset(devices) | silent) != self._lost:
            self._lost = lost
            self._session.lack(lost)

    def _count_zeros(self, pcm: Samples) -> None:
        before = self._zeros
        self._zeros = 0 if pcm.any() else before + len(pcm)
        if before < ZEROS <= self._zeros:
            self.tell("the microphone gives nothing but zeros; unmute it, and allow it in the system's settings")
            self.notice("microphone_silent")
        elif before >= ZEROS > self._zeros:
            self.withdraw("microphone_silent")
            self.tell("the microphone gives sound again")

    def _answer(self, count: int, loudspeaker: Loudspeaker | None) -> Samples:
        """Pass on what the session says to so many samples; return the sound of it."""
        self._clock += count
        self._passing.passed(count)
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
        return spoken

    def _report(self, out: int) -> None:
        """Tell the session how much of its utterances has come out, if everything before `out` has."""
        for utterance, (start, end) in list(self._playing.items()):
            reached = out if end is None else min(out, end)
            if reached > start:
                self._session.played(utterance, reached - start)
            if end is not None and out >= end:
                del self._playing[utterance]
