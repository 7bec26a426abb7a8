"""Training makes a network better, on one's own schedule, and survives being cut off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from scripts.train_model import network
from scripts.train_model.network import Shape
from scripts.train_model.store import write_examples
from scripts.train_model.trainer import TrainSettings, is_held_out, reached, standing, train

SHAPE = Shape(units=32, later=((-1, 0, 1),))
SETTINGS = TrainSettings(passes=2, shape=SHAPE, batch=4, rate=5e-3, warm_up=5, averaging=0.9, strength=0.3)


class Cut(Exception):  # noqa: N818 - not an error: the test pulls the plug
    """The power fails."""


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory, toy: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp("passes")
    for number in range(2):
        write_examples(folder / f"{number:03}.npz", [toy.say(at).example for at in range(120)])
    write_examples(folder / "development.npz", [toy.say(at).example for at in range(40)])
    return folder


@pytest.fixture
def work(tmp_path: Path, passes: Path) -> Path:
    (tmp_path / "passes").symlink_to(passes)
    return tmp_path


def gains(lines: list[str], of: str = "held out") -> list[float]:
    return [float(found[1]) for line in lines if (found := re.search(rf"{of}: MMI (-?[\d.]+)", line))]


def test_a_network_learns_what_it_is_told(work: Path) -> None:
    lines: list[str] = []
    made = train(work, None, replace(SETTINGS, passes=6, files=2), lines.append)
    assert made == work / "network.pt"
    assert network.load(made).shape == SHAPE
    found = gains(lines)
    assert len(found) == 6
    assert found[-1] > found[0] + 0.1
    assert gains(lines, "development")[-1] > 0
    assert standing(work) == 6


def test_single_frames_can_be_learned_alone(work: Path) -> None:
    lines: list[str] = []
    train(work, None, replace(SETTINGS, passes=4, files=2, sequences=False), lines.append)
    right = [float(found[1]) for line in lines if (found := re.search(r"held out: .* right ([\d.]+) %", line))]
    assert right[-1] > 90


def test_a_training_that_was_cut_off_ends_as_if_it_had_not_been(
    work: Path, tmp_path_factory: Any, passes: Path
) -> None:
    settings = replace(SETTINGS, save_every=0.0)
    expected = network.load(train(work, None, settings, silent)).state_dict()
    other = tmp_path_factory.mktemp("other")
    (other / "passes").symlink_to(passes)
    for after in (1, 2):
        with pytest.raises(Cut):
            train(other, None, settings, plug_out(after))
    found = network.load(train(other, None, settings, silent)).state_dict()
    assert all(torch.equal(found[name], value) for name, value in expected.items())


def silent(line: str) -> None:
    assert line


def plug_out(reports: int) -> Callable[[str], None]:
    """Return what ends the training at one of its reports, when it has got further than before."""
    heard: list[str] = []

    def report(line: str) -> None:
        heard.append(line)
        if len([one for one in heard if "goes on" not in one]) == reports:
            raise Cut

    return report


def test_a_pass_may_come_in_parts_and_be_fed_by_processes(work: Path, tmp_path_factory: Any, passes: Path) -> None:
    """Each part is learned from twice; who makes the batches changes nothing."""
    settings = replace(SETTINGS, passes=1, parts=2, again=2)
    lines: list[str] = []
    expected = network.load(train(work, None, settings, lines.append)).state_dict()
    assert standing(work) == reached(work) == 4
    assert len(gains(lines)) == 1
    fed = tmp_path_factory.mktemp("fed")
    (fed / "passes").symlink_to(passes)
    found = network.load(train(fed, None, replace(settings, feeders=1), silent)).state_dict()
    assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_a_finished_training_does_nothing_more(work: Path) -> None:
    train(work, None, SETTINGS, silent)
    before = (work / "network.pt").read_bytes()
    lines: list[str] = []
    train(work, None, SETTINGS, lines.append)
    assert [line for line in lines if "goes on" not in line] == []
    again, old = network.load(work / "network.pt"), work / "old.pt"
    old.write_bytes(before)
    assert all(torch.equal(value, network.load(old).state_dict()[name]) for name, value in again.state_dict().items())


def test_a_start_grows_into_the_shape_that_is_asked_for(work: Path) -> None:
    lines: list[str] = []
    small = train(work, None, SETTINGS, lines.append).rename(work / "small.pt")
    (work / "training.pt").unlink()
    larger = replace(SETTINGS, shape=replace(SHAPE, units=48), rate=0.0, passes=1)
    made = train(work, small, larger, lines.append)
    assert network.load(made).shape.units == 48
    # With no rate to learn by, it knows what the small one knew.
    *_, before, after = gains(lines)
    assert abs(after - before) < 0.05


def test_the_clock_may_end_it(work: Path) -> None:
    lines: list[str] = []
    train(work, None, replace(SETTINGS, passes=1000, files=2, minutes=0.02), lines.append)
    assert len(gains(lines)) < 100


def test_it_waits_for_a_pass_that_is_not_there_yet(tmp_path: Path, passes: Path) -> None:
    waited: list[Path] = []

    def wait(path: Path) -> None:
        waited.append(path)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(passes / path.name)

    lines: list[str] = []
    train(tmp_path, None, SETTINGS, lines.append, wait)
    assert [path.name for path in waited] == ["000.npz", "001.npz"]
    assert any("waiting" in line for line in lines)


def test_one_speaker_in_forty_is_held_out_and_always_the_same() -> None:
    held_out = [name for name in map(str, range(4000)) if is_held_out(name)]
    assert 60 < len(held_out) < 140
    assert held_out == [name for name in map(str, range(4000)) if is_held_out(name)]
