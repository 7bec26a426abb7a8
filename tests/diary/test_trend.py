"""What is clearly more often or worse than before, on made diaries."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence

import pytest

from voice_assist.diary.entries import Entry
from voice_assist.diary.trend import AGAIN_DAYS, Trend, spells, trend

NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
DAY = dt.timedelta(days=1)
LONG_AGO = NOW - 200 * DAY


def cramp(days_ago: float, lasted: float | None = 120.0, felt: str = "better", ended: str = "eased") -> Entry:
    return Entry(NOW - days_ago * DAY, lasted, "calf", felt=felt, ended=ended)


def every(days: float, begins: float, ends: float = 0.0) -> list[Entry]:
    """One cramp every so many days, from so many days ago to so many."""
    count = int((begins - ends) / days)
    return [cramp(begins - (number + 0.5) * days) for number in range(count)]


STEADY = {
    "never": [],
    "once a month": every(30, 70),
    "once a week": every(7, 70),
    "every night": every(1, 70),
    "three a night": every(1 / 3, 70),
    "two of late, and never before": [cramp(9), cramp(3)],
    "three in two weeks after six in eight": [*every(9, 70, 16), *every(14 / 3, 14)],
    "fewer": [*every(1, 70, 14), *every(3, 14)],
    "the longest of late is one": [*every(2, 70, 14), *every(2, 14, 2), cramp(1, lasted=700.0, ended="timed_out")],
}


@pytest.mark.parametrize("name", STEADY)
def test_a_steady_sufferer_is_told_nothing(name: str) -> None:
    assert trend(STEADY[name], LONG_AGO, NOW) is Trend.STEADY


OFTEN = {
    "from one a night to two": [*every(1, 70, 14), *every(0.5, 14)],
    "from two a week to six": [*every(3.5, 70, 14), *every(7 / 6, 14)],
    "four of late, and never before": every(3.5, 14),
}


@pytest.mark.parametrize("name", OFTEN)
def test_who_cramps_clearly_more_often_is_told(name: str) -> None:
    assert trend(OFTEN[name], LONG_AGO, NOW) is Trend.MORE_OFTEN


WORSE: dict[str, Callable[[float], Entry]] = {
    "longer": lambda ago: cramp(ago, lasted=300.0),
    "ten minutes": lambda ago: cramp(ago, lasted=600.0, felt="same", ended="timed_out"),
    "worse": lambda ago: cramp(ago, felt="worse", ended="stopped"),
    "emergencies": lambda ago: cramp(ago, ended="handed_over"),
}


@pytest.mark.parametrize("name", WORSE)
def test_who_cramps_clearly_worse_is_told(name: str) -> None:
    assert trend([*every(3.5, 70, 14), *map(WORSE[name], (12, 9, 5, 2))], LONG_AGO, NOW) is Trend.WORSE


def test_the_first_cramps_ever_are_not_more_than_before() -> None:
    for first in ([], [cramp(1)], every(0.5, 14)):
        assert trend(first, None, NOW) is Trend.UNKNOWN
        assert trend(first, NOW - 20 * DAY, NOW) is Trend.UNKNOWN


def test_false_starts_count_for_nothing() -> None:
    false = [cramp(13 - number / 2, ended="false_start") for number in range(24)]
    assert trend([*every(3.5, 70, 14), *false], LONG_AGO, NOW) is Trend.STEADY


def test_a_cramp_that_comes_back_within_an_hour_is_the_same_spell() -> None:
    hour = 1 / 24
    relapsing = [cramp(ago - back * hour / 2) for ago in (11, 7, 3) for back in range(4)]
    assert [len(spell.entries) for spell in spells(relapsing)] == [4, 4, 4]
    assert trend([*every(7, 70, 14), *relapsing], LONG_AGO, NOW) is Trend.STEADY
    apart = [cramp(ago - back * hour * 1.1) for ago in (11, 7, 3) for back in range(4)]
    assert trend([*every(7, 70, 14), *apart], LONG_AGO, NOW) is Trend.MORE_OFTEN


def at_random(rate: float, days: int, luck: random.Random) -> Sequence[Entry]:
    """Return cramps at random, so many a day."""
    found, ago = [], float(days)
    while (ago := ago - luck.expovariate(rate)) > 0:
        found.append(cramp(ago, lasted=luck.lognormvariate(5, 0.5)))
    return found


@pytest.mark.parametrize("a_week", [0.5, 2, 7, 14])
def test_one_in_a_hundred_days_of_a_random_steady_sufferer_is_news_at_most(a_week: float) -> None:
    # More often or worse: two questions, each with its chance.
    luck = random.Random(int(a_week * 10))  # noqa: S311 - nothing secret
    found = [trend(at_random(a_week / 7, 70, luck), LONG_AGO, NOW) for _ in range(1000)]
    assert sum(one is not Trend.STEADY for one in found) <= 25


def test_what_is_new_counts_as_before_when_it_may_be_said_again() -> None:
    more = [*every(1, 140, AGAIN_DAYS + 14), *every(0.5, AGAIN_DAYS + 14)]
    assert trend(more, LONG_AGO, NOW - AGAIN_DAYS * DAY) is Trend.MORE_OFTEN
    assert trend(more, LONG_AGO, NOW) is Trend.STEADY
