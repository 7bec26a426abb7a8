"""Talk around the meaning is never a command: cries, fillers, denials, and all the decoys."""

from __future__ import annotations

import random

import pytest

from voice_assist.events import Context
from voice_assist.understand.grammar import forms_of
from voice_assist.understand.lexicon import CRY, FILLER, NEGATION, Lexicon
from voice_assist.understand.matcher import Matcher

SLEEPING = Context()


@pytest.mark.parametrize("concept", [CRY, FILLER, NEGATION])
def test_asleep_they_mean_nothing(lexicon: Lexicon, matcher: Matcher, concept: str) -> None:
    for said in forms_of(concept, lexicon):
        intent = matcher.match(said, SLEEPING)
        # "Help me" and "my leg" are filler in a sentence, and a call when they are all that is said.
        assert intent is None or intent.name == "control" or "doubt" in intent.slots, said


def test_a_decoy_never_starts_anything(lexicon: Lexicon, matcher: Matcher) -> None:
    for said in lexicon.decoys:
        intent = matcher.match(said, SLEEPING)
        assert intent is None or "doubt" in intent.slots or intent.kind != "start", said


def test_runs_of_decoys_start_nothing(lexicon: Lexicon, matcher: Matcher) -> None:
    # What a recognizer makes of other people's talk: words of the list, in any order.
    dice = random.Random(7)  # noqa: S311  # drawn for a test, not for a secret
    for _ in range(2000):
        said = " ".join(dice.choices(lexicon.decoys, k=dice.randint(2, 8)))
        intent = matcher.match(said, SLEEPING)
        assert intent is None or "doubt" in intent.slots or intent.kind not in ("start", "emergency"), said


def test_cries_around_a_command_do_not_hide_it(lexicon: Lexicon, matcher: Matcher) -> None:
    for cry in forms_of(CRY, lexicon):
        intent = matcher.match(f"{cry} my calf is cramping {cry}", SLEEPING)
        assert intent is not None, cry
        assert intent.slots["place"] == "calf", cry
