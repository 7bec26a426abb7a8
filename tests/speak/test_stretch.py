"""A sound lasts longer or shorter; its pitch, its loudness and its ends stay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.samples import RATE, Samples, samples
from voice_assist.speak.stretch import stretched


def tone(duration: float, hertz: float) -> Samples:
    wave: Samples = np.rint(8000 * np.sin(np.arange(samples(duration)) * 2 * np.pi * hertz / RATE)).astype(np.int16)
    return wave


def pitch(pcm: Samples) -> float:
    """The strongest frequency in Hz."""
    return float(np.argmax(np.abs(np.fft.rfft(pcm, n=RATE))))


@pytest.mark.parametrize("hertz", [90, 130, 250, 400])
@pytest.mark.parametrize("factor", [0.6, 0.8, 1.25, 1.5])
def test_pitch_and_loudness_stay(hertz: int, factor: float) -> None:
    pcm = tone(1.0, hertz)
    other = stretched(pcm, round(len(pcm) * factor))
    assert len(other) == round(len(pcm) * factor)
    assert pitch(other) == pytest.approx(hertz, abs=2)
    middle = other[2000:-2000].astype(float)
    assert np.sqrt(np.square(middle).mean()) == pytest.approx(8000 / np.sqrt(2), rel=0.05)


@given(length=st.integers(1, 20_000), wanted=st.integers(1, 20_000))
def test_any_length_comes_out_as_any_other(length: int, wanted: int) -> None:
    out = stretched(np.resize(tone(0.1, 200), length), wanted)
    assert out.dtype == np.int16
    assert len(out) == wanted


def test_the_same_length_is_the_same_sound() -> None:
    pcm = tone(0.3, 200)
    assert np.array_equal(stretched(pcm, len(pcm)), pcm)


def test_what_comes_first_stays_first() -> None:
    pcm = np.concatenate((tone(0.5, 200), np.zeros(8000, np.int16), tone(0.5, 400)))
    out = stretched(pcm, len(pcm) * 4 // 5)
    third = len(out) // 3
    assert pitch(out[: third - 1000]) == pytest.approx(200, abs=2)
    assert np.abs(out[third + 1000 : 2 * third - 1000]).max() < 100
    assert pitch(out[2 * third + 1000 :]) == pytest.approx(400, abs=2)
