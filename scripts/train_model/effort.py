"""What pain, fear and sleep do to words, as far as signal processing can: sound in, sound out.

The voices of machines speak calmly. Whoever is woken by a cramp cries, gasps, whispers so as to wake nobody, or speaks
through clenched teeth. Nothing here was learned from people in pain: there are no recordings of them. The length may
change, so sounds are aligned with what comes out. Every function takes and returns samples at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import fft

from scripts.train_model.augment import CURVE, filtered
from scripts.train_model.corpora import Wave
from voice_assist.samples import RATE

_TWICE = 0.3
"""How many of those that get an effect get a second one."""

_FRAME, _HOP = 512, 128
_GRAIN, _STEP, _SEARCH = 640, 320, 160
"""Samples of the two kinds of pieces that sound is cut into: to take it to spectra, and to make it longer."""


def strained(wave: Wave, rng: np.random.Generator) -> Wave:
    """Return speech with one or two of the effects."""
    times = 2 if rng.random() < _TWICE else 1
    for number in rng.choice(len(_EFFECTS), size=times, replace=False, p=_CHANCES):
        wave = _EFFECTS[number][0](wave, rng)
    return wave


def trembling(wave: Wave, rate: float, depth: float, sway: float) -> Wave:
    """Return a shaking voice: its loudness varies `rate` times a second by `depth` (0 to 1), its pitch by `sway`.

    `sway` is a share of the pitch: 0.05 is not quite a semitone. The length stays.
    """
    times = np.arange(len(wave), dtype=np.float32)
    turn = np.float32(2 * np.pi * rate / RATE)
    moved = times + np.float32(sway) / turn * np.sin(turn * times)
    shaken = np.interp(moved, times, wave) * (1 - depth * (0.5 + 0.5 * np.sin(turn * times + 1)))
    return np.asarray(shaken, dtype=np.float32)


def drawn_out(wave: Wave, factor: float, most: int) -> Wave:
    """Return speech whose loudest vowels, `most` of them, are `factor` times as long: "my caaalf"."""
    found = []
    at = 0
    for start, end in sorted(_vowels(wave)[:most]):
        found += [wave[at:start], stretched(wave[start:end], factor)]
        at = end
    return np.concatenate([*found, wave[at:]])


def stretched(wave: Wave, factor: float) -> Wave:
    """Return sound `factor` times as long at the same pitch.

    Pieces that overlap by half are laid side by side at another pace, each where it goes on best from the one before.
    """
    if len(wave) < 2 * _GRAIN + _SEARCH:
        return wave
    window = np.hanning(_GRAIN + 1)[:-1].astype(np.float32)
    length = round(len(wave) * factor)
    padded = np.pad(wave, (_SEARCH, _GRAIN + _SEARCH + _STEP))
    found = np.zeros(length + 2 * _GRAIN, np.float32)
    found[:_STEP] = wave[:_STEP] * window[_STEP:]
    best = _SEARCH
    found[:_GRAIN] += padded[best : best + _GRAIN] * window
    for place in range(_STEP, length, _STEP):
        wanted = padded[best + _STEP : best + _STEP + _GRAIN]
        near = min(_SEARCH + round(place / factor), len(padded) - _GRAIN - _SEARCH - _STEP)
        around = padded[near - _SEARCH : near + _SEARCH + _GRAIN]
        alike = np.correlate(around, wanted, "valid")
        best = near - _SEARCH + int(alike.argmax())
        found[place : place + _GRAIN] += padded[best : best + _GRAIN] * window
    return found[:length]


def shouted(wave: Wave, brightness: float, drive: float) -> Wave:
    """Return a shout: high sounds are louder, by `brightness` dB an octave around 1 kHz, and the loudest parts flatten.

    `drive` is how far they are beyond what a throat does without strain: 1 is hardly.
    """
    octaves = np.clip(np.log2(CURVE / 500), 0, 3)
    bright = filtered(wave, None, np.asarray(10 ** (brightness * octaves / 20), dtype=np.float32))
    return np.asarray(np.tanh(drive * bright / _peak(bright)) * _peak(wave), dtype=np.float32)


def whispered(wave: Wave, rng: np.random.Generator, voice: float = 0.0) -> Wave:
    """Return a whisper: the shape of every spectrum is kept, and breath is what sounds; a share of `voice` is left.

    Without a voice there is little below 400 Hz.
    """
    spectra = _spectra(wave)
    shape = _smooth(np.abs(spectra))
    breath = _spectra(rng.standard_normal(len(wave), dtype=np.float32))
    hertz = np.arange(spectra.shape[1]) * RATE / _FRAME
    thin = (hertz / 400).clip(0.05, 1) * np.sqrt((hertz / 1500).clip(0.4, 1.8))
    sound = _sound(breath / (_smooth(np.abs(breath)) + 1e-9) * shape * thin.astype(np.float32), len(wave))
    sound *= np.float32(_strength(wave) / (_strength(sound) + 1e-9))
    return np.asarray((1 - voice) * sound + voice * wave, dtype=np.float32)


def clenched(wave: Wave, edge: float, nasal: float) -> Wave:
    """Return speech through closed teeth: little above `edge` Hz, and `nasal` dB of the nose's hum around 280 Hz."""
    octaves = np.log2(CURVE / 1000)
    gain = -14 * np.log2(np.maximum(1, CURVE / edge)).clip(0, 2.5)
    gain += nasal * np.exp(-((np.log2(CURVE / 280) / 0.5) ** 2)) - 8 * np.exp(-((octaves / 0.35) ** 2))
    return filtered(wave, None, np.asarray(10 ** (gain / 20), dtype=np.float32))


def sobbing(wave: Wave, gaps: int, rng: np.random.Generator) -> Wave:
    """Return speech broken off `gaps` times for 60 to 250 ms, as by a sob, where it is quietest."""
    power = _power(wave)
    inside = np.arange(len(power) // 8, len(power) - len(power) // 8)
    if not len(inside):
        return wave
    order = inside[np.argsort(power[inside] * rng.uniform(0.3, 1, len(inside)))]
    found = []
    at = 0
    for place in sorted(order[:gaps] * _HOP):
        rest = np.zeros(int(rng.uniform(0.06, 0.25) * RATE), np.float32)
        found += [_faded(wave[at:place]), rest]
        at = place
    return np.concatenate([*found, _faded(wave[at:])])


def breathing(wave: Wave, rng: np.random.Generator) -> Wave:
    """Return speech with a gasp before it, a sigh after it, or both: 0.2 to 0.8 s, 12 to 30 dB below the speech."""
    where = rng.integers(1, 4)
    before = _breath(_peak(wave), rng) if where & 1 else wave[:0]
    after = _breath(_peak(wave), rng) if where & 2 else wave[:0]
    return np.concatenate([before, wave, after])


def drowsy(wave: Wave, factor: float) -> Wave:
    """Return somebody hardly awake: `factor` times as long, and dull."""
    octaves = np.maximum(0, np.log2(CURVE / 1200))
    return filtered(stretched(wave, factor), None, np.asarray(10 ** (-4 * octaves / 20), dtype=np.float32))


Effect = Callable[[Wave, np.random.Generator], Wave]

_EFFECTS: Sequence[tuple[Effect, float]] = (
    (lambda wave, rng: trembling(wave, rng.uniform(4, 12), rng.uniform(0.2, 0.8), rng.uniform(0.01, 0.06)), 3.0),
    (lambda wave, rng: drawn_out(wave, rng.uniform(1.4, 3.0), int(rng.integers(1, 4))), 3.0),
    (lambda wave, rng: shouted(wave, rng.uniform(2, 6), rng.uniform(1.5, 6)), 3.0),
    (whispered, 2.0),
    (lambda wave, rng: whispered(wave, rng, voice=rng.uniform(0.2, 0.7)), 1.5),
    (lambda wave, rng: clenched(wave, rng.uniform(1000, 2500), rng.uniform(3, 9)), 2.5),
    (lambda wave, rng: sobbing(wave, int(rng.integers(1, 4)), rng), 1.5),
    (breathing, 2.5),
    (lambda wave, rng: drowsy(wave, rng.uniform(1.15, 1.5)), 1.5),
)
_CHANCES = np.array([weight for _, weight in _EFFECTS]) / sum(weight for _, weight in _EFFECTS)


def _vowels(wave: Wave) -> list[tuple[int, int]]:
    """Return where the loud voiced stretches are, in samples, the loudest first."""
    smooth = filtered(wave, None, np.asarray(np.minimum(1, 1200 / CURVE), dtype=np.float32))
    power = _power(smooth)
    loud = np.pad(power > 0.15 * np.percentile(power, 95), 1)
    edges = np.flatnonzero(np.diff(loud.astype(int)))
    stretches = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start >= _SHORTEST]
    stretches.sort(key=lambda stretch: -float(power[stretch[0] : stretch[1]].mean()))
    return [_core(start, end) for start, end in stretches]


_SHORTEST, _LONGEST = 10, 22
"""Hops that a vowel has: 80 to 180 ms. A longer stretch holds more than one sound, and only its middle is drawn out."""


def _core(start: int, end: int) -> tuple[int, int]:
    spare = max(0, end - start - _LONGEST) // 2
    return (start + spare) * _HOP, (end - spare) * _HOP


def _power(wave: Wave) -> Wave:
    """Return the power of each piece of _HOP samples."""
    whole = wave[: len(wave) // _HOP * _HOP].reshape(-1, _HOP)
    return np.asarray(np.einsum("ij,ij->i", whole, whole) / _HOP)


def _breath(loud: float, rng: np.random.Generator) -> Wave:
    length = int(rng.uniform(0.2, 0.8) * RATE)
    curve = np.exp(-((np.log2(CURVE / rng.uniform(700, 2000)) / rng.uniform(0.8, 1.6)) ** 2)).astype(np.float32)
    sound = filtered(rng.standard_normal(length, dtype=np.float32), None, curve)
    rise = rng.uniform(0.2, 0.8)
    sound *= np.interp(np.linspace(0, 1, length), [0, rise, 1], [0, 1, 0]).astype(np.float32)
    rest = np.zeros(int(rng.uniform(0.0, 0.2) * RATE), np.float32)
    return np.concatenate([rest, sound * np.float32(loud * 10 ** (-rng.uniform(12, 30) / 20) / _peak(sound)), rest])


def _spectra(wave: Wave) -> npt.NDArray[np.complex64]:
    padded = np.pad(wave, (_FRAME, _FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    return np.asarray(fft.rfft(frames * _WINDOW))


def _sound(spectra: npt.NDArray[np.complex64], length: int) -> Wave:
    frames = fft.irfft(spectra, _FRAME) * _WINDOW
    found = np.zeros((len(frames) + _FRAME // _HOP) * _HOP, np.float32)
    for number in range(_FRAME // _HOP):
        part = np.ascontiguousarray(frames[:, number * _HOP : (number + 1) * _HOP]).reshape(-1)
        found[number * _HOP : number * _HOP + len(part)] += part
    return found[_FRAME : _FRAME + length] * np.float32(2 * _HOP / (0.75 * _FRAME))


_WINDOW = np.hanning(_FRAME + 1)[:-1].astype(np.float32)


def _smooth(sizes: Wave) -> Wave:
    """Return spectra without their harmonics: the mean of 12 bins, 370 Hz."""
    width = 12
    sums = np.cumsum(np.pad(sizes, ((0, 0), (width // 2 + 1, width - width // 2 - 1)), mode="edge"), axis=1)
    return np.asarray((sums[:, width:] - sums[:, :-width])[:, : sizes.shape[1]] / width)


def _faded(wave: Wave) -> Wave:
    """Return sound that begins and ends within 5 ms rather than at once."""
    length = min(len(wave) // 2, 80)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    found = wave.copy()
    found[:length] *= ramp
    if length:
        found[-length:] *= ramp[::-1]
    return found


def _peak(wave: Wave) -> float:
    return float(np.abs(wave).max(initial=0)) + 1e-9


def _strength(wave: Wave) -> float:
    return float(np.sqrt(np.mean(wave * wave))) + 1e-9
