"""Augmentation while training: what another throat, another microphone and another noise make of the same MFCC.

All 40 cepstra of 40 mel bands are kept, so the logarithmic mel spectrum comes back exactly, is changed, and is turned
into cepstra again: hundreds of times cheaper than to change the sound.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from scripts.train_model.cepstra import CEPSTRA

LIFTER = 22.0
"""Kaldi scales its cepstra by 1 + LIFTER / 2 · sin(π k / LIFTER)."""

WARP = 0.1
"""How far the mel axis is stretched, as a share of itself: a longer or shorter vocal tract."""
BANDS, FRAMES = 6, 18
"""How many bands, and how many frames of 10 ms, are hidden at most by one mask."""
CHANNEL = torch.tensor([10.0, *[8.0] * 7, *[4.0] * 32])
"""Standard deviation of what a microphone and a distance add to each cepstrum of a whole sequence."""
NOISY = 0.25
"""How many of the sequences get a steady noise of random colour."""


def cosine_transform() -> Tensor:
    """Return [bands, cepstra] in double precision: logarithmic mel energies times this are Kaldi's MFCC."""
    bands, cepstra = torch.arange(CEPSTRA, dtype=torch.float64), torch.arange(CEPSTRA, dtype=torch.float64)
    matrix = torch.cos(math.pi / CEPSTRA * (bands[:, None] + 0.5) * cepstra) * math.sqrt(2 / CEPSTRA)
    matrix[:, 0] = math.sqrt(1 / CEPSTRA)
    return matrix * (1 + LIFTER / 2 * torch.sin(math.pi * cepstra / LIFTER))


class Augmenter:
    """Changes sequences of MFCC, each in a way of its own, by PyTorch's generator."""

    def __init__(self, mean: Tensor, strength: float) -> None:
        """Take the mean of the MFCC, [40], which is what stands behind a mask, and how much is changed: 0 to 1."""
        matrix = cosine_transform()
        self._to_cepstra = matrix.float().to(mean.device)
        self._to_mel = matrix.inverse().float().to(mean.device)
        self._mean = mean @ self._to_mel
        self._channel = CHANNEL.to(mean.device)
        self._strength = strength

    def __call__(self, features: Tensor) -> Tensor:
        """Return [sequences, frames, 40] changed; a strength of 0 changes nothing."""
        if not self._strength:
            return features
        count = len(features)
        mel = torch.bmm(features @ self._to_mel, self._warps(count))
        mel = self._noisy(mel) - self._mean
        mel = mel * self._masks(count, CEPSTRA, BANDS)[:, None] * self._masks(count, CEPSTRA, BANDS)[:, None]
        mel = mel * self._masks(count, mel.shape[1], FRAMES)[:, :, None]
        channel = torch.randn(count, 1, CEPSTRA, device=mel.device) * self._channel * self._strength
        return (mel + self._mean) @ self._to_cepstra + channel

    def _warps(self, count: int) -> Tensor:
        """Return [sequences, bands, bands]: each new band lies between two old ones."""
        bands = torch.arange(CEPSTRA, device=self._mean.device)
        stretched = 1 + WARP * self._strength * self._spread(count, 1)
        place = (bands * stretched + self._strength * self._spread(count, 1)).clamp(0, CEPSTRA - 1)
        return (1 - (bands[:, None] - place[:, None]).abs()).clamp(min=0)

    def _noisy(self, mel: Tensor) -> Tensor:
        """Add noise to some of the sequences: a straight line over the bands, 0 to 25 dB below the louder frames."""
        count = len(mel)
        louder = (mel.mean(1) + mel.amax(1)).mean(1) / 2
        below = torch.rand(count, 1, device=mel.device) * 25 / 10 * math.log(10)
        tilt = torch.linspace(-1, 1, CEPSTRA, device=mel.device) * 3 * self._spread(count, 1)
        chosen = torch.rand(count, 1, device=mel.device) < NOISY * self._strength
        noise = torch.where(chosen, louder[:, None] - below + tilt, -1e4)
        # The energy of a band of noise is not the same in each frame: about chi-squared, a few dB up and down.
        flicker = 0.4 * torch.randn(mel.shape, device=mel.device)
        return torch.logaddexp(mel, noise[:, None] + flicker)

    def _masks(self, count: int, length: int, widest: int) -> Tensor:
        """Return [sequences, length] of ones, and zeros in one stretch of 0 to `widest` · strength."""
        width = (torch.rand(count, 1, device=self._mean.device) * (widest * self._strength + 1)).floor()
        start = (torch.rand(count, 1, device=self._mean.device) * (length - width + 1)).floor()
        places = torch.arange(length, device=self._mean.device)
        return 1 - ((places >= start) & (places < start + width)).float()

    def _spread(self, *size: int) -> Tensor:
        return torch.rand(*size, device=self._mean.device) * 2 - 1
