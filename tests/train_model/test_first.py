"""From nothing but sound and text to a network that knows where the sounds are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from scripts.train_model import network
from scripts.train_model.align import Aligner
from scripts.train_model.first import first_network, frequencies
from scripts.train_model.network import Shape
from scripts.train_model.trainer import TrainSettings


def test_a_first_network_finds_the_sounds(tmp_path: Path, toy: Any) -> None:
    spoken = [toy.say(number) for number in range(300)]
    shape = Shape(units=48, later=((-1, 0, 1),))
    settings = TrainSettings(shape=shape, batch=4, rate=5e-3, warm_up=10, averaging=0.9, strength=0.0, garbage=0.0)
    said = [(one.name, one.speaker, one.text, one.features) for one in spoken]
    lines: list[str] = []
    path = first_network(tmp_path, said, toy.lexicon, settings, lines.append)
    aligner = Aligner(network.load(path), toy.lexicon)
    away, total = 0.0, 0
    for one in (toy.say(number) for number in range(40)):
        found = aligner.align(one.text, one.features)
        assert found is not None
        if len(found.segments) == len(one.segments):
            away += float(np.abs(found.segments[:, 1] - one.segments[:, 1]).sum())
            total += len(one.segments)
    assert total > 100
    # Frames of 30 ms cannot be nearer than 15 ms in the mean of the worst case: allow two frames of 10 ms.
    assert away / total < 2
    assert path == first_network(tmp_path, [], toy.lexicon, settings, lines.append)


def test_frequencies_count_frames_and_none_is_never(toy: Any) -> None:
    found = frequencies([toy.say(number).example for number in range(50)])
    assert np.isclose(found.sum(), 1)
    assert found.min() > 0
    used = {2 * sound for ways in toy.lexicon.values() for sound in ways[0]}
    assert min(found[list(used)]) > max(found[[number for number in range(2, 82, 2) if number not in used]])
