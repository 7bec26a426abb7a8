"""What a microphone's sound tells: how loud the room is, whether it is cut off at the top, how our voice comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_assist.hear.loudness import SILENCE, decibels, powers
from voice_assist.hear.probe import Echo, find
from voice_assist.samples import BLOCK, Samples, samples

SOFT = -80.0
"""dBFS below which a room is softer than any room: the microphone is turned down."""

NOISY, LOUD, QUIET = -35.0, -45.0, -60.0
"""dBFS from which a room is too noisy to be heard in, loud, and less than quiet."""

FLAT, FLATS = 3, 5
"""Samples in a row at the very top, and how many such rows, that a wave does not have unless its top is cut off."""

CUTTABLE = 1_000
"""Peak, of 32767, below which equal samples in a row are no sign: the steps are too coarse."""

ABOVE = 3.0
"""dB that our voice must be above the room for its loudness to be told from it."""


@dataclass(frozen=True)
class Heard:
    """What became of a sound of ours in the microphone."""

    echo: Echo | None
    """Where it was found; None if it was not."""
    loudness: float
    """dBFS of it in the microphone; SILENCE if it was not found."""
    clipped: bool


def levels(pcm: Samples) -> npt.NDArray[np.float64]:
    """Return the loudness of each block in dBFS, as the gate measures it."""
    blocks = pcm[: len(pcm) // BLOCK * BLOCK].reshape(-1, BLOCK)
    return np.array([decibels(power) for power in powers(blocks)])


def noise_of(pcm: Samples) -> float:
    """Return the loudness of a room in dBFS: what half of its blocks are below, so that a single bang is no noise."""
    return float(np.median(levels(pcm))) if len(pcm) >= BLOCK else SILENCE


def clipped(pcm: Samples) -> bool:
    """Tell whether the tops of loud sound are cut off."""
    loud = np.abs(pcm.astype(np.int32))
    top = int(loud.max(initial=0))
    if top < CUTTABLE:
        return False
    edges = np.flatnonzero(np.diff(np.concatenate(([False], loud == top, [False])).astype(np.int8)))
    lengths = edges[1::2] - edges[::2]
    return int(np.count_nonzero(lengths >= FLAT)) >= FLATS


def heard_of(played: Samples, heard: Samples, noise: float) -> Heard:
    """Return what became of a sound in a room of so much noise (dBFS)."""
    echo = find(played, heard)
    if echo is None:
        return Heard(None, SILENCE, clipped(heard))
    late = samples(echo.delay)
    loud = levels(played[: len(heard) - late])
    voiced = loud > loud.max() - 30.0
    power = float((10 ** (levels(heard[late : late + len(loud) * BLOCK])[voiced] / 10)).mean())
    source = float((10 ** (loud[voiced] / 10)).mean())
    left = power - 10 ** (noise / 10)
    if left > power * (1 - 10 ** (-ABOVE / 10)):
        echo = Echo(10.0 * float(np.log10(left / source)), echo.delay)
    return Heard(echo, 10.0 * float(np.log10(source)) + echo.level, clipped(heard))


def in_words(noise: float) -> str:
    """Return a room's loudness in a few plain words."""
    if noise >= NOISY:
        return "very noisy"
    if noise >= LOUD:
        return "loud"
    return "some noise" if noise >= QUIET else "quiet"
