"""Two claps call; one, three, soft ones, thuds, speech and a night's noises do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from voice_assist.hear.clap import Claps
from voice_assist.samples import BLOCK, Samples, samples
from voice_assist.testing import clap, recorded


def room(times: Sequence[float], make: Callable[[], Samples] = clap) -> Samples:
    """Return three seconds of a quiet room with a sound at each of these seconds."""
    sound = np.random.default_rng(1).normal(0, 20, samples(3.0)).astype(np.int16)
    for at in times:
        one = make()
        sound[samples(at) : samples(at) + len(one)] += one
    return sound


def found(pcm: Samples, *, block: int = BLOCK, ours: bool = False) -> int:
    claps = Claps()
    return sum(claps.push(pcm[at : at + block], ours=ours) for at in range(0, len(pcm), block))


@pytest.mark.parametrize("apart", [0.25, 0.4, 0.6])
def test_two_claps_are_found_once(apart: float) -> None:
    assert found(room([1.0, 1.0 + apart])) == 1


@pytest.mark.parametrize("block", [40, 77, BLOCK, 4_000])
def test_how_the_sound_is_cut_changes_nothing(block: int) -> None:
    assert found(room([1.0, 1.4]), block=block) == 1


@pytest.mark.parametrize(
    "times",
    [[], [1.0], [1.0, 1.1], [1.0, 2.0], [0.7, 1.1, 1.5], [0.5, 0.9, 1.3, 1.7]],
    ids=["none", "one", "too close", "too far", "three", "applause"],
)
def test_other_claps_are_not(times: list[float]) -> None:
    assert found(room(times)) == 0


def test_soft_ones_and_thuds_are_not() -> None:
    assert found(room([1.0, 1.4], lambda: clap(0.02))) == 0
    assert found(room([1.0, 1.4], lambda: clap(pitch=120.0))) == 0


def test_two_that_differ_are_not() -> None:
    loudness = iter([0.5, 0.05])
    assert found(room([1.0, 1.4], lambda: clap(next(loudness)))) == 0


def test_while_we_speak_nothing_is_looked_for() -> None:
    assert found(room([1.0, 1.4]), ours=True) == 0


def test_right_after_we_spoke_they_are_not_and_a_second_later_they_are() -> None:
    claps, pcm = Claps(), room([1.0, 1.4])
    at_once = [claps.push(pcm[at : at + BLOCK], ours=at < samples(0.9)) for at in range(0, len(pcm), BLOCK)]
    later = [claps.push(pcm[at : at + BLOCK], ours=False) for at in range(0, len(pcm), BLOCK)]
    assert (sum(at_once), sum(later)) == (0, 1)


@pytest.mark.parametrize("folder", ["noise/esc10/fire_crackling", "noise/esc10/clock_tick", "noise/esc10/dog_bark"])
def test_what_is_most_like_claps_is_not(shared: Path, folder: str) -> None:
    recordings = sorted((shared / "audio" / folder).iterdir())
    assert recordings
    assert [path.name for path in recordings if found(recorded(path))] == []
