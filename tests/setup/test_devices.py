"""Listening with several microphones at once, and which of them is taken: fakes stand in for the devices."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.errors import DeviceError
from voice_assist.samples import BLOCK, Samples, samples
from voice_assist.setup.devices import best_microphone, heard
from voice_assist.setup.hearing import best


class Ear:
    """A microphone that gives these blocks, and then nothing."""

    def __init__(self, sound: Samples) -> None:
        self.blocks = list(sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK))
        self.closed = False

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        """Return the next block."""
        del timeout_s
        return (0, self.blocks.pop(0)) if self.blocks else None

    def close(self) -> None:
        """Close it."""
        self.closed = True


def somebody(level: float, noise: float) -> Samples:
    rng = np.random.default_rng(1)
    time = np.arange(samples(5.0)) / 16_000
    voiced = (time % 2 < 1.3) * 10 ** (level / 20)
    return (
        32768 * (0.7 * voiced * np.sin(2 * np.pi * 180 * time) + rng.normal(0, 10 ** (noise / 20), len(time)))
    ).astype(np.int16)


def test_all_of_them_hear_the_same_seconds_and_a_dead_one_is_left_out() -> None:
    ears = {"near": Ear(somebody(-20, -60)), "far": Ear(somebody(-40, -60)), "dead": Ear(np.zeros(0, np.int16))}
    sounds = heard(ears, length=4.0)
    assert {name: len(sound) for name, sound in sounds.items() if len(sound)} == {
        "near": pytest.approx(samples(4.0), abs=BLOCK),
        "far": pytest.approx(samples(4.0), abs=BLOCK),
    }
    assert best(sounds) == "near"


def test_one_that_another_program_holds_is_passed_over_and_all_are_closed() -> None:
    ears = {"near": Ear(somebody(-20, -60)), "far": Ear(somebody(-40, -60))}

    def open_one(name: str) -> Ear:
        if name not in ears:
            raise DeviceError(f"the microphone '{name}' cannot be opened")
        return ears[name]

    assert best_microphone(["held", "far", "near"], open_one) == "near"
    assert all(ear.closed for ear in ears.values())


def test_where_nobody_is_heard_none_is_taken() -> None:
    quiet = Ear(np.random.default_rng(2).normal(0, 30, samples(5.0)).astype(np.int16))
    assert best_microphone(["it"], lambda _name: quiet) == ""
