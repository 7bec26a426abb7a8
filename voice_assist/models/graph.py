"""The graph of a model: sounds to words as a tree, and the language model that is used without a list of phrases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import count

from voice_assist.models.lexicon import Lexicon, Pronunciation
from voice_assist.models.openfst import EPSILON, Arc, Fst
from voice_assist.models.phones import CLASSES, GARBAGE, SILENCE, Phones

UNKNOWN = "[unk]"

PAUSE = round(-math.log(0.5), 6)
"""Cost of a pause after a word, and of none: they are equally likely."""


def words_of(fst: Fst, words: Mapping[int, str], phones: Phones) -> Lexicon:
    """Return every word that a tree of ours holds, with its pronunciations: the reverse of `tree`."""
    leaving: dict[int, list[Arc]] = {}
    for arc in fst.arcs:
        if arc.source != arc.target:
            leaving.setdefault(arc.source, []).append(arc)
    start = fst.arcs[0].source
    root = next(arc.target for arc in leaving[start] if arc.label == EPSILON)
    found: dict[str, set[Pronunciation]] = {}
    open_ends: list[tuple[int, Pronunciation]] = [(root, ())]
    while open_ends:
        state, said = open_ends.pop()
        for arc in leaving[state]:
            now = (*said, phones.sound(phones.phone_of(arc.label))) if arc.label else said
            # A word stands on the arc into its last phone, so nothing behind it belongs to it.
            if arc.word:
                found.setdefault(words[arc.word], set()).add(now)
            else:
                open_ends.append((arc.target, now))
    return {word: tuple(sorted(said)) for word, said in found.items()}


def tree(lexicon: Lexicon, words: Mapping[str, int], phones: Phones) -> Fst:
    """Return all words as one tree of their sounds, each word on the arc into its last phone.

    `words` numbers the words. UNKNOWN, which is the garbage phone alone, needs no pronunciation.
    """
    return _Tree(phones).grown(lexicon, words)


class _Tree:
    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._arcs: list[Arc] = []
        self._new = count().__next__
        start = self._new()
        # Between words it waits in the state of the class of the last sound: the next phone depends on it.
        self._between = [self._new() for _ in CLASSES]
        self._pause = self._new()
        self._ends: dict[tuple[int, int], int] = {}
        self._leave(start, self._between[0])
        self._arc(self._pause, self._pause, phones.stays(SILENCE))
        self._arc(self._pause, self._between[0])

    def grown(self, lexicon: Lexicon, words: Mapping[str, int]) -> Fst:
        branches: dict[tuple[int, int], int] = {}
        said = [(word, sounds) for word in lexicon for sounds in lexicon[word] if word != UNKNOWN]
        for pronunciation, word in sorted((self._phones.of_word(sounds), words[word]) for word, sounds in said):
            self._grow(pronunciation, word, branches)
        self._single(GARBAGE, words[UNKNOWN])
        return Fst(sorted(self._arcs, key=lambda arc: arc.source != 0), dict.fromkeys(self._between, 0.0))

    def _grow(self, pronunciation: Sequence[int], word: int, branches: dict[tuple[int, int], int]) -> None:
        if len(pronunciation) == 1:
            self._single(pronunciation[0], word)
            return
        first, *middle, last = pronunciation
        if (0, first) not in branches:
            branches[0, first] = self._trunk(first)
        state, before = branches[0, first], self._phones.class_of(first)
        for phone in middle:
            if (state, phone) not in branches:
                branches[state, phone] = self._node(phone, before)
                self._arc(state, branches[state, phone], self._phones.enters(phone, before))
            state, before = branches[state, phone], self._phones.class_of(phone)
        self._arc(state, self._end(last, before), self._phones.enters(last, before), word)

    def _single(self, phone: int, word: int) -> None:
        for before, state in enumerate(self._between):
            # Garbage sounds the same after anything.
            known = 0 if phone == GARBAGE else before
            self._arc(state, self._end(phone, known), self._phones.enters(phone, known), word)

    def _trunk(self, phone: int) -> int:
        """Begin all words with one phone; behind it, what came before the word no longer matters."""
        trunk = self._new()
        for before, state in enumerate(self._between):
            node = self._node(phone, before)
            self._arc(state, node, self._phones.enters(phone, before))
            self._arc(node, trunk)
        return trunk

    def _end(self, phone: int, before: int) -> int:
        if (phone, before) not in self._ends:
            node = self._ends[phone, before] = self._node(phone, before)
            self._leave(node, self._between[self._phones.class_of(phone)])
        return self._ends[phone, before]

    def _node(self, phone: int, before: int) -> int:
        node = self._new()
        self._arc(node, node, self._phones.stays(phone, before))
        return node

    def _leave(self, state: int, between: int) -> None:
        self._arc(state, between, cost=PAUSE)
        self._arc(state, self._pause, self._phones.enters(SILENCE), cost=PAUSE)

    def _arc(self, source: int, target: int, label: int = EPSILON, word: int = EPSILON, cost: float = 0.0) -> None:
        self._arcs.append(Arc(source, target, label, word, cost))


def renumbered(language: Fst, before: Mapping[int, str], after: Mapping[str, int]) -> Fst:
    """Return a language model with the numbers of words that `after` gives; its new words are as rare as the rarest.

    The model has, like ours, one state that it backs off to, on an arc from where it begins, and every word
    leaves that state.
    """
    arcs = [arc if not arc.label else arc._replace(**_labelled(after[before[arc.label]])) for arc in language.arcs]
    start = language.arcs[0].source
    general = next(arc.target for arc in arcs if arc.source == start and not arc.label)
    rarest = max(arc.cost for arc in arcs if arc.source == general)
    added = sorted(set(after.values()) - {arc.label for arc in arcs})
    return Fst([*arcs, *(Arc(general, general, word, word, rarest) for word in added)], language.final)


def _labelled(word: int) -> dict[str, int]:
    return {"label": word, "word": word}
