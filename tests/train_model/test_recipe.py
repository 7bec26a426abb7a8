"""The recipe does its steps in order, each once, and says what is missing."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from scripts.train_model import features, network, recipe
from scripts.train_model.network import Shape
from scripts.train_model.recipe import STEPS, Recipe, figures, learned_corpora, prepare_passes
from scripts.train_model.store import Utterance, read_alignments, read_examples, write_alignments, write_corpus
from scripts.train_model.trainer import standing
from voice_assist.samples import RATE

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"calf": "K AE F", "my": "M AY", "toe": "T OW", "foot": "F UH T"}


@pytest.fixture
def small(tmp_path: Path) -> Recipe:
    work = tmp_path / "work"
    work.mkdir()
    shape = Shape(units=16, later=((-1, 0, 1),))
    return Recipe(tmp_path / "data", tmp_path / "model", work, None, shape=shape, passes=2)


def whistled(text: str, rng: np.random.Generator) -> np.ndarray:
    """Return a text in a language of whistles: every sound has two pitches of its own."""
    sounds = [sound for word in text.split() for sound in WORDS[word].split()]
    parts = [rng.normal(0, 20, RATE // 4)]
    for sound in sounds:
        length = int(rng.integers(RATE // 10, RATE // 6))
        pitches = np.random.default_rng([ord(letter) for letter in sound]).uniform(200, 4000, 2)
        times = np.arange(length) / RATE
        parts.append(sum(3000 * np.sin(2 * np.pi * pitch * times) for pitch in pitches) + rng.normal(0, 20, length))
    parts.append(rng.normal(0, 20, RATE // 4))
    return np.concatenate(parts).astype(np.int16)


def write_speech(work: Path, count: int) -> None:
    """Write a corpus, a lexicon, and nothing else."""
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(list(WORDS), 3)) for _ in range(count)]
    said = [Utterance(f"u{at}", f"s{at}", text, whistled(text, rng)) for at, text in enumerate(texts)]
    write_corpus(work / "sound", "whistles", said)
    (work / "lexicon.txt").write_text("".join(f"{word} {said}\n" for word, said in WORDS.items()), encoding="utf-8")


def test_steps_are_done_in_order_or_one_alone(small: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def step(name: str) -> Callable[[Recipe], None]:
        return lambda _: done.append(name)

    for name in STEPS:
        monkeypatch.setitem(STEPS, name, step(name))
    small.run()
    assert done == ["corpora", "lexicon", "synthesis", "align", "train", "export", "graph", "figures"]
    done.clear()
    small.run("align")
    assert done == ["align"]


def test_what_is_done_is_written_down(small: Recipe, capsys: pytest.CaptureFixture[str]) -> None:
    small.say("a line")
    small.say("another")
    assert capsys.readouterr().out == "a line\nanother\n"
    lines = (small.work / "log.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["a line", "another"]


def test_what_is_kept_to_tune_with_is_never_learned_from(small: Recipe) -> None:
    for corpus in ("so762", "development", "rejection", "synthetic-0"):
        write_alignments(small.work / "alignments" / f"{corpus}.npz", [("u", np.zeros((1, 4), np.int32))])
    assert learned_corpora(small.work) == ["so762", "synthetic-0"]


def test_passes_are_prepared_ahead_and_taken_away_when_they_are_done_with(
    small: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    position = iter([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2])

    def prepare(work: Path, corpora: list[str], number: int, seed: int, audio: Path, parts: int) -> None:
        assert (corpora, seed, audio, parts) == ([], 1, small.data / "audio", 1)
        (work / "passes").mkdir(exist_ok=True)
        (work / "passes" / f"{number:03}.npz").touch()
        asked.append(number)

    waits: list[float] = []
    monkeypatch.setattr(features, "prepare", prepare)
    monkeypatch.setattr(recipe, "reached", lambda _: next(position))
    monkeypatch.setattr(recipe, "standing", lambda _: 2 if len(asked) == 4 else 0)
    monkeypatch.setattr(time, "sleep", waits.append)
    monkeypatch.setattr(os, "nice", waits.append)
    prepare_passes(replace(small, passes=4))
    assert asked == [0, 1, 2, 3]
    assert len(waits) > 1
    assert [path.name for path in sorted((small.work / "passes").iterdir())] == ["002.npz", "003.npz"]


def test_several_processes_share_the_files_of_a_pass(small: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "nice", lambda _: None)
    monkeypatch.setattr(features, "prepare", lambda *given: asked.append((given[2], given[5])))
    shared = replace(small, passes=2, parts=3, preparers=2, again=2)
    monkeypatch.setattr(recipe, "reached", lambda _: 100)
    prepare_passes(shared, 0)
    prepare_passes(shared, 1)
    assert asked == [(number, 3) for number in (0, 2, 4, 1, 3, 5)]


def test_from_sound_and_text_to_a_model_that_can_be_trained_on(small: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step between the corpora and the graph, with a start from nothing; the preparation is done at once."""
    write_speech(small.work, 80)
    prepared(monkeypatch)
    for step in ("align", "train", "export"):
        small.run(step)
    assert (small.model / "am" / "final.mdl").stat().st_size > 20_000
    assert (small.model / "conf" / "model.conf").exists()
    assert standing(small.work) == 2
    assert network.load(small.work / "network.pt").shape == small.shape
    log = (small.work / "log.txt").read_text(encoding="utf-8")
    assert "first network, round 3: 80 of 80" in log
    # A handful of steps make no good network; most of what it aligns is kept all the same.
    assert len(read_alignments(small.work / "alignments" / "whistles.npz")) > 40
    assert "align: whistles: " in log
    # All of it once more: nothing is done.
    before = {path: path.stat().st_mtime_ns for path in small.work.rglob("*.pt")}
    for step in ("align", "train"):
        small.run(step)
    assert {path: path.stat().st_mtime_ns for path in small.work.rglob("*.pt")} == before

    (small.model / "graph").mkdir()
    (small.model / "graph" / "words.txt").write_text("<eps> 0\ncalf 1\n", encoding="utf-8")
    lines = list(figures(small.work, small.model))
    assert lines[1] == "3 layers of 16; 60 ms before, 60 ms after"
    assert lines[3].startswith("whistles: ")
    assert "held out" in lines[-1]


def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the passes be the corpora as they are, made by no process of its own."""

    class AtOnce:
        exitcode = None

        def __init__(self, target: Any, args: tuple[Recipe, int], *, daemon: bool) -> None:
            assert daemon
            assert target is prepare_passes
            assert args[1] == 0
            self.recipe = args[0]

        def start(self) -> None:
            for number in range(self.recipe.passes):
                path = self.recipe.work / "passes" / f"{number:03}.npz"
                features.clean(self.recipe.work, learned_corpora(self.recipe.work), path)

        def terminate(self) -> None:
            assert read_examples(self.recipe.work / "passes" / "000.npz")

    class Processes:
        Process = AtOnce

    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Processes)


def test_a_preparation_that_fails_ends_the_training(small: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failed:
        exitcode = 1

        def __init__(self, **_: Any) -> None: ...
        def start(self) -> None: ...
        def terminate(self) -> None: ...

    class Processes:
        Process = Failed

    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Processes)
    start = small.work / "first.pt"
    network.save(network.Network(Shape(units=16, later=((-1, 0, 1),))), start)
    with pytest.raises(OSError, match=r"000\.npz does not come"):
        small.run("train")


def test_development_examples_are_written_before_the_training(small: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    write_speech(small.work, 30)
    (small.work / "sound" / "whistles.tsv").rename(small.work / "sound" / "development.tsv")
    (small.work / "sound" / "whistles.pcm").rename(small.work / "sound" / "development.pcm")
    segments = [(f"u{at}", np.array([(0, 0, 40, -1)], np.int32)) for at in range(30)]
    write_alignments(small.work / "alignments" / "development.npz", segments)
    network.save(network.Network(Shape(units=16, later=((-1, 0, 1),))), small.work / "first.pt")
    monkeypatch.setattr(recipe, "train", lambda *_: None)
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Idle)
    small.run("train")
    assert len(read_examples(small.work / "passes" / "development.npz")) == 30


@pytest.mark.parametrize("bottleneck", [0, 4])
def test_a_start_that_cannot_grow_into_the_shape_is_said_to_be_none(
    small: Recipe, monkeypatch: pytest.MonkeyPatch, bottleneck: int
) -> None:
    start = small.work / "start.pt"
    network.save(network.Network(Shape(units=16, later=((-1, 0, 1),))), start)
    begun: list[Path | None] = []
    monkeypatch.setattr(recipe, "train", lambda _work, given, *_: begun.append(given))
    monkeypatch.setattr(multiprocessing, "get_context", lambda _: Idle)
    shape = Shape(units=24, later=((-1, 0, 1),), bottleneck=bottleneck)
    replace(small, start=start, shape=shape).run("train")
    assert begun == [None if bottleneck else start]
    log = small.work / "log.txt"
    assert (log.exists() and "begins from nothing" in log.read_text(encoding="utf-8")) == bool(bottleneck)


class Idle:
    """Processes that do nothing."""

    class Process:
        exitcode = None

        def __init__(self, **_: Any) -> None: ...
        def start(self) -> None: ...
        def terminate(self) -> None: ...


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("corpora", "SEGMENTS.tsv"),
        ("align", "lexicon.txt"),
        ("export", "network.pt"),
    ],
)
def test_what_is_missing_is_told_in_one_line(tmp_path: Path, step: str, fault: str) -> None:
    command = [sys.executable, "-m", "scripts.train_model", str(tmp_path / "data"), str(tmp_path / "model")]
    command += ["--work", str(tmp_path / "work"), "--only", step]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("train_model: ")
    assert fault in done.stderr
    assert len(done.stderr.splitlines()) == 1
