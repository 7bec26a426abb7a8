"""Batches are the same whoever makes them, and are made ahead where there are processes for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from scripts.train_model.chunks import Batch
from scripts.train_model.feed import Cutting, Feed
from scripts.train_model.network import Shape
from scripts.train_model.store import write_examples
from scripts.train_model.trainer import is_learned

CUTTING = Cutting(Shape(units=16, later=((-1, 0, 1),)), 4, 0.1, is_learned)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, toy: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp("files")
    for number in range(3):
        write_examples(folder / f"{number}.npz", [toy.say(at).example for at in range(60)])
    return folder


def numbers(batches: list[Batch]) -> list[torch.Tensor]:
    return [part for batch in batches for part in (batch.features, batch.targets, batch.frames, batch.paths.pairs)]


def test_processes_make_the_batches_that_would_be_made_without(files: Path) -> None:
    def path(number: int) -> Path:
        return files / f"{number}.npz"

    plain, helped = Feed(CUTTING, path, 1), Feed(CUTTING, path, 1, processes=1)
    made = [[make() for make in plain.batches(number)] for number in range(3)]
    # What is not there yet is no fault: it is made when it is asked for.
    ahead = [[make() for make in helped.batches(number)] for number in range(3)]
    helped.close()
    assert [len(batches) for batches in made] == [len(batches) for batches in ahead]
    for one, other in zip(made, ahead, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(numbers(one), numbers(other), strict=True))
    assert not torch.equal(made[0][0].features, made[1][0].features)


def test_another_seed_cuts_another_way(files: Path) -> None:
    first, other = (Feed(CUTTING, lambda _: files / "0.npz", seed).batches(0) for seed in (1, 2))
    assert not torch.equal(first[0]().features, other[0]().features)


def test_whoever_is_held_out_is_in_no_batch(files: Path) -> None:
    nobody = Cutting(CUTTING.shape, 4, 0.1, lambda _: False)
    assert nobody.plan(files / "0.npz", "1") == []
