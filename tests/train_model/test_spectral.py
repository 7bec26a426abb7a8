"""Augmentation changes what another throat, microphone and noise would change, and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from scripts.train_model.cepstra import mfcc
from scripts.train_model.spectral import Augmenter, cosine_transform


def test_cepstra_come_from_the_mel_spectrum_by_the_transform() -> None:
    quiet = (1000 * np.random.default_rng(1).standard_normal(16_000)).astype(np.int16)
    back = cosine_transform().inverse()
    levels = [
        torch.from_numpy(mfcc(sound).astype(np.float64)) @ back for sound in (quiet, (2 * quiet).astype(np.int16))
    ]
    # Twice as loud is log 4 more energy in each band of each frame, but for the half precision of features.
    assert torch.allclose(levels[1] - levels[0], torch.tensor(math.log(4), dtype=torch.float64), atol=0.1)


def test_no_strength_changes_nothing() -> None:
    features = torch.randn(3, 20, 40)
    assert Augmenter(torch.zeros(40), 0.0)(features) is features


def test_the_same_seed_changes_alike_and_each_sequence_in_its_own_way() -> None:
    augmenter = Augmenter(torch.zeros(40), 0.7)
    features = 10 * torch.randn(1, 100, 40).repeat(4, 1, 1)
    torch.manual_seed(1)
    first = augmenter(features)
    torch.manual_seed(1)
    assert torch.equal(first, augmenter(features))
    assert not torch.equal(first, augmenter(features))
    assert first.isfinite().all()
    for row in range(3):
        assert not torch.allclose(first[row], first[row + 1], atol=0.1)


def test_speech_is_still_to_be_recognized() -> None:
    torch.manual_seed(2)
    mel = torch.randn(64, 100, 40).cumsum(1)
    features = mel @ cosine_transform().float()
    changed = Augmenter(features.mean((0, 1)), 0.7)(features)

    def moving(cepstra: torch.Tensor) -> torch.Tensor:
        return (cepstra - cepstra.mean(1, keepdim=True))[..., 0].flatten()

    together = torch.corrcoef(torch.stack([moving(features), moving(changed)]))[0, 1]
    assert 0.5 < together < 0.99
