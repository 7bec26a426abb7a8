"""The gate decides which sound the recognizer gets: everything that may be a voice, with what came before it.

It saves the processor, and the recognizer's memory, through a quiet night; it does not decide what is speech. A
pained, whispered or screamed voice is unlike what detectors learnt from. So whatever is clearly louder than the room
passes, and what is only a little louder passes if the detector takes it for a voice.
"""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass

import numpy as np

from voice_assist.hear.loudness import decibels, powers
from voice_assist.hear.voice_activity import VoiceActivity
from voice_assist.samples import BLOCK, Samples, samples, silence

PRE_ROLL = samples(1.0) // BLOCK
"""Blocks before the first loud one that are passed too: soft beginnings, and sound for the recognizer to settle in."""

HANG_OVER = samples(1.0)
"""Samples that the gate stays open when nothing is active: people in pain pause for breath."""

LONGEST = samples(20.0)
"""From here on an utterance ends at the next lull, so that noise without end does not fill the recognizer's memory."""

LIMIT = samples(30.0)
"""Here it ends without a lull."""

RAISED = 3.0
"""dB above the room from which the detector is asked. Steady noise wavers by less."""

LOUD = 10.0
"""dB above the room from which sound passes whatever the detector thinks."""

ASKED = samples(0.3)
"""Samples for which the detector is asked on when the sound is down again: it wakes late and weak voices waver."""

LULL = samples(0.1)
"""Samples of quiet at which a long utterance may be cut."""

DIP = 6.0
"""dB above the softest of the last 1.5 s below which a loud sound is the noise between words."""

VOICE = 0.25
"""Probability from which the detector is believed. Low: soft, hoarse voices reach 0.3 to 0.6, fans 0.07 at most."""

FALL = 15.0
"""dB below the loudest of the last half second at which a word is over: vowels differ by less."""

QUIETEST = -75.0
"""dBFS of the quietest room believed in. A muted or gated microphone gives zeros between sounds; measured against them
every hiss would be loud."""


@dataclass(frozen=True)
class Passed:
    """What the gate lets through of one block."""

    pcm: Samples
    """What to feed now, int16 at RATE: empty while shut; the pre-roll before the block when it opens."""
    start: int
    """First sample of `pcm` on the session's clock."""
    opened: bool
    """An utterance may begin: reset the recognizer before feeding `pcm`."""
    closed: bool
    """Nothing more belongs to it: finish the recognizer after feeding `pcm`."""
    quiet: int
    """Samples since a voice was last active; 0 while it is."""
    soft: int
    """Samples since the sound was last nearly as loud as its loudest of late: sooner than `quiet`, less certain."""
    above: float = 0.0
    """dB by which the block is louder than the room."""


class Gate:
    """Takes sound block by block and passes what may be an utterance. The same sound always gives the same."""

    def __init__(self, voice_activity: VoiceActivity) -> None:
        self._detector = voice_activity
        self._clock = 0
        self._opened_at: int | None = None
        self._goes_on = False  # the utterance was cut: its rest follows
        self._broken = False  # samples were lost within it
        self._before: deque[Samples] = deque(maxlen=PRE_ROLL)
        self._powers: deque[float] = deque(maxlen=5)
        self._room = _Softest(parts=24, length=samples(0.5))  # 12 s: no scream is that long
        self._lately = _Softest(parts=5, length=samples(0.3))
        self._unraised = ASKED  # samples since the sound last rose above the room
        self._inactive = HANG_OVER  # samples since something was last worth passing
        self._quiet = HANG_OVER  # samples since a voice was last active
        self._loudest = _Softest(parts=5, length=samples(0.1), first=-QUIETEST)  # of the negated loudness
        self._soft = HANG_OVER
        self._above = 0.0

    @property
    def room(self) -> float | None:
        """How loud the room is by itself where voices are, dBFS; None where there was only silence."""
        softest = self._room.softest
        return softest if softest > QUIETEST else None

    def push(self, block: Samples) -> Passed:
        """Take in the next BLOCK samples."""
        if len(block) != BLOCK:
            raise ValueError(f"a block has {BLOCK} samples, not {len(block)}")
        self._listen(block)
        self._clock += BLOCK
        opened = self._opened_at is None and (self._inactive == 0 or self._goes_on)
        if self._broken:
            return self._break(block)
        if opened:
            pcm = np.concatenate((*self._before, block))
            self._opened_at = self._clock - len(pcm)
            self._goes_on = False
        else:
            pcm = block if self._opened_at is not None else silence(0)
        self._before.append(block)
        return self._passed(pcm, opened=opened, closed=self._closes())

    def gap(self, count: int) -> None:
        """Note that `count` samples were lost: the next block closes an open utterance, what follows is new."""
        self._clock += count
        self._before.clear()
        self._broken = self._opened_at is not None

    def _break(self, block: Samples) -> Passed:
        """Close without the block, which lies behind the gap; it is passed first when the rest opens."""
        self._broken = False
        self._opened_at = None
        self._goes_on = True
        self._before.append(block)
        return self._passed(silence(0), opened=False, closed=True)

    def _passed(self, pcm: Samples, *, opened: bool, closed: bool) -> Passed:
        return Passed(pcm, self._clock - len(pcm), opened, closed, self._quiet, self._soft, self._above)

    def _closes(self) -> bool:
        if self._opened_at is None:
            return False
        length = self._clock - self._opened_at
        ended = self._inactive >= HANG_OVER
        self._goes_on = not ended and (length >= LIMIT or (length >= LONGEST and self._quiet >= LULL))
        if self._goes_on:
            self._before.clear()  # the rest must not hear the same word a second time
        if self._goes_on or ended:
            self._opened_at = None
        return self._opened_at is None

    def _listen(self, block: Samples) -> None:
        """Weigh a block against the room."""
        self._powers.append(float(powers(block)))
        loudness = max(QUIETEST, decibels(statistics.median(self._powers)))
        self._above = above = loudness - self._room.push(loudness)
        dips = loudness - self._lately.push(loudness) < DIP
        newest = max(QUIETEST, decibels(self._powers[-1]))
        self._soft = 0 if newest >= -self._loudest.push(-newest) - FALL else self._soft + BLOCK
        self._unraised = 0 if above >= RAISED else self._unraised + BLOCK
        voice = self._unraised < ASKED and self._detector.push(block) >= VOICE
        self._inactive = 0 if voice or above >= LOUD else self._inactive + BLOCK
        self._quiet = 0 if voice or (above >= LOUD and not dips) else self._quiet + BLOCK


class _Softest:
    """The softest of the last sounds, in dB: minimum statistics. Speech has gaps, so its softest is the room."""

    def __init__(self, parts: int, length: int, first: float = QUIETEST) -> None:
        """Look back over `parts` of `length` samples each."""
        self._length = length
        self._filled = 0
        # Begins in the quietest room: one who speaks at once is heard, and a fan is learnt in time.
        self._parts = deque([first] * parts, maxlen=parts)

    @property
    def softest(self) -> float:
        """The softest of what it looks back over."""
        return min(self._parts)

    def push(self, loudness: float) -> float:
        """Take in the loudness of a block; return the softest, this block included."""
        if self._filled >= self._length:
            self._parts.append(loudness)
            self._filled = 0
        self._filled += BLOCK
        self._parts[-1] = min(self._parts[-1], loudness)
        return self.softest
