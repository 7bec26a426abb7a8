from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.diary.entries import Entry
from voice_assist.diary.report.nights import Period, by_month, by_night, chosen, night_of, within

FAR_EAST = timezone(timedelta(hours=13))


def at(day: int, hour: int, minute: int = 0, zone: timezone = timezone.utc) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("began", "night"),
    [
        (at(3, 12), 3),
        (at(3, 23, 59), 3),
        (at(4, 0), 3),
        (at(4, 3, 12), 3),
        (at(4, 11, 59), 3),
        (at(4, 12), 4),
    ],
)
def test_a_night_lasts_from_noon_to_noon(began: datetime, night: int) -> None:
    assert night_of(began) == date(2026, 3, night)


def test_the_clock_on_the_wall_counts_wherever_the_wall_is() -> None:
    assert night_of(at(4, 3, 12, FAR_EAST)) == night_of(at(4, 3, 12)) == date(2026, 3, 3)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 2000))
def test_the_months_of_a_period_hold_each_of_its_nights_once(first: date, more: int) -> None:
    period = Period(first, first + timedelta(days=more))
    nights = {first + timedelta(days=number): () for number in range(-3, more + 4)}
    months = by_month(nights, period)
    assert [night for found in months.values() for night in found] == list(within(nights, period))
    assert len(within(nights, period)) == period.nights
    assert list(months) == sorted(months)


def test_a_month_without_a_cramp_is_there_and_empty() -> None:
    entry = Entry(at(31, 23))
    months = by_month(by_night([entry]), Period(date(2026, 2, 1), date(2026, 4, 30)))
    assert months == {(2026, 2): {}, (2026, 3): {date(2026, 3, 31): [entry]}, (2026, 4): {}}


def test_two_cramps_of_one_night_are_one_night() -> None:
    assert by_night([Entry(at(4, 5)), Entry(at(3, 23))]) == {date(2026, 3, 3): [Entry(at(3, 23)), Entry(at(4, 5))]}


def test_lately_is_only_told_where_the_period_is_as_long() -> None:
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert period.latest(90) == period
    assert period.latest(91) is None
    assert period.latest(31, before=31) == Period(date(2026, 1, 29), date(2026, 2, 28))


def test_a_period_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


TODAY = date(2026, 3, 20)


def test_a_report_is_about_the_year_up_to_last_night_unless_told_otherwise() -> None:
    old = [Entry(datetime(2020, 1, 1, 3, tzinfo=timezone.utc))]
    assert chosen(old, TODAY) == Period(date(2025, 3, 20), date(2026, 3, 19))
    assert chosen(old, TODAY).nights == 365
    assert chosen(old, TODAY, date(2019, 1, 1), date(2020, 12, 31)) == Period(date(2019, 1, 1), date(2020, 12, 31))


def test_a_young_diary_begins_with_its_first_cramp() -> None:
    assert chosen([Entry(at(5, 3)), Entry(at(9, 3))], TODAY) == Period(date(2026, 3, 4), date(2026, 3, 19))


def test_a_cramp_of_this_afternoon_is_not_left_out_and_a_clock_that_was_wrong_moves_nothing() -> None:
    assert chosen([Entry(at(20, 15))], TODAY) == Period(TODAY, TODAY)
    assert chosen([Entry(at(5, 3)), Entry(datetime(2070, 1, 1, tzinfo=timezone.utc))], TODAY).last == date(2026, 3, 19)


def test_nights_before_the_first_cramp_are_asked_for_in_vain_but_may_be() -> None:
    assert chosen([Entry(at(5, 3))], TODAY, last=date(2026, 1, 1)) == Period(date(2026, 1, 1), date(2026, 1, 1))
