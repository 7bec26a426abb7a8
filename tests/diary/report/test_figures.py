from __future__ import annotations

from datetime import datetime, timezone

from voice_assist.diary.entries import Entry
from voice_assist.diary.report import figures

WHEN = datetime(2026, 3, 4, 3, 12, tzinfo=timezone.utc)


def lasting(*seconds: float | None) -> list[Entry]:
    return [Entry(WHEN, lasted) for lasted in seconds]


def test_a_length_belongs_to_the_class_that_it_begins() -> None:
    counted = dict(figures.lengths(lasting(0, 59.9, 60, 300, 599, 600, 7200, None)))
    assert counted == {
        "under 1 min": 2,
        "1 to 2 min": 1,
        "2 to 3 min": 0,
        "3 to 5 min": 0,
        "5 to 10 min": 2,
        "10 min or more": 2,
    }


def test_what_was_not_timed_is_left_out_of_lengths() -> None:
    assert figures.middle(lasting(10, None, 30, 20)) == 20
    assert figures.longest(lasting(10, None, 30, 20)) == 30
    assert figures.middle(lasting(None)) is None
    assert figures.longest([]) is None


def test_places_come_by_how_often_they_cramp_with_their_sides() -> None:
    cramped = [("foot", "left"), ("calf", "left"), ("calf", "right"), ("calf", ""), ("foot", "left")]
    calf, foot = figures.places([Entry(WHEN, None, place, side) for place, side in cramped])
    assert (calf.name, calf.cramps, calf.sides["left"], calf.sides["right"], calf.neither) == ("calf", 3, 1, 1, 1)
    assert (foot.name, foot.cramps, foot.sides["left"], foot.neither) == ("foot", 2, 2, 0)


def test_hours_run_from_noon_to_noon_and_day_is_not_night() -> None:
    entries = [Entry(WHEN.replace(hour=hour)) for hour in (3, 3, 7, 8, 19, 20)]
    hours = figures.hours(entries)
    assert [hour for hour, _ in hours] == [*range(12, 24), *range(12)]
    assert dict(hours)[3] == 2
    assert figures.by_day(entries) == 2


def test_only_the_last_thing_tried_before_relief_is_told_to_have_come_before_it() -> None:
    entries = [
        Entry(WHEN, tried=("move",), ended="eased"),
        Entry(WHEN, tried=("move", "smaller"), ended="eased"),
        Entry(WHEN, tried=("move", "move"), ended="stopped"),
        Entry(WHEN, ended="eased"),
    ]
    assert figures.attempts(entries) == [figures.Attempt("move", 3, 1), figures.Attempt("smaller", 1, 1)]
    assert figures.endings(entries) == [("eased", 3), ("stopped", 1)]
