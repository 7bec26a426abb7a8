"""Finds the forms of a lexicon in an utterance: which words could mean what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from voice_assist.understand.lexicon import BY_THE_WAY, CRY, DENIED, FILLER, NEGATION, Form, Lexicon
from voice_assist.understand.sounds import Neighbours

UNKNOWN = "[unk]"
"""What a recognizer writes for sound that is none of its words."""

MISHEARD = 0.4
"""Doubt in a word that a recognizer makes of another: two of them do not make a pair. Of the words of a form
one is misheard, so the doubt in it is shared by them."""

GUESS = 0.9
"""Worth of a guessed word, besides how near it is: a guess is never as good as the word itself."""

MARGIN = 0.1
"""How much better one value must be than another for the same words: else it is a coin, not a guess."""

LONGEST = 60
"""Words of an utterance that are looked at, counted from its end: nobody in pain commands at more length."""

_WORD = re.compile(r"\[unk\]|[^\W_]+(?:'[^\W\d_]+)*")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text: lower case, no punctuation, `nooo` as `no`, `[unk]` kept."""
    # A letter and its dots may come as two characters, from a keyboard or a file name.
    small = unicodedata.normalize("NFC", text).lower()
    plain = _DRAWN_OUT.sub(r"\1", small.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return tuple(_WORD.findall(plain))[-LONGEST:]


@dataclass(frozen=True)
class Span:
    """Words `start` to `end` (exclusive) of an utterance, read as one value of a concept."""

    start: int
    end: int
    concept: str
    value: str
    quality: float
    """0 to 1; 1 is word for word."""
    near: bool = False
    """True for a near form: what a recognizer makes of it by mistake."""
    alike: str = ""
    """The form's `alike`."""
    fact: str = ""
    """The form's `fact`."""

    @property
    def meaning(self) -> tuple[str, str]:
        """Concept and value."""
        return self.concept, self.value


@dataclass(slots=True)
class _Node:
    """A place in the tree of forms, reached by the words so far."""

    after: dict[str, _Node] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    """Forms that end here."""
    longer: set[tuple[str, str]] = field(default_factory=set)
    """Meanings of the forms that go on from here."""


class Spotter:
    """Spots every form of a lexicon in an utterance, also misspelled or misheard."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._root = _Node()
        self._deniable = lexicon.deniable
        self._vague = lexicon.vague
        meant = {word for form in lexicon.forms for word in form.words}
        self._known = meant | {word for phrase in lexicon.decoys for word in phrase.split()}
        words = (word for form in lexicon.forms if not form.near for word in form.words)
        self._neighbours = Neighbours(words, lexicon.sounds)
        self._endings = lexicon.endings
        self._typed = {_respelled(word, lexicon.spelled): word for word in self._known} if lexicon.spelled else {}
        for form in lexicon.forms:
            self._plant(form)

    def _plant(self, form: Form) -> None:
        node = self._root
        for word in form.words:
            node.longer.add((form.concept, form.value))
            node = node.after.setdefault(word, _Node())
        node.forms.append(form)

    def spans(self, words: tuple[str, ...], *, spelled: bool) -> list[Span]:
        """Return every reading of every part of an utterance, without those that a longer form overrules.

        `spelled` text was typed: what sounds alike does not count in it.
        """
        choices = [self._choices(word, spelled=spelled) for word in words]
        found = [span for start in range(len(words)) for span in self._from(start, choices, spelled=spelled)]
        return self._affirmed(_clear(_longest(found), self._vague))

    def open_meanings(self, words: tuple[str, ...], starts: Iterable[int]) -> set[tuple[str, str]]:
        """Return the meanings that the words from each of `starts` on may still get, if more words follow."""
        meanings: set[tuple[str, str]] = set()
        for start in starts:
            node: _Node | None = self._root
            for word in words[start:]:
                node = node.after.get(word) if node else None
            if node:
                meanings |= {meaning for meaning in node.longer if meaning[0] not in BY_THE_WAY}
        return meanings

    def _choices(self, word: str, *, spelled: bool) -> tuple[tuple[str, float], ...]:
        """Return the known words that a word may stand for, with how sure each is."""
        if word == UNKNOWN or word in self._known:
            return ((word, 1.0),)
        if spelled and word in self._typed:
            return ((self._typed[word], 1.0),)
        for ending in self._endings:
            stem = word.removesuffix(ending)
            if stem in self._known:
                return ((stem, 1.0),)
        near = self._neighbours.nearest(word, by_sound=not spelled)
        return tuple((known, GUESS * ratio) for known, ratio in near)

    def _from(self, start: int, choices: list[tuple[tuple[str, float], ...]], *, spelled: bool) -> Iterator[Span]:
        paths = [(self._root, 1.0)]
        for end in range(start, len(choices)):
            paths = [
                (node.after[word], min(quality, worth))
                for node, quality in paths
                for word, worth in choices[end]
                if word in node.after
            ]
            if not paths:
                return
            for node, quality in paths:
                for form in node.forms:
                    if not (form.near and spelled):
                        worth = quality * (1 - MISHEARD / len(form.words)) if form.near else quality
                        facts = {"alike": form.alike, "fact": form.fact}
                        yield Span(start, end + 1, form.concept, form.value, worth, form.near, **facts)

    def _affirmed(self, spans: list[Span]) -> list[Span]:
        """Read as DENIED what can be denied and has a negation right before it.

        Nothing may stand between: "no, I've got chest pain" denies nothing. Articles belong to the negation's forms.
        """
        denied = {span.end for span in spans if span.concept == NEGATION}
        if not denied:
            return spans
        return [
            replace(span, concept=DENIED) if span.start in denied and span.meaning in self._deniable else span
            for span in spans
        ]


def _respelled(word: str, letters: Mapping[str, str]) -> str:
    """Return a word as it is typed where the keyboard lacks some letters."""
    return "".join(letters.get(letter, letter) for letter in word)


_ASIDE = BY_THE_WAY - {NEGATION}
"""What is longer than a negation and still says nothing: "oh no" is a cry."""


def _longest(spans: list[Span]) -> list[Span]:
    """Leave out every reading of words inside a longer form that is read at least as surely.

    Words that mean nothing anyway stay: they explain themselves whatever stands around them. A negation is
    overruled by such words only ("oh no"): "I don't", an answer, still denies what follows it.
    """
    widest: dict[tuple[int, int], float] = {}
    aside: dict[tuple[int, int], float] = {}
    for span in spans:
        for known in (widest, aside) if span.concept in _ASIDE else (widest,):
            known[span.start, span.end] = max(span.quality, known.get((span.start, span.end), 0.0))

    def overruled(span: Span) -> bool:
        length = span.end - span.start
        longer = aside if span.concept == NEGATION else widest
        return span.concept not in (FILLER, CRY) and any(
            start <= span.start and span.end <= end and length < end - start and quality >= span.quality
            for (start, end), quality in longer.items()
        )

    return [span for span in spans if not overruled(span)]


def _clear(spans: list[Span], vague: Mapping[str, str]) -> list[Span]:
    """Read the same words once for each concept; of two values equally likely take neither."""
    rivals: dict[tuple[int, int, str], list[Span]] = {}
    for span in spans:
        rivals.setdefault((span.start, span.end, span.concept), []).append(span)
    kept: list[Span] = []
    for group in rivals.values():
        best = max(group, key=lambda span: span.quality)
        if all(span.value == best.value or best.quality - span.quality >= MARGIN for span in group):
            kept.append(best)
        elif best.concept in vague:
            kept.append(replace(best, value=vague[best.concept]))
    return kept
