"""How loud sound is where voices are: between 200 and 4000 Hz, without hum, rumble and a microphone's offset."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from voice_assist.samples import BLOCK, RATE, Samples

SILENCE = -90.0
"""dBFS given to digital silence."""

_BAND = slice(200 * BLOCK // RATE, 4000 * BLOCK // RATE + 1)
_WINDOW = np.hanning(BLOCK)
_FULL_SCALE = 20.0 * math.log10(32768.0)


def powers(blocks: Samples) -> npt.NDArray[np.float64]:
    """Return the power in that band of each block of BLOCK samples, as the mean square of int16 samples.

    Blocks lie along the last axis: of one block alone it is a single number.
    """
    spectrum = np.fft.rfft(blocks * _WINDOW)[..., _BAND]
    power: npt.NDArray[np.float64] = np.square(np.abs(spectrum)).sum(axis=-1)
    return 2.0 * power / float(BLOCK * np.square(_WINDOW).sum())


def decibels(power: float) -> float:
    """Return a mean square of int16 samples in dBFS, SILENCE at least."""
    return max(SILENCE, 10.0 * math.log10(max(power, 1e-9)) - _FULL_SCALE)
