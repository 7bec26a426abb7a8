"""Which microphone hears best: judged by what each of them heard while the person said anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from voice_assist.samples import BLOCK, Samples

FULL_SCALE = 32_768
CUT = 32_700
"""From here on a sample counts as cut off at the top."""

MOST_CUT = 0.002
"""Share of a microphone's loud samples that may be cut off: more is clipping, and words are lost in it."""

HEARD = 10.0
"""dB of speech over a microphone's own noise from which on it has heard somebody."""

QUIET_SHARE, LOUD_SHARE = 0.2, 0.95
"""Shares of the blocks, by loudness, that stand for the noise and for the speech: people pause while they talk, and
the loudest blocks are knocks."""


@dataclass(frozen=True)
class Hearing:
    """How well a microphone heard."""

    speech: float
    """dBFS of the loud blocks; minus infinity where it gave nothing but zeros."""
    noise: float
    """dBFS of the quiet blocks."""
    clipped: bool

    @property
    def over_noise(self) -> float:
        """Return how many dB the speech is over the microphone's own noise."""
        return self.speech - self.noise if np.isfinite(self.speech) else 0.0


def judged(sound: Samples) -> Hearing:
    """Judge what a microphone heard: mono int16 at RATE, a block at least, speech and pauses in it."""
    whole = sound[: len(sound) // BLOCK * BLOCK].astype(np.float64).reshape(-1, BLOCK)
    if not whole.any():
        return Hearing(-np.inf, -np.inf, clipped=False)
    # A floor of one step: a microphone that is switched off between words is not infinitely quiet.
    power = np.maximum(np.square(whole).mean(axis=1), 1.0) / FULL_SCALE**2
    noise, speech = (10 * np.log10(np.quantile(power, share)) for share in (QUIET_SHARE, LOUD_SHARE))
    loud = np.abs(whole[power >= np.quantile(power, LOUD_SHARE)])
    return Hearing(float(speech), float(noise), clipped=bool((loud >= CUT).mean() > MOST_CUT))


NEARLY = 3.0
"""dB by which another must hear better to be taken in the place of an earlier one: systems list a device twice."""


def best(recordings: Mapping[str, Samples]) -> str | None:
    """Return the name of the microphone that heard the person best, of equal ones the first; None where none heard."""
    heard = {name: judged(sound) for name, sound in recordings.items() if len(sound) >= BLOCK}
    heard = {name: one for name, one in heard.items() if one.over_noise >= HEARD}
    # One that is cut off loses words: it is chosen where no other heard anybody.
    whole = {name: one for name, one in heard.items() if not one.clipped} or heard
    most = max((one.over_noise for one in whole.values()), default=0.0)
    return next((name for name, one in whole.items() if one.over_noise >= most - NEARLY), None)
