"""The word that was probably meant, for a word that nobody expected: by its spelling, or by its sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import jellyfish
from rapidfuzz import fuzz, process

SPELLED_ALIKE = 85.0
"""Least rapidfuzz ratio, 0 to 100, of a misspelling: one letter wrong in six or more."""

SOUNDS_ALIKE = 72.0
"""Least ratio of a word with the same sound key: keys hold consonants only, so they alone prove little."""

SHORTEST = 4
"""Letters. Words shorter than this have too many neighbours to guess at."""

MARGIN = 5.0
"""Ratio within which two guesses are equally good: both are then returned."""


METAPHONE, COLOGNE = "metaphone", "cologne"


def _cologne(word: str) -> str:
    # Late: it takes a tenth of a second to load on a small board, and English has no use for it.
    from cologne_phonetics import encode  # noqa: PLC0415

    return "".join(key for _, key in encode(word))


SOUNDS: Mapping[str, Callable[[str], str]] = {METAPHONE: jellyfish.metaphone, COLOGNE: _cologne}
"""How the sound of a word is told from its letters: Metaphone for English, Cologne phonetics for German."""


class Neighbours:
    """Finds the known word that an unknown one is nearest to."""

    def __init__(self, words: Iterable[str], sounds: str = METAPHONE) -> None:
        """Take the known words, and one of SOUNDS; empty where nobody knows how the language's words sound."""
        self._key = SOUNDS.get(sounds)
        self._words = tuple(sorted(word for word in set(words) if len(word) >= SHORTEST))
        self._by_sound: dict[str, list[str]] = {}
        if self._key:
            for word in self._words:
                self._by_sound.setdefault(self._key(word), []).append(word)

    def nearest(self, word: str, *, by_sound: bool) -> tuple[tuple[str, float], ...]:
        """Return the nearest known words, best first, each with how near it is, 0 to 1; empty if none is."""
        if len(word) < SHORTEST:
            return ()
        found = dict(self._alike(self._words, word, SPELLED_ALIKE))
        if by_sound and self._key:
            found.update(self._alike(self._by_sound.get(self._key(word), ()), word, SOUNDS_ALIKE))
        best = max(found.values(), default=0.0)
        ranked = sorted((-ratio, near) for near, ratio in found.items() if best - ratio < MARGIN)
        return tuple((near, -ratio / 100) for ratio, near in ranked)

    @staticmethod
    def _alike(words: Iterable[str], word: str, least: float) -> list[tuple[str, float]]:
        hits = process.extract(word, tuple(words), scorer=fuzz.ratio, score_cutoff=least, limit=4)
        return [(str(hit[0]), float(hit[1])) for hit in hits]
