"""The matcher, on a subject that has nothing to do with cramps: orders of coffee."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.sheet import Faults
from voice_assist.events import Context, Intent
from voice_assist.understand.grammar import DECOY_WEIGHT, sentences
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher

CONCEPTS = """
drink:
  latte: {says: [latte, milky coffee], sounds: [later]}
  espresso: [espresso, (small)? black coffee]
  mocha: {says: [mocha], sounds: [mocker]}
  any: {vague: true, says: [coffee]}
wish: [want, fancy, make me]
size: {large: [large, big], small: [small]}
word: {stop: [stop, no more], repeat: [again]}
sugar: {some: [sugar], none: [black]}
burn: {hot: {says: [burnt, scald], deniable: true}}
gossip: [he wants, she wants]
"""

TALK = """
fillers: [a, the, please, of, and, i]
cries: [oh, oh my]
negations: [no (a)?, not]
corrections: [no, sorry]
decoys: [tea, water, the weather, stopper]
"""

INTENTS = """
kinds: {help: emergency, control: control, order: start, taste: answer}
rules:
  - {intent: help, needs: [burn], slots: {kind: "{burn}"}, when: [asleep, awake], absolute: true, least: 0.5}
  - {intent: control, needs: [word=stop], slots: {word: stop}, absolute: true, least: 0.4}
  - {intent: taste, needs: [sugar], slots: {value: "{sugar}"}, expected: true, sentences: ["with {sugar}"]}
  - intent: order
    needs: [drink, wish]
    with: [size]
    without: [gossip]
    slots: {drink: "{drink}", size: "{size}"}
    when: [asleep, awake]
    sentences: ["i want a {drink}", "(i)? fancy a {size} {drink=latte}"]
  - {intent: order, needs: [drink], with: [size], slots: {drink: "{drink}", size: "{size}"}, waits: true}
  - {intent: control, needs: [word], slots: {word: "{word}"}}
"""

ASLEEP, AWAKE = Context(), Context(awake=True)


def make(folder: Path) -> Lexicon:
    for name, text in (("concepts", CONCEPTS), ("talk", TALK), ("intents", INTENTS)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    faults = Faults()
    lexicon = read_lexicon(folder, faults)
    assert not faults.found
    return lexicon


@pytest.fixture(scope="session")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    return make(tmp_path_factory.mktemp("coffee"))


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> Matcher:
    return Matcher(lexicon)


def told(intent: Intent | None) -> tuple[str, ...] | None:
    return None if intent is None else (intent.name, *intent.slots.values())


@pytest.mark.parametrize(
    ("said", "awake", "right"),
    [
        ("i want a latte", False, ("order", "latte")),
        ("latte i want oh", False, ("order", "latte")),
        ("Oh my, LATTE!! I want a large latteee", False, ("order", "latte", "large")),
        ("latte", False, None),
        ("latte", True, ("order", "latte")),
        ("i want milky coffee", False, ("order", "latte")),
        ("i want coffee", False, ("order", "any")),
        ("i want a coffee a mocha", False, ("order", "mocha")),
        ("i want latte and mocha", False, ("order", "any")),
        ("i want latte no mocha", False, ("order", "mocha")),
        ("i want latte sorry espresso", False, ("order", "espresso")),
        ("he wants i fancy a latte", False, None),
        ("i want tea", False, None),
        ("the weather i want latte tea water", False, None),
        ("[unk] i want latte", False, ("order", "latte")),
        ("i want [unk] latte [unk]", False, None),
        ("later", True, None),
        ("i want a later", False, ("order", "latte")),
        ("i want expresso", False, ("order", "espresso")),
        ("stop", False, None),
        ("please stop", True, ("control", "stop")),
        ("i want a latte no more", True, ("control", "stop")),
        ("again", True, ("control", "repeat")),
        ("burnt stop", True, ("help", "hot")),
        ("not burnt", True, None),
        ("no a scald", True, None),
        ("small black coffee", True, ("order", "espresso")),
        ("", True, None),
        ("[unk]", True, None),
        ("?!", True, None),
    ],
)
def test_an_utterance_means_what_its_concepts_mean_together(
    matcher: Matcher,
    said: str,
    awake: bool,  # noqa: FBT001
    right: tuple[str, ...] | None,
) -> None:
    assert told(matcher.match(said, Context(awake=awake))) == right


def test_an_answer_counts_only_where_it_is_expected(matcher: Matcher) -> None:
    assert told(matcher.match("sugar", Context(awake=True, expected=frozenset({"some", "none"})))) == ("taste", "some")
    assert told(matcher.match("sugar", Context(awake=True, expected=frozenset({"none"})))) is None
    assert told(matcher.match("sugar", AWAKE)) is None


def test_what_only_sounds_alike_does_not_count_in_typed_text(matcher: Matcher) -> None:
    assert told(matcher.match("i want later", ASLEEP)) == ("order", "latte")
    assert told(matcher.match("i want later", Context(spelled=True))) is None
    assert told(matcher.match("i want espreso", Context(spelled=True))) == ("order", "espresso")


def test_it_is_complete_when_nothing_that_follows_could_change_it(matcher: Matcher) -> None:
    def complete(said: str) -> bool:
        intent = matcher.match(said, AWAKE)
        assert intent is not None
        return intent.complete

    assert complete("stop")
    assert complete("i want a latte")
    assert not complete("latte"), "the rule waits"
    assert not complete("i want coffee"), "a vague value may still become a plain one"
    assert not complete("i want latte small"), "'small' may become 'small black coffee'"


def test_the_grammar_holds_sentences_cries_decoys_and_the_unknown(lexicon: Lexicon) -> None:
    found = sentences(lexicon)
    assert {"i want a milky coffee", "fancy a big latte", "with sugar", "oh my", "the weather"} <= set(found)
    assert "i want a later" not in found, "near forms are what is misheard, not what is said"
    assert found[-1] == "[unk]"
    assert found.count("i want a milky coffee") == 1
    assert found.count("the weather") == DECOY_WEIGHT


WORDS = st.sampled_from(
    [
        "i",
        "want",
        "a",
        "the",
        "latte",
        "mocha",
        "coffee",
        "small",
        "black",
        "large",
        "later",
        "no",
        "not",
        "sorry",
        "stop",
        "again",
        "oh",
        "[unk]",
        "tea",
    ]
)


@given(st.lists(WORDS, max_size=12), st.booleans())
def test_any_utterance_gives_a_lawful_answer(matcher: Matcher, words: list[str], awake: bool) -> None:  # noqa: FBT001
    said, context = " ".join(words), Context(awake=awake)
    intent = matcher.match(said, context)
    assert intent == matcher.match(said, context)
    if awake and "stop" in words[-1:] and len(words) == 1:
        assert told(intent) == ("control", "stop")
    if intent is not None and intent.kind == "start":
        assert {"latte", "mocha", "coffee", "later"} & set(words)
        assert awake or "want" in words


@given(st.text(max_size=200))
def test_no_text_raises(matcher: Matcher, said: str) -> None:
    intent = matcher.match(said, AWAKE)
    assert intent is None or 0 < intent.score <= 1


def test_a_very_long_utterance_is_looked_at_from_its_end(matcher: Matcher) -> None:
    assert matcher.match("tea " * 5000, AWAKE) is None
    assert told(matcher.match("oh " * 5000 + "stop", AWAKE)) == ("control", "stop")
