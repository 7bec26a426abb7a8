"""Which microphone is chosen: the one in which the person stands out of its own noise, and is not cut off."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.samples import RATE, Samples
from voice_assist.setup.hearing import best, judged


def spoken(level: float, noise: float, seconds: float = 4.0, seed: int = 1) -> Samples:
    """Return syllables of a level over noise of a level, both dBFS, with pauses as people make them."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    voiced = (np.sin(2 * np.pi * 3 * time) > 0) & (time % 2 < 1.3)
    tone = np.sqrt(2) * np.sin(2 * np.pi * 180 * time) * voiced * 10 ** (level / 20)
    hiss = rng.normal(0, 10 ** (noise / 20), len(time))
    pcm: Samples = np.clip(32768 * (tone + hiss), -32768, 32767).astype(np.int16)
    return pcm


def test_the_one_that_hears_the_person_over_its_own_noise_is_chosen() -> None:
    near, far, hissing = spoken(-26, -65), spoken(-44, -62), spoken(-20, -32)
    assert best({"hissing": hissing, "near": near, "far": far}) == "near"


def test_a_soft_one_without_noise_is_better_than_a_loud_one_with_it() -> None:
    assert best({"loud": spoken(-15, -30), "soft": spoken(-40, -75)}) == "soft"


def test_one_that_is_cut_off_at_the_top_is_chosen_last() -> None:
    clipped = spoken(6, -60)
    assert judged(clipped).clipped
    assert best({"clipped": clipped, "plain": spoken(-30, -55)}) == "plain"
    assert best({"clipped": clipped}) == "clipped"


def test_the_measure_is_in_decibels() -> None:
    heard = judged(spoken(-30, -60))
    assert heard.speech == pytest.approx(-30, abs=2)
    assert heard.noise == pytest.approx(-60, abs=1)
    assert not heard.clipped


@pytest.mark.parametrize("sound", [np.zeros(RATE, np.int16), spoken(-90, -50), np.zeros(0, np.int16)])
def test_one_that_heard_nobody_is_none(sound: Samples) -> None:
    assert best({"it": sound}) is None


def test_of_equal_ones_the_first_is_taken_since_systems_list_a_device_twice() -> None:
    one, same = spoken(-30, -60, seed=1), spoken(-30, -61, seed=2)
    assert best({"default": one, "again": same}) == "default"
    assert best({"again": same, "default": one}) == "again"
