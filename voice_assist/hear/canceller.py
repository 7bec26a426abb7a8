"""Our own voice taken out of the microphone's sound, pitch by pitch.

What we play is known. How loud it comes back at each pitch is learnt, and as much is taken away from what is heard
there; where somebody speaks louder than that, they are left. Only loudness is compared, never the wave: so it is
right from the second word on, and two devices whose clocks drift apart do not disturb it.

Libraries made for it were measured first, over "stop" at the loudness of our own voice: a suppressor (WebRTC's AEC3)
takes the short word away with us, and filters of the wave (Speex, a Kalman filter) take ten seconds to learn a room
and learn nothing from clocks that drift by 100 millionths. Of 27 words 10 were understood behind the first, 2 without
anything, 20 behind this.

A help, never a guarantee: `hear.echo` knows what we say, and `hear.echo_meter` tells whether any of it is left.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voice_assist.hear.echo_meter import LATEST
from voice_assist.samples import BLOCK, Samples, samples

LINGERS = samples(1.0)
"""How long after our last sound an echo of it may still come: both devices' buffers and a large room."""

TAKEN = 8.0
"""How many times the power that is expected of us is taken away: a room's echo wavers by about so much. Of 120 "stop"
at -6 dB by voices to tune on a recognizer then heard 116 with 2, 115 with 4, all with 6 to 16."""

LEFT = 0.05
"""The least that is left of a pitch, as a factor: total silence between pitches sounds like no voice at all."""

AUDIBLE = 1e-6
"""Power of ours at a pitch, full scale being 1, from which something can be learnt of its echo."""

FADES = 0.75
"""What a room keeps of an echo's power from block to block: 60 dB in about a second."""

FIRST = 20
"""Blocks in which a pitch of ours sounded, from which its echo is learnt in leaps; then slowly: others may speak."""

REMEMBERED = samples(0.8) // BLOCK
"""Blocks heard that are learnt from once it is known how late our voice comes: most of a first short line."""

LEAP, RISE, FALL = 0.9, 0.1, 0.01
"""How much of the way, in dB, what is expected goes towards what is heard, block by block."""

FARTHEST = 2.0
"""Times the expected power (natural logarithm: 8.7 dB) beyond which what is heard is somebody else: it is learnt from
as if it were so much."""

WARY = 0.05
"""The same as RISE while somebody else seems to speak: slow, and never nothing, for a loudspeaker that was moved."""

STANDS_OUT, ABOVE_ROOM = 10.0, 16.0
"""Times the power expected of us, and that of the room's noise, from which a pitch is somebody else's: both waver."""

SMOOTH = 0.2
"""How much of the power smoothed over time is the newest block."""

OTHERS = 0.03
"""Share of all pitches that must stand out for somebody else to be heard: a hiss of "s" fills a third of them."""

ROOM_RISES = 1.01
"""Factor by which the room's noise is believed to grow in a block: 4 dB in a second."""

_Powers = npt.NDArray[np.float64]
_WINDOW = np.sqrt(np.hanning(2 * BLOCK + 1)[: 2 * BLOCK])


class EchoCanceller(Protocol):
    """Takes what we play out of what is heard."""

    others: bool | None
    """Whether somebody else was in the block that was heard last; None where it cannot tell."""

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        """Return a block without our own voice, given the block that was played at the same time.

        `lag` is how late our voice is heard, in samples; None while that is not known.
        """
        ...


class NoCanceller:
    """Leaves all as it is heard: for headphones, and for typing."""

    others: bool | None = None

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        """Return what was heard."""
        del played, lag
        return heard


class EchoMask:
    """See the module. What it returns is one block late while it works; it rests where nothing is played."""

    def __init__(self) -> None:
        self._left = 0
        self._heard = self._rest = np.zeros(BLOCK)
        self._played = np.zeros(BLOCK)
        pitches = BLOCK + 1
        self._sent = np.zeros((LATEST + REMEMBERED + 4, pitches))
        """Power that we played at each pitch, the newest block first."""
        self._before: deque[_Powers] | None = deque(maxlen=REMEMBERED)
        """Power heard at each pitch, the newest block last; None once it was learnt from."""
        self._learnt = np.zeros(pitches, dtype=np.int64)
        self._room = np.full(pitches, 1.0)
        """Power of the room's noise at each pitch: it falls at once and rises slowly."""
        self._smooth = np.ones(pitches)
        self.others: bool | None = None
        self._ringing = np.zeros(pitches)
        self._echo = np.full(pitches, AUDIBLE)
        """Power heard for each power that was played."""

    def cancel(self, heard: Samples, played: Samples, lag: int | None) -> Samples:
        """See `EchoCanceller.cancel`."""
        if played.any():
            self._left = LINGERS
        if self._left <= 0:
            self.others = None
            return heard
        self._left -= len(heard)
        self._send(played)
        now = heard / 32768.0
        spectrum = np.fft.rfft(_WINDOW * np.concatenate((self._heard, now)))
        self._heard = now
        power = np.square(np.abs(spectrum))
        if lag is None:
            if self._before is not None:
                self._before.append(power)
            return heard
        # What a device reports may be later than anything that is remembered.
        late = min(lag // BLOCK, LATEST)
        if self._before is not None:
            self._remember(self._before, late)
            self._before = None
        self._smooth += SMOOTH * (power - self._smooth)
        self._room = np.minimum(ROOM_RISES * self._room, self._smooth)
        wanted = np.fft.irfft(spectrum * self._mask(power, late)) * _WINDOW
        whole, self._rest = self._rest + wanted[:BLOCK], wanted[BLOCK:]
        return np.clip(32768.0 * whole, -32768, 32767).astype(np.int16)

    def _send(self, played: Samples) -> None:
        now = played / 32768.0
        power = np.square(np.abs(np.fft.rfft(_WINDOW * np.concatenate((self._played, now)))))
        self._played = now
        self._sent = np.concatenate((power[np.newaxis], self._sent[:-1]))

    def _remember(self, before: deque[_Powers], late: int) -> None:
        """Learn from what was heard before it was known how late our voice comes."""
        for ago, heard in zip(range(len(before), 0, -1), before, strict=True):
            self._expect(heard, late + ago)

    def _mask(self, heard: _Powers, late: int) -> _Powers:
        """Return what is left of each pitch, as a factor."""
        expected = self._expect(heard, late)
        out = (heard > STANDS_OUT * expected) & (heard > ABOVE_ROOM * self._room)
        # Before the room is learnt, everybody stands out.
        learnt = np.median(self._learnt) >= FIRST
        self.others = bool(np.count_nonzero(out) >= OTHERS * len(out)) if learnt else None
        share = TAKEN * expected / np.maximum(heard, 1e-12)
        mask: _Powers = np.sqrt(np.maximum(LEFT**2, 1.0 - share))
        return mask

    def _expect(self, heard: _Powers, late: int) -> _Powers:
        """Return the power that is expected of us at each pitch, having learnt from what is heard."""
        # Two blocks earlier and later: a room blurs the lag, and clocks drift.
        direct = self._sent[max(0, late - 2) : late + 3].max(axis=0)
        direct = np.maximum(direct, np.maximum(np.roll(direct, 1), np.roll(direct, -1)))
        self._ringing = np.maximum(direct, FADES * self._ringing)
        audible = self._ringing > AUDIBLE
        if audible.any():
            self._learn(heard, audible)
        return self._echo * self._ringing

    def _learn(self, heard: _Powers, audible: npt.NDArray[np.bool_]) -> None:
        new = audible & (self._learnt < FIRST)
        old = audible & ~new
        # The room's noise is heard besides: taken for an echo of our faintest sounds, it makes all of us seem loud, for
        # many seconds, and "stop" over our second or third line goes unnoticed. It is not known at first.
        meant = self._echo * self._ringing + np.where(new, 0.0, self._room)
        apart = np.log(np.maximum(heard, 1e-12) / np.maximum(meant, 1e-12))
        self._learnt[new] += 1
        self._echo[new] *= np.exp(LEAP * np.maximum(apart[new], 0.0))
        near = np.clip(apart[old], -FARTHEST, FARTHEST)
        rise = WARY if self.others else RISE
        self._echo[old] *= np.exp(np.where(near > 0, rise, FALL) * near)
        if new.any():
            # Pitches that were not heard yet are expected to be like the others.
            unheard = self._learnt == 0
            self._echo[unheard] = np.median(self._echo[~unheard])
