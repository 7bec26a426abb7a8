"""A toy language: every sound is a point among the features, every word a few sounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from scripts.train_model.store import Example, Features, Segments
from voice_assist.models.phones import SOUNDS

WORDS = {"calf": "K AE F", "cramp": "K R AE M P", "my": "M AY", "stop": "S T AA P", "foot": "F UH T", "toe": "T OW"}


@dataclass(frozen=True)
class Spoken:
    """An utterance of the toy language, and where its sounds truly are."""

    name: str
    speaker: str
    text: str
    features: Features
    segments: Segments

    @property
    def example(self) -> Example:
        return Example(self.name, self.speaker, self.features, self.segments)


class ToySpeech:
    """Says words of the toy language."""

    def __init__(self) -> None:
        self._rng = np.random.default_rng(5)
        self._points = self._rng.normal(0, 10, (len(SOUNDS), 40))
        # Silence is quiet: the first cepstrum is the energy.
        self._points[:, 0] = 60
        self._points[0, 0] = 0

    @property
    def lexicon(self) -> Mapping[str, tuple[tuple[int, ...], ...]]:
        return {word: (tuple(SOUNDS.index(sound) for sound in said.split()),) for word, said in WORDS.items()}

    def say(self, number: int) -> Spoken:
        words = [str(word) for word in self._rng.choice(list(WORDS), int(self._rng.integers(1, 5)))]
        rows = [(0, -1)]
        for place, word in enumerate(words):
            rows += [(sound, place) for sound in self.lexicon[word][0]]
        rows.append((0, -1))
        lengths = self._rng.integers(6, 15, len(rows))
        ends = lengths.cumsum()
        segments = np.array(
            [(s, end - n, end, w) for (s, w), end, n in zip(rows, ends, lengths, strict=True)], np.int32
        )
        sounds = np.repeat([sound for sound, _ in rows], lengths)
        features = self._points[sounds] + self._rng.normal(0, 3, (len(sounds), 40))
        return Spoken(f"u{number}", f"speaker{number % 50}", " ".join(words), features.astype(np.float16), segments)


@pytest.fixture(scope="module")
def toy() -> ToySpeech:
    return ToySpeech()
