"""What a content pack says about understanding: forms of concepts, and the rules that combine them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

FILLER, CRY, NEGATION, CORRECTION = "filler", "cry", "negation", "correction"
"""The classes of words that every pack has, whatever its subject: words that carry no meaning here,
cries, words that deny what follows them, and words that take back what went before."""


BY_THE_WAY = frozenset({FILLER, CRY, NEGATION, CORRECTION})
"""Those classes together: none of them is ever what an utterance is about."""

DENIED = "denied"
"""What a meaning becomes when a negation takes it away."""

VALUE, ALIKE, FACT, ALL = "", "alike", "fact", "all"
"""What a slot can take from a concept: the value that was heard; the fact that nothing but words which sound
like others named that value; a fact that a form brings along; every value heard, where there were several."""

ASPECTS = (VALUE, ALIKE, FACT, ALL)

_SOURCE = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a value of a concept."""

    words: tuple[str, ...]
    """Lower case, as a recognizer writes them."""
    concept: str
    value: str
    """Empty where the concept has no values (`cry`)."""
    near: bool = False
    """True for what a recognizer makes of it by mistake: never enough alone."""
    alike: str = ""
    """The fact that holds where nothing surer than this form named the value: it sounds like another thing."""
    fact: str = ""
    """A fact that this form tells besides its value."""


@dataclass(frozen=True)
class Need:
    """A concept that must be in the utterance for a rule to fit."""

    concept: str
    values: frozenset[str] = frozenset()
    """The values that will do; empty for any."""


@dataclass(frozen=True)
class Rule:
    """A combination of concepts that means an intent."""

    intent: str
    kind: str
    """One of `events.KINDS`."""
    needs: tuple[Need, ...]
    extras: frozenset[str] = frozenset()
    """Concepts that may stand beside them."""
    without: frozenset[str] = frozenset()
    """Concepts that must not be there."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slot name to a fixed value, or to `{concept}` for the value heard; left out if it was not heard.
    `{concept:alike}`, `{concept:fact}` and `{concept:all}` take the other things a concept can tell; of
    several in one slot the first that was heard counts."""
    asleep: bool = False
    """True if it counts while asleep."""
    awake: bool = True
    """True if it counts while awake."""
    expected: bool = False
    """True if it counts only when a slot value of it is what the open question waits for."""
    least: float = 0.7
    """Least share of the utterance it must explain, 0 to 1."""
    least_asleep: float = 0.0
    """The same while asleep, where it asks for more and then waits: others talk too. 0 if it makes no difference."""
    asleep_needs: frozenset[str] = frozenset()
    """Concepts of which one must be heard too for it to count asleep, anywhere in the utterance."""
    bare: bool = False
    """True if only cries may stand around its concepts: words that mean nothing count against it."""
    exact: bool = False
    """True if what a recognizer makes of a word by mistake does not count."""
    absolute: bool = False
    """True if nothing further down the list is looked at once it fits."""
    waits: bool = False
    """True if it is never complete before the person pauses."""
    lone: bool = False
    """True if nothing in it tells what is meant but a place, which others name as well; a cry beside it tells."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", MappingProxyType(dict(self.slots)))

    def sources(self, slot: str) -> tuple[tuple[str, str], ...]:
        """Return what fills a slot, as concept and VALUE, ALIKE, FACT or ALL; empty where its value is fixed."""
        return sources(self.slots.get(slot, ""))


def sources(slot: str) -> tuple[tuple[str, str], ...]:
    """Return the concepts that the text of a slot names, each with what is taken of it."""
    return tuple((concept, aspect or VALUE) for concept, aspect in _SOURCE.findall(slot))


@dataclass(frozen=True)
class Template:
    """A sentence the recognizer is told to expect, with `{concept}` or `{concept=value}` as holes."""

    intent: str
    text: str


@dataclass(frozen=True)
class Lexicon:
    """All that the matcher and the grammar know."""

    forms: tuple[Form, ...]
    rules: tuple[Rule, ...]
    """In order of precedence: of two that explain an utterance equally well the earlier one is meant."""
    templates: tuple[Template, ...] = ()
    decoys: tuple[str, ...] = ()
    """Words and phrases to be recognized as what they are, so that they are not taken for commands."""
    vague: Mapping[str, str] = field(default_factory=dict)
    """Concept to the value that stands for any of its values, where it has one (place: unknown)."""
    deniable: frozenset[tuple[str, str]] = frozenset()
    """(concept, value) pairs that a negation before them takes away."""
    barge_in: tuple[str, ...] = ()
    """What is said over our voice: few and short, so that they are heard beside it."""
    near_barge_in: frozenset[str] = frozenset()
    """Decoys that are none over our voice: they sound like what is said then."""
    sounds: str = "metaphone"
    """How the sound of a word is told: one of `sounds.SOUNDS`; empty where nobody knows."""
    endings: tuple[str, ...] = ("'s",)
    """What may hang on a word and changes nothing."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """A letter to what is typed for it where the keyboard lacks it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "vague", MappingProxyType(dict(self.vague)))
        object.__setattr__(self, "spelled", MappingProxyType(dict(self.spelled)))

    def values(self, slot: str, intent: str = "") -> frozenset[str]:
        """Return every value a slot can take, in one intent or in all."""
        found: set[str] = set()
        for rule in self.rules:
            if slot not in rule.slots or intent not in ("", rule.intent):
                continue
            told = rule.sources(slot)
            for concept, aspect in told:
                found |= self._tellable(concept, aspect, rule)
            found |= set() if told else {rule.slots[slot]}
        return frozenset(found)

    def _tellable(self, concept: str, aspect: str, rule: Rule) -> frozenset[str]:
        values = self.concept_values(concept, rule)
        if aspect in (VALUE, ALL):
            return values
        told = ((form.alike if aspect == ALIKE else form.fact, form) for form in self.forms_by_concept.get(concept, ()))
        return frozenset(fact for fact, form in told if fact and form.value in values)

    def concept_values(self, concept: str, rule: Rule | None = None) -> frozenset[str]:
        """Return every value of a concept, or those that a rule asks for."""
        for need in rule.needs if rule else ():
            if need.concept == concept and need.values:
                return need.values
        return self._values_by_concept.get(concept, frozenset())

    @cached_property
    def _values_by_concept(self) -> Mapping[str, frozenset[str]]:
        return {
            concept: frozenset(form.value for form in forms) - {""} for concept, forms in self.forms_by_concept.items()
        }

    @cached_property
    def forms_by_concept(self) -> Mapping[str, tuple[Form, ...]]:
        """The forms, sorted into their concepts: there are thousands, and much is asked of them at the start."""
        sorted_in: dict[str, list[Form]] = {}
        for form in self.forms:
            sorted_in.setdefault(form.concept, []).append(form)
        return MappingProxyType({concept: tuple(forms) for concept, forms in sorted_in.items()})
