"""Words to intent: which rule of the content explains an utterance, whole, and best.

Pained speech follows no grammar, so the order of concepts is free. What decides is coverage: every
word that no concept of the rule explains counts against it, and so does every `[unk]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from voice_assist.events import Context, Intent
from voice_assist.understand.lexicon import (
    ALIKE,
    ALL,
    BY_THE_WAY,
    CORRECTION,
    CRY,
    FACT,
    FILLER,
    NEGATION,
    VALUE,
    Lexicon,
    Need,
    Rule,
    sources,
)
from voice_assist.understand.spans import UNKNOWN, Span, Spotter, tokens

FILLER_WEIGHT = 0.25
"""Weight of a word that carries no meaning, against 1 for one that does."""

GROAN = 0.25
"""Weight of an `[unk]` before the first meaning: people groan, then speak."""

STRANGE = 1.5
"""Weight of any other `[unk]`, and of a word that stands unexplained between two meanings: then they are
hardly said of each other, and somebody talks of something else ("my back door is locked")."""

REMEMBERED = 4096
"""Utterances whose match is kept: partial hypotheses come again and again."""

_SELF_EXPLAINING = BY_THE_WAY - {NEGATION}
"""What may stand anywhere. A negation may not: a rule must know what it does with one."""

_TIE = 1e-9


@dataclass(frozen=True)
class _Cover:
    """A reading of a whole utterance by spans that do not overlap."""

    spans: tuple[Span, ...]
    score: float
    """Share of the utterance that is explained, 0 to 1, rounded so that equal is equal."""
    meaning: float
    """Number of words that carry it, near ones counted less."""


class Matcher:
    """Matches utterances against one lexicon. Pure: the same words in the same context mean the same."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._spotter = Spotter(lexicon)
        self._vague = lexicon.vague
        self._asleep = tuple(rule for rule in lexicon.rules if rule.asleep)
        self._awake = tuple(rule for rule in lexicon.rules if rule.awake)
        # A question put to whoever is there, perhaps nobody: besides, whatever silences.
        self._asked = tuple(rule for rule in lexicon.rules if rule.asleep or (rule.kind == "control" and rule.absolute))
        self._remembered = lru_cache(REMEMBERED)(self._match)

    def match(self, text: str, context: Context) -> Intent | None:
        """Return what an utterance, or the part of it heard so far, asks for; None if nothing.

        `text` is a recognizer's hypothesis (with `[unk]`) or typed text.
        """
        return self._remembered(text, context)

    def _rules(self, context: Context) -> tuple[Rule, ...]:
        if context.awake:
            return self._awake
        return self._asked if context.expected else self._asleep

    def _match(self, text: str, context: Context) -> Intent | None:
        words = tokens(text)
        spans = self._spotter.spans(words, spelled=context.spelled)
        best: Intent | None = None
        rank = (0.0, 0.0)
        for rule in self._rules(context):
            read = self._read(rule, spans, words, context)
            if read is None:
                continue
            intent, cover = read
            if rule.absolute:
                return intent
            if (cover.score, cover.meaning) > rank:
                best, rank = intent, (cover.score, cover.meaning)
        return best

    def _read(
        self, rule: Rule, spans: list[Span], words: tuple[str, ...], context: Context
    ) -> tuple[Intent, _Cover] | None:
        """Read the utterance by one rule."""
        if rule.without and any(span.concept in rule.without for span in spans):
            return None
        if not context.awake and rule.asleep_needs and all(span.concept not in rule.asleep_needs for span in spans):
            return None
        usable = [span for span in spans if _serves(span, rule)]
        # Of equal readings the one that the rule needs is taken: the first.
        usable.sort(key=lambda span: not any(_fills(span, need) for need in rule.needs))
        if not _met(rule.needs, usable):
            return None
        cover = _cover(usable, words)
        if not _met(rule.needs, cover.spans) or cover.score < (
            rule.least if context.awake else rule.least_asleep or rule.least
        ):
            return None
        slots = self._slots(rule, cover.spans)
        if rule.expected and context.expected.isdisjoint(slots.values()):
            return None
        waits = rule.waits or (not context.awake and rule.least_asleep > 0)
        complete = not waits and self._complete(rule, cover, slots, words)
        vague = self._is_vague(rule, slots)
        lone = rule.lone and all(span.concept != CRY for span in cover.spans)
        unnamed = self._unnamed(rule, slots)
        return Intent(rule.intent, rule.kind, slots, cover.score, complete, vague, lone, unnamed), cover

    def _is_vague(self, rule: Rule, slots: dict[str, str]) -> bool:
        """Tell whether something is not named: its value is vague, or assumed for want of a word that may follow."""
        assumed = rule.waits and any(concept in self._vague and not rule.sources(concept) for concept in rule.slots)
        return assumed or not set(self._vague.values()).isdisjoint(slots.values())

    def _unnamed(self, rule: Rule, slots: Mapping[str, str]) -> dict[str, str]:
        """Return slots without what they tell of a concept that may stay vague."""
        left = dict(slots)
        for slot in slots:
            for concept, aspect in rule.sources(slot):
                if concept in self._vague and aspect == VALUE:
                    left[slot] = self._vague[concept]
                elif concept in self._vague:
                    left.pop(slot, None)
        return left

    def _slots(self, rule: Rule, spans: Sequence[Span]) -> dict[str, str]:
        whole = {concept for slot in rule.slots for concept, aspect in rule.sources(slot) if aspect == ALL}
        slots: dict[str, str] = {}
        for slot, text in rule.slots.items():
            told = sources(text)
            found = (self._told(concept, aspect, spans, whole=concept in whole) for concept, aspect in told)
            value = next((value for value in found if value), "") if told else text
            if value:
                slots[slot] = value
        return slots

    def _told(self, concept: str, aspect: str, spans: Sequence[Span], *, whole: bool) -> str:
        """Return what an utterance tells of a concept; empty if nothing.

        `whole`: the rule takes all values of it, so of several the first is meant; else two values are a guess.
        """
        heard = self._heard(concept, spans)
        if not heard:
            return ""
        if aspect == FACT:
            return next((span.fact for span in heard if span.fact), "")
        values = list(dict.fromkeys(span.value for span in heard))
        if aspect == ALL:
            return " ".join(values) if len(values) > 1 else ""
        vague = self._vague.get(concept)
        meant = values[0] if whole or len(values) == 1 else vague or heard[-1].value
        if aspect == VALUE:
            return meant
        named = [span.alike for span in heard if span.value == meant]
        return named[-1] if aspect == ALIKE and named and all(named) else ""

    def _heard(self, concept: str, spans: Sequence[Span]) -> list[Span]:
        """Return the readings of a concept that count: the surer ones, and what was put in their place."""
        heard = [span for span in spans if span.concept == concept]
        heard = [span for span in heard if span.value != self._vague.get(concept)] or heard
        heard = [span for span in heard if not span.near] or heard
        taken_back = [span.start for span in spans if span.concept == CORRECTION]
        for start in reversed(taken_back):
            after = [span for span in heard if span.start > start]
            if after and len(after) < len(heard):
                return after
        return heard

    def _complete(self, rule: Rule, cover: _Cover, slots: dict[str, str], words: tuple[str, ...]) -> bool:
        """Tell whether nothing that could still follow would change this intent."""
        inside = {index for span in cover.spans for index in range(span.start + 1, span.end)}
        still_open = self._spotter.open_meanings(words, (start for start in range(len(words)) if start not in inside))
        open_concepts = {concept for concept, _ in still_open}
        if any(self._open(rule, slot, slots, open_concepts) for slot in rule.slots):
            return False
        # A fact is no more than a detail: what waits for one is only what it is told beside.
        told = {concept for slot in rule.slots for concept, aspect in rule.sources(slot) if aspect != FACT}
        untold = {need.concept for need in rule.needs} | rule.extras
        return all(
            meaning in {span.meaning for span in cover.spans} or (meaning[0] in untold and meaning[0] not in told)
            for meaning in still_open
        )

    def _open(self, rule: Rule, slot: str, slots: dict[str, str], still_open: set[str]) -> bool:
        """Tell whether a slot's value may still become a surer one: it is vague, or only sounds like another."""
        return slot in slots and any(
            (aspect == ALIKE and concept in still_open) or (aspect == VALUE and slots[slot] == self._vague.get(concept))
            for concept, aspect in rule.sources(slot)
        )


def _serves(span: Span, rule: Rule) -> bool:
    if rule.exact and span.near:
        return False
    if span.concept in rule.extras or span.concept in (CRY, CORRECTION):
        return True
    if span.concept == FILLER:
        return not rule.bare
    return any(_fills(span, need) for need in rule.needs)


def _fills(span: Span, need: Need) -> bool:
    return span.concept == need.concept and (not need.values or span.value in need.values)


def _met(needs: Sequence[Need], spans: Sequence[Span]) -> bool:
    return all(any(_fills(span, need) for span in spans) for need in needs)


def _worth(span: Span) -> float:
    length = span.end - span.start
    return length * span.quality * (FILLER_WEIGHT if span.concept in _SELF_EXPLAINING else 1.0)


def _cover(spans: Sequence[Span], words: tuple[str, ...]) -> _Cover:
    """Choose the spans that explain most of an utterance; of equal ones the fewer and longer."""
    ending: dict[int, list[Span]] = {}
    for span in spans:
        ending.setdefault(span.end, []).append(span)
    told = [span for span in spans if span.concept not in _SELF_EXPLAINING]
    first = min((span.start for span in told), default=len(words))
    last = max((span.end for span in told), default=0)
    # best[i] reads words[:i]: gain, explained weight, unexplained weight, spans.
    best: list[tuple[float, float, float, tuple[Span, ...]]] = [(0.0, 0.0, 0.0, ())]
    for index, word in enumerate(words):
        cost = STRANGE if first <= index < last else 1.0
        if word == UNKNOWN:
            cost = GROAN if index < first else STRANGE
        gain, explained, missed, chosen = best[index]
        options = [(gain - cost, explained, missed + cost, chosen)]
        for span in ending.get(index + 1, ()):
            gain, explained, missed, chosen = best[span.start]
            worth = _worth(span)
            doubt = (span.end - span.start) * (1.0 - span.quality)
            options.append((gain + worth - doubt - _TIE, explained + worth, missed + doubt, (*chosen, span)))
        best.append(max(options, key=lambda option: option[0]))
    _, explained, missed, chosen = best[-1]
    score = explained / (explained + missed) if explained else 0.0
    return _Cover(chosen, round(score, 6), sum(_worth(span) for span in chosen if span.concept not in BY_THE_WAY))
