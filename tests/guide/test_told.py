"""What is told at run time: lines that wait for a value, answers that are kept, and what is done outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.guide.small import guide
from voice_assist.events import Intent
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.orders import Hush, Keep, Order, Perform, Speak
from voice_assist.guide.pacing import Pace
from voice_assist.guide.protocol import Ask, Branch, Do, Question, Routine, Say, Step
from voice_assist.guide.told import TOLD, Told, is_told
from voice_assist.samples import samples

ANSWERS = {"yes": Branch(learn=("thinners",)), "no": Branch(learn=("no thinners",), say="Good.")}


def begun(*steps: Step, keep: bool = True, ask: str = "Blood thinners?") -> tuple[Dialogue, list[Order]]:
    """Return a dialogue in an activity of these steps, and what it ordered first."""
    small = guide()
    asked = Question("thinners", ask, ANSWERS, silence=Branch(say="Then not."), keep=keep)
    dialogue = Dialogue(
        replace(
            small,
            routines={**small.routines, "bedtime": Routine("bedtime", steps)},
            questions={**small.questions, "thinners": asked},
        ),
        lambda _: samples(1),
        Pace(pause=0),
    )
    return dialogue, list(dialogue.handle(Intent("question", "question", {"topic": "bedtime"}), 0))


def spoken(orders: list[Order]) -> list[str]:
    return [order.text for order in orders if isinstance(order, Speak)]


def evening(dialogue: Dialogue) -> list[Order]:
    """Let it go on until nothing is awaited; return what it ordered."""
    orders: list[Order] = []
    while (due := dialogue.due) is not None:
        orders += dialogue.tick(due)
    return orders


def test_a_line_is_spoken_with_the_value_that_is_known_by_then() -> None:
    dialogue, first = begun(Say("Here."), Say("{diary_week} It is quiet."))
    dialogue.told.know({"diary_week": "One cramp."})
    assert spoken([*first, *evening(dialogue)]) == ["Here.", "One cramp. It is quiet."]


@pytest.mark.parametrize("values", [{}, {"diary_week": ""}])
def test_a_line_without_its_value_is_left_out_and_takes_no_time(values: dict[str, str]) -> None:
    dialogue, first = begun(Say("{diary_week}"), Say("Done."))
    dialogue.told.know(values)
    orders = [*first, *evening(dialogue)]
    assert [(order.text, order.at) for order in orders if isinstance(order, Speak)] == [("Done.", 0)]


def test_a_question_without_its_value_is_taken_for_unanswered() -> None:
    dialogue, first = begun(Ask("thinners"), Say("Done."), ask="Is it {number}?")
    assert spoken([*first, *evening(dialogue)]) == ["Then not.", "Done."]


def test_a_value_by_a_name_that_no_line_can_have_is_a_fault() -> None:
    with pytest.raises(ValueError, match="no placeholder is called 'weak'"):
        Told().know({"weak": "x"})
    assert all(is_told(f"a {{{name}}}") for name in TOLD)
    assert not is_told("a {emergency} b")


def test_what_an_answer_tells_is_kept_where_the_question_says_so() -> None:
    dialogue, _ = begun(Ask("thinners"))
    orders = dialogue.handle(Intent("answer", "answer", {"value": "no"}), samples(2))
    assert Keep(("no thinners",)) in orders
    # It holds in the episodes after this one, too, and the last word counts.
    dialogue.handle(Intent("control", "control", {"word": "sleep"}), samples(3))
    dialogue.handle(Intent("question", "question", {"topic": "bedtime"}), samples(4))
    assert Keep(("thinners",)) in dialogue.handle(Intent("answer", "answer", {"value": "yes"}), samples(6))


def test_what_is_told_in_an_attack_is_not_kept() -> None:
    dialogue, _ = begun(Ask("thinners"), keep=False)
    orders = dialogue.handle(Intent("answer", "answer", {"value": "no"}), samples(2))
    assert spoken(list(orders)) == ["Good."]
    assert not any(isinstance(order, Keep) for order in orders)


def test_an_errand_is_told_when_its_step_comes_and_the_course_goes_on() -> None:
    dialogue, first = begun(Say("Now."), Do("erase_diary"), Say("Gone."))
    assert not any(isinstance(order, Perform) for order in first)
    orders = [order for order in evening(dialogue) if not isinstance(order, Hush)]
    assert orders == [Perform("erase_diary"), Speak("Gone.", samples(1))]
