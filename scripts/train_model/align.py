"""Where each sound of an utterance is: forced alignment by a network, or even shares of the time for a start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from scripts.train_model.cepstra import mfcc
from scripts.train_model.chunks import GARBAGE, SILENCE
from scripts.train_model.network import STEP, Network, Shape
from scripts.train_model.store import Features, Segments, Utterance, read_corpus, write_alignments
from voice_assist.models.phones import SOUNDS

Scores = npt.NDArray[np.float32]
Lexicon = Mapping[str, tuple[tuple[int, ...], ...]]
"""The ways to say a word, as numbers of `phones.SOUNDS`."""

WORST = 3.5
"""An utterance is left out where its sounds score so much less than the best ones, in the mean of its frames: as a
rule it says something else than its text."""
SHORTEST = 20
"""Frames of 10 ms: what is shorter is left out."""
IMPOSSIBLE = np.float32(-1e30)

_NUMBERS = {sound: number for number, sound in enumerate(SOUNDS)}


def read_lexicon(path: Path) -> Lexicon:
    """Read lines `word SOUND SOUND …`, one for each way to say a word.

    Raises ValueError, naming the line, where a line has no sound or one that is unknown.
    """
    found: dict[str, tuple[tuple[int, ...], ...]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        word, *sounds = line.split() or [""]
        if not sounds or not set(sounds) <= set(_NUMBERS):
            raise ValueError(f"{path}:{number}: not a word and its sounds: {line}")
        found[word] = (*found.get(word, ()), tuple(_NUMBERS[sound] for sound in sounds))
    return found


@dataclass(frozen=True)
class Found:
    """The alignment of one utterance."""

    segments: Segments
    gap: float
    """How much less its sounds score than the best ones, a frame; silence is not counted."""


class Aligner:
    """Aligns utterances with a network.

    A network that has learned sequences scores by its head for them. One that has not, scores by its head for frames,
    less how frequent each target is: then `prior` says so, [2 · sounds] of probabilities.
    """

    def __init__(self, network: Network, lexicon: Lexicon, prior: npt.NDArray[np.float64] | None = None) -> None:
        """Take a network, how words are said, and perhaps how frequent targets are."""
        self._network = network.eval()
        self._lexicon = lexicon
        self._prior = None if prior is None else torch.from_numpy(np.log(prior)).float()
        self._pairs = (network.shape if prior is None else Shape(contexts=1)).pairs()

    def align(self, text: str, features: Features) -> Found | None:
        """Return where the words of a text are; None where they do not fit into the time."""
        scores = self._scores(features)
        trellis = Trellis.of(text.split(), self._lexicon, self._pairs)
        path = trellis.best_path(scores)
        if path is None:
            return None
        begins = np.flatnonzero(np.diff(path, prepend=-1))
        ends = np.append(begins[1:], len(path))
        states = path[begins]
        entered = np.zeros(len(path), bool)
        entered[begins] = True
        taken = scores[np.arange(len(path)), 2 * trellis.pairs[path] + ~entered]
        spoken = trellis.sounds[path] != SILENCE
        gap = float((scores.max(1) - taken)[spoken].mean()) if spoken.any() else 0.0
        # The last frame of 30 ms may be a short one.
        times = np.minimum(STEP * np.stack([begins, ends], 1), len(features))
        segments = np.column_stack([trellis.sounds[states], times, trellis.words[states]])
        return Found(segments.astype(np.int32), gap)

    def _scores(self, features: Features) -> Scores:
        """Return [frames of 30 ms, 2 · pairs]."""
        shape = self._network.shape
        count = -(-len(features) // STEP)
        around = np.arange(-shape.left, STEP * (count - 1) + shape.right + 1)
        seen = torch.from_numpy(features[np.clip(around, 0, len(features) - 1)]).float()
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            sequence, frame = self._network(seen[None])
        if self._prior is None:
            found: Scores = sequence[0].float().numpy()
            return found
        return (functional.log_softmax(frame[0].float(), 1) - self._prior).numpy()


@dataclass(frozen=True)
class Trellis:
    """All ways to say a text, with a pause or none between its words: states, and which may come before which."""

    sounds: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    """[states]: the number of the word, -1 for silence."""
    pairs: npt.NDArray[np.int64]
    """[states]: which pair scores the state."""
    before: npt.NDArray[np.int64]
    """[states, n]: which states may come before; the number of states stands for none."""
    begins: npt.NDArray[np.bool_]
    """[states]: whether the utterance may begin here."""
    ends: npt.NDArray[np.int64]
    """The states that the utterance may end in."""

    @classmethod
    def of(cls, words: Sequence[str], lexicon: Lexicon, pairs: npt.NDArray[np.int64]) -> Trellis:
        """Return the trellis of some words; one that is not in the lexicon is garbage."""
        builder = _Builder(pairs)
        open_ends = [_START, *builder.add(SILENCE, -1, [_START])]
        for number, word in enumerate(words):
            ends = []
            for sounds in dict.fromkeys(lexicon.get(word, ((GARBAGE,),))):
                last = open_ends
                for sound in sounds:
                    last = builder.add(sound, number, last)
                ends += last
            open_ends = [*ends, *builder.add(SILENCE, -1, ends)]
        return builder.trellis([end for end in open_ends if end != _START])

    def best_path(self, scores: Scores) -> npt.NDArray[np.int64] | None:
        """Return the state of each frame on the best path; None where no path ends in time."""
        count, states = len(scores), len(self.sounds)
        enter, stay = scores[:, 2 * self.pairs], scores[:, 2 * self.pairs + 1]
        now = np.full(states + 1, IMPOSSIBLE)
        now[:-1][self.begins] = enter[0][self.begins]
        own = np.arange(states)
        came_from = np.empty((count, states), np.int64)
        for at in range(1, count):
            coming = now[self.before]
            best = coming.argmax(1)
            entering = coming[own, best] + enter[at]
            staying = now[:-1] + stay[at]
            moved = entering > staying
            now[:-1] = np.where(moved, entering, staying)
            came_from[at] = np.where(moved, self.before[own, best], own)
        last = self.ends[now[self.ends].argmax()]
        if now[last] < IMPOSSIBLE / 2:
            return None
        path = np.empty(count, np.int64)
        path[-1] = last
        for at in range(count - 1, 0, -1):
            path[at - 1] = came_from[at, path[at]]
        return path


_START = -1


class _Builder:
    def __init__(self, pairs: npt.NDArray[np.int64]) -> None:
        self._table = pairs
        self._states: list[tuple[int, int, int, list[int]]] = []

    def add(self, sound: int, word: int, before: Iterable[int]) -> list[int]:
        """Add a sound, once for each pair that scores it after one of the states before; return the new states."""
        by_pair: dict[int, list[int]] = {}
        for state in before:
            sound_before = SILENCE if state == _START else self._states[state][0]
            by_pair.setdefault(int(self._table[sound_before, sound]), []).append(state)
        first = len(self._states)
        self._states += [(sound, word, pair, states) for pair, states in by_pair.items()]
        return list(range(first, len(self._states)))

    def trellis(self, ends: Sequence[int]) -> Trellis:
        sounds, words, pairs, before = zip(*self._states, strict=True)
        real = [[state for state in states if state != _START] for states in before]
        table = np.full((len(real), max(1, *map(len, real))), len(real))
        for row, states in enumerate(real):
            table[row, : len(states)] = states
        begins = np.array([_START in states for states in before])
        return Trellis(np.array(sounds), np.array(words), np.array(pairs), table, begins, np.array(ends))


def even_shares(text: str, features: Features, lexicon: Lexicon) -> Found | None:
    """Return an alignment that knows nothing: each sound lasts as long as any other, in the loud part of the sound."""
    words = [lexicon.get(word, ((GARBAGE,),))[0] for word in text.split()]
    said = [(sound, number) for number, sounds in enumerate(words) for sound in sounds]
    loudness = features[:, 0].astype(np.float32)
    quiet, loud = np.percentile(loudness, (10, 95))
    heard = np.flatnonzero(loudness > (quiet + loud) / 2)
    begin, end = (int(heard[0]), int(heard[-1]) + 1) if len(heard) else (0, len(features))
    if end - begin < STEP * len(said):
        begin, end = 0, len(features)
    if end - begin < STEP * len(said):
        return None
    bounds = np.linspace(begin, end, len(said) + 1).round().astype(int)
    rows = [(sound, bounds[at], bounds[at + 1], word) for at, (sound, word) in enumerate(said)]
    if not rows:
        rows = [(SILENCE, 0, 0, -1)]
        end = 0
    rows = [(SILENCE, 0, begin, -1), *rows, (SILENCE, end, len(features), -1)]
    return Found(np.array([row for row in rows if row[2] > row[1]], np.int32), 0.0)


def align_corpora(
    work: Path,
    find: Callable[[str, Features], Found | None],
    report: Callable[[str], None] = print,
    corpora: Iterable[str] | None = None,
) -> None:
    """Align all corpora of `work/sound`, or those named, that have no alignments yet, and write them there.

    `find` is `Aligner.align` or the like. A line about each corpus goes to `report`.
    """
    named = sorted(path.stem for path in (work / "sound").glob("*.tsv")) if corpora is None else corpora
    for corpus in named:
        path = work / "alignments" / f"{corpus}.npz"
        if path.exists():
            continue
        begun = time.monotonic()
        tally = _Tally()
        write_alignments(path, _aligned(read_corpus(work / "sound", corpus), find, tally))
        report(f"{corpus}: {tally}, {(time.monotonic() - begun) / max(tally.seconds, 1):.4f} s a second")


class _Tally:
    def __init__(self) -> None:
        self.kept = self.short = self.misfits = self.doubtful = 0
        self.seconds = 0.0
        self.gaps: list[float] = []

    def __str__(self) -> str:
        gaps = " ".join(f"{gap:.2f}" for gap in np.percentile(self.gaps or [0.0], (50, 90, 97)))
        left_out = f"left out: {self.short} short, {self.misfits} without a way, {self.doubtful} doubtful"
        return f"{self.kept} aligned, {self.seconds / 3600:.2f} h, gap {gaps} (50, 90, 97 %); {left_out}"


def _aligned(
    utterances: Iterable[Utterance], find: Callable[[str, Features], Found | None], tally: _Tally
) -> Iterator[tuple[str, Segments]]:
    for utterance in utterances:
        features = mfcc(utterance.sound)
        tally.seconds += len(features) / 100
        if len(features) < SHORTEST:
            tally.short += 1
            continue
        if not utterance.text:
            tally.kept += 1
            yield utterance.name, np.array([(SILENCE, 0, len(features), -1)], np.int32)
            continue
        found = find(utterance.text, features)
        if found is None:
            tally.misfits += 1
            continue
        tally.gaps.append(found.gap)
        if found.gap > WORST:
            tally.doubtful += 1
            continue
        tally.kept += 1
        yield utterance.name, found.segments
