"""Batches for the training: made as they are asked for, or ahead of it by processes of their own."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from scripts.train_model.chunks import Batch, Chunk, batches, cut, stacked
from scripts.train_model.network import Shape
from scripts.train_model.store import Example, read_examples

Chosen = Callable[[Example], bool]

AHEAD = 2
"""Files that each process may be ahead."""


@dataclass(frozen=True)
class Cutting:
    """How the examples of a file become batches."""

    shape: Shape
    """Of the network that they are for."""
    size: int
    """Full chunks of sound in a batch."""
    garbage: float
    """Share of the words that are learned as garbage."""
    learned: Chosen
    """Which examples are learned from."""

    def plan(self, path: Path, seed: str) -> list[list[Chunk]]:
        """Return the chunks of each batch of a file; the same seed cuts and orders them the same."""
        random = Random(seed)  # noqa: S311 - nothing here is secret
        return batches(self.chunks(filter(self.learned, read_examples(path)), random), self.size, random)

    def chunks(self, examples: Iterator[Example], random: Random) -> Iterator[Chunk]:
        """Yield the chunks of some examples."""
        for example in examples:
            yield from cut(example, self.shape, self.garbage, random)


class Feed:
    """The batches of one file after another.

    With `processes`, files that are there are made into batches before they are asked for; the batches are the same.
    """

    def __init__(self, cutting: Cutting, file: Callable[[int], Path], seed: int, processes: int = 0) -> None:
        """Take how to cut, and where the file of a number is."""
        self._cutting, self._file, self._seed = cutting, file, seed
        self._most = AHEAD * processes
        self._made: dict[int, Future[bytes]] = {}
        # Fresh processes: one that is forked off PyTorch's threads may hang.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(processes, mp_context=context) if processes else None

    def look_ahead(self, number: int) -> None:
        """Have the files after `number` made into batches, as far as they are there."""
        for later in range(number, number + 1 + self._most):
            path = self._file(later)
            if self._pool and later not in self._made and path.exists():
                self._made[later] = self._pool.submit(_stacked, self._cutting, path, self._key(later))

    def batches(self, number: int) -> Sequence[Callable[[], Batch]]:
        """Return what makes each batch of a file that is there."""
        self.look_ahead(number)
        if made := self._made.pop(number, None):
            return [_given(batch) for batch in pickle.loads(made.result())]  # noqa: S301 - of our own process
        plan = self._cutting.plan(self._file(number), self._key(number))
        return [_made(chunks, self._cutting.shape) for chunks in plan]

    def close(self) -> None:
        """End the processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _key(self, number: int) -> str:
        return f"{self._seed} {number}"


def _stacked(cutting: Cutting, path: Path, seed: str) -> bytes:
    # As bytes: PyTorch would hand over each tensor by an open file, and there are hundreds.
    return pickle.dumps([stacked(chunks, cutting.shape) for chunks in cutting.plan(path, seed)])


def _given(batch: Batch) -> Callable[[], Batch]:
    return lambda: batch


def _made(chunks: Sequence[Chunk], shape: Shape) -> Callable[[], Batch]:
    return lambda: stacked(chunks, shape)
