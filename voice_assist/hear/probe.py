"""Is a sound of ours in what the microphone hears, how loud and how late? Told by a matched filter, below the noise.

A segment of half a second is compared with what was heard up to half a second later. Segments are added by their
power, so that the drift of two sound cards' clocks, which shifts a segment against the next, takes nothing away. Each
is whitened by what was heard: a hum, a fan or a passing car then weighs no more than it should.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_assist.samples import RATE, Samples, samples, seconds

SEGMENT = 8192
"""Samples of a segment: 0.5 s. Two clocks that differ by 100 parts in a million drift less than a sample in it."""

LATEST = SEGMENT
"""Samples by which the sound may be late."""

SIZE = SEGMENT + LATEST

SURE = 6.0
"""Standard deviations from which a peak is no chance: of 8000 delays that are looked at, one in a hundred thousand
checks of a room without a loudspeaker finds one."""

BEFORE, AFTER = samples(0.002), samples(0.1)
"""Samples before the peak and after it that belong to the sound: what the room adds to it."""

BAND = (300.0, 5000.0)
"""Hz of the probe: what small loudspeakers and microphones pass. Below is hum, above the air takes it."""

_SPECTRUM = np.fft.rfftfreq(SIZE, 1 / RATE)
_PASSED = np.clip(_SPECTRUM, *BAND) == _SPECTRUM

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Echo:
    """A sound of ours, found in what was heard."""

    level: float
    """dB of it in the microphone against what we played, in the band of BAND."""
    delay: float
    """Seconds by which it was heard late."""


def noise_like(count: int, level: float) -> Samples:
    """Return `count` samples of a soft rush, the same every time, at a level in dBFS (RMS)."""
    white = np.random.default_rng(20).standard_normal(count)
    spectrum = np.fft.rfft(white)
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(frequencies < BAND[0]) | (frequencies > BAND[1])] = 0.0
    rush = np.fft.irfft(spectrum, count)
    # A rush that begins and ends at once is a click.
    edge = min(samples(0.05), count // 2)
    fade = np.sin(np.linspace(0.0, math.pi / 2, edge)) ** 2
    rush[:edge] *= fade
    rush[count - edge :] *= fade[::-1]
    scale = 32768 * 10 ** (level / 20) / float(np.sqrt(np.square(rush).mean()))
    return np.rint(np.clip(rush * scale, -32767, 32767)).astype(np.int16)


def find(played: Samples, heard: Samples) -> Echo | None:
    """Return where what was played is in what was heard from the same sample on; None where it is not to be found.

    What is heard after the end of what was played may be in it, too.
    """
    pairs = _pairs(played, heard)
    if not pairs:
        return None
    spectra = [(np.fft.rfft(one, SIZE), np.fft.rfft(other, SIZE)) for one, other in pairs]
    floor = np.mean([np.square(np.abs(other)) for _, other in spectra], axis=0)
    likeness = np.zeros(LATEST)
    for one, other in spectra:
        # Where nothing at all was heard there is nothing to weigh.
        whitened = _correlation(one * _PASSED, np.divide(other, floor, out=np.zeros_like(other), where=floor > 0))
        power = float(np.square(whitened).mean())
        likeness += np.square(whitened) / power if power else 0.0
    peak = int(np.argmax(likeness))
    if likeness[peak] / max(float(likeness.mean()), 1e-9) < _threshold(len(pairs)):
        return None
    return Echo(_level(spectra, peak), seconds(peak))


def _pairs(played: Samples, heard: Samples) -> list[tuple[Floats, Floats]]:
    """Return the segments in which something was played, each with what was heard from its start on."""
    full = np.pad(heard.astype(np.float64), (0, max(0, len(played) + LATEST - len(heard))))
    starts = range(0, len(played) - SEGMENT + 1, SEGMENT)
    parts = [(played[at : at + SEGMENT].astype(np.float64), full[at : at + SIZE]) for at in starts]
    loudest = max((float(np.square(one).mean()) for one, _ in parts), default=0.0)
    return [(one, other) for one, other in parts if float(np.square(one).mean()) > 0.01 * loudest and other.any()]


def _correlation(one: npt.NDArray[np.complex128], other: npt.NDArray[np.complex128]) -> Floats:
    """Return the correlation at every delay from 0 to LATEST."""
    both: Floats = np.fft.irfft(np.conj(one) * other, SIZE)[:LATEST]
    return both


def _threshold(segments: int) -> float:
    """Return the peak, in means, that chance does not reach: of a chi-square, after Wilson and Hilferty."""
    spread = 2.0 / (9.0 * segments)
    return (1.0 - spread + SURE * math.sqrt(spread)) ** 3


def _level(spectra: list[tuple[npt.NDArray[np.complex128], npt.NDArray[np.complex128]]], peak: int) -> float:
    """Return the gain in dB of the path that `peak` belongs to, all of its response within AFTER."""
    response = np.zeros(LATEST)
    for one, other in spectra:
        inside = one * _PASSED
        energy = np.square(np.abs(inside))
        # Of a voice: frequencies that it lacks tell nothing, and are not divided by.
        bare = energy < 0.01 * energy.max()
        transfer = np.divide(np.conj(inside) * other, energy, out=np.zeros_like(other), where=~bare)
        share = np.count_nonzero(~bare) / SIZE * 2
        response += np.square(np.fft.irfft(transfer, SIZE)[:LATEST]) / max(share, 1e-9) / len(spectra)
    kept = np.zeros(LATEST, dtype=bool)
    kept[max(0, peak - BEFORE) : peak + AFTER] = True
    noise = float(response[~kept].mean())
    power = float(response[kept].sum()) - noise * np.count_nonzero(kept)
    return 10.0 * math.log10(max(power, float(response[peak]), 1e-12))
