"""The features that Vosk computes: Kaldi's MFCC with the options of our models, in numpy.

kaldi-native-fbank computes the same numbers (a test compares them) and takes four times as long, because every sample
goes in and every frame comes out by itself.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import fft

from scripts.train_model.store import Features
from voice_assist.samples import RATE

Floats = npt.NDArray[np.float32]

FRAME = 400
SHIFT = 160
"""Samples in a frame, and from frame to frame: 25 and 10 ms."""
BANDS = CEPSTRA = 40

_SIZE = 512
_LOWEST, _HIGHEST = 20.0, RATE / 2 - 400.0
"""Hz: `low-freq` and `high-freq` of `mfcc.conf`."""
_EMPHASIS = np.float32(0.97)
_LIFTER = 22.0


def mfcc(sound: npt.NDArray[np.int16] | Floats) -> Features:
    """Return [frames, 40], a frame every 10 ms; none where there are less than 25 ms of sound.

    The samples are in the range of 16 bits, whole or not.
    """
    if len(sound) < FRAME:
        return np.zeros((0, CEPSTRA), np.float16)
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(sound, np.float32), FRAME)[::SHIFT]
    frames = frames - frames.mean(axis=1, keepdims=True)
    sharp = np.empty_like(frames)
    np.subtract(frames[:, 1:], _EMPHASIS * frames[:, :-1], out=sharp[:, 1:])
    sharp[:, 0] = frames[:, 0] * (1 - _EMPHASIS)
    spectrum = fft.rfft(sharp * _WINDOW, _SIZE)
    power = spectrum.real**2 + spectrum.imag**2
    energies = np.log(np.maximum(power @ _BANK, np.finfo(np.float32).eps))
    return np.asarray((energies @ _COSINES).astype(np.float16))


def _mel(hertz: float | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


def _bank() -> Floats:
    """Return [bins, bands]: triangles that overlap by half, equally wide in mel. The last bin is in none."""
    edges = np.linspace(_mel(_LOWEST), _mel(_HIGHEST), BANDS + 2)
    bins = _mel(np.arange(_SIZE // 2) * RATE / _SIZE)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)).clip(0)
    return np.pad(triangles, ((0, 1), (0, 0))).astype(np.float32)


def _cosines() -> Floats:
    """Return [bands, cepstra]: the cosine transform with Kaldi's liftering."""
    band, number = np.arange(BANDS)[:, None], np.arange(CEPSTRA)
    matrix = np.sqrt(2 / BANDS) * np.cos(np.pi / BANDS * (band + 0.5) * number)
    matrix[:, 0] = np.sqrt(1 / BANDS)
    return np.asarray(matrix * (1 + _LIFTER / 2 * np.sin(np.pi * number / _LIFTER)), dtype=np.float32)


_WINDOW = (np.hanning(FRAME) ** 0.85).astype(np.float32)
"""Kaldi's `povey` window."""
_BANK = _bank()
_COSINES = _cosines()
