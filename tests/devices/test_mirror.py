"""Do we hear a room, or only ourselves? A digital copy is told from any air."""

from __future__ import annotations

import numpy as np
import pytest

from voice_assist.devices.mirror import LATEST, WINDOW, WINDOWS, Mirror
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence


def voice(length: float, seed: int = 1) -> Samples:
    """Return noise that is shaped and swells like speech."""
    noise = np.random.default_rng(seed).normal(0, 1, samples(length))
    shaped = np.convolve(noise, np.exp(-np.arange(64) / 12), mode="same")
    swell = 1 + np.sin(2 * np.pi * 4 * np.arange(len(noise)) / RATE)
    pcm: Samples = (shaped * swell * 600).astype(np.int16)
    return pcm


def held(mirror: Mirror, heard: Samples, played: Samples) -> bool:
    for at in range(0, len(played), BLOCK):
        mirror.push(heard[at : at + BLOCK], played[at : at + BLOCK])
    return mirror.shows_us


def late(pcm: Samples, by: int) -> Samples:
    moved: Samples = np.concatenate((silence(by), pcm))[: len(pcm)]
    return moved


@pytest.mark.parametrize("by", [0, 1, 700, samples(0.3), LATEST - BLOCK])
def test_what_we_play_sample_for_sample_is_no_room(by: int) -> None:
    played = voice(4.0)
    assert held(Mirror(), late(played, by), played)


def test_nor_is_it_softer_and_at_another_rate_on_the_way() -> None:
    played = voice(4.0)
    between = np.interp(np.arange(len(played)) - 0.37, np.arange(len(played)), played)
    assert held(Mirror(), (0.4 * late(between.astype(np.int16), 900)).astype(np.int16), played)


def test_a_room_returns_echoes_and_noise() -> None:
    played = voice(6.0)
    generator = np.random.default_rng(2)
    response = np.concatenate(([1.0], generator.normal(0, 0.1, 1_600) * np.exp(-np.arange(1_600) / 400)))
    echo = np.convolve(played, response)[: len(played)]
    assert not held(Mirror(), late((echo + generator.normal(0, 10, len(played))).astype(np.int16), 900), played)


def test_a_person_who_speaks_while_we_do_is_no_mirror() -> None:
    played = voice(4.0)
    assert not held(Mirror(), voice(4.0, seed=3), played)


def test_silence_proves_nothing() -> None:
    mirror = Mirror()
    assert not held(mirror, silence(4 * RATE), voice(4.0))
    assert not held(mirror, voice(4.0), silence(4 * RATE))


def test_a_room_that_is_heard_again_ends_it() -> None:
    mirror, played = Mirror(), voice(4.0)
    assert held(mirror, late(played, 700), played)
    assert held(mirror, silence(RATE), silence(RATE)), "nothing was said: nothing is known"
    assert not held(mirror, voice(4.0, seed=5), played)


def test_some_windows_in_a_row_are_needed() -> None:
    played = voice(1.0)
    count = WINDOW * WINDOWS - BLOCK
    assert not held(Mirror(), played[:count], played[:count])
