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


def coached(evening: Evening) -> Evening:
    """Let somebody have a cramp, and let it be over for an hour."""
    return evening.hears("start", place="calf").passes(10.0).hears("control", "stop").passes(HOUR)


def asked(evening: Evening) -> int:
    return evening.texts.count(QUESTION)


def test_it_asks_once_a_night_and_silence_answers_it(evening: Evening) -> None:
    assert mumbled(evening, 6).texts == [QUESTION]
    assert evening.state == "asleep"


def test_after_a_cramp_it_may_ask_once_more_and_after_two_that_nobody_answered_no_more(evening: Evening) -> None:
    assert FALSE_QUESTIONS == 2
    mumbled(evening, 2)
    counts = []
    for _ in range(3):
        coached(evening)
        counts.append(asked(mumbled(evening, 2)))
    assert counts == [2, 2, 2]


def test_after_two_that_nobody_answered_starts_are_doubted_more_until_morning(evening: Evening) -> None:
    night = evening.dialogue.night
    night.hours(night=True)
    mumbled(evening, 2)
    assert night.false_alarms == 0
    mumbled(coached(evening), 2)
    assert night.false_alarms == FALSE_QUESTIONS
    # Whoever tells of a cramp is helped all the same.
    evening.spoken.clear()
    assert evening.hears("start", place="calf").passes(3.0).texts[0] == "I'm here."
    night.hours(night=False)
    assert night.false_alarms == 0


def test_in_the_next_night_it_asks_again(evening: Evening) -> None:
    mumbled(evening, 3).passes(seconds(NIGHT))
    assert asked(mumbled(evening, 3)) == 2


def test_the_hours_of_the_night_are_one_night_however_long_and_with_them_the_count_ends(evening: Evening) -> None:
    night = evening.dialogue.night
    for number, dark in enumerate((True, False, True), 1):
        night.hours(night=dark)
        assert asked(mumbled(evening, 12 if dark else 3)) == number


def test_what_was_asked_before_a_restart_counts(evening: Evening) -> None:
    night = evening.dialogue.night
    night.hours(night=True, unanswered=1)
    assert asked(mumbled(evening, 3)) == 0
    assert asked(mumbled(coached(evening), 3)) == 1
    night.hours(night=True, unanswered=2)
    assert asked(mumbled(coached(evening), 3)) == 1
    assert night.false_alarms == FALSE_QUESTIONS


@pytest.mark.parametrize("answer", [("answer", "no"), ("control", "nothing"), ("control", "stop")])
def test_no_is_a_false_question_too(evening: Evening, answer: tuple[str, str]) -> None:
    for _ in range(3):
        evening.hears("start", place="calf", doubt="yes").passes(1.0).hears(*answer).passes(HOUR)
    assert asked(evening) == 1
    assert evening.dialogue.night.unanswered == 1


def test_a_question_that_was_answered_by_a_cramp_was_none_too_many(evening: Evening) -> None:
    for number in (1, 2, 3):
        evening.hears("start", place="calf", doubt="yes").passes(1.0).hears("answer", "yes").passes(5.0)
        evening.hears("control", "stop").passes(HOUR)
        assert asked(evening) == number
        assert evening.dialogue.night.unanswered == 0


def test_a_cramp_told_later_does_not_make_an_unanswered_question_undone(evening: Evening) -> None:
    coached(mumbled(evening, 1))
    assert evening.dialogue.night.unanswered == 1


def test_what_was_coached_for_nothing_gets_no_other_question(evening: Evening) -> None:
    mumbled(evening, 1)
    evening.hears("start", place="calf").passes(10.0).hears("control", "nothing").passes(HOUR)
    assert asked(mumbled(evening, 2)) == 1


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
    evening.hears("start", place="calf").passes(5.0).hears("control", "nothing")
    assert evening.passes(HOUR).state == "asleep"
    mumbled(evening, 2)
    assert asked(evening) == 1
    assert asked(mumbled(coached(evening), 2)) == FALSE_QUESTIONS - 1


def test_a_room_that_was_told_twice_that_there_was_nothing_asks_nothing_and_still_helps(evening: Evening) -> None:
    for _ in range(FALSE_QUESTIONS):
        evening.hears("start", place="calf").passes(5.0).hears("control", "nothing").passes(HOUR)
    evening.spoken.clear()
    assert mumbled(evening, 3).texts == []
    assert evening.hears("start", place="calf").passes(3.0).texts[0] == "I'm here."
