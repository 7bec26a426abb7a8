"""Every way to say a thing means that thing, in every context in which it counts."""

from __future__ import annotations

import pytest

from voice_assist.events import CONTROLS, Context
from voice_assist.understand.grammar import forms_of
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher

PLACES = frozenset(
    [
        "calf",
        "foot",
        "hamstring",
        "quadriceps",
        "inner_thigh",
        "hip_flexor",
        "buttock",
        "shin",
        "hand",
        "forearm",
        "biceps",
        "triceps",
        "neck",
        "upper_back",
        "lower_back",
        "abdomen",
        "chest",
        "jaw",
        "groin",
        "everywhere",
        "unknown",
    ]
)
EMERGENCIES = frozenset(
    ["heart", "lung", "stroke", "limb", "back", "neck", "jaw", "groin", "heat", "fit", "pregnancy", "general"]
)
ANSWERS = frozenset(["better", "same", "worse", "yes", "no"])

# The concept, the intent it makes, the slot that holds its value, and what is expected when it is said alone.
ALONE = [
    ("place", "cramp", "place", frozenset[str]()),
    ("emergency", "emergency", "kind", frozenset[str]()),
    ("emergency", "emergency", "kind", ANSWERS),
    ("urgent", "urgent", "kind", frozenset[str]()),
    ("urgent", "urgent", "kind", frozenset({"yes", "no"})),
    ("word", "control", "word", frozenset[str]()),
    ("progress", "answer", "value", frozenset({"better", "same", "worse"})),
    ("part", "answer", "value", frozenset({"front", "back", "one", "both"})),
    ("topic", "question", "topic", frozenset[str]()),
]

SHARED = {
    # Said alone these are commands; as places they count in a sentence.
    "back": "control",
}


def test_the_names_are_those_of_the_contract(lexicon: Lexicon) -> None:
    assert lexicon.values("place") == PLACES
    assert lexicon.values("word") == frozenset(CONTROLS)
    assert lexicon.values("kind", "emergency") == EMERGENCIES
    assert lexicon.values("value") >= ANSWERS
    assert lexicon.values("side") == {"left", "right"}


@pytest.mark.parametrize(("concept", "intent", "slot", "expected"), ALONE)
def test_each_form_alone_has_its_own_meaning(
    lexicon: Lexicon, matcher: Matcher, concept: str, intent: str, slot: str, expected: frozenset[str]
) -> None:
    context = Context(awake=True, expected=expected)
    stolen = []
    for value in sorted(lexicon.concept_values(concept)):
        for said in forms_of(f"{concept}={value}", lexicon):
            heard = matcher.match(said, context)
            if said in SHARED and heard is not None and heard.name == SHARED[said]:
                continue
            if heard is None or heard.name != intent or heard.slots[slot] != value:
                stolen.append(f"'{said}' should be {intent} {value}, is {heard and (heard.name, dict(heard.slots))}")
    assert not stolen, "\n".join(stolen)


@pytest.mark.parametrize("awake", [False, True])
def test_each_place_with_a_cramp_word_starts_there(lexicon: Lexicon, matcher: Matcher, awake: bool) -> None:  # noqa: FBT001
    stolen = []
    for value in sorted(PLACES):
        for said in forms_of(f"place={value}", lexicon):
            for sentence in (f"my {said} is cramping", f"cramp in the {said}", f"oh god {said} cramp"):
                heard = matcher.match(sentence, Context(awake=awake))
                if (
                    heard is None
                    or heard.name != "cramp"
                    or heard.slots.get("place") != value
                    or "doubt" in heard.slots
                ):
                    stolen.append(f"'{sentence}' should be {value}, is {heard and (heard.name, dict(heard.slots))}")
    assert not stolen, "\n".join(stolen)


def test_asleep_a_place_alone_never_starts(lexicon: Lexicon, matcher: Matcher) -> None:
    for said in forms_of("place", lexicon):
        heard = matcher.match(said, Context())
        # A side stitch is a place and a cramp in one.
        assert heard is None or "doubt" in heard.slots or "stitch" in heard.slots.values(), said


def test_stop_wins_over_every_other_command(lexicon: Lexicon, matcher: Matcher) -> None:
    others = [said for said in forms_of("word", lexicon) if said not in forms_of("word=stop", lexicon)]
    for said in others:
        heard = matcher.match(f"{said} stop", Context(awake=True))
        assert heard is not None
        assert heard.slots["word"] == "stop", said


def test_an_emergency_wins_over_stop(lexicon: Lexicon, matcher: Matcher) -> None:
    for said in forms_of("emergency", lexicon):
        heard = matcher.match(f"stop {said}", Context(awake=True))
        assert heard is not None
        assert heard.name == "emergency", said
