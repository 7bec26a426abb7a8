"""How hard a text is to read: the Flesch-Kincaid grade, for English.

The formula is public (Kincaid and others, 1975); syllables are counted by syllapy: 25 kB, no dependency, MIT.
Of the words that shared/sources gives to be spoken it miscounts one in twenty, mostly by one, and their sum by less
than one in a hundred. textstat needs a dictionary from the network at its first use, and hyphenation (pyphen) does
not see the first syllable of "again".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import syllapy

SHORT = 12
"""Words below which a grade means nothing: a single long one would tip it."""

LONG = 3
"""Syllables from which on a word is long (the "complex" word of the Fog index)."""

LONG_SHARE = 1 / 3
"""Of a short text, the share of long words that is still easy."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters, without marks and digits."""
    return [word.strip("'") for word in re.findall(r"[^\W\d_][^\W\d_']*", text.lower())]


@cache
def syllables(word: str) -> int:
    """Return how many syllables an English word has; at least one."""
    return int(syllapy.count(word))


def grade(sentences: Sequence[str]) -> float:
    """Return the school grade (US) that a text needs; 0.0 for the easiest, and where there are no words."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 0.0
    spoken = sum(1 for sentence in sentences if words_of(sentence))
    heavy = sum(map(syllables, words)) / len(words)
    return max(0.0, 0.39 * len(words) / spoken + 11.8 * heavy - 15.59)


def long_words(sentences: Sequence[str]) -> list[str]:
    """Return the long words of a text, in order."""
    return [word for sentence in sentences for word in words_of(sentence) if syllables(word) >= LONG]
