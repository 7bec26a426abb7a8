"""How often a night may ask of its own accord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voice_assist.guide.night import FALSE_QUESTIONS, NIGHT, REFRACTORY
from voice_assist.samples import seconds

if TYPE_CHECKING:
    from tests.evening import Evening

QUESTION = "Do you have a cramp?"
HOUR = 3600.0


def mumbled(evening: Evening, times: int) -> Evening:
    """Let somebody say a bare word every hour, and answer nothing."""
    for _ in range(times):
        evening.hears("start", place="calf", doubt="yes").passes(HOUR)
    return evening


def test_after_two_questions_that_nobody_answers_it_asks_no_more() -> None:
    assert FALSE_QUESTIONS == 2


def test_until_morning_a_mumbled_word_is_left_alone(evening: Evening) -> None:
    assert mumbled(evening, 6).texts == [QUESTION] * FALSE_QUESTIONS
    assert evening.state == "asleep"


def test_in_the_next_night_it_asks_again(evening: Evening) -> None:
    mumbled(evening, 3).passes(seconds(NIGHT))
    assert mumbled(evening, 1).texts == [QUESTION] * (FALSE_QUESTIONS + 1)


def test_quiet_hours_are_one_night_however_long_and_with_them_the_count_ends(evening: Evening) -> None:
    evening.dialogue.night.hours(quiet=True)
    assert mumbled(evening, 12).texts == [QUESTION] * FALSE_QUESTIONS
    evening.dialogue.night.hours(quiet=True)
    assert mumbled(evening, 1).texts == [QUESTION] * FALSE_QUESTIONS
    evening.dialogue.night.hours(quiet=False)
    assert mumbled(evening, 3).texts == [QUESTION] * (2 * FALSE_QUESTIONS)
    evening.dialogue.night.hours(quiet=True)
    assert mumbled(evening, 3).texts == [QUESTION] * (3 * FALSE_QUESTIONS)


def test_no_is_a_false_question_too(evening: Evening) -> None:
    for _ in range(FALSE_QUESTIONS + 1):
        evening.hears("start", place="calf", doubt="yes").passes(1.0).hears("answer", "no").passes(HOUR)
    assert evening.texts == [QUESTION] * FALSE_QUESTIONS


def test_a_cramp_after_the_question_makes_the_ones_before_no_nuisance(evening: Evening) -> None:
    mumbled(evening, 1)
    evening.hears("start", place="calf", doubt="yes").passes(1.0).hears("answer", "yes").passes(5.0)
    evening.hears("control", "stop").passes(HOUR)
    before = evening.texts.count(QUESTION)
    mumbled(evening, 3)
    assert evening.texts.count(QUESTION) == before + FALSE_QUESTIONS


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (("start",), "I'm here."),
        (("control", "help"), "Do you have a cramp?"),
    ],
)
def test_who_tells_of_a_cramp_or_calls_is_answered_however_often_it_was_wrong(
    evening: Evening, told: tuple[str, ...], answer: str
) -> None:
    mumbled(evening, 4)
    evening.spoken.clear()
    assert evening.hears(*told).passes(3.0).texts[0] == answer


def test_a_sign_of_danger_is_asked_about_however_often_it_was_wrong(evening: Evening) -> None:
    mumbled(evening, 4)
    evening.spoken.clear()
    evening.hears("emergency", "heart", doubt="yes").passes(1.0)
    assert len(evening.texts) == 1


def test_after_an_episode_what_is_mumbled_is_about_the_cramp_that_has_gone(evening: Evening) -> None:
    evening.hears("start", place="calf").passes(10.0).hears("control", "stop").passes(1.0)
    evening.spoken.clear()
    evening.hears("start", place="calf", doubt="yes").passes(5.0)
    assert evening.texts == []
    evening.passes(seconds(REFRACTORY)).hears("start", place="calf", doubt="yes").passes(5.0)
    assert evening.texts == [QUESTION]


def test_after_an_episode_a_cramp_begins_at_once(evening: Evening) -> None:
    evening.hears("start", place="calf").passes(10.0).hears("control", "stop").passes(1.0)
    evening.spoken.clear()
    assert evening.hears("start", place="calf").passes(3.0).texts[0] == "I'm here."


def test_that_was_nothing_ends_it_and_the_room_is_asked_less(evening: Evening) -> None:
    mumbled(evening, 1)
    evening.hears("start", place="calf").passes(5.0).hears("control", "nothing")
    assert evening.passes(HOUR).state == "asleep"
    evening.spoken.clear()
    assert mumbled(evening, 3).texts == [QUESTION] * (FALSE_QUESTIONS - 1)


def test_a_room_that_was_told_twice_that_there_was_nothing_asks_nothing_and_still_helps(evening: Evening) -> None:
    for _ in range(FALSE_QUESTIONS):
        evening.hears("start", place="calf").passes(5.0).hears("control", "nothing").passes(HOUR)
    evening.spoken.clear()
    assert mumbled(evening, 3).texts == []
    assert evening.hears("start", place="calf").passes(3.0).texts[0] == "I'm here."
