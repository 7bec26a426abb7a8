"""From what an engine wrote to what is played: one rate, no idle ends, every sentence equally loud."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from voice_assist.samples import BLOCK, RATE, Samples, samples, whole_blocks

LOUDNESS = -23.0
"""RMS of the voiced part, in dBFS. Low enough that hardly a sentence is held back by PEAK."""

PEAK = -3.0
"""The highest peak allowed, in dBFS."""

EDGE = samples(0.02)
"""Samples kept before the first sound and after the last, so that no soft consonant is lost."""

_IDLE = -50.0
"""What lies this far under the peak, in dB, is silence at the ends: soft consonants are within 45 dB."""

_VOICED = -30.0
"""Blocks this far under the loudest, in dB, are pauses and do not count for the loudness."""


def master(sound: npt.NDArray[np.float32], rate: int) -> Samples:
    """Return a rendered sentence as it is played: RATE, trimmed, levelled, in whole blocks.

    `sound` is float, -1 to 1, shape (frames, channels), at `rate` samples a second. The result is
    empty if there is no sound in it.
    """
    mono = sound.mean(axis=1)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    peak = float(np.abs(mono).max(initial=0.0))
    # One step of 16 bits: below it there is nothing to hear, only what resampling leaves.
    if peak < 1 / 32768:
        return np.zeros(0, dtype=np.int16)
    heard = np.flatnonzero(np.abs(mono) > peak * _ratio(_IDLE))
    kept = mono[max(0, heard[0] - EDGE) : heard[-1] + 1 + EDGE]
    padded = np.pad(kept, (0, whole_blocks(len(kept)) - len(kept)))
    gain = min(_ratio(LOUDNESS) / _loudness(padded), _ratio(PEAK) / peak)
    pcm: Samples = np.rint(padded * gain * 32768).astype(np.int16)
    return pcm


def _loudness(sound: npt.NDArray[np.float32]) -> float:
    """Return the RMS over the voiced blocks, as a ratio of full scale."""
    powers = np.square(sound.astype(np.float64)).reshape(-1, BLOCK).mean(axis=1)
    return float(np.sqrt(powers[powers > powers.max() * 10 ** (_VOICED / 10)].mean()))


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
