"""What lies between a mouth and the recognizer: pace, pillow, room, distance, noise, microphone, codec, level.

Sound in, sound out, in the order in which it happens. What is linear is done in one transform: the spectrum is
multiplied by room and filters, and brought back to more or fewer samples, which makes speech slower or faster.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import fft

from scripts.train_model.corpora import Wave
from scripts.train_model.noise import SPEECH, Noises
from scripts.train_model.store import Segments, Sound
from voice_assist.samples import RATE

CLEAN = 0.2
"""How many utterances stay as they are, but for their level."""

PACE = (0.85, 1.15)
"""How fast speech is made, as a multiple; its pitch moves with it."""
RATIO = (0.0, 25.0)
TALKING_RATIO = (6.0, 25.0)
"""How far noise, and noise that is speech, is below speech in dB."""
FRAME = RATE // 100
"""Samples from one frame of features to the next."""
LEVEL = (-45.0, 0.0)
"""Peak of what is heard, in dB below the largest sample."""

_PACED, _ROOM, _PILLOW, _NOISY, _TINTED = 0.75, 0.5, 0.12, 0.75, 0.4
_CLIPPED, _PHONE, _COMPANDED, _CODED = 0.06, 0.05, 0.04, 0.01
"""How many of the others get each of these."""

_SHORT = 20_000
"""Samples: a recording that is shorter was cut close around a word."""
_ALONE = 0.5
"""How many of those are put where nothing else is said, as words are at night."""

_ROOMS = 96
"""How many rooms are made for one pass."""

Response = npt.NDArray[np.complex64]


@dataclass(frozen=True)
class Scene:
    """What may lie between a mouth and the recognizer."""

    rooms: Sequence[Wave]
    """Responses of rooms; the direct sound is their first sample, 1 in size."""
    noises: Noises


def scene(audio: Path, noises: Noises, rng: np.random.Generator) -> Scene:
    """Return rooms and noises to train with; `audio` is the folder with the measured responses.

    Only those of room A are taken: the others are there to test with.
    """
    measured = [_measured(path) for path in sorted((audio / "rir").glob("roomA_*.wav"))]
    made = [room(rng) for _ in range(_ROOMS)]
    return Scene([*made, *measured * (_ROOMS // (4 * max(1, len(measured))))], noises)


def room(rng: np.random.Generator) -> Wave:
    """Return the response of a made-up room: some early reflections, then noise that fades within 0.1 to 0.8 s.

    High sounds fade faster than low ones, as carpets and curtains have it. The nearer, the weaker is all of it
    against the direct sound: +14 to -3 dB.
    """
    fading = float(np.exp(rng.uniform(np.log(0.1), np.log(0.8))))
    times = np.arange(int(RATE * fading), dtype=np.float32) / RATE
    tail = rng.standard_normal(len(times), dtype=np.float32) * np.exp(-6.9 * times / fading)
    dull = rng.standard_normal(len(times), dtype=np.float32) * np.exp(-6.9 * times / (0.5 * fading))
    tail = _smoothed(tail, 3) + 0.5 * dull
    first = int(RATE * rng.uniform(0.001, 0.012))
    tail[:first] = 0
    for _ in range(int(rng.integers(2, 8))):
        at = int(RATE * rng.uniform(0.001, 0.04))
        if at < len(tail):
            tail[at] += rng.uniform(-1, 1) * 3 * np.exp(-at / (0.02 * RATE))
    ratio = 10 ** (rng.uniform(-3, 14) / 20)
    tail /= ratio * np.sqrt(np.sum(tail**2) + 1e-9)
    tail[0] = 1
    return tail.astype(np.float32)


def augmented(wave: Wave, segments: Segments, scene: Scene, rng: np.random.Generator) -> tuple[Sound, Segments]:
    """Return an utterance as it may be heard, and where its sounds are then."""
    if len(wave) < _SHORT and rng.random() < _ALONE:
        wave, segments = in_silence(wave, segments, rng)
    if rng.random() < CLEAN:
        return at_level(wave, rng.uniform(-30, -1)), segments
    heard = _through(wave, scene, rng)
    segments = in_time(segments, len(wave) / len(heard), frames_of(len(heard)))
    if rng.random() < _NOISY:
        kind, noise = scene.noises.draw(len(heard), rng)
        heard = mixed(heard, noise, rng.uniform(*(TALKING_RATIO if kind in SPEECH else RATIO)))
    return at_level(_through_device(heard, rng), rng.uniform(*LEVEL)), segments


def without_speech(length: int, scene: Scene, rng: np.random.Generator) -> Sound:
    """Return noise alone, of a length in samples."""
    kinds = [kind for kind in scene.noises.clips if kind not in SPEECH]
    noise = scene.noises.of(kinds[int(rng.integers(len(kinds)))], length, rng)
    return at_level(_through_device(noise, rng), rng.uniform(-60, -3))


def in_silence(wave: Wave, segments: Segments, rng: np.random.Generator) -> tuple[Wave, Segments]:
    """Return an utterance with up to half a second of near silence before and after it."""
    before, after = (FRAME * int(rng.integers(5, 50)) for _ in range(2))
    silence = 10 ** rng.uniform(-4.5, -3) * rng.standard_normal(before + len(wave) + after, dtype=np.float32)
    silence[before : before + len(wave)] = wave
    first, end = before // FRAME, frames_of(len(silence))
    moved = segments + np.array([0, first, first, 0], np.int32)
    around = np.array([(0, 0, moved[0, 1], -1), (0, moved[-1, 2], end, -1)], np.int32)
    return silence, joined(np.concatenate([around[:1], moved, around[1:]]))


def joined(segments: Segments) -> Segments:
    """Return segments with silences that follow each other made one."""
    silent = segments[:, 0] == 0
    begins = np.flatnonzero(~(silent & np.roll(silent, 1)) | (np.arange(len(segments)) == 0))
    found = segments[begins]
    found[:, 2] = segments[np.append(begins[1:], len(segments)) - 1, 2]
    return found


def frames_of(samples: int) -> int:
    """Return how many frames of features some samples have."""
    return max(0, 1 + (samples - 400) // FRAME)


def in_time(segments: Segments, pace: float, frames: int) -> Segments:
    """Return segments as they are when speech is `pace` times as fast and has so many frames; none is lost whole."""
    moved = segments.copy()
    moved[:, 1:3] = np.minimum(np.round(segments[:, 1:3] / pace), frames)
    return np.asarray(moved[moved[:, 2] > moved[:, 1]])


def mixed(speech: Wave, noise: Wave, ratio: float) -> Wave:
    """Return speech with noise that is `ratio` dB below its loud parts."""
    loud = _loudness(speech)
    gain = np.sqrt(loud / (float(np.mean(noise * noise)) + 1e-9) * 10 ** (-ratio / 10))
    return speech + np.float32(gain) * noise


def filtered(wave: Wave, response: Wave | None, curve: npt.NDArray[np.float32] | None, pace: float = 1.0) -> Wave:
    """Return a sound through a room and a filter, and faster by `pace`, nearly: the exact pace is the lengths' ratio.

    `curve` is the filter's gain at CURVE.
    """
    tail = 0 if response is None else len(response)
    before, after = _lengths(len(wave) + tail, pace)
    spectrum = fft.rfft(wave, before)
    if response is not None:
        spectrum *= fft.rfft(response, before)
    if curve is not None:
        spectrum *= np.interp(np.arange(len(spectrum)) * (RATE / after), CURVE, curve).astype(np.float32)
    if after != before:
        spectrum = spectrum[: after // 2 + 1] * np.float32(after / before)
    return np.asarray(fft.irfft(spectrum, after)[: round(len(wave) * after / before)])


CURVE = np.geomspace(60, RATE / 2, 48).astype(np.float32)
"""Frequencies (Hz) at which a filter's gain is given."""


def pillow(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return what cloth over mouth or microphone lets through: little above 600 to 2500 Hz, 6 to 24 dB an octave."""
    edge, slope = np.exp(rng.uniform(np.log(600), np.log(2500))), rng.uniform(6, 24)
    return np.asarray(10 ** (-slope / 20 * np.log2(np.maximum(1, CURVE / edge))), dtype=np.float32)


def tint(rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Return what a microphone and a distance make of a spectrum: a slope, a dip or a bump or two, no deep bass."""
    octaves = np.log2(CURVE / 1000)
    gain = rng.uniform(-3, 2) * octaves
    for _ in range(int(rng.integers(0, 3))):
        gain += rng.uniform(-9, 6) * np.exp(-(((octaves - rng.uniform(-2, 3)) / rng.uniform(0.3, 1)) ** 2))
    gain -= 12 * np.log2(np.maximum(1, rng.uniform(40, 250) / CURVE))
    return np.asarray(10 ** (gain.clip(-40, 12) / 20), dtype=np.float32)


def at_level(wave: Wave, decibels: float) -> Sound:
    """Return a sound whose peak is so many dB below the largest sample."""
    scale = 32767 * 10 ** (decibels / 20) / (float(np.abs(wave).max(initial=0)) + 1e-9)
    return np.asarray(np.clip(np.round(wave * np.float32(scale)), -32768, 32767).astype(np.int16))


def companded(wave: Wave) -> Wave:
    """Return a sound as eight bits of the telephone's logarithmic code carry it."""
    peak = float(np.abs(wave).max()) + 1e-9
    code = np.round(127 * np.sign(wave) * np.log1p(255 * np.abs(wave) / peak) / np.log(256))
    return np.asarray(np.sign(code) * np.expm1(np.abs(code) / 127 * np.log(256)) / 255 * peak, dtype=np.float32)


def coded(wave: Wave) -> Wave:
    """Return a sound as Opus keeps it at its lowest rate."""
    peak = float(np.abs(wave).max()) + 1e-9
    file = io.BytesIO()
    soundfile.write(file, wave / peak, RATE, format="OGG", subtype="OPUS", compression_level=1.0)
    file.seek(0)
    return np.asarray(peak * np.resize(soundfile.read(file, dtype="float32")[0], len(wave)), dtype=np.float32)


def _lengths(least: int, pace: float) -> tuple[int, int]:
    """Return two lengths of fast transforms, the first at least `least`, whose ratio is nearly `pace`."""
    start = int(np.searchsorted(_FAST, least))
    before = _FAST[start : start + 1 if pace == 1 else start + 12]
    after = _FAST[np.searchsorted(_FAST, before / pace)]
    best = int(np.abs(np.log(before / after / pace)).argmin())
    return int(before[best]), int(after[best])


_LONGEST = 2**24
_FAST = np.unique(
    [
        length
        for twos in range(25)
        for threes in range(16)
        for fives in range(11)
        if (length := 2**twos * 3**threes * 5**fives) <= _LONGEST
    ]
)
"""Lengths whose only factors are 2, 3 and 5, up to a quarter of an hour of sound."""


def _through(wave: Wave, scene: Scene, rng: np.random.Generator) -> Wave:
    pace = float(rng.uniform(*PACE)) if rng.random() < _PACED else 1.0
    response = scene.rooms[int(rng.integers(len(scene.rooms)))] if rng.random() < _ROOM else None
    curve = tint(rng) if rng.random() < _TINTED else None
    if rng.random() < _PILLOW:
        curve = pillow(rng) * (1 if curve is None else curve)
    if pace == 1 and response is None and curve is None:
        return wave
    return filtered(wave, response, curve, pace)


def _through_device(wave: Wave, rng: np.random.Generator) -> Wave:
    chance = rng.random()
    if chance < _CLIPPED:
        limit = np.float32(np.abs(wave).max() * 10 ** (-rng.uniform(2, 14) / 20))
        return np.asarray(np.clip(wave, -limit, limit))
    if chance < _CLIPPED + _PHONE:
        return filtered(wave, None, _PHONE_BAND)
    if chance < _CLIPPED + _PHONE + _COMPANDED:
        return companded(wave)
    if chance < _CLIPPED + _PHONE + _COMPANDED + _CODED:
        return coded(wave)
    return wave


_PHONE_BAND = np.where((CURVE > 300) & (CURVE < 3500), 1, 0.01).astype(np.float32)  # noqa: PLR2004 - Hz


def _loudness(wave: Wave) -> float:
    """Return the power of the louder parts: pauses say nothing about how loud somebody speaks."""
    whole = wave[: len(wave) // 160 * 160].reshape(-1, 160)
    return float(np.percentile(np.einsum("ij,ij->i", whole, whole) / 160, 85)) + 1e-9


def _smoothed(wave: Wave, width: int) -> Wave:
    return np.asarray(np.convolve(wave, np.ones(width) / width, "same"), dtype=np.float32)


def _measured(path: Path) -> Wave:
    response, rate = soundfile.read(path, dtype="float32")
    if rate != RATE or response.ndim != 1:
        raise ValueError(f"{path}: must be mono at {RATE} samples a second, not {response.ndim} at {rate}")
    start = int(np.abs(response).argmax())
    return np.asarray(response[start:] / response[start])
