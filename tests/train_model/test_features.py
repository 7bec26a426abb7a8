"""A pass holds every aligned utterance once, changed in a way of its own, and noise alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("scipy", reason="features need scipy: pip install '.[train]'")

from scripts.train_model import features
from scripts.train_model.features import NOISE, clean, prepare
from scripts.train_model.store import (
    Example,
    Segments,
    Utterance,
    read_examples,
    write_alignments,
    write_corpus,
)

RATE = 16000
FRAMES = 98
COUNT = 40


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audio")
    (folder / "noise" / "esc10").mkdir(parents=True)
    for number in range(3):
        noise = 0.1 * np.random.default_rng(number).standard_normal(RATE)
        soundfile.write(folder / "noise" / "esc10" / f"{number}.wav", noise, RATE)
    return folder


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    rng = np.random.default_rng(1)
    segments: Segments = np.array([(0, 0, 40, -1), (7, 40, 70, 0), (0, 70, FRAMES, -1)], np.int32)
    for corpus in ("one", "two"):
        sounds = rng.normal(0, 1000, (COUNT, RATE)).astype(np.int16)
        write_corpus(folder / "sound", corpus, [Utterance(f"{i}", "anna", "ow", one) for i, one in enumerate(sounds)])
        aligned = [(f"{number}", segments) for number in range(COUNT - 1)]
        write_alignments(folder / "alignments" / f"{corpus}.npz", aligned)
    return folder


def passed(work: Path, audio: Path, number: int, *corpora: str) -> list[Example]:
    prepare(work, corpora, number, 3, audio)
    return read_examples(work / "passes" / f"{number:03d}.npz")


def test_every_aligned_utterance_is_there_and_noise_alone_too(work: Path, audio: Path) -> None:
    examples = passed(work, audio, 0, "one", "two")
    said = [example.name for example in examples if example.speaker != NOISE]
    assert sorted(said) == sorted([str(number) for number in range(COUNT - 1)] * 2)
    assert said != sorted(said)
    quiet = [example for example in examples if example.speaker == NOISE]
    assert len(quiet) == int(0.06 * 2 * (COUNT - 1))
    for example in quiet:
        assert example.segments.tolist() == [[0, 0, len(example.features), -1]]


def test_people_who_say_single_words_are_there_several_times(
    work: Path, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(features.COPIES, "two", 3)
    examples = [one for one in passed(work, audio, 4, "one", "two") if one.speaker != NOISE]
    assert len(examples) == 4 * (COUNT - 1)
    assert len({one.features.tobytes() for one in examples}) == len(examples)


def test_the_parts_of_a_pass_hold_every_utterance_once(work: Path, audio: Path) -> None:
    said: list[str] = []
    for number in (3, 4, 5):
        prepare(work, ["one"], number, 3, audio, parts=3)
        examples = read_examples(work / "passes" / f"{number:03d}.npz")
        said += [example.name for example in examples if example.speaker != NOISE]
    assert sorted(said) == sorted(str(number) for number in range(COUNT - 1))


def test_segments_fit_the_features(work: Path, audio: Path) -> None:
    for example in passed(work, audio, 1, "one"):
        assert np.isfinite(example.features.astype(float)).all()
        assert len(example.features) - 1 <= example.segments[-1, 2] <= len(example.features)


def test_every_pass_is_another_and_always_the_same(work: Path, audio: Path) -> None:
    first, other, again = (passed(work, audio, number, "one") for number in (2, 3, 2))
    assert [example.name for example in first] != [example.name for example in other]
    assert all(np.array_equal(a.features, b.features) for a, b in zip(first, again, strict=True))


def test_what_is_tuned_with_stays_as_it_is(work: Path) -> None:
    path = work / "passes" / "development.npz"
    clean(work, ["two"], path)
    examples = read_examples(path)
    assert [example.name for example in examples] == [str(number) for number in range(COUNT - 1)]
    assert {example.features.shape for example in examples} == {(FRAMES, 40)}


def test_without_alignments_there_is_no_pass(tmp_path: Path, audio: Path) -> None:
    write_corpus(tmp_path / "sound", "empty", [Utterance("a", "anna", "ow", np.zeros(RATE, np.int16))])
    write_alignments(tmp_path / "alignments" / "empty.npz", [("b", np.array([(0, 0, FRAMES, -1)], np.int32))])
    with pytest.raises(ValueError, match="no utterance of empty is aligned in"):
        prepare(tmp_path, ["empty"], 0, 1, audio)
