"""What the steps of training leave for each other in the work folder: sound, alignments, features."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.int16]
"""Samples of one utterance, 16 kHz, mono."""

Segments = npt.NDArray[np.int32]
"""[n, 4]: base phone (its number in `phones.SOUNDS`), first frame, frame after the last (frames of 10 ms), and the
number of the word that it belongs to, -1 for silence."""

Features = npt.NDArray[np.float16]
"""[frames, 40]: MFCC as Vosk computes them, a frame every 10 ms."""


@dataclass(frozen=True)
class Utterance:
    """One utterance of a corpus."""

    name: str
    """Unique in its corpus."""
    speaker: str
    """Who says it; a synthetic voice is a speaker too. Noise without speech has the speaker `noise`."""
    text: str
    """Lower-case words with a space between; empty for noise."""
    sound: Sound


@dataclass(frozen=True)
class Example:
    """One utterance as the network learns it."""

    name: str
    speaker: str
    features: Features
    segments: Segments


def write_corpus(folder: Path, corpus: str, utterances: Iterable[Utterance]) -> int:
    """Write `corpus.pcm` and, when that is whole, `corpus.tsv`; return how many utterances there are."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    at = 0
    with (folder / f"{corpus}.pcm").open("wb") as file:
        for utterance in utterances:
            file.write(utterance.sound.astype("<i2").tobytes())
            end = at + len(utterance.sound)
            lines.append(f"{utterance.name}\t{utterance.speaker}\t{at}\t{end}\t{utterance.text}\n")
            at = end
    _finish(folder / f"{corpus}.tsv", "".join(lines).encode())
    return len(lines)


def read_corpus(folder: Path, corpus: str) -> Iterator[Utterance]:
    """Yield the utterances of a corpus, in order; the sound is read as it is asked for."""
    table = (folder / f"{corpus}.tsv").read_text(encoding="utf-8").splitlines()
    if not table:
        return
    pcm = np.memmap(folder / f"{corpus}.pcm", dtype="<i2", mode="r")
    for line in table:
        name, speaker, start, end, text = line.split("\t")
        yield Utterance(name, speaker, text, pcm[int(start) : int(end)])


def write_alignments(path: Path, aligned: Iterable[tuple[str, Segments]]) -> int:
    """Write the segments of utterances, by name; return how many there are."""
    pairs = list(aligned)
    _save(path, names=np.array([name for name, _ in pairs], dtype=str), **_joined([found for _, found in pairs]))
    return len(pairs)


def read_alignments(path: Path) -> dict[str, Segments]:
    """Return the segments of each utterance by its name."""
    with np.load(path) as kept:
        names = [str(name) for name in kept["names"]]
        return dict(zip(names, np.split(kept["rows"], kept["ends"][:-1]), strict=True)) if names else {}


def write_examples(path: Path, examples: Sequence[Example]) -> None:
    """Write what one pass over the data learns from."""
    features = _joined([example.features for example in examples])
    segments = _joined([example.segments for example in examples])
    _save(
        path,
        names=np.array([example.name for example in examples], dtype=str),
        speakers=np.array([example.speaker for example in examples], dtype=str),
        features=features["rows"],
        feature_ends=features["ends"],
        segments=segments["rows"],
        segment_ends=segments["ends"],
    )


def read_examples(path: Path) -> list[Example]:
    """Return what `write_examples` wrote."""
    with np.load(path) as kept:
        features = np.split(kept["features"], kept["feature_ends"][:-1])
        segments = np.split(kept["segments"], kept["segment_ends"][:-1])
        named = zip(kept["names"], kept["speakers"], features, segments, strict=True)
        return [Example(str(name), str(speaker), sound, found) for name, speaker, sound, found in named]


def _joined(parts: Sequence[npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
    return {"rows": np.concatenate(parts), "ends": np.cumsum([len(part) for part in parts])}


def _save(path: Path, **arrays: npt.NDArray[np.generic]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    os.replace(part, path)  # noqa: PTH105 - in one step: a step that is cut off leaves nothing that looks whole


def _finish(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)  # noqa: PTH105 - in one step, see above
