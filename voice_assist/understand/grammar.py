"""What the recognizer is told to expect: real sentences of the content, cries, decoys, and the unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from voice_assist.understand.lexicon import CRY, Lexicon
from voice_assist.understand.spans import UNKNOWN

ALARMS = ("emergency", "urgent")
"""Kinds of sentences that tell a danger."""

STOP = "stop"
"""The control that ends everything, by its fixed name (`events.CONTROLS`)."""

ORDERS = ("control", "answer")
"""Kinds of sentences that are said while we talk with somebody."""

HALT = "halt"
"""What an order to be silent is: it is said over our voice, in haste, and nothing is missed at a higher price."""

BARGE_IN = 3
"""How often each of what is said over our voice is listed, a decoy being listed once."""

BARGE_IN_STOP = 26
"""The same for "stop"."""

DECOY = "decoy"
"""What a sentence is that nobody should act on."""

_HOLE = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class Weights:
    """How often each kind of sentence is listed: an engine learns word pairs by counting them.

    The defaults are for a model that nobody calibrated.
    """

    decoys: int = 10
    """Of each decoy. Other people's talk must find as much room among the decoys as the commands take."""
    alarms: int = 2
    """Of each sentence of an alarm: they are said seldom, are told in many ways, and one that is heard as
    something else is the worst mistake there is."""
    unknown: int = 1
    """Of `[unk]`, the word for all that is none of these."""


UNCALIBRATED = Weights()


def sentences(lexicon: Lexicon, weights: Weights = UNCALIBRATED) -> tuple[str, ...]:
    """Return every sentence to expect, in a fixed order; `[unk]` is the last.

    An engine makes word pairs of them, so they recombine: the list is a bias, and the matcher decides.
    """
    alarms = {rule.intent for rule in lexicon.rules if rule.kind in ALARMS}
    found: dict[str, int] = {}
    for template in lexicon.templates:
        for sentence in fill(template.text, lexicon):
            found.setdefault(sentence, weights.alarms if template.intent in alarms else 1)
    for form in lexicon.forms_by_concept.get(CRY, ()):
        found.setdefault(" ".join(form.words), 1)
    listed = [sentence for sentence, weight in found.items() for _ in range(weight)]
    return (*listed, *lexicon.decoys * weights.decoys, *(UNKNOWN,) * weights.unknown)


def whole_sentences(lexicon: Lexicon) -> Mapping[str, str]:
    """Return every sentence to expect and its kind: that of its template's intent, HALT, CRY or DECOY.

    For an engine that remembers more than the last word (`models.ngram`): none is left out because its pairs of
    words are in others.
    """
    kinds = {rule.intent: rule.kind for rule in lexicon.rules}
    found: dict[str, str] = {}
    for template in lexicon.templates:
        for sentence in fill(template.text, lexicon, whole=True):
            found.setdefault(sentence, kinds.get(template.intent, ""))
    for form in lexicon.forms_by_concept.get(CRY, ()):
        found.setdefault(" ".join(form.words), CRY)
    return {**dict.fromkeys(lexicon.decoys, DECOY), **found, **dict.fromkeys(found.keys() & _halting(lexicon), HALT)}


def over_our_voice(lexicon: Lexicon) -> tuple[str, ...]:
    """Return what to expect while we speak ourselves: what a pack lists for it, and its decoys; none where it has none.

    Over our voice at -6 and 0 dB, said by voices to tune on: without decoys 35 of 86 utterances that mean nothing here
    were taken for one of these, and 10 of 140 orders were missed; listed once each, as the decoys are, 11 of 86 and 23;
    three times each, 19 of 112 and 14. With "stop" obeyed on the first partial and listed 13 times, 23 of 112 and 14.
    Listed 26 times, all of 120 "stop" by these voices are heard at -6 dB, as with 13, and one more of 135 by others;
    listed 38 times, "my speech is slurred" became one. At -12 dB it does so with 26, too, by one voice.
    """
    if not lexicon.barge_in:
        return ()
    decoys = (decoy for decoy in lexicon.decoys if decoy not in lexicon.near_barge_in)
    halting = sorted(_halting(lexicon)) * (BARGE_IN_STOP - BARGE_IN)
    return (*lexicon.barge_in * BARGE_IN, *halting, *decoys, UNKNOWN)


def _halting(lexicon: Lexicon) -> frozenset[str]:
    """Return the word that a pack lists first for "stop". Others ("hush") are too near to words of ours ("push")."""
    steering = {rule.slots.get("word", "").strip("{}") for rule in lexicon.rules if rule.kind == "control"}
    return frozenset(form for concept in steering for form in forms_of(f"{concept}={STOP}", lexicon)[:1])


def fill(template: str, lexicon: Lexicon, *, whole: bool = False) -> Iterator[str]:
    """Yield the sentences of one template: each hole filled by the proper forms of its concept.

    Unless they are wanted whole, those that bring no new pair of words are left out.
    """
    parts = _HOLE.split(template)
    forms = [forms_of(hole, lexicon) for hole in parts[1::2]]
    fillings = forms if whole else [_new_pairs(some) for some in forms]
    for chosen in product(*fillings):
        words = [parts[0]]
        for filling, text in zip(chosen, parts[2::2], strict=True):
            words += [filling, text]
        yield " ".join("".join(words).split())


def _new_pairs(forms: Iterable[str]) -> list[str]:
    """Leave out every form whose pairs of neighbouring words, ends included, stand in the forms before it.

    An engine learns pairs: such a form can be heard without being listed, and a list that holds it is only longer.
    """
    known: set[tuple[str, str]] = set()
    kept = []
    for form in forms:
        words = ("", *form.split(), "")
        pairs = set(pairwise(words))
        if not pairs <= known:
            known |= pairs
            kept.append(form)
    return kept


def forms_of(hole: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Return the forms of `concept` or `concept=value`, near forms left out."""
    concept, _, value = hole.partition("=")
    return tuple(
        " ".join(form.words)
        for form in lexicon.forms_by_concept.get(concept, ())
        if not form.near and value in ("", form.value)
    )
