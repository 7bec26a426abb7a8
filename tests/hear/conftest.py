from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from voice_assist.errors import RenderError
from voice_assist.samples import Samples, samples
from voice_assist.speak.engine import Pyttsx3Renderer

MODEL = Path(__file__).resolve().parents[2] / "models" / "en-small"

Say = Callable[[str], Samples]


@pytest.fixture(scope="session")
def model() -> Path:
    return MODEL


@pytest.fixture(scope="session")
def hiss() -> Callable[[float, float], Samples]:
    """Give steady noise: seconds, dBFS."""

    def make(length: float, level: float) -> Samples:
        strength = 32768 * 10 ** (level / 20)
        noise = np.random.default_rng(7).normal(0, strength, samples(length))
        return np.clip(noise, -32768, 32767).astype(np.int16)

    return make


@pytest.fixture(scope="session")
def say(hiss: Callable[[float, float], Samples]) -> Say:
    """Speak a phrase with the machine's own voice, a second of a quiet room on either side."""
    renderer = Pyttsx3Renderer()

    @cache
    def speak(text: str) -> Samples:
        try:
            pcm = renderer.render(text, "", 140)
        except RenderError as error:
            pytest.skip(f"no voice here to speak to the recognizer: {error}")
        return np.concatenate((hiss(1.0, -70), pcm, hiss(1.0, -70)))

    return speak
