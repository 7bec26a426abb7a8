"""Loudness is measured where voices are, and one block alone measures the same as among others."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.hear.loudness import SILENCE, decibels, powers
from voice_assist.samples import BLOCK, RATE, Samples, silence


def tone(pitch: float, peak: float = 8000.0, blocks: int = 10) -> Samples:
    wave: Samples = np.rint(peak * np.sin(2 * np.pi * pitch * np.arange(blocks * BLOCK) / RATE)).astype(np.int16)
    return wave


def loudness(sound: Samples) -> float:
    return decibels(float(np.median(powers(sound.reshape(-1, BLOCK)))))


@pytest.mark.parametrize("pitch", [300, 1000, 3500])
def test_a_tone_among_the_voices_is_as_loud_as_its_mean_square(pitch: float) -> None:
    expected = 20 * np.log10(8000 / np.sqrt(2) / 32768)
    assert loudness(tone(pitch)) == pytest.approx(expected, abs=0.3)


@pytest.mark.parametrize("pitch", [50, 6000])
def test_a_tone_below_or_above_them_hardly_counts(pitch: float) -> None:
    assert loudness(tone(pitch)) < loudness(tone(1000)) - 30


def test_silence_is_the_softest_there_is() -> None:
    assert loudness(silence(BLOCK)) == SILENCE


def test_a_block_alone_measures_the_same_to_the_last_bit() -> None:
    noise = np.random.default_rng(3).integers(-9000, 9000, 40 * BLOCK).astype(np.int16).reshape(-1, BLOCK)
    assert powers(noise).tolist() == [float(powers(block)) for block in noise]
