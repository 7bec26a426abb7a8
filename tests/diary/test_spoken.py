"""What is said of made diaries, in the words of the pack that ships."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from voice_assist.content import Pack
from voice_assist.diary.entries import Entry
from voice_assist.diary.spoken import ANSWERS, Diary, answers, instead
from voice_assist.diary.trend import Trend
from voice_assist.events import Context
from voice_assist.understand.matcher import Matcher

ZONE = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=ZONE)


def cramp(when: str, place: str = "calf") -> Entry:
    return Entry(dt.datetime.strptime(f"2026-{when} +0100", "%Y-%m-%d %H:%M %z"), place=place, ended="eased")


def said(pack: Pack, name: str, *entries: Entry, now: dt.datetime = NOW, trend: Trend = Trend.STEADY) -> str:
    return answers(Diary(entries, trend, now), pack.diary)[f"diary_{name}"]


def test_how_often_counts_what_was_within(pack: Pack) -> None:
    cramps = [
        cramp("10-20 03:00"),
        cramp("11-01 03:00"),
        cramp("11-22 03:00"),
        cramp("11-26 23:40"),
        cramp("11-27 03:12"),
    ]
    assert said(pack, "night", *cramps) == "Twice tonight."
    assert said(pack, "week", *cramps) == "Three times in the last seven days. Mostly your calf."
    assert said(pack, "month", *cramps) == "Four times in the last thirty days. Mostly your calf."
    assert said(pack, "week", *cramps[:2]) == "None in the last seven days."
    assert said(pack, "month", cramps[0]) == "None in the last thirty days."


def test_in_the_evening_tonight_is_the_night_that_comes(pack: Pack) -> None:
    before, after = cramp("11-27 03:12"), cramp("11-27 19:00")
    assert said(pack, "night", before, now=NOW.replace(hour=17, minute=59)) == "Once tonight."
    assert said(pack, "night", before, now=NOW.replace(hour=18)) == "None tonight."
    assert said(pack, "night", before, after, now=NOW.replace(hour=20)) == "Once tonight."


def test_more_than_there_are_words_for(pack: Pack) -> None:
    many = [cramp(f"11-26 {hour:02}:{minute}") for hour in range(20, 24) for minute in (10, 20, 30, 40)]
    assert said(pack, "night", *many[:12]).startswith("Twelve times tonight.")
    assert said(pack, "night", *many[:13]).startswith("More than twelve times tonight.")


def test_where_most_were_is_said_only_where_most_were(pack: Pack) -> None:
    mixed = [cramp("11-25 03:00"), cramp("11-26 03:00", "foot"), cramp("11-27 03:00", "hamstring")]
    assert said(pack, "week", *mixed) == "Three times in the last seven days."
    unknown = [cramp("11-25 03:00", "unknown"), cramp("11-26 03:00", "unknown"), cramp("11-27 03:00", "foot")]
    assert said(pack, "week", *unknown) == "Three times in the last seven days."


@pytest.mark.parametrize(
    ("when", "line"),
    [
        ("11-27 03:12", "Today, about three at night. It was your calf."),
        ("11-27 03:40", "Today, about four at night. It was your calf."),
        ("11-26 23:40", "Yesterday, about midnight. It was your calf."),
        ("11-26 12:10", "Yesterday, about noon. It was your calf."),
        ("11-21 05:00", "Six days ago, about five in the morning. It was your calf."),
        ("11-20 05:00", "A week ago. It was your calf."),
        ("10-02 05:00", "Eight weeks ago. It was your calf."),
        ("09-20 05:00", "More than eight weeks ago. It was your calf."),
    ],
)
def test_when_the_last_one_was(pack: Pack, when: str, line: str) -> None:
    assert said(pack, "last", cramp("09-01 03:00", "foot"), cramp(when)) == line


def test_the_last_one_of_none_and_of_a_place_that_nobody_named(pack: Pack) -> None:
    assert said(pack, "last") == "The diary holds none yet."
    assert said(pack, "last", cramp("11-27 03:12", "unknown")) == "Today, about three at night."


def test_every_trend_is_answered_and_more_or_worse_is_a_reason_to_see_a_doctor(pack: Pack) -> None:
    found = {trend: said(pack, "trend", trend=trend) for trend in Trend}
    assert len(set(found.values())) == len(Trend)
    for trend in (Trend.MORE_OFTEN, Trend.WORSE):
        assert found[trend].endswith("Frequent cramps deserve a doctor's visit.")


def test_instead_of_an_answer_the_same_is_said_to_every_question(pack: Pack) -> None:
    assert instead(pack.diary, "off") == dict.fromkeys(ANSWERS, "The diary is off.")


def test_nothing_that_is_said_begins_anything_asleep(pack: Pack) -> None:
    matcher = Matcher(pack.lexicon)
    lines = {f"How is {place}?" for place in pack.diary.places.values()} | set(pack.diary.news.values())
    for place, hour, count in itertools.product(pack.diary.places, range(24), (1, 3, 13)):
        diary = Diary([cramp(f"11-26 {hour:02}:00", place)] * count, Trend.MORE_OFTEN, NOW)
        lines |= set(answers(diary, pack.diary).values())
    assert len(lines) > 400
    begun = {line: found for line in lines if (found := matcher.match(_heard(line), Context()))}
    assert not begun


def _heard(line: str) -> str:
    return "".join(letter for letter in line.lower() if letter.isalnum() or letter in " '")
