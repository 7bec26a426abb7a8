"""Whether the microphone hears the loudspeaker, told from loudness."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.hear.echo_meter import EchoMeter, level
from voice_assist.samples import BLOCK, Samples, samples, silence

SECONDS = 6


def babble(seed: int, loudness: float) -> Samples:
    """Return sound with the rhythm of speech: syllables of random length and loudness, and pauses."""
    rng = np.random.default_rng(seed)
    envelope = np.repeat(rng.choice([0.0, 0.0, 0.2, 0.6, 1.0], SECONDS * 8), samples(1 / 8))
    return (envelope * rng.normal(0, 1, len(envelope)) * 3000 * loudness).astype(np.int16)


def hiss(loudness: float) -> Samples:
    return (np.random.default_rng(9).normal(0, 3000, samples(SECONDS)) * loudness).astype(np.int16)


def measured(played: Samples, heard: Samples) -> EchoMeter:
    meter = EchoMeter()
    for start in range(0, len(played) - BLOCK + 1, BLOCK):
        meter.push(played[start : start + BLOCK], level(heard[start : start + BLOCK]))
    return meter


@pytest.mark.parametrize("late", [0.0, 0.04, 0.2, 0.4])
@pytest.mark.parametrize("softer", [1.0, 0.1])
def test_an_echo_is_noticed_with_its_lag(late: float, softer: float) -> None:
    ours = babble(1, 1.0)
    echo = np.concatenate([silence(samples(late)), (ours * softer).astype(np.int16)])[: len(ours)]
    meter = measured(ours, echo + hiss(0.01))
    assert meter.present
    assert meter.lag == pytest.approx(samples(late), abs=BLOCK)


def test_a_person_who_speaks_as_we_do_is_no_echo() -> None:
    assert not any(measured(babble(1, 1.0), babble(seed, 1.0) + hiss(0.01)).present for seed in range(2, 12))


def test_silence_and_steady_noise_are_no_echo() -> None:
    assert not measured(babble(1, 1.0), silence(samples(SECONDS))).present
    assert not measured(babble(1, 1.0), hiss(0.1)).present


def test_nothing_is_told_before_we_have_spoken() -> None:
    assert measured(silence(samples(SECONDS)), babble(1, 1.0)).present


def test_headphones_put_on_are_noticed() -> None:
    ours = babble(1, 1.0)
    meter = measured(ours, ours)
    assert meter.present
    for start in range(0, len(ours) - BLOCK + 1, BLOCK):
        meter.push(ours[start : start + BLOCK], level(hiss(0.01)[start : start + BLOCK]))
    assert not meter.present


@pytest.mark.parametrize("seed", range(2, 12))
def test_who_talks_beside_us_louder_than_our_echo_does_not_hide_it(seed: int) -> None:
    ours = babble(1, 1.0)
    echo = (ours * 0.3).astype(np.int16) + hiss(0.01)
    meter = measured(ours, echo)
    for played, heard in ((ours, echo + babble(seed, 1.0)), (silence(len(ours)), babble(seed, 1.0))):
        for start in range(0, len(ours) - BLOCK + 1, BLOCK):
            meter.push(played[start : start + BLOCK], level(heard[start : start + BLOCK]))
            assert meter.present
    assert meter.lag == 0


def test_levels_are_in_dbfs() -> None:
    assert level(silence(BLOCK)) == -90.0
    assert level(np.full(BLOCK, -32768, dtype=np.int16)) == pytest.approx(0.0)
