"""Rooms, pillows and devices change sound as they should, and the times of the sounds stay true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("scipy", reason="filters need scipy: pip install '.[train]'")

from scripts.train_model import augment
from scripts.train_model.augment import CURVE, Scene
from scripts.train_model.corpora import Wave
from scripts.train_model.noise import Noises, coloured, music
from scripts.train_model.store import Segments

RATE = 16000


def clicks(*times: float, seconds: float = 1.0) -> Wave:
    found = np.zeros(round(seconds * RATE), np.float32)
    found[[round(time * RATE) for time in times]] = 1
    return found


def power(wave: Wave, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(wave)) ** 2
    hertz = np.fft.rfftfreq(len(wave), 1 / RATE)
    return float(spectrum[(hertz >= low) & (hertz < high)].sum())


def spoken(seconds: float = 1.2) -> tuple[Wave, Segments]:
    """Silence, a hiss, a buzz, silence; and where they are."""
    rng = np.random.default_rng(1)
    wave = (0.001 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)
    wave[4800:9600] += 0.1 * rng.standard_normal(4800, dtype=np.float32)
    wave[9600:14400] += 0.3 * np.sin(np.arange(4800) / 10).astype(np.float32)
    end = augment.frames_of(len(wave))
    return wave, np.array([(0, 0, 30, -1), (5, 30, 60, 0), (9, 60, 90, 0), (0, 90, end, -1)], np.int32)


@pytest.fixture(scope="module")
def place() -> Scene:
    rng = np.random.default_rng(5)
    noises = Noises({"coloured": [coloured(5 * RATE, rng)], "music": [music(5 * RATE, rng)]})
    return Scene([augment.room(rng) for _ in range(5)], noises)


def test_silence_around_a_word_moves_its_sounds_with_it() -> None:
    wave, segments = spoken(1.0)
    heard, moved = augment.in_silence(wave, segments, np.random.default_rng(2))
    shift = int(moved[1, 1] - segments[1, 1])
    assert shift >= 5
    assert np.array_equal(heard[shift * 160 : shift * 160 + len(wave)], wave)
    assert np.abs(np.delete(heard, np.arange(shift * 160, shift * 160 + len(wave)))).max() < 0.01
    assert (moved[1:, 1] == segments[1:, 1] + shift).all()
    assert (moved[:-1, 2] == segments[:-1, 2] + shift).all()
    assert (moved[0, 1], moved[-1, 2]) == (0, augment.frames_of(len(heard)))
    assert moved[:, 0].tolist() == segments[:, 0].tolist()
    cut_close = segments[1:-1]
    _, moved = augment.in_silence(wave, cut_close, np.random.default_rng(2))
    assert moved[:, 0].tolist() == [0, 5, 9, 0]
    assert (moved[1:, 1] == moved[:-1, 2]).all()


@pytest.mark.parametrize("pace", [0.85, 1.0, 1.15])
def test_speech_is_faster_and_higher_by_the_ratio_of_the_lengths(pace: float) -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)
    found = augment.filtered(tone, None, None, pace)
    exact = len(tone) / len(found)
    assert exact == pytest.approx(pace, rel=0.01)
    strongest = np.abs(np.fft.rfft(found)).argmax() * RATE / len(found)
    assert strongest == pytest.approx(1000 * exact, abs=2)
    assert np.abs(found[200:-200]).max() == pytest.approx(1, abs=0.05)


def test_clicks_come_when_the_segments_say() -> None:
    wave = clicks(0.2, 0.5, 0.8)
    response = np.array([1, *[0] * 400, 0.5], np.float32)
    for pace in (0.87, 1.12):
        found = augment.filtered(wave, response, None, pace)
        exact = len(wave) / len(found)
        heard = np.argsort(np.abs(found))[-3:]
        assert sorted(heard / RATE) == pytest.approx([0.2 / exact, 0.5 / exact, 0.8 / exact], abs=0.001)


def test_a_room_begins_with_the_direct_sound_and_fades() -> None:
    rng = np.random.default_rng(2)
    for _ in range(30):
        response = augment.room(rng)
        assert response[0] == 1
        assert 0.1 * RATE - 1 <= len(response) <= 0.8 * RATE
        tail = float(np.square(response[1:]).sum())
        assert 10 ** (-14.1 / 10) <= tail <= 10 ** (3.1 / 10)
        half = len(response) // 2
        assert np.square(response[half:]).sum() < 0.2 * tail
        assert np.isfinite(response).all()


def test_a_pillow_takes_the_high_sounds_and_leaves_the_low() -> None:
    rng = np.random.default_rng(3)
    wave = rng.standard_normal(RATE).astype(np.float32)
    for _ in range(10):
        muffled = augment.filtered(wave, None, augment.pillow(rng))
        assert power(muffled, 100, 500) == pytest.approx(power(wave, 100, 500), rel=0.05)
        assert power(muffled, 6000, 8000) < 0.3 * power(wave, 6000, 8000)


def test_a_tint_stays_within_bounds() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        gain = 20 * np.log10(augment.tint(rng))
        assert gain.shape == CURVE.shape
        assert gain.min() >= -40.1
        assert gain.max() <= 12.1


@pytest.mark.parametrize("ratio", [0, 12, 25])
def test_noise_is_as_far_below_the_loud_parts_as_it_should(ratio: float) -> None:
    wave, _ = spoken()
    rng = np.random.default_rng(6)
    noise = 3 * rng.standard_normal(len(wave), dtype=np.float32)
    added = augment.mixed(wave, noise, ratio) - wave
    loud = float(np.square(wave[9600:14400]).mean())
    assert 10 * np.log10(loud / np.square(added).mean()) == pytest.approx(ratio, abs=1)


@pytest.mark.parametrize("level", [-45, -20, 0])
def test_the_level_is_that_of_the_peak(level: float) -> None:
    wave, _ = spoken()
    sound = augment.at_level(wave, level)
    assert sound.dtype == np.int16
    assert 20 * np.log10(np.abs(sound.astype(float)).max() / 32767) == pytest.approx(level, abs=0.1)


def test_silence_has_no_level() -> None:
    assert not augment.at_level(np.zeros(100, np.float32), 0).any()


@pytest.mark.parametrize(("change", "least"), [(augment.companded, 0.99), (augment.coded, 0.8)])
def test_a_codec_keeps_length_and_likeness(change: object, least: float) -> None:
    assert callable(change)
    wave, _ = spoken()
    found = change(wave)
    assert len(found) == len(wave)
    assert not np.array_equal(found, wave)
    assert np.corrcoef(found[9600:14400], wave[9600:14400])[0, 1] > least


def test_segments_move_with_the_pace_and_end_with_the_frames() -> None:
    segments = np.array([(0, 0, 10, -1), (3, 10, 11, 0), (4, 11, 50, 0), (0, 50, 98, -1)], np.int32)
    slow = augment.in_time(segments, 0.5, 195)
    assert slow[:, 1:3].tolist() == [[0, 20], [20, 22], [22, 100], [100, 195]]
    fast = augment.in_time(segments, 2.5, 39)
    assert fast[:, 0].tolist() == [0, 4, 0]  # the third of three frames is none
    assert fast[-1].tolist() == [0, 20, 39, -1]


def test_an_utterance_is_changed_but_its_sounds_are_where_the_segments_say(place: Scene) -> None:
    wave, segments = spoken(1.3)
    rng = np.random.default_rng(7)
    lengths = set()
    for _ in range(80):
        sound, moved = augment.augmented(wave, segments, place, rng)
        lengths.add(len(sound))
        frames = augment.frames_of(len(sound))
        assert moved[0, 1] == 0
        assert frames - 1 <= moved[-1, 2] <= frames
        assert (moved[1:, 1] == moved[:-1, 2]).all()
        assert moved[:, 0].tolist() == segments[:, 0].tolist()
        assert np.abs(sound).max() > 0
        middle = (moved[2, 1] + moved[2, 2]) / 2 / 128 * len(wave) / len(sound)
        assert middle == pytest.approx(75 / 128 * len(wave) / len(sound) * len(sound) / len(wave), rel=0.2)
    assert len(lengths) > 10
    assert 0.8 * len(wave) < min(lengths) < max(lengths) < 1.2 * len(wave)


def test_the_same_seed_hears_the_same(place: Scene) -> None:
    wave, segments = spoken()
    first, second = (augment.augmented(wave, segments, place, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_noise_alone_is_of_the_length_that_is_asked_for(place: Scene) -> None:
    rng = np.random.default_rng(1)
    for length in (1600, 50_000):
        assert len(augment.without_speech(length, place, rng)) == length


def test_only_room_a_is_heard(tmp_path: Path) -> None:
    (tmp_path / "rir").mkdir()
    for name in ("roomA_az+000_L", "other"):
        soundfile.write(tmp_path / "rir" / f"{name}.wav", np.array([0, 0, 0.5, 0.25, 0.125]), RATE, subtype="FLOAT")
    made = augment.scene(tmp_path, Noises({}), np.random.default_rng(1))
    measured = [response for response in made.rooms if len(response) == 3]
    assert measured
    assert {tuple(response) for response in measured} == {(1, 0.5, 0.25)}
