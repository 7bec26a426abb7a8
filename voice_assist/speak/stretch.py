"""Makes speech last longer or shorter without a change of pitch: for rates and lengths that an engine does not give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voice_assist.samples import Samples, samples

FRAME = samples(0.03)
"""Samples of one piece: two or three periods of a voice."""

HOP = FRAME // 2
"""From one piece to the next in what comes out: where two of them overlap, their windows add up to one."""

SEEK = samples(0.01)
"""How far a piece may lie beside its place, so that it goes on from the one before it: a period of a low voice."""


def stretched(pcm: Samples, length: int) -> Samples:
    """Return a sound that lasts `length` samples, at least one, by overlap-add of similar pieces (WSOLA)."""
    if len(pcm) == length:
        return pcm
    source = np.pad(pcm.astype(np.float64), (HOP + SEEK, 2 * FRAME + SEEK))
    window = np.hanning(FRAME + 1)[:FRAME]
    # One piece begins before the sound, so that its first samples, too, are covered twice.
    out = np.zeros(HOP + length + FRAME)
    speed = len(pcm) / length
    begin = HOP + SEEK
    for at in range(-HOP, length, HOP):
        place = HOP + SEEK + round(at * speed) if at >= 0 else SEEK
        begin = place + _offset(source, place, begin + HOP) if at > 0 else place
        out[HOP + at : HOP + at + FRAME] += window * source[begin : begin + FRAME]
    result: Samples = np.clip(np.rint(out[HOP : HOP + length]), -32768, 32767).astype(np.int16)
    return result


def _offset(source: npt.NDArray[np.float64], place: int, wanted: int) -> int:
    """Return how far from `place` the piece begins that is most like the one at `wanted`."""
    around = source[place - SEEK : place + SEEK + FRAME]
    alike = np.correlate(around, source[wanted : wanted + FRAME], mode="valid")
    powers = np.convolve(np.square(around), np.ones(FRAME), mode="valid")
    return int(np.argmax(alike / np.sqrt(np.maximum(powers, 1.0)))) - SEEK
