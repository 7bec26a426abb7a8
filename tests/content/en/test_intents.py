"""The sentences that the recognizer is told to expect are understood as what they were listed for."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist.config import models_folder
from voice_assist.events import Context
from voice_assist.understand.grammar import fill, sentences
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher

MOST_SENTENCES = 16_000
"""The grammar is built at every start; at this size the default model takes a few hundredths of a second."""

EXPECTATIONS = (
    frozenset[str](),
    frozenset({"better", "same", "worse", "yes", "no"}),
    frozenset({"yes", "no"}),
    frozenset({"front", "back", "one", "both"}),
    frozenset({"leg", "spine"}),
    frozenset({"thigh", "groin"}),
    frozenset({"muscle", "tummy", "period"}),
    frozenset({"leg", "other"}),
    frozenset({"sore", "tight", "better", "same", "worse", "yes", "no"}),
)


def test_every_sentence_has_its_own_intent_in_some_context_where_it_counts(lexicon: Lexicon, matcher: Matcher) -> None:
    contexts = [Context(awake=awake, expected=expected) for awake in (False, True) for expected in EXPECTATIONS]
    stolen = []
    for template in lexicon.templates:
        for said in fill(template.text, lexicon):
            heard = (matcher.match(said, context) for context in contexts)
            if not any(intent is not None and intent.name == template.intent for intent in heard):
                stolen.append(f"'{said}' of {template.intent}")
    assert not stolen, "\n".join(stolen)


def test_a_start_that_is_heard_asleep_is_heard_awake(lexicon: Lexicon, matcher: Matcher) -> None:
    for template in lexicon.templates:
        if template.intent != "cramp":
            continue
        for said in fill(template.text, lexicon):
            asleep, awake = matcher.match(said, Context()), matcher.match(said, Context(awake=True))
            if asleep is not None and "doubt" not in asleep.slots and asleep.name == "cramp":
                assert awake is not None, said
                # "My calf has gone" may, once awake, tell of the cramp's end.
                assert asleep.same_as(awake) or awake.name == "answer", said


def test_a_complete_sentence_does_not_change_when_more_is_said(matcher: Matcher) -> None:
    for said in ("my calf is cramping", "cramp in my hamstring", "stop"):
        intent = matcher.match(said, Context(awake=True))
        assert intent is not None
        assert intent.complete, said


@pytest.mark.parametrize(
    "said", ["cramp", "my calf", "my leg", "cramp in my back", "my leg is cramping", "no", "back", "calf"]
)
def test_a_beginning_is_not_complete(matcher: Matcher, said: str) -> None:
    for context in (Context(), Context(awake=True)):
        intent = matcher.match(said, context)
        assert intent is None or not intent.complete, said


def test_the_grammar_is_of_a_size_to_start_with(lexicon: Lexicon) -> None:
    found = sentences(lexicon)
    assert found[-1] == "[unk]"
    assert 500 < len(found) < MOST_SENTENCES


def test_the_default_model_hears_every_place_and_every_control(lexicon: Lexicon) -> None:
    listed = models_folder() / "en-small" / "graph" / "words.txt"
    if not Path(listed).is_file():
        pytest.skip("the default model is not here")
    known = {line.split()[0] for line in listed.read_text(encoding="utf-8").splitlines()}
    for concept in ("place", "word", "progress"):
        for value in lexicon.concept_values(concept):
            forms = [form for form in lexicon.forms if (form.concept, form.value) == (concept, value) and not form.near]
            assert any(known.issuperset(form.words) for form in forms), f"the model hears no form of {value}"
