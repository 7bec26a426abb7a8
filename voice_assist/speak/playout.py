"""What is to be played, as sound on the session's clock: no device, no thread, no time but samples."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from voice_assist.samples import BLOCK, RATE, Samples, samples

FADE = samples(0.005)
"""Samples from `hush()` to silence: long enough not to click, short enough to lie within one block."""

RAMP = 60.0 / RATE
"""How fast the gain moves, in dB a sample: 6 dB take 0.1 s, too slow to click, too quick to wait for."""

CEILING = 32767 * 10 ** (-1 / 20)
"""The loudest sample that leaves here: -1 dBFS, because a device that resamples overshoots a little."""


@dataclass(frozen=True)
class Started:
    """An utterance began to sound."""

    utterance: int
    at: int
    """Its first sample."""


@dataclass(frozen=True)
class Ended:
    """An utterance ceased to sound."""

    utterance: int
    at: int
    """One past its last sample."""
    cut: bool
    """True if it was hushed."""


@dataclass(frozen=True)
class _Cue:
    utterance: int
    pcm: Samples
    start: int
    most: float
    """The largest factor that keeps its peak under the ceiling."""
    cut: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.pcm)


class Playout:
    """The queue of utterances, read out in lockstep with the session's clock.

    It answers at once: what is said when nothing sounds begins with the very next sample. How the
    sound is cut into blocks changes neither a sample nor an event.
    """

    def __init__(self, now: int = 0, gain: float = 0.0) -> None:
        """Begin at sample `now`, with the gain, in dB, already reached."""
        self._now = now
        self._queue: deque[_Cue] = deque()
        self._ramp = (now, gain, gain)
        """Where the gain's last ramp began, in samples, and from which dB to which."""

    @property
    def now(self) -> int:
        """The sample that is played next; as many have been played."""
        return self._now

    @property
    def end(self) -> int:
        """The sample at which all that is queued will have been played; `now` if nothing is."""
        return self._queue[-1].end if self._queue else self._now

    @property
    def busy(self) -> bool:
        """Whether something sounds or waits to."""
        return bool(self._queue)

    @property
    def current(self) -> int | None:
        """The utterance that sounds: its first sample has been played and its last has not."""
        return self._queue[0].utterance if self._queue and self._queue[0].start < self._now else None

    @property
    def gain(self) -> float:
        """The gain that is reached when the ramp ends, in dB."""
        return self._ramp[2]

    def set_gain(self, db: float) -> None:
        """Move the gain to `db` without a click. Loud utterances get no more than the ceiling allows."""
        if not math.isfinite(db):
            raise ValueError(f"a gain of {db} dB cannot be played; hush() gives silence")
        here = float(self._decibels(self._now, self._now + 1)[0])
        self._ramp = (self._now, here, db)

    def say(self, utterance: int, pcm: Samples, at: int = 0) -> int:
        """Queue an utterance and return the sample at which it begins.

        That is `at`, or the end of what is queued, or now: whichever is latest. Raises ValueError
        if it holds no sample.
        """
        if not len(pcm):
            raise ValueError(f"utterance {utterance} holds no sound")
        peak = int(np.abs(pcm.astype(np.int32)).max())
        start = max(at, self.end)
        self._queue.append(_Cue(utterance, pcm, start, most=CEILING / max(peak, 1)))
        return start

    def hush(self) -> list[int]:
        """Fade out what sounds, within FADE samples, and drop what waits; return what never began.

        What sounds is reported as Ended, cut, by the play that holds the end of its fade. What is
        said afterwards begins when the fade is over.
        """
        sounding = self._queue.popleft() if self.current is not None else None
        dropped = [cue.utterance for cue in self._queue]
        self._queue.clear()
        if sounding:
            self._queue.append(sounding if sounding.cut else self._faded(sounding))
        return dropped

    def skip(self, count: int) -> list[Started | Ended]:
        """Let `count` samples go by unplayed; return what they cut off. What waited is dropped, as `hush` does."""
        cut: list[Started | Ended] = [
            Ended(cue.utterance, self._now, cut=True) for cue in self._queue if cue.start < self._now
        ]
        self._queue.clear()
        self._now += count
        return cut

    def block(self) -> tuple[Samples, list[Started | Ended]]:
        """Return the next BLOCK samples, and what began and ended in them."""
        return self.play(BLOCK)

    def play(self, count: int) -> tuple[Samples, list[Started | Ended]]:
        """Return the next `count` samples, and what began and ended in them, in order."""
        first, last = self._now, self._now + count
        pcm = np.zeros(count, dtype=np.int16)
        marks: list[Started | Ended] = []
        while self._queue and self._queue[0].start < last:
            cue = self._queue[0]
            begin, stop = max(first, cue.start), min(last, cue.end)
            if begin == cue.start:
                marks.append(Started(cue.utterance, cue.start))
            factor = np.minimum(10 ** (self._decibels(begin, stop) / 20), cue.most)
            pcm[begin - first : stop - first] = np.rint(cue.pcm[begin - cue.start : stop - cue.start] * factor)
            if cue.end > last:
                break
            marks.append(Ended(cue.utterance, cue.end, cue.cut))
            self._queue.popleft()
        self._now = last
        return pcm, marks

    def _faded(self, cue: _Cue) -> _Cue:
        played = self._now - cue.start
        pcm = cue.pcm[: played + FADE].copy()
        count = len(pcm) - played
        pcm[played:] = np.rint(pcm[played:] * (1 - np.arange(1, count + 1) / count))
        return replace(cue, pcm=pcm, cut=True)

    def _decibels(self, begin: int, stop: int) -> npt.NDArray[np.float64]:
        """Return the gain of each sample; a function of its time alone, so that blocks do not matter."""
        since, origin, target = self._ramp
        way = np.minimum((np.arange(begin, stop) - since) * RAMP, abs(target - origin))
        decibels: npt.NDArray[np.float64] = origin + np.copysign(way, target - origin)
        return decibels
