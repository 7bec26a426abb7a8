"""The nightly check: while nobody speaks, a rush too soft to wake anybody is played, and looked for in what is heard.

It begins below the room's noise and is raised only where it is not found. A voice ends it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from voice_assist.hear.probe import LATEST, SEGMENT, Echo, find, noise_like
from voice_assist.samples import BLOCK, Samples, samples, silence, whole_blocks

LENGTH = 12 * SEGMENT
"""Samples of a probe: six seconds, which find it some 20 dB below the noise."""

QUIET = samples(30.0)
"""Samples of quiet before a probe; doubled each time that somebody speaks into one."""

LONGEST_QUIET = samples(3600.0)

ASK = samples(1.0)
"""Samples between two looks at whether it is time."""

LEVELS = (-70.0, -62.0, -54.0, -46.0)
"""dBFS (RMS) of the probes, one after another; the night's voice is at -35."""


@dataclass(frozen=True)
class Probed:
    """What came of it."""

    echo: Echo | None
    """None where no probe was found."""
    mute: bool
    """True where the microphone gave nothing but zeros."""
    level: float
    """dBFS of the last probe."""


class SelfCheck(Protocol):
    """What may play something of its own while nobody speaks."""

    def block(self, heard: Samples | None, playing: Samples, *, free: bool) -> Samples:
        """Take in the block heard (None if it was lost), and return what is to be played: `playing`, or a probe.

        `free` is False while anything is said or anybody speaks, in an alarm's silence, and in quiet hours.
        """
        ...


class NoCheck:
    """Plays nothing."""

    def block(self, heard: Samples | None, playing: Samples, *, free: bool) -> Samples:
        """See `SelfCheck.block`."""
        del heard, free
        return playing


class QuietCheck:
    """Plays and looks for probes when it is time. Its clock is the samples; what day it is, `due` knows."""

    def __init__(
        self, due: Callable[[], bool], told: Callable[[Probed], None], levels: Sequence[float] = LEVELS
    ) -> None:
        """Take what tells whether it is time, and who is told what came of it."""
        self._due, self._told, self._levels = due, told, tuple(levels)
        self._quiet, self._needed = 0, QUIET
        self._turn = 0
        self._probe = silence(0)
        self._played = 0
        self._heard: list[Samples] = []

    @property
    def probing(self) -> bool:
        """True while a probe is played or listened for."""
        return len(self._probe) > 0

    def block(self, heard: Samples | None, playing: Samples, *, free: bool) -> Samples:
        """See `SelfCheck.block`."""
        if not free or heard is None:
            if self.probing:
                self._interrupted()
            self._quiet = 0
            return playing
        self._quiet += BLOCK
        if not self.probing:
            if self._quiet >= self._needed and self._quiet % ASK == 0 and self._due():
                self._begin()
            return playing
        # What is played now is heard in the next block at the earliest.
        if self._played:
            self._heard.append(heard)
        if self._played >= len(self._probe) + LATEST:
            self._over()
            return playing
        out = self._probe[self._played : self._played + BLOCK]
        self._played += BLOCK
        return np.concatenate((out, silence(BLOCK - len(out))))

    def _begin(self) -> None:
        self._probe = noise_like(whole_blocks(LENGTH), self._levels[self._turn])
        self._played, self._heard = 0, []

    def _found(self) -> Echo | None:
        heard = np.concatenate(self._heard) if self._heard else silence(0)
        return find(self._probe[: min(len(self._probe), len(heard))], heard)

    def _over(self) -> None:
        mute = not any(part.any() for part in self._heard)
        echo = self._found()
        if echo is None and not mute and self._turn + 1 < len(self._levels):
            self._turn += 1
            self._begin()
            return
        self._end(Probed(echo, mute, self._levels[self._turn]))

    def _interrupted(self) -> None:
        """Fall silent; what was heard so far may be enough."""
        echo = self._found()
        if echo is not None:
            self._end(Probed(echo, mute=False, level=self._levels[self._turn]))
            return
        self._probe = silence(0)
        self._needed = min(2 * self._needed, LONGEST_QUIET)

    def _end(self, probed: Probed) -> None:
        self._probe = silence(0)
        self._turn, self._quiet, self._needed = 0, 0, QUIET
        self._told(probed)
