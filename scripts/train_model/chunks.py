"""Utterances cut into chunks of a second and a half, and put together into batches that a network learns from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from scripts.train_model.network import STEP, Shape
from scripts.train_model.objective import Paths
from scripts.train_model.store import Example, Features, Segments
from voice_assist.models.phones import SOUNDS

SILENCE, GARBAGE = SOUNDS.index("SIL"), SOUNDS.index("SPN")

LONGEST = 50
"""Frames of 30 ms in a chunk."""
TOLERANCE = 2
"""How many frames of 30 ms a phone may be away from where the alignment has it."""
ALIKE = 10
"""Chunks whose lengths agree to so many frames come into one batch."""

Run = tuple[int, int, int]
"""A sound, its first frame, and the frame after its last."""


@dataclass(frozen=True)
class Chunk:
    """A part of an utterance, as the network sees it."""

    features: Features
    """Of the whole utterance."""
    start: int
    """The frame of 10 ms that the first score is about."""
    targets: npt.NDArray[np.int64]
    """[frames of 30 ms]: 2 · sound where it begins, 2 · sound + 1 where it goes on."""
    phones: npt.NDArray[np.int64]
    """[phones, 3]: pair of scores, first frame in which it may be, frame after the last."""


@dataclass(frozen=True)
class Batch:
    """Chunks side by side."""

    features: Tensor
    """[chunks, frames of 10 ms with context, 40]."""
    targets: Tensor
    """[chunks, frames of 30 ms], -1 behind the end of a chunk."""
    frames: Tensor
    """[chunks]: how many frames of 30 ms count."""
    paths: Paths

    def to(self, device: torch.device) -> Batch:
        """Return the same on a device."""
        paths = Paths(*(part.to(device) for part in vars(self.paths).values()))
        return Batch(self.features.to(device), self.targets.to(device), self.frames.to(device), paths)


def with_garbage(segments: Segments, share: float, random: Random) -> list[Run]:
    """Return the sounds of an utterance, in frames of 10 ms, with a share of its words made one garbage sound each."""
    runs: list[Run] = []
    spoilt: dict[int, bool] = {}
    last = -1
    for sound, start, end, word in segments.tolist():
        if word >= 0 and spoilt.setdefault(word, random.random() < share):
            begin = runs.pop()[1] if word == last else start
            runs.append((GARBAGE, begin, end))
        else:
            runs.append((sound, start, end))
        last = word
    return runs


def tiled(runs: Iterable[Run], offset: int, count: int) -> list[Run]:
    """Return sounds in `count` frames of 30 ms, the first of them about the frame `offset` of 10 ms, without gaps.

    Whatever is no silence has one frame at least, as long as there are frames left. What is before the first sound
    and after the last is silence.
    """
    found: list[Run] = []
    free = 0
    for sound, start, end in runs:
        first = max(round((start - offset) / STEP), free)
        last = min(max(round((end - offset) / STEP), first + (sound != SILENCE)), count)
        if last <= first:
            continue
        if first > free:
            # The sound before lasts until this one begins.
            found.append((*found.pop()[:2], first) if found else (SILENCE, 0, first))
        if found and found[-1][0] == sound == SILENCE:
            found[-1] = (SILENCE, found[-1][1], last)
        else:
            found.append((sound, first, last))
        free = last
    if free < count:
        begin = found.pop()[1] if found and found[-1][0] == SILENCE else free
        found.append((SILENCE, begin, count))
    return found


def cut(example: Example, shape: Shape, garbage: float, random: Random) -> Iterator[Chunk]:
    """Yield the chunks of an utterance, which begins at one of three frames by chance."""
    offset = random.randrange(STEP)
    count = math.ceil((len(example.features) - offset) / STEP)
    if count <= 0:
        return
    runs = tiled(with_garbage(example.segments, garbage, random), offset, count)
    pairs = shape.pairs()
    targets = np.empty(count, np.int64)
    for sound, first, end in runs:
        targets[first:end] = 2 * sound + 1
        targets[first] = 2 * sound
    before = [SILENCE, *(sound for sound, _, _ in runs)]
    phones = np.array([(pairs[before[at], sound], first, end) for at, (sound, first, end) in enumerate(runs)])
    for start in _starts(count):
        length = min(LONGEST, count - start)
        inside = phones[(phones[:, 2] > start) & (phones[:, 1] < start + length)] - np.array([0, start, start])
        inside[:, 1] = np.maximum(inside[:, 1] - TOLERANCE, 0)
        inside[:, 2] = np.minimum(inside[:, 2] + TOLERANCE, length)
        yield Chunk(example.features, offset + STEP * start, targets[start : start + length], inside)


def _starts(count: int) -> list[int]:
    """Return where the chunks of an utterance begin: evenly spread, so that all have the full length."""
    if count <= LONGEST:
        return [0]
    parts = math.ceil(count / LONGEST)
    return [round(part * (count - LONGEST) / (parts - 1)) for part in range(parts)]


def batches(chunks: Iterable[Chunk], size: int, random: Random, least: float = 0.5) -> list[list[Chunk]]:
    """Return batches in random order, each of chunks about as long, and each with about `size` full chunks of sound.

    What is left over and fills less of a batch than `least`, a share, is left out.
    """
    alike: dict[int, list[Chunk]] = {}
    for chunk in chunks:
        alike.setdefault(math.ceil(len(chunk.targets) / ALIKE), []).append(chunk)
    found = []
    for length, group in sorted(alike.items()):
        random.shuffle(group)
        many = max(1, size * LONGEST // (length * ALIKE))
        parts = [group[at : at + many] for at in range(0, len(group), many)]
        found += [part for part in parts if len(part) >= least * many]
    random.shuffle(found)
    return found


def stacked(chunks: Sequence[Chunk], shape: Shape) -> Batch:
    """Return chunks as one batch; a frame before the first of an utterance, or after its last, is that frame again."""
    frames = [len(chunk.targets) for chunk in chunks]
    longest = max(frames)
    around = np.arange(-shape.left, STEP * (longest - 1) + shape.right + 1)
    features = np.stack([chunk.features[np.clip(chunk.start + around, 0, len(chunk.features) - 1)] for chunk in chunks])
    targets = np.full((len(chunks), longest), -1)
    phones = np.zeros((len(chunks), max(len(chunk.phones) for chunk in chunks), 3), np.int64)
    for row, chunk in enumerate(chunks):
        targets[row, : frames[row]] = chunk.targets
        phones[row, : len(chunk.phones)] = chunk.phones
    counts = torch.tensor([len(chunk.phones) for chunk in chunks])
    pairs, first, end = torch.from_numpy(phones).unbind(2)
    return Batch(
        torch.from_numpy(features),
        torch.from_numpy(targets),
        torch.tensor(frames),
        Paths(pairs.contiguous(), first.contiguous(), end.contiguous(), counts),
    )
