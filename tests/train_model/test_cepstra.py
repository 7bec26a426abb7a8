"""Our features are Kaldi's."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="features need scipy: pip install '.[train]'")

from scripts.train_model.cepstra import mfcc


def noise(samples: int, loud: float = 3000) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    rng = np.random.default_rng(samples)
    swell = 0.01 + np.abs(np.sin(np.arange(samples) / 2000))
    return np.asarray((loud * swell * rng.normal(0, 1, samples)).clip(-32768, 32767).astype(np.int16))


@pytest.mark.parametrize("loud", [2, 300, 9000])
def test_the_numbers_are_those_of_kaldi(loud: float) -> None:
    fbank = pytest.importorskip(
        "kaldi_native_fbank", reason="the measure is kaldi-native-fbank: pip install '.[train]'"
    )
    options = fbank.MfccOptions()
    options.frame_opts.dither, options.frame_opts.samp_freq, options.frame_opts.snip_edges = 0, 16000, True
    options.mel_opts.num_bins, options.mel_opts.low_freq, options.mel_opts.high_freq = 40, 20, -400
    options.num_ceps, options.use_energy = 40, False
    computer = fbank.OnlineMfcc(options)
    sound = noise(16000, loud)
    computer.accept_waveform(16000, sound.astype(np.float32).tolist())
    computer.input_finished()
    expected = np.array([computer.get_frame(number) for number in range(computer.num_frames_ready)])

    found = mfcc(sound)
    assert found.shape == expected.shape == (98, 40)
    # Half precision keeps eleven bits: at 128 the next number is 0.125 away.
    assert np.abs(found.astype(float) - expected).max() <= 0.07


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16000, 98)])
def test_a_frame_every_ten_milliseconds(samples: int, frames: int) -> None:
    assert mfcc(noise(samples)).shape == (frames, 40)


def test_digital_silence_has_features() -> None:
    assert np.isfinite(mfcc(np.zeros(4000, np.int16)).astype(float)).all()
