"""Every effect does to sound what it says."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="filters need scipy: pip install '.[train]'")

from scripts.train_model import effort
from scripts.train_model.corpora import Wave

RATE = 16000


def tone(pitch: float, seconds: float) -> Wave:
    """A buzz with many harmonics, as a throat makes it."""
    times = np.arange(round(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * pitch * number * times) / number for number in range(1, 20))
    return np.asarray(0.3 * buzz, dtype=np.float32)


@pytest.fixture
def speech() -> Wave:
    """Two vowels with pauses around and a hiss between."""
    rng = np.random.default_rng(2)
    silence = np.zeros(RATE // 5, np.float32)
    hiss = (0.03 * rng.standard_normal(RATE // 10)).astype(np.float32)
    return np.concatenate([silence, tone(120, 0.2), hiss, tone(150, 0.14), silence])


def power(wave: Wave, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(wave)) ** 2
    hertz = np.fft.rfftfreq(len(wave), 1 / RATE)
    return float(spectrum[(hertz >= low) & (hertz < high)].sum()) / len(wave) ** 2


def pitch(wave: Wave) -> float:
    alike = np.correlate(wave, wave, "full")[len(wave) - 1 :]
    return RATE / (40 + int(alike[40:320].argmax()))


def loudness(wave: Wave, width: int = 400) -> Wave:
    return np.asarray(np.sqrt(np.square(wave[: len(wave) // width * width].reshape(-1, width)).mean(axis=1)))


def test_a_trembling_voice_swells_as_often_as_it_is_told_and_keeps_its_length() -> None:
    calm = tone(150, 2)
    shaken = effort.trembling(calm, rate=5, depth=0.6, sway=0.03)
    assert len(shaken) == len(calm)
    course = loudness(shaken) - loudness(shaken).mean()
    swells = np.abs(np.fft.rfft(course))
    assert np.fft.rfftfreq(len(course), 400 / RATE)[int(swells.argmax())] == pytest.approx(5, abs=0.6)
    assert loudness(shaken).min() < 0.55 * loudness(shaken).max()


def test_its_pitch_sways() -> None:
    shaken = effort.trembling(tone(150, 2), rate=4, depth=0, sway=0.06)
    heard = [pitch(shaken[start : start + 1600]) for start in range(0, 2 * RATE - 1600, 400)]
    assert max(heard) - min(heard) > 0.08 * 150
    assert np.mean(heard) == pytest.approx(150, rel=0.03)


def test_what_is_stretched_is_longer_at_the_same_pitch_and_as_loud() -> None:
    calm = tone(130, 0.5)
    for factor in (1.4, 2.5):
        long = effort.stretched(calm, factor)
        assert len(long) == pytest.approx(factor * len(calm), abs=1)
        middle = long[len(long) // 4 : -len(long) // 4]
        assert pitch(middle) == pytest.approx(130, rel=0.03)
        assert loudness(middle).mean() == pytest.approx(loudness(calm).mean(), rel=0.15)


def test_only_vowels_are_drawn_out(speech: Wave) -> None:
    one = effort.drawn_out(speech, 2.0, most=1)
    two = effort.drawn_out(speech, 2.0, most=2)
    assert len(speech) + 1200 < len(one) < len(two) < 2 * len(speech)
    assert np.array_equal(one[:2000], speech[:2000])
    assert np.array_equal(one[-2000:], speech[-2000:])


def test_silence_has_no_vowels() -> None:
    silence = np.zeros(RATE, np.float32)
    assert np.array_equal(effort.drawn_out(silence, 2.0, 3), silence)


def test_a_shout_is_brighter_and_flatter_at_its_peaks(speech: Wave) -> None:
    loud = effort.shouted(speech, brightness=5, drive=4)
    assert len(loud) == len(speech)
    assert np.abs(loud).max() <= np.abs(speech).max() * 1.001
    bright = power(loud, 1500, 4000) / power(loud, 50, 500)
    assert bright > 2 * power(speech, 1500, 4000) / power(speech, 50, 500)
    assert loudness(loud).max() / np.abs(loud).max() > loudness(speech).max() / np.abs(speech).max()


def test_a_whisper_has_no_pitch_and_the_same_strength(speech: Wave) -> None:
    quiet = effort.whispered(speech, np.random.default_rng(1))
    assert len(quiet) == len(speech)
    vowel = slice(int(0.22 * RATE), int(0.38 * RATE))

    def periodic(wave: Wave) -> float:
        part = wave[vowel]
        alike = np.correlate(part, part, "full")[len(part) - 1 :]
        return float(alike[100:200].max() / alike[0])

    assert periodic(speech) > 0.8
    assert periodic(quiet) < 0.45
    assert np.square(quiet).sum() == pytest.approx(np.square(speech).sum(), rel=0.05)
    assert loudness(quiet)[:6].max() < 0.1 * loudness(quiet).max()


def test_a_breathy_voice_keeps_some_of_its_pitch(speech: Wave) -> None:
    breathy = effort.whispered(speech, np.random.default_rng(1), voice=0.6)
    assert pitch(breathy[int(0.22 * RATE) : int(0.38 * RATE)]) == pytest.approx(120, rel=0.03)


def test_clenched_teeth_let_little_through_above_their_edge(speech: Wave) -> None:
    muffled = effort.clenched(speech, edge=1200, nasal=6)
    assert len(muffled) == len(speech)
    assert power(muffled, 3000, 8000) < 0.05 * power(speech, 3000, 8000)
    assert power(muffled, 240, 320) > 2 * power(speech, 240, 320)


def test_a_sob_breaks_off_and_loses_nothing(speech: Wave) -> None:
    broken = effort.sobbing(speech, 2, np.random.default_rng(4))
    assert 2 * 0.06 <= (len(broken) - len(speech)) / RATE <= 2 * 0.25
    assert np.square(broken).sum() == pytest.approx(np.square(speech).sum(), rel=0.15)
    assert len(effort.sobbing(speech[:100], 2, np.random.default_rng(4))) == 100


def test_breath_comes_before_or_after_and_is_weaker(speech: Wave) -> None:
    rng = np.random.default_rng(6)
    for _ in range(6):
        gasped = effort.breathing(speech, rng)
        start = int(np.correlate(gasped, speech, "valid").argmax())
        assert np.allclose(gasped[start : start + len(speech)], speech)
        around = np.concatenate([gasped[:start], gasped[start + len(speech) :]])
        assert len(around) >= 0.2 * RATE
        assert 0 < np.abs(around).max() <= 10 ** (-12 / 20) * np.abs(speech).max() * 1.01


def test_the_drowsy_are_slow_and_dull(speech: Wave) -> None:
    slow = effort.drowsy(speech, 1.3)
    assert len(slow) == pytest.approx(1.3 * len(speech), abs=1)
    assert power(slow, 4000, 8000) < 0.5 * power(speech, 4000, 8000)


def test_whoever_is_strained_is_changed_and_still_there(speech: Wave) -> None:
    rng = np.random.default_rng(8)
    for _ in range(60):
        changed = effort.strained(speech, rng)
        assert changed.dtype == np.float32
        assert np.isfinite(changed).all()
        assert not np.array_equal(changed, speech)
        assert 0.9 * len(speech) < len(changed) < 5 * len(speech)
        assert 0.05 < np.abs(changed).max() < 4
