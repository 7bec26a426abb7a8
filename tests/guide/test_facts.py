"""What is known: nothing counts as known that nobody told."""

from __future__ import annotations

import pytest

from voice_assist.guide.facts import ATTACK, Facts
from voice_assist.guide.protocol import Only, Say


def test_of_the_unknown_neither_holds() -> None:
    facts = Facts()
    assert not facts.holds("swollen")
    assert not facts.holds("no swollen")


def test_an_answer_outweighs_the_one_before_and_what_was_known_of_the_person() -> None:
    facts = Facts({"blood_thinners": False})
    assert facts.holds("no blood_thinners")
    facts.learn(["blood_thinners"])
    assert facts.holds("blood_thinners")
    assert not facts.holds("no blood_thinners")
    facts.learn(["no blood_thinners"])
    assert facts.holds("no blood_thinners")
    assert not facts.holds("blood_thinners")


def test_how_a_cramp_was_named_is_replaced_by_how_the_next_one_is() -> None:
    facts = Facts()
    facts.hear(["only_toe", "left"])
    facts.hear(["right"])
    assert facts.said == {"right"}
    assert not facts.holds("only_toe")


def test_the_end_of_an_episode_leaves_the_person_only() -> None:
    facts = Facts({"over_65": True})
    facts.learn(["no swollen"])
    facts.hear(["them"])
    facts.mark(ATTACK, holds=True)
    facts.forget()
    assert facts.holds("over_65")
    assert not [fact for fact in ("no swollen", "them", ATTACK) if facts.holds(fact)]


@pytest.mark.parametrize(
    ("when", "unless", "allowed"),
    [
        (["a"], [], True),
        (["a", "b"], [], False),
        (["no b"], [], False),
        ([], ["b", "no b"], True),
        ([], ["a"], False),
        (["a"], ["c"], True),
        (["no c"], [], True),
        (["no c"], ["a"], False),
    ],
)
def test_all_that_is_asked_for_must_hold_and_none_that_is_excluded(
    when: list[str], unless: list[str], *, allowed: bool
) -> None:
    facts = Facts({"a": True, "c": False})
    assert facts.allow(Only(Say("x"), frozenset(when), frozenset(unless))) is allowed
