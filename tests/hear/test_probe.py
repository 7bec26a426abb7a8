"""A sound of ours is found below the noise, with its level and delay, and never where there is no loudspeaker."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.hear.probe import SEGMENT, find, noise_like
from voice_assist.samples import RATE, Samples, silence

PROBE = noise_like(12 * SEGMENT, -60.0)


def heard(level: float, delay: float, noise: float, seed: int = 1) -> Samples:
    """Return what a microphone hears of the probe, in a room of so much noise in dBFS."""
    late = round(delay * RATE)
    sound = np.random.default_rng(seed).normal(0, 32768 * 10 ** (noise / 20), len(PROBE) + RATE)
    sound[late : late + len(PROBE)] += PROBE * 10 ** (level / 20)
    return np.rint(np.clip(sound, -32768, 32767)).astype(np.int16)


@pytest.mark.parametrize("delay", [0.02, 0.15, 0.4])
@pytest.mark.parametrize(("level", "noise"), [(0.0, -60.0), (-10.0, -60.0), (-10.0, -55.0), (-20.0, -60.0)])
def test_it_is_found_as_much_as_twenty_decibels_below_the_noise(level: float, delay: float, noise: float) -> None:
    echo = find(PROBE, heard(level, delay, noise))
    assert echo is not None
    assert echo.delay == pytest.approx(delay, abs=0.001)
    assert echo.level == pytest.approx(level, abs=4.0)


@pytest.mark.parametrize("seed", range(30, 50))
def test_without_a_loudspeaker_nothing_is_found(seed: int) -> None:
    assert find(PROBE, heard(-200.0, 0.1, -60.0, seed)) is None


def test_in_zeros_and_in_nothing_there_is_nothing() -> None:
    assert find(PROBE, silence(len(PROBE))) is None
    assert find(silence(len(PROBE)), heard(0.0, 0.1, -60.0)) is None
    assert find(silence(0), silence(0)) is None


def test_the_probe_is_as_loud_as_it_is_asked_to_be_and_always_the_same() -> None:
    assert np.array_equal(PROBE, noise_like(len(PROBE), -60.0))
    power = float(np.square(PROBE.astype(np.float64)).mean()) / 2**30
    assert 10 * np.log10(power) == pytest.approx(-60.0, abs=0.2)
