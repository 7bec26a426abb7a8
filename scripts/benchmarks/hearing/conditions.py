"""Where an utterance is heard: in quiet, in noise, in another room, from far away, under a pillow. Always the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import SkippedError
from voice_assist.devices.edge import FULL_SCALE, to_int16
from voice_assist.samples import RATE, Samples, samples
from voice_assist.testing import NEAR, amplified, at_level, response_of

LEAD, TAIL = 1.0, 1.4
"""Seconds of the surroundings before an utterance and after it."""

RATIOS = (12.0, 6.0, 0.0)
"""dB of the voice over the noise: its voiced blocks against the mean of the noise."""

CLEAN = "clean"

FAR = -46.0
"""RMS of a voice from the other end of a room, in dBFS: 20 dB softer than at arm's length, 14 over the room's hiss."""

PILLOW_HERTZ, PILLOW_SOFTER = 700.0, 12.0
"""From where a pillow takes 12 dB an octave, and how much softer the whole is, in dB."""

PIECES = 48
"""Pieces of noise; an utterance takes one by its number."""

_TEST_EVERY = {"moodist": 3, "pv_kitchen": 1}
"""Of the sorted recordings of these folders every so many are for tests only; of others every fifth."""
_TEST_EVERY_OTHER = 5

_ROOMS_FOR_TRAINING = "roomA"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Condition:
    """Surroundings with a name."""

    name: str
    put: Callable[[Samples, int], Samples]
    """Takes an utterance's sound and number; returns it in its surroundings, LEAD before it and TAIL after it."""
    noise: float | None = None
    """dB of the voice over noise; None where no noise is but the room's hiss."""

    @property
    def plain(self) -> bool:
        """Whether it is one of the steps from clean to loud noise, which have bars."""
        return self.noise is not None or self.name == CLEAN


def conditions() -> list[Condition]:
    """Return all conditions. Raises SkippedError where the shared recordings are not here."""
    pieces = list(islice(sounds.noises(held_out_noise(), samples(LEAD + TAIL + 5.0)), PIECES))
    rooms = [response(path) for path in held_out_rooms()]
    return [
        Condition(CLEAN, lambda sound, _: hissing(sound)),
        *(Condition(f"{ratio:g} dB", _with_noise([piece for _, piece in pieces], ratio), ratio) for ratio in RATIOS),
        Condition("room", lambda sound, number: hissing(_in_room(sound, rooms[number % len(rooms)]))),
        Condition("far away", lambda sound, number: hissing(_far(sound, rooms[number % len(rooms)]))),
        Condition("pillow", lambda sound, _: hissing(_under_pillow(sound))),
    ]


def held_out_noise() -> list[Path]:
    """Return the recordings of noise that no model of ours was trained or tuned on."""
    by_folder: defaultdict[Path, list[Path]] = defaultdict(list)
    for path in sounds.shared_audio("noise"):
        by_folder[path.parent].append(path)
    kept: list[Path] = []
    for folder, paths in by_folder.items():
        kept += paths[:: _TEST_EVERY.get(folder.name, _TEST_EVERY_OTHER)]
    # In turn from each folder, so that a few are of every kind.
    return sorted(kept, key=lambda path: (by_folder[path.parent].index(path), path))


def held_out_rooms() -> list[Path]:
    """Return the measured responses of rooms that nothing was trained in."""
    found = [path for path in sounds.shared_audio("rir") if not path.name.startswith(_ROOMS_FOR_TRAINING)]
    if not found:
        raise SkippedError("rooms: shared audio/rir holds only those that were trained in")
    return found


def end_of(sound: Samples) -> int:
    """Return the sample at which an utterance of this sound is over, in its surroundings."""
    return samples(LEAD) + len(sound)


def _with_noise(pieces: list[Samples], ratio: float) -> Callable[[Samples, int], Samples]:
    return lambda sound, number: sounds.noisy(sounds.surrounded(sound, LEAD, TAIL), pieces[number % len(pieces)], ratio)


def hissing(sound: Samples) -> Samples:
    """Return sound in a quiet room, which is not digital silence."""
    around = sounds.surrounded(sound, LEAD, TAIL).astype(np.float64)
    return to_int16(((around + sounds.hiss(sounds.ROOM, len(around))) / FULL_SCALE).astype(np.float32))


@lru_cache(maxsize=8)
def response(path: Path) -> Floats:
    """Return a room's response from its direct sound on, which has the height 1."""
    return response_of(sounds.load(path))


def _in_room(sound: Samples, response: Floats, level: float = NEAR) -> Samples:
    """Return sound as long as it was, with a room's echoes; those after its end lie in what follows it."""
    size = len(sound) + len(response) - 1
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    echoed = np.fft.irfft(spectrum, size)[: len(sound) + samples(TAIL / 2)]
    loudest = max(1.0, float(np.abs(echoed).max()))
    return at_level(to_int16((echoed / (2 * loudest)).astype(np.float32)), level)


def _far(sound: Samples, response: Floats) -> Samples:
    """Return sound from far away: four fifths of the direct sound are lost to the echoes, and it is soft."""
    away = response.copy()
    away[: samples(0.002)] *= 0.2
    return _in_room(sound, away, FAR)


def _under_pillow(sound: Samples) -> Samples:
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    passes = 1 / np.sqrt(1 + (frequencies / PILLOW_HERTZ) ** 4)
    muffled = np.fft.irfft(np.fft.rfft(sound) * passes, len(sound))
    return amplified(to_int16((muffled / FULL_SCALE).astype(np.float32)), -PILLOW_SOFTER)
