"""The account of a cramp, as the dialogue on the small guide goes."""

from __future__ import annotations

import pytest

from tests.guide.small import Talk
from voice_assist.events import Account
from voice_assist.guide.absence import broken_off
from voice_assist.guide.orders import Note, Order
from voice_assist.samples import samples


class Kept(Talk):
    """A talk of which the accounts are kept."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts: list[Account] = []

    def _take(self, orders: tuple[Order, ...]) -> list[str]:
        self.accounts += [order.account for order in orders if isinstance(order, Note)]
        return super()._take(orders)

    @property
    def last(self) -> Account:
        return self.accounts[-1]


@pytest.fixture
def talk() -> Kept:
    talk = Kept()
    talk.now = samples(100)
    talk.hears("start", place="calf", side="left")
    return talk


def test_it_is_told_as_soon_as_it_begins(talk: Kept) -> None:
    assert talk.accounts == [Account(samples(100), place="calf", side="left")]


def test_what_is_tried_and_how_it_feels_is_told_as_it_comes(talk: Kept) -> None:
    talk.passes(20)
    assert [account.tried for account in talk.accounts] == [(), ("move",), ("move", "other")]
    talk.hears("answer", value="same")
    talk.hears("answer", value="better")
    eased = Account(samples(100), talk.now, "calf", "left", ("move", "other"), "better", "eased")
    assert [account.felt for account in talk.accounts[3:]] == ["same", "better"]
    assert talk.last == eased


def test_nothing_is_told_twice(talk: Kept) -> None:
    talk.passes(300)
    assert len(talk.accounts) == len(set(talk.accounts)) == 3


def test_the_first_end_counts(talk: Kept) -> None:
    talk.hears("answer", value="better")
    at = talk.now
    talk.passes(5)
    talk.hears("control", word="stop")
    assert (talk.last.ended, talk.last.until) == ("eased", at)


ENDS = {
    "stopped": ("control", {"word": "stop"}),
    "false_start": ("control", {"word": "nothing"}),
    "handed_over": ("emergency", {"kind": "heart"}),
    "eased": ("answer", {"value": "better"}),
}


@pytest.mark.parametrize("how", ENDS)
def test_every_end_is_told(talk: Kept, how: str) -> None:
    talk.passes(5)
    kind, slots = ENDS[how]
    talk.hears(kind, **slots)
    assert (talk.last.ended, talk.last.until) == (how, samples(105))


def test_ten_minutes_are_an_end(talk: Kept) -> None:
    talk.passes(700)
    assert (talk.last.ended, talk.last.until) == ("timed_out", samples(700))


def test_a_machine_that_sleeps_breaks_off(talk: Kept) -> None:
    talk._take(broken_off(talk.dialogue, talk.now, samples(3600)))
    assert (talk.last.ended, talk.last.until) == ("broken_off", talk.now)


def test_that_it_was_nothing_is_believed_after_an_alarm_but_not_after_relief(talk: Kept) -> None:
    talk.hears("emergency", kind="heart")
    talk.hears("control", word="nothing")
    assert talk.last.ended == "false_start"
    other = Kept()
    other.hears("start", place="calf")
    other.hears("answer", value="better")
    other.hears("control", word="nothing")
    assert other.last.ended == "eased"


def test_another_day_it_is_nothing_of_this_cramp(talk: Kept) -> None:
    talk.hears("control", word="stop")
    talk.hears("question", topic="why")
    talk.hears("control", word="nothing")
    assert talk.last.ended == "stopped"


def test_a_cramp_that_is_back_is_another_one(talk: Kept) -> None:
    talk.hears("answer", value="better")
    talk.passes(10)
    talk.hears("start", place="calf")
    assert talk.last == Account(samples(110), place="calf", side="left")


def test_another_place_of_a_cramp_that_goes_on_is_the_same_one(talk: Kept) -> None:
    talk.passes(5)
    talk.hears("start", place="shin")
    assert (talk.last.began, talk.last.place) == (samples(100), "shin")
    talk.hears("start", place="shin", side="right")
    assert talk.last.side == "right"


def test_where_no_cramp_was_there_is_nothing_to_tell() -> None:
    talk = Kept()
    talk.hears("start", place="calf", doubt="yes")
    talk.hears("answer", value="no")
    talk.hears("question", topic="why")
    talk.hears("emergency", kind="heart")
    talk.hears("control", word="nothing")
    assert talk.accounts == []
