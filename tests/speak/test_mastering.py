"""What the engine wrote becomes sound of one rate, one loudness, without idle ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.samples import BLOCK, RATE
from voice_assist.speak.mastering import EDGE, LOUDNESS, PEAK, master

Sound = npt.NDArray[np.float32]


def tone(duration: float, rate: int, peak: float = 0.5) -> Sound:
    """A tone of 300 Hz, shape (frames, 1)."""
    wave = peak * np.sin(np.arange(round(duration * rate)) * 2 * np.pi * 300 / rate)
    return wave.astype(np.float32).reshape(-1, 1)


def full_scale(decibels: float) -> float:
    return float(32768 * 10 ** (decibels / 20))


@given(rate=st.sampled_from([8000, 16_000, 22_050, 44_100, 48_000]), peak=st.floats(0.001, 1.0))
def test_any_rate_and_level_comes_out_equally_long_and_loud(rate: int, peak: float) -> None:
    pcm = master(tone(0.5, rate, peak), rate)
    assert pcm.dtype == np.int16
    assert len(pcm) % BLOCK == 0
    assert abs(len(pcm) - 0.5 * RATE) < 2 * BLOCK + 2 * EDGE
    middle = pcm[2000:6000].astype(float)
    assert np.sqrt(np.square(middle).mean()) == pytest.approx(full_scale(LOUDNESS), rel=0.1)


@given(before=st.integers(0, 30_000), after=st.integers(0, 30_000))
def test_silence_at_the_ends_goes_and_a_little_stays(before: int, after: int) -> None:
    sound = np.pad(tone(0.3, RATE), ((before, after), (0, 0)))
    pcm = master(sound, RATE)
    heard = np.flatnonzero(pcm)
    assert heard[0] <= EDGE + 1
    assert len(pcm) - heard[-1] <= EDGE + BLOCK + 1
    assert heard[-1] - heard[0] == pytest.approx(0.3 * RATE, abs=BLOCK)


def test_silence_inside_stays() -> None:
    pcm = master(np.concatenate((tone(0.2, RATE), np.zeros((RATE, 1), np.float32), tone(0.2, RATE))), RATE)
    assert len(pcm) == pytest.approx(1.4 * RATE, abs=2 * BLOCK)


def test_pauses_do_not_make_a_sentence_louder() -> None:
    plain = master(tone(0.4, RATE), RATE)
    halting = master(np.concatenate((tone(0.2, RATE), np.zeros((RATE, 1), np.float32), tone(0.2, RATE))), RATE)
    assert int(halting.max()) == pytest.approx(int(plain.max()), rel=0.1)


def test_a_peak_is_never_over_the_limit() -> None:
    sound = tone(0.5, RATE, peak=0.01)
    sound[4000] = 1.0
    assert np.abs(master(sound, RATE).astype(int)).max() <= full_scale(PEAK) + 1


def test_channels_are_mixed() -> None:
    stereo = np.concatenate((tone(0.5, RATE), np.zeros((RATE // 2, 1), np.float32)), axis=1)
    assert np.array_equal(master(stereo, RATE), master(tone(0.5, RATE), RATE))


@pytest.mark.parametrize("sound", [np.zeros((0, 1)), np.zeros((9000, 1)), np.full((9000, 1), 1e-6)])
def test_no_sound_is_nothing(sound: npt.NDArray[np.float64]) -> None:
    assert len(master(sound.astype(np.float32), 22_050)) == 0
