"""The matcher, on a subject that has nothing to do with cramps: orders of coffee."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.sheet import Faults
from voice_assist.events import Context, Intent
from voice_assist.understand.grammar import Weights, sentences
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher

CONCEPTS = """
drink:
  latte: {says: [latte, milky coffee], sounds: [later]}
  espresso: [espresso, (small)? black coffee]
  chai:
    says: [masala tea]
    alike: {only_chai: [chai, chai tea]}
    facts: {iced: [iced chai]}
  mocha: {says: [mocha], sounds: [mocker]}
  any: {vague: true, says: [coffee]}
wish: [want, fancy, make me]
size: {large: [large, big], small: [small]}
word: {stop: [stop, no more], repeat: [again]}
sugar: {some: [sugar], none: [black]}
burn: {hot: {says: [burnt, scald], deniable: true}}
smoke: [smoke]
near: [here, there]
gossip: [he wants, she wants]
for_us: [for us]
"""

TALK = """
fillers: [a, the, please, of, and, i, there]
cries: [oh, oh my]
negations: [no (a)?, not]
corrections: [no, sorry]
decoys: [tea, water, the weather, stopper]
"""

INTENTS = """
kinds: {help: emergency, control: control, order: start, round: start, taste: answer}
rules:
  - {intent: help, needs: [burn], slots: {kind: "{burn}"}, when: [asleep, awake], absolute: true, least: 0.5}
  - intent: help
    needs: [smoke]
    slots: {kind: fire}
    when: [asleep, awake]
    least: 0.3
    least_asleep: 0.9
    asleep_needs: [near]
  - {intent: control, needs: [word=stop], slots: {word: stop}, absolute: true, least: 0.4}
  - {intent: taste, needs: [sugar], slots: {value: "{sugar}"}, expected: true, sentences: ["with {sugar}"]}
  - intent: order
    needs: [drink, wish]
    with: [size]
    without: [gossip]
    slots: {drink: "{drink}", size: "{size}", alike: "{drink:alike}"}
    when: [asleep, awake]
    sentences: ["i want a {drink}", "(i)? fancy a {size} {drink=latte}"]
  - intent: round
    needs: [drink, for_us]
    slots: {drink: "{drink}", drinks: "{drink:all}", alike: "{drink:alike}", how: "{size} {drink:fact}"}
  - {intent: order, needs: [drink], with: [size], slots: {drink: "{drink}", size: "{size}"}, waits: true, lone: true}
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


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("latte for us", {"drink": "latte"}),
        ("latte and mocha for us", {"drink": "latte", "drinks": "latte mocha"}),
        ("mocha latte mocha for us", {"drink": "mocha", "drinks": "mocha latte"}),
        ("latte and a coffee for us", {"drink": "latte"}),
        ("latte no mocha for us", {"drink": "mocha"}),
        ("latte no mocha and espresso for us", {"drink": "mocha", "drinks": "mocha espresso"}),
        ("chai for us", {"drink": "chai", "alike": "only_chai"}),
        ("chai masala tea for us", {"drink": "chai"}),
        ("latte and chai for us", {"drink": "latte", "drinks": "latte chai"}),
        ("iced chai for us", {"drink": "chai", "how": "iced"}),
    ],
)
def test_a_concept_tells_more_than_its_value(matcher: Matcher, said: str, slots: dict[str, str]) -> None:
    intent = matcher.match(said, AWAKE)
    assert intent is not None
    assert intent.slots == slots


def test_of_two_values_that_were_only_misheard_none_is_taken(matcher: Matcher) -> None:
    intent = matcher.match("make me a later mocker", ASLEEP)
    assert intent is not None
    assert intent.slots == {"drink": "any"}


def test_what_was_misheard_is_no_second_value(matcher: Matcher) -> None:
    intent = matcher.match("mocha later for us", AWAKE)
    assert intent is not None
    assert intent.slots == {"drink": "mocha"}


def test_asleep_a_rule_may_ask_for_more_and_then_waits(matcher: Matcher) -> None:
    alone, among = "there smoke", "smoke in the kitchen tonight there"
    asleep, awake = matcher.match(alone, ASLEEP), matcher.match(alone, AWAKE)
    assert asleep is not None
    assert awake is not None
    assert (asleep.complete, awake.complete) == (False, True)
    assert told(matcher.match(among, ASLEEP)) is None
    assert told(matcher.match("smoke", ASLEEP)) is None
    assert told(matcher.match("smoke a latte", AWAKE)) == ("help", "fire")


def test_every_value_that_a_slot_can_take_is_known(lexicon: Lexicon) -> None:
    assert lexicon.values("alike") == {"only_chai"}
    assert lexicon.values("how") == {"large", "small", "iced"}
    assert lexicon.values("drinks") == lexicon.values("drink") == {"latte", "espresso", "chai", "mocha", "any"}


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
    assert complete("chai for us"), "nothing else can make another drink of it"
    assert not complete("for us chai"), "a surer word may follow: only 'chai' was heard, and it could go on"
    assert not complete("i want coffee"), "a vague value may still become a plain one"
    assert not complete("i want latte small"), "'small' may become 'small black coffee'"


def test_it_tells_what_it_would_be_if_nothing_had_been_named(matcher: Matcher) -> None:
    def parted(said: str) -> tuple[dict[str, str], set[tuple[str, str]]]:
        intent = matcher.match(said, AWAKE)
        assert intent is not None
        return dict(intent.unnamed), set(intent.named)

    assert parted("i want a large latte") == ({"drink": "any", "size": "large"}, {("drink", "latte")})
    assert parted("i want coffee") == ({"drink": "any"}, set())
    assert parted("a chai and a mocha for us") == ({"drink": "any"}, {("drink", "chai")})
    assert parted("stop") == ({"word": "stop"}, set())


def test_it_is_vague_while_what_it_is_about_is_not_named(matcher: Matcher) -> None:
    def vague(said: str) -> bool:
        intent = matcher.match(said, AWAKE)
        assert intent is not None
        return intent.vague

    assert vague("i want coffee")
    assert not vague("i want a latte")
    assert not vague("stop")


def test_a_name_alone_is_lone_unless_a_cry_or_a_wish_is_with_it(matcher: Matcher) -> None:
    found = {said: matcher.match(said, AWAKE) for said in ("large latte", "oh latte", "i want a latte")}
    assert {said: intent and intent.lone for said, intent in found.items()} == {
        "large latte": True,
        "oh latte": False,
        "i want a latte": False,
    }


def test_the_grammar_holds_sentences_cries_decoys_and_the_unknown(lexicon: Lexicon) -> None:
    found = sentences(lexicon, Weights(decoys=3, unknown=2))
    assert {"i want a milky coffee", "fancy a big latte", "with sugar", "oh my", "the weather"} <= set(found)
    assert "i want a later" not in found, "near forms are what is misheard, not what is said"
    assert found[-1] == "[unk]"
    assert found.count("[unk]") == 2
    assert found.count("i want a milky coffee") == 1
    assert found.count("the weather") == 3


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


def test_asleep_an_open_question_may_be_stopped_and_gets_nothing_that_wants_somebody_awake(
    matcher: Matcher,
) -> None:
    asked = Context(expected=frozenset({"some", "none"}))
    assert told(matcher.match("no more", asked)) == ("control", "stop")
    assert matcher.match("again", asked) is None
    assert matcher.match("sugar", asked) is None, "an answer that counts awake only"
