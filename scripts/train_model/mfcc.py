"""The features that Vosk computes: MFCC of Kaldi, by kaldi-native-fbank, with the options of our models."""

from __future__ import annotations

import kaldi_native_fbank
import numpy as np

from scripts.train_model.store import Features, Sound
from voice_assist.samples import RATE

BANDS = CEPSTRA = 40


def mfcc(sound: Sound) -> Features:
    """Return [frames, 40], a frame every 10 ms; none where there are less than 25 ms of sound."""
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = BANDS
    options.mel_opts.low_freq = 20
    options.mel_opts.high_freq = -400
    options.num_ceps = CEPSTRA
    options.use_energy = False
    computed = kaldi_native_fbank.OnlineMfcc(options)
    computed.accept_waveform(RATE, sound.tolist())
    computed.input_finished()
    frames = [computed.get_frame(number) for number in range(computed.num_frames_ready)]
    return np.array(frames, np.float16).reshape(-1, CEPSTRA)
