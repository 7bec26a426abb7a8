"""What else is heard: recorded noise, noise of any colour, music, other people's talk; in clips to draw from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import fft

from scripts.train_model.corpora import Wave
from voice_assist.samples import RATE

Part = Literal["train", "test"]
Kind = Literal["recorded", "coloured", "music", "sleeper", "babble", "talk"]

SHARES: dict[Kind, float] = {
    "recorded": 0.46,
    "coloured": 0.13,
    "music": 0.14,
    "sleeper": 0.05,
    "babble": 0.12,
    "talk": 0.10,
}
"""How often each kind of noise is under speech."""

SPEECH: frozenset[Kind] = frozenset({"babble", "talk"})
"""Noise that is speech itself: never as loud as the one who is to be heard, and no noise without speech."""

_CLIP = 10 * RATE
EACH = 40
"""Samples of a clip that is made, and how many of each kind a pass has."""

_HELD_OUT = {"pv_kitchen": 1, "moodist": 3}
_USUALLY = 5
"""Every how many recordings of a folder one is for testing: all of the first, every third of the second (they are
few), every fifth of the others."""


def noise_files(part: Part, noise: Path) -> tuple[Path, ...]:
    """Return the recordings of noise that are there to train or to test with, in a fixed order.

    `noise` is the folder of noises. A recording that is of the same source as one to test with is in neither part:
    `5-203128-A` and `5-203128-B` are two clips of one.
    """
    found: list[Path] = []
    for folder in sorted({path.parent for path in noise.rglob("*") if path.is_file()}):
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        every = _HELD_OUT.get(folder.name, _USUALLY)
        tested = paths[::every]
        sources = {_source(path) for path in tested}
        found += tested if part == "test" else [path for path in paths if _source(path) not in sources]
    return tuple(found)


def _source(path: Path) -> str:
    name, _, take = path.stem.rpartition("-")
    return name if name and len(take) == 1 else path.stem


@dataclass(frozen=True)
class Noises:
    """Clips of every kind of noise."""

    clips: dict[Kind, Sequence[Wave]]

    def draw(self, length: int, rng: np.random.Generator) -> tuple[Kind, Wave]:
        """Return some noise of a length in samples, and of which kind it is."""
        kinds = list(self.clips)
        shares = np.array([SHARES[kind] for kind in kinds])
        kind = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        return kind, self.of(kind, length, rng)

    def of(self, kind: Kind, length: int, rng: np.random.Generator) -> Wave:
        """Return some noise of one kind: a piece of a clip, which begins anew where it is too short."""
        clips = self.clips[kind]
        clip = clips[int(rng.integers(len(clips)))]
        start = int(rng.integers(len(clip)))
        if start + length <= len(clip):
            return clip[start : start + length]
        return np.resize(np.concatenate([clip[start:], clip[:start]]), length)


def gather(noise: Path, speech: Sequence[Wave], rng: np.random.Generator, each: int = EACH) -> Noises:
    """Return noise to train with: recordings of the folder `noise`, and clips made here, of `speech` too.

    `each` says how many of each kind are made.
    """
    recorded = [_loaded(path) for path in noise_files("train", noise)]
    clips: dict[Kind, Sequence[Wave]] = {
        "recorded": [clip for clip in recorded if len(clip)],
        "coloured": [coloured(_CLIP, rng) for _ in range(each)],
        "music": [music(_CLIP, rng) for _ in range(each)],
        "sleeper": [sleeper(_CLIP, rng) for _ in range(each)],
    }
    if speech:
        clips["babble"] = [babble(speech, int(rng.integers(3, 8)), rng) for _ in range(each)]
        clips["talk"] = [babble(speech, 1, rng) for _ in range(each)]
    return Noises({kind: found for kind, found in clips.items() if found})


def coloured(length: int, rng: np.random.Generator) -> Wave:
    """Return noise whose spectrum falls by 0 to 9 dB an octave: a fan, a street far away; half of it hums too."""
    spectrum = fft.rfft(rng.standard_normal(length, dtype=np.float32))
    place = np.maximum(np.arange(len(spectrum), dtype=np.float32), 20 * length / RATE)
    sound = _at_level(fft.irfft(spectrum * place ** -rng.uniform(0, 1.5), length))
    if rng.random() < 0.5:  # noqa: PLR2004 - see above
        times = np.arange(length, dtype=np.float32) / RATE
        hum = rng.choice([50.0, 60.0])
        sound = sound + sum(
            rng.uniform(0, 1) / number * np.sin(2 * np.pi * hum * number * times) for number in (1, 2, 3, 5, 7)
        )
    return _at_level(sound)


def music(length: int, rng: np.random.Generator) -> Wave:
    """Return something like music: a bass, chords or broken chords, a beat, in a key and at a pace of its own."""
    key, beat = rng.uniform(110, 220), int(RATE * rng.uniform(0.25, 0.7))
    broken, drum = rng.random() < 0.5, rng.uniform(0, 0.8) * (rng.random() < 0.6)  # noqa: PLR2004
    partials = np.arange(1, 9, dtype=np.float32)
    timbre = partials ** -rng.uniform(0.6, 2.0) * rng.uniform(0.2, 1, len(partials))
    times = np.arange(beat * 2, dtype=np.float32) / RATE
    fading = np.exp(-rng.uniform(0.5, 6) * times) * np.minimum(1, 200 * times)
    click = rng.standard_normal(beat // 2, dtype=np.float32) * np.exp(-np.arange(beat // 2) / (0.02 * RATE))
    roots = rng.choice(_ROOTS, size=1 + length // (4 * beat))
    sound = np.zeros(length + 4 * beat, np.float32)
    for number, start in enumerate(range(0, length, beat)):
        root = roots[number // 4]
        chord = np.array([root - 12, root, root + rng.choice([3, 4]), root + 7])
        steps = chord[[0, 1 + number % 3]] if broken else chord
        pitches = (key * 2.0 ** (steps / 12)).astype(np.float32)
        for pitch in pitches:
            tones = np.sin(2 * np.pi * pitch * partials[:, None] * times)
            sound[start : start + 2 * beat] += (timbre @ tones) * fading
        sound[start : start + len(click)] += np.float32(drum) * click
    return _at_level(sound[:length])


_ROOTS = (0, 5, 7, 9, 2)
"""Steps of the chords that follow each other."""


def sleeper(length: int, rng: np.random.Generator) -> Wave:
    """Return somebody asleep beside: a breath in every 2.5 to 5 s, snored as a rule, and a softer one out.

    A snore is a rattle of 25 to 90 a second that throat and nose colour.
    """
    period, depth = int(RATE * rng.uniform(2.5, 5)), rng.uniform(0, 1.5) * (rng.random() < 0.8)  # noqa: PLR2004
    rattle, sharp = rng.uniform(25, 90), rng.uniform(2, 12)
    low, high = rng.uniform(150, 500), rng.uniform(700, 2200)
    sound = np.zeros(length + period, np.float32)
    for start in range(0, length, period):
        breath = int(period * rng.uniform(0.25, 0.45))
        times = np.arange(breath, dtype=np.float32) / RATE
        swell = np.hanning(breath).astype(np.float32) ** rng.uniform(0.4, 1)
        turn = 2 * np.pi * rattle * (times + 0.03 * np.sin(2 * np.pi * rng.uniform(2, 5) * times))
        pulses = np.exp(sharp * (np.cos(turn) - 1)) * rng.standard_normal(breath, dtype=np.float32)
        rush = rng.standard_normal(breath, dtype=np.float32)
        sound[start : start + breath] += swell * (depth * _coloured_by(pulses, low, high) + 0.15 * rush)
        out = start + int(period * 0.5)
        sound[out : out + breath] += 0.1 * swell * rng.standard_normal(breath, dtype=np.float32)
    return _at_level(sound[:length])


def _coloured_by(wave: Wave, *resonances: float) -> Wave:
    """Return sound that is loudest around some frequencies in Hz."""
    spectrum = fft.rfft(wave)
    hertz = np.fft.rfftfreq(len(wave), 1 / RATE).astype(np.float32)
    gain = sum(1 / (1 + ((hertz - peak) / (0.25 * peak)) ** 2) for peak in resonances)
    return _at_level(fft.irfft(spectrum * gain, len(wave)))


def babble(speech: Sequence[Wave], voices: int, rng: np.random.Generator) -> Wave:
    """Return ten seconds of some voices at once: one is a television, several are a room."""
    found = np.zeros(_CLIP, np.float32)
    for _ in range(voices):
        at = 0
        while at < _CLIP:
            said = speech[int(rng.integers(len(speech)))][: _CLIP - at]
            found[at : at + len(said)] += _at_level(said)
            at += len(said) + int(rng.uniform(0, 0.3) * RATE)
    return _at_level(found)


@cache
def _loaded(path: Path) -> Wave:
    sound, rate = soundfile.read(path, dtype="float32")
    if rate != RATE or sound.ndim != 1:
        raise ValueError(f"{path}: must be mono at {RATE} samples a second, not {sound.ndim} at {rate}")
    return np.asarray(sound) if np.abs(sound).max(initial=0) > _SILENT else np.zeros(0, np.float32)


_SILENT = 1e-3


def _at_level(sound: npt.NDArray[np.float32] | npt.NDArray[np.float64]) -> Wave:
    power = float(np.mean(np.square(sound)))
    return np.asarray(sound / np.sqrt(power + 1e-12), dtype=np.float32)
