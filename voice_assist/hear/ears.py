"""What a session hears with, before there are words: our own voice is taken out, and silence kept away.

canceller ─▶ gate        and of what the recognizer makes of it: own words out
"""

from __future__ import annotations

from dataclasses import replace

from voice_assist.events import Hypothesis
from voice_assist.hear.barge_in import LEAST_IN_ALL, BargeIn
from voice_assist.hear.canceller import EchoCanceller
from voice_assist.hear.echo import OwnVoice
from voice_assist.hear.echo_meter import EchoMeter, level
from voice_assist.hear.gate import Gate, Passed
from voice_assist.hear.voice_activity import VoiceActivity
from voice_assist.samples import Samples

OURS = 3
"""Times the words that are left must be fewer than those that were heard for all to be ours: "stop" before a number
that we count is somebody's, and so it is before two words."""


class Ears:
    """From a block of the microphone to sound for the recognizer, and from its hypothesis to what a person said."""

    def __init__(self, voice_activity: VoiceActivity, canceller: EchoCanceller) -> None:
        self._gate = Gate(voice_activity)
        self._canceller = canceller
        self.own = OwnVoice()
        self.echo = EchoMeter()
        self.over_us = BargeIn()

    @property
    def others(self) -> bool:
        """True where it is known that somebody else speaks over our voice."""
        return self.echo.present and self._canceller.others is True

    @property
    def noise(self) -> float | None:
        """How loud the room is now, dBFS; None where nothing was ever heard of it."""
        return self._gate.room

    def gap(self, count: int) -> None:
        """Take note that samples were lost."""
        self._gate.gap(count)

    def push(self, block: Samples, playing: Samples, now: int) -> Passed:
        """Take in a block and what we played meanwhile; return what of it is for the recognizer.

        `over_us` then knows whether somebody else was in it.
        """
        self.echo.push(playing, level(block))
        cancelled = self._canceller.cancel(block, playing, self.echo.lag)
        # Where nothing of us is heard a canceller can only take from the person, and all that is heard is theirs.
        passed = self._gate.push(cancelled if self.echo.present else block)
        if self._canceller.others if self.echo.present else playing.any() and not passed.quiet:
            self.over_us.heard(now)
        return passed

    def order(self, heard: Hypothesis, now: int) -> Hypothesis:
        """Return what was heard in the few words that are said over our voice, without our own."""
        return self.own.removed_from(heard, now, self.echo.late)

    def without_us(self, heard: Hypothesis, now: int) -> Hypothesis:
        """Return a hypothesis without our own words, marked if more of it may be ours, and if it is said over us."""
        if heard.typed:
            return heard
        heard = replace(heard, over_us=self.over_us.lasts(now))
        if not self.echo.present:
            return heard
        lag = self.echo.late
        whole, heard = heard, self.own.removed_from(heard, now, lag)
        # What is left of a line of ours may be sound before it: "why" of "Does the leg feel hot?".
        over = self.own.over(heard, now, lag) or len(heard.words) * OURS < len(whole.words)
        if over and self._canceller.others is not None:
            # It can tell: either nobody else was there, or they are believed as ever.
            if self.over_us.is_word(now, LEAST_IN_ALL):
                return replace(heard, rivals=())
            return replace(heard, text="", words=(), rivals=(), echo=True)
        return replace(heard, echo=over, rivals=())
