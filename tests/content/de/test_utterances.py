"""What people say in German, and what it must mean; and no utterance of one intent is stolen by another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.content.en.tables import Row, context_of, is_answer, is_right, told
from voice_assist.content import Pack
from voice_assist.events import Context, Intent
from voice_assist.understand.grammar import fill
from voice_assist.understand.matcher import Matcher

SURE = {"emergency", "urgent"}
"""What must be itself in every state in which somebody is awake."""

KINDS_OF_CRAMP = {"muscle", "tummy", "period"}
"""What Q11 asks for."""


def rows() -> Iterator[Row]:
    text = (Path(__file__).parent / "utterances.yaml").read_text(encoding="utf-8")
    # The base loader reads everything as text.
    for section, answers in yaml.load(text, Loader=yaml.BaseLoader).items():  # noqa: S506
        for right, said in answers.items():
            yield from (Row("de", section, words, tuple(right.split(" or "))) for words in said)


ROWS = tuple(rows())


def test_the_table_is_large_and_has_no_doubles() -> None:
    said = [(row.section, row.said) for row in ROWS]
    assert len(said) >= 300
    assert len(said) == len(set(said))


def test_every_utterance_means_what_it_must(matcher: Matcher) -> None:
    found = [(row, matcher.match(row.said, context_of(row.section))) for row in ROWS]
    wrong = [
        f"{row.section}: '{row.said}' should be {row.right}, is {told(i)}" for row, i in found if not is_right(i, row)
    ]
    assert not wrong, "\n".join(wrong)


def _states(pack: Pack) -> list[Context]:
    waits = {frozenset(question.answers) for question in pack.guide.questions.values()}
    return [Context(awake=True), *(Context(awake=True, expected=expected) for expected in waits)]


def test_no_utterance_is_stolen_by_another_intent_in_any_state(matcher: Matcher, pack: Pack) -> None:
    stolen = []
    for row in ROWS:
        # A cramp begins in the midst of anything; what else is said to somebody asleep is said again below `awake`.
        if row.section == "awake" or (row.section == "asleep" and row.wants("cramp")):
            for state in _states(pack):
                intent = matcher.match(row.said, state)
                mine = any(is_answer(intent, answer, doubt=False) for answer in row.right)
                # "Muscle, tummy, or period?" "Krampf im Bauch." That is the answer.
                answered = intent is not None and intent.slots.get("value") in KINDS_OF_CRAMP & state.expected
                if not (mine or (row.wants("cramp") and answered)):
                    stolen.append(f"'{row.said}' should be {row.right}, is {told(intent)} in {sorted(state.expected)}")
    assert not stolen, "\n".join(stolen)


def test_what_is_no_sign_of_danger_is_never_taken_for_one(matcher: Matcher, pack: Pack) -> None:
    for row in ROWS:
        if not any(row.wants(name) for name in SURE):
            states = [Context()] if row.section == "asleep" else _states(pack)
            for state in states:
                intent = matcher.match(row.said, state)
                assert intent is None or intent.kind not in SURE, (row.said, told(intent))


def test_every_sentence_to_expect_has_its_own_intent_somewhere(matcher: Matcher, pack: Pack) -> None:
    states = [Context(), *_states(pack)]
    stolen = []
    for template in pack.lexicon.templates:
        for said in fill(template.text, pack.lexicon):
            heard: list[Intent | None] = [matcher.match(said, state) for state in states]
            if not any(intent is not None and intent.name == template.intent for intent in heard):
                stolen.append(f"'{said}' of {template.intent}")
    assert not stolen, "\n".join(stolen)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("zurueck", "back"), ("naechster schritt", "next"), ("hoer auf", "stop"), ("ZURÜCK!", "back"), ("stoppp", "stop")],
)
def test_a_keyboard_without_umlauts_will_do(matcher: Matcher, typed: str, meant: str) -> None:
    intent = matcher.match(typed, Context(awake=True, spelled=True))
    assert intent is not None
    assert intent.slots == {"word": meant}


def test_letters_and_their_dots_may_come_apart(matcher: Matcher) -> None:
    together = matcher.match("zurück", Context(awake=True, spelled=True))
    assert together is not None
    assert together.same_as(
        matcher.match("zuru\N{COMBINING DIAERESIS}ck", Context(awake=True, spelled=True)) or together
    )


def test_what_is_misheard_is_found_by_how_german_sounds(matcher: Matcher) -> None:
    # To Metaphone, made for English, V is F and W is W.
    intent = matcher.match("krampf in der vade", Context(awake=True))
    assert intent is not None
    assert intent.slots["place"] == "calf"
