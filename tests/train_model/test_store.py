"""What a step leaves, the next one finds; and a step that is cut off leaves nothing that looks whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scripts.train_model.store import (
    Example,
    Utterance,
    read_alignments,
    read_corpus,
    read_examples,
    write_alignments,
    write_corpus,
    write_examples,
)


def some_utterances() -> Iterator[Utterance]:
    for number, length in enumerate((100, 0, 250)):
        sound = np.arange(length, dtype=np.int16) * (number + 1)
        yield Utterance(f"u{number}", f"s{number % 2}", "my calf" if number else "", sound)


def test_a_corpus_comes_back(tmp_path: Path) -> None:
    assert write_corpus(tmp_path, "some", some_utterances()) == 3
    for written, read in zip(some_utterances(), read_corpus(tmp_path, "some"), strict=True):
        assert (written.name, written.speaker, written.text) == (read.name, read.speaker, read.text)
        assert np.array_equal(written.sound, read.sound)


def test_a_corpus_of_nothing_comes_back(tmp_path: Path) -> None:
    assert write_corpus(tmp_path, "none", []) == 0
    assert list(read_corpus(tmp_path, "none")) == []


def test_a_corpus_that_was_cut_off_is_not_there(tmp_path: Path) -> None:
    def cut_off() -> Iterator[Utterance]:
        yield next(some_utterances())
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write_corpus(tmp_path, "some", cut_off())
    assert not list(tmp_path.glob("*.tsv"))


def test_alignments_come_back(tmp_path: Path) -> None:
    segments = [np.array([(0, 0, 5, -1), (7, 5, 9, 0)], np.int32), np.array([(3, 0, 4, 0)], np.int32)]
    assert write_alignments(tmp_path / "deep" / "a.npz", zip(("x", "y"), segments, strict=True)) == 2
    found = read_alignments(tmp_path / "deep" / "a.npz")
    assert list(found) == ["x", "y"]
    assert all(np.array_equal(*pair) for pair in zip(found.values(), segments, strict=True))


def test_examples_come_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    examples = [
        Example(
            f"u{frames}", "s", rng.normal(size=(frames, 40)).astype(np.float16), np.array([(1, 0, frames, 0)], np.int32)
        )
        for frames in (30, 7)
    ]
    write_examples(tmp_path / "000.npz", examples)
    for written, read in zip(examples, read_examples(tmp_path / "000.npz"), strict=True):
        assert (written.name, written.speaker) == (read.name, read.speaker)
        assert np.array_equal(written.features, read.features)
        assert np.array_equal(written.segments, read.segments)
    assert [path.name for path in tmp_path.iterdir()] == ["000.npz"]
