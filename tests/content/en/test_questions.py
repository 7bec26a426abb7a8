"""questions.yaml: closed questions whose gates fail toward safety."""

from __future__ import annotations

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

GATES = {"swollen": "urgent.clot", "cold_numb": "emergency.limb", "hit_or_popped": "urgent.injury"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_leads_to_its_answer_on_yes_and_on_a_muddle(pack: Pack, gate: str) -> None:
    question = pack.guide.questions[gate]
    assert question.answers["yes"].goto == GATES[gate]
    assert question.unclear is not None
    assert question.unclear.goto == GATES[gate]
    assert question.reprompt


def test_every_question_ends_with_a_question_mark_and_has_answers(pack: Pack) -> None:
    for question in pack.guide.questions.values():
        assert question.say.endswith("?")
        assert question.answers


def test_every_answer_is_one_that_can_be_understood(pack: Pack) -> None:
    values = pack.lexicon.values("value", "answer")
    for question in pack.guide.questions.values():
        assert set(question.answers) <= values, question.name
