"""A session on the line: what goes in, what comes out, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from voice_assist.clocks import elapsed
from voice_assist.devices.edge import OnAction, Overhearing, Passing, SpokenSession
from voice_assist.devices.mirror import Mirror
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.events import Said, Say, Trouble
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds

PAUSE = samples(0.3)
"""Silence in samples after which a sentence has left the loudspeaker, however slow it is."""

ZEROS = samples(10.0)
"""Nothing but zeros for so many samples is no room, however quiet: the microphone is muted, or the system does not let
us hear it (macOS gives zeros to whoever was not allowed)."""


AWAY_S = 30.0
"""Seconds without a turn of ours after which nothing goes on where it stood. A busy machine makes us stand still for a
few, and they are made up for; for so long it was suspended, and nobody waits for the next sentence."""


class Line:
    """A session on the line, sample for sample."""

    def __init__(
        self,
        session: SpokenSession,
        on_action: OnAction,
        passing: Passing,
        time: Callable[[], float] = elapsed,
        overhearing: Overhearing | None = None,
    ) -> None:
        """Take who hears and speaks, who is told what happens and what goes by, and a clock that counts seconds.

        `overhearing` is given the microphone's sound, too.
        """
        self._session, self._on_action, self._passing = session, on_action, passing
        self._time, self._overhearing = time, overhearing
        self._clock = 0
        self._heard_at = time()
        """When what the session has heard or lost so far was over, by that clock."""
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
        self._come_back()
        self._heard_at = self._time()
        # So much can be lost only while we stand still, and then it is counted.
        if 0 < lost < samples(AWAY_S):
            self._session.gap(lost)
            self._answer(lost, loudspeaker)
        self._session.hear(pcm)
        spoken = self._answer(len(pcm), loudspeaker)
        self._mirror.push(pcm, spoken)
        if self._overhearing is not None:
            self._overhearing.heard(pcm, spoken)
        self._count_zeros(pcm)

    def lose_time(self, loudspeaker: Loudspeaker | None) -> None:
        """Tell the session that time has passed without a microphone."""
        self._come_back()
        count = int((self._time() - self._heard_at) * RATE)
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

    def _come_back(self) -> None:
        """Where we did not run for long, let the session know, and drop what it would have gone on to say."""
        away_s = self._time() - self._heard_at
        if away_s < AWAY_S:
            return
        count = int(away_s * RATE) // BLOCK * BLOCK
        self._heard_at += seconds(count)
        self._session.absent(count)
        self._clock += count
        self._passing.passed(count)
        self._session.gap(BLOCK)
        self._answer(BLOCK, None)
        self.tell(f"nothing was heard for {away_s / 60:.1f} minutes: the machine was asleep, or stood still")

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
