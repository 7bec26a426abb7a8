"""Noise to train with is none of the noise to test with, and of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("scipy", reason="noise needs scipy: pip install '.[train]'")

from scripts.train_model.noise import SHARES, SPEECH, babble, coloured, gather, music, noise_files, sleeper

RATE = 16000


def record(path: Path, seconds: float = 0.5, loud: float = 0.1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = loud * np.random.default_rng(len(path.name)).standard_normal(int(seconds * RATE))
    soundfile.write(path, sound, RATE, subtype="PCM_16")


def test_every_fifth_is_for_testing_and_nothing_of_the_same_source_is_left(tmp_path: Path) -> None:
    for name in ("1-10-A", "1-10-B", "1-20-A", "1-30-A", "1-40-A", "1-50-A", "1-60-A"):
        record(tmp_path / "esc10" / "rain" / f"{name}.wav")
    assert [path.stem for path in noise_files("test", tmp_path)] == ["1-10-A", "1-50-A"]
    assert [path.stem for path in noise_files("train", tmp_path)] == ["1-20-A", "1-30-A", "1-40-A", "1-60-A"]


def test_folders_of_few_are_held_out_otherwise(tmp_path: Path) -> None:
    record(tmp_path / "pv_kitchen" / "kitchen.wav")
    for name in "abcd":
        record(tmp_path / "moodist" / f"places_{name}-street.wav")
    assert [path.stem for path in noise_files("test", tmp_path)] == ["places_a-street", "places_d-street", "kitchen"]
    assert [path.stem for path in noise_files("train", tmp_path)] == ["places_b-street", "places_c-street"]


def test_the_recordings_at_hand_are_told_apart(shared: Path) -> None:
    train, test = (set(noise_files(part, shared / "audio" / "noise")) for part in ("train", "test"))
    assert len(train) > 90
    assert len(test) > 30
    assert not train & test
    assert {path.parent.name for path in test} >= {"pv_kitchen", "moodist", "gsc_background", "rain"}
    assert "pv_kitchen" not in {path.parent.name for path in train}


@pytest.mark.parametrize("make", [coloured, music, sleeper])
def test_what_is_made_is_even_and_never_the_same(make: object) -> None:
    assert callable(make)
    rng = np.random.default_rng(1)
    clips = [make(3 * RATE, rng) for _ in range(4)]
    for clip in clips:
        assert clip.dtype == np.float32
        assert len(clip) == 3 * RATE
        assert np.square(clip).mean() == pytest.approx(1, rel=0.01)
    assert not np.allclose(clips[0], clips[1])


def test_music_has_tones_that_change() -> None:
    clip = music(6 * RATE, np.random.default_rng(3))
    strongest = []
    for start in range(0, 6 * RATE - 8000, 4000):
        spectrum = np.abs(np.fft.rfft(clip[start : start + 8000] * np.hanning(8000)))
        strongest.append(int(spectrum.argmax()))
        assert spectrum.max() > 20 * np.median(spectrum)
    assert len(set(strongest)) >= 3


def test_a_sleeper_breathes_and_is_quiet_between() -> None:
    clip = sleeper(10 * RATE, np.random.default_rng(4))
    loud = np.square(clip.reshape(-1, RATE // 10)).mean(axis=1)
    assert loud.max() > 30 * np.percentile(loud, 10)


def test_many_voices_leave_no_pause() -> None:
    said = np.concatenate([np.ones(4000, np.float32), np.zeros(4000, np.float32)])
    rng = np.random.default_rng(1)
    one, many = babble([said], 1, rng), babble([said], 7, rng)
    assert len(one) == len(many) == 10 * RATE
    assert (one == 0).mean() > 0.4
    assert (many == 0).mean() < 0.2


def test_noise_is_drawn_of_any_length_and_kind(tmp_path: Path) -> None:
    for number in range(3):
        record(tmp_path / "esc10" / "rain" / f"1-{number}0-A.wav")
    record(tmp_path / "esc10" / "rain" / "1-99-A.wav", loud=0)
    rng = np.random.default_rng(2)
    noises = gather(tmp_path, [np.ones(9000, np.float32)], rng)
    assert set(noises.clips) == set(SHARES)
    assert len(noises.clips["recorded"]) == 2
    drawn = [noises.draw(length, rng) for length in (1, 1000, 8000, 20000, 400_000) for _ in range(30)]
    assert {kind for kind, _ in drawn} == set(SHARES)
    assert [len(clip) for _, clip in drawn[::30]] == [1, 1000, 8000, 20000, 400_000]
    quiet = gather(tmp_path, [], rng)
    assert not set(quiet.clips) & SPEECH


def test_a_recording_of_another_rate_is_named(tmp_path: Path) -> None:
    path = tmp_path / "moodist" / "b.wav"
    record(tmp_path / "moodist" / "a.wav")
    soundfile.write(path, np.zeros(100), 8000)
    with pytest.raises(ValueError, match="must be mono at 16000 samples a second, not 1 at 8000"):
        gather(tmp_path, [], np.random.default_rng(1))
