from __future__ import annotations

import pytest

from voice_assist.events import Hypothesis
from voice_assist.hear.barge_in import LASTS, LEAST, LEAST_IN_ALL, WITHIN, BargeIn
from voice_assist.samples import BLOCK


@pytest.mark.parametrize(("blocks", "word"), [(0, False), (LEAST - 1, False), (LEAST, True)])
def test_a_word_takes_some_blocks(blocks: int, *, word: bool) -> None:
    over_us = BargeIn()
    for block in range(blocks):
        over_us.heard(block * BLOCK)
    assert over_us.is_word(blocks * BLOCK, LEAST) is word


def test_what_was_long_ago_is_no_word_of_now() -> None:
    over_us = BargeIn()
    for block in range(LEAST):
        over_us.heard(block * BLOCK)
    assert over_us.is_word(WITHIN, LEAST)
    assert not over_us.is_word(WITHIN + BLOCK, LEAST)


def test_it_is_listened_for_a_moment_longer() -> None:
    over_us = BargeIn()
    assert not over_us.lasts(0)
    over_us.heard(BLOCK)
    assert over_us.lasts(BLOCK + LASTS)
    assert not over_us.lasts(BLOCK + LASTS + 1)


@pytest.mark.parametrize(
    ("text", "final", "least"),
    [
        ("stop", False, LEAST),
        ("stop", True, LEAST_IN_ALL),
        ("no wait", False, LEAST_IN_ALL),
        ("no wait", True, LEAST_IN_ALL),
    ],
    ids=["on the way", "at the end", "two words", "both at the end"],
)
def test_one_word_that_is_heard_on_the_way_needs_fewer_blocks(text: str, *, final: bool, least: int) -> None:
    order = Hypothesis(text, final, echo=True, barge_in=True)
    over_us = BargeIn()
    over_us.take(order, 0)
    for block in range(1, LEAST_IN_ALL + 1):
        over_us.heard(block * BLOCK)
        believed = over_us.believed(block * BLOCK)
        assert (believed is not None) == (block == least)
        if believed:
            assert (believed.text, believed.echo) == (text, False)


@pytest.mark.parametrize(("final", "kept"), [(True, True), (False, False)])
def test_no_words_take_back_a_partial_and_no_final(*, final: bool, kept: bool) -> None:
    over_us = BargeIn()
    over_us.take(Hypothesis("stop", final, echo=True, barge_in=True), 0)
    over_us.take(Hypothesis("", final=False, echo=True, barge_in=True), BLOCK)
    for block in range(LEAST_IN_ALL):
        over_us.heard(block * BLOCK)
    believed = over_us.believed(LEAST_IN_ALL * BLOCK)
    assert (believed.text if believed else "") == ("stop" if kept else "")


def test_what_was_heard_long_ago_keeps_nothing_from_being_heard() -> None:
    over_us = BargeIn()
    over_us.take(Hypothesis("", final=True, echo=True, barge_in=True), 0)
    later = WITHIN + BLOCK
    over_us.take(Hypothesis("", final=True, echo=True, barge_in=True, rivals=(("stop", 1.0),)), later)
    for block in range(LEAST_IN_ALL):
        over_us.heard(later + block * BLOCK)
    believed = over_us.believed(later + LEAST_IN_ALL * BLOCK)
    assert believed is not None
    assert believed.rivals == (("stop", 1.0),)


@pytest.mark.parametrize(("later", "admitted"), [(BLOCK, False), (WITHIN, True)])
def test_the_rest_of_an_order_is_no_second_one(later: int, *, admitted: bool) -> None:
    over_us = BargeIn()
    over_us.heard(0)
    assert over_us.admit(0)
    over_us.heard(later)
    assert over_us.admit(later) is admitted


def test_where_nobody_speaks_over_our_voice_every_order_counts() -> None:
    over_us = BargeIn()
    assert over_us.admit(0)
    assert over_us.admit(BLOCK)
