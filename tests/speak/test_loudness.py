"""How loud we speak."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.speak.loudness import LOUDER, LOUDEST, SOFTER, SOFTEST, STEP, UNANSWERED, USUAL, Volume


def test_it_begins_as_soft_as_it_was_set() -> None:
    assert Volume(-12.0).now == -12.0


@pytest.mark.parametrize(
    ("above", "change"),
    [(USUAL, 0.0), (USUAL + 10.0, 5.0), (USUAL - 4.0, -2.0), (USUAL + 60.0, LOUDER), (0.0, SOFTER)],
)
def test_it_follows_how_loudly_the_person_spoke(above: float, change: float) -> None:
    volume = Volume(-12.0)
    volume.follow(above)
    assert volume.now == -12.0 + change


def test_it_rises_with_every_question_that_nobody_answers_and_rests_after_the_episode() -> None:
    volume = Volume(-12.0)
    volume.unanswered()
    volume.unanswered()
    volume.follow(USUAL + 10.0)
    assert volume.now == -12.0 + 2 * UNANSWERED + 5.0
    volume.rest()
    assert volume.now == -12.0


def test_what_somebody_asked_for_holds() -> None:
    volume = Volume(-12.0)
    volume.change(+1)
    volume.rest()
    assert volume.now == -12.0 + STEP


def test_it_is_never_above_the_ceiling_and_never_too_soft() -> None:
    volume = Volume(-6.0, ceiling=-3.0)
    for _ in range(5):
        volume.unanswered()
    assert volume.now == -3.0
    volume.change(-1)
    assert volume.now == -3.0 - STEP  # from what was heard, not from what was meant
    for _ in range(9):
        volume.change(-1)
    assert volume.now == SOFTEST
    loud = Volume(0.0)
    for _ in range(5):
        loud.change(+1)
    assert loud.now == LOUDEST


EVENTS = st.one_of(
    st.builds(lambda steps: lambda volume: volume.change(steps), st.sampled_from((-1, +1))),
    st.builds(lambda above: lambda volume: volume.follow(above), st.floats(-20, 90)),
    st.just(Volume.unanswered),
    st.just(Volume.rest),
)


@given(base=st.floats(-30, 12), ceiling=st.floats(-30, 12), events=st.lists(EVENTS, max_size=20))
def test_nothing_that_happens_takes_it_above_the_ceiling(
    base: float, ceiling: float, events: Sequence[Callable[[Volume], None]]
) -> None:
    volume = Volume(base, ceiling)
    assert volume.now <= ceiling
    for happens in events:
        happens(volume)
        assert SOFTEST <= volume.now <= ceiling
