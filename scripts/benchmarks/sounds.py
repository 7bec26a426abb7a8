"""What the person and the room sound like: synthetic voices, shared recordings, levels and ends."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Iterator
from csv import DictReader
from functools import lru_cache
from itertools import count
from pathlib import Path

import numpy as np

from scripts.benchmarks.figures import SkippedError
from voice_assist.devices.edge import FULL_SCALE, to_int16
from voice_assist.samples import BLOCK, Samples, samples, silence
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.testing import at_level, powers, recorded, voiced_blocks, voiced_level

VOICES = ("en-gb-x-rp", "en-029+f4", "en-gb-x-gbclan+m7", "en-us+f5")
"""Voices of the synthetic persons: none is the assistant's own, and our model was trained on none of them."""

ROOM = -60.0
"""RMS of a quiet room in dBFS: it is not digital silence."""

SPEED = 165
"""Words a minute of the synthetic persons: brisker than the assistant."""

WORD_OVER, WORD_GAP = -20.0, 5
"""A word in a recorded room is over where it has been so many dB under its loudest block for so many blocks."""

SEED = 1
"""Draws the sentences that are read."""

_SILENT = 1e-12

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED") or Path(__file__).resolve().parents[3] / "shared")


def shared_audio(folder: str) -> list[Path]:
    """Return the recordings in a folder of the shared audio, in order. Raises SkippedError where there are none."""
    root = SHARED / "audio" / folder
    found = sorted(path for path in root.rglob("*") if path.suffix in {".opus", ".flac", ".wav"})
    if not found:
        raise SkippedError(f"no recordings of shared audio/{folder}; name their folder in VOICE_ASSIST_SHARED")
    return found


@lru_cache(maxsize=64)
def load(path: Path) -> Samples:
    """Return a whole recording."""
    return recorded(path)


def sentences(count: int, longest: float) -> list[tuple[str, Samples]]:
    """Return sentences that people read, each of so many seconds at most, trimmed, as loud as a person near by.

    They are always the same ones. Raises SkippedError where there are none.
    """
    shared_audio("speech")
    with (SHARED / "audio" / "speech" / "SEGMENTS.tsv").open(encoding="utf-8", newline="") as file:
        read = [row for row in DictReader(file, delimiter="\t") if float(row["end"]) - float(row["start"]) < longest]
    drawn = random.Random(SEED).sample(read, min(count, len(read)))  # noqa: S311 - nothing secret
    cuts = ((row, slice(samples(float(row["start"])), samples(float(row["end"])))) for row in drawn)
    return [(row["text"].lower(), at_level(trimmed(load(SHARED / "audio" / row["file"])[cut]))) for row, cut in cuts]


@lru_cache(maxsize=16)
def spoken(voice: str, phrases: tuple[str, ...]) -> dict[str, Samples]:
    """Return phrases as one person says them, trimmed, as loud as a person near by."""
    rendered = Pyttsx3Renderer().render_all(phrases, voice, SPEED)
    return {text: at_level(trimmed(pcm)) for text, pcm in rendered}


def trimmed(pcm: Samples) -> Samples:
    """Return sound from its first voiced block to the end of its last."""
    voiced = voiced_blocks(pcm)
    return pcm[voiced[0] * BLOCK : (voiced[-1] + 1) * BLOCK] if len(voiced) else pcm[:0]


def word_end(pcm: Samples) -> int:
    """Return the sample at which a single word in a hissing or rustling recording is over: early rather than late.

    It is where the loudest sound has fallen by WORD_OVER dB for WORD_GAP blocks; what comes later is the room.
    """
    power = powers(pcm)
    loudest = int(power.argmax())
    loud = power >= power[loudest] * 10 ** (WORD_OVER / 10)
    end = loudest
    for block in range(loudest, len(power)):
        if loud[block]:
            end = block
        elif block - end >= WORD_GAP:
            break
    return (end + 1) * BLOCK


def surrounded(pcm: Samples, before: float, after: float) -> Samples:
    """Return sound with seconds of silence around it."""
    return np.concatenate((silence(samples(before)), pcm, silence(samples(after))))


def hiss(decibels: float, length: int) -> Samples:
    """Return white noise of an RMS in dBFS, the same every time."""
    return to_int16(np.random.default_rng(1).normal(0.0, 10 ** (decibels / 20), length).astype(np.float32))


def noisy(pcm: Samples, noise: Samples, ratio: float) -> Samples:
    """Return sound with noise over its whole length, `ratio` dB under the level of its voice.

    The noise is repeated as needed. Its level is the mean over what is used, so the blows of
    intermittent noise lie above it.
    """
    looped = np.resize(noise, len(pcm)).astype(np.float64)
    power = float(np.square(looped / FULL_SCALE).mean())
    if power <= _SILENT:
        raise ValueError("noise that is silent has no level")
    factor = 10 ** ((voiced_level(pcm) - ratio) / 20) / power**0.5
    return to_int16(((pcm + looped * factor) / FULL_SCALE).astype(np.float32))


def noises(paths: Iterable[Path], length: int) -> Iterator[tuple[str, Samples]]:
    """Yield pieces of noise for ever, from every recording in turn, with the name of its recording.

    A recording that is longer than a piece gives its next piece the next time.
    """
    turns = list(paths)
    for turn in count():
        path = turns[turn % len(turns)]
        sound = load(path)
        start = (turn // len(turns)) * length % max(1, len(sound) - length)
        piece = sound[start : start + length]
        if len(voiced_blocks(piece)):
            yield f"{path.parent.name}/{path.stem}", piece
