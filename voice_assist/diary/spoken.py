"""What is said of the diary: whole sentences, made of the pack's templates and words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from voice_assist.content.diary import DiaryLines
from voice_assist.diary.entries import Entry
from voice_assist.diary.trend import Trend

EVENING = dt.time(18, 0)
"""From here on "tonight" is the night that comes; until then it is the one that was."""

WEEK, MONTH = dt.timedelta(days=7), dt.timedelta(days=30)

MOSTLY = 3
"""Cramps from which on it is told where most were."""

ANSWERS = ("diary_night", "diary_week", "diary_month", "diary_last", "diary_trend")
"""The placeholders that answer a question."""


@dataclass(frozen=True)
class Diary:
    """What is known when somebody asks."""

    entries: Sequence[Entry]
    """The cramps, the oldest first; no false starts."""
    trend: Trend
    now: dt.datetime


def answers(diary: Diary, lines: DiaryLines) -> dict[str, str]:
    """Return what stands for each placeholder that answers a question."""
    evening = dt.datetime.combine(diary.now.date(), EVENING, diary.now.tzinfo)
    night = evening if diary.now >= evening else evening - dt.timedelta(days=1)
    return {
        "diary_night": _how_often(diary, lines, "night", night),
        "diary_week": _how_often(diary, lines, "week", diary.now - WEEK),
        "diary_month": _how_often(diary, lines, "month", diary.now - MONTH),
        "diary_last": _last(diary, lines),
        "diary_trend": lines.said(diary.trend.value),
    }


def instead(lines: DiaryLines, name: str) -> dict[str, str]:
    """Return the same sentence for all of them: that the diary is off, or cannot be read."""
    return dict.fromkeys(ANSWERS, lines.said(name))


def place(entry: Entry, lines: DiaryLines) -> str:
    """Return what the place of an entry is called; empty where the pack has no word for it."""
    return lines.places.get(entry.place, "")


def _how_often(diary: Diary, lines: DiaryLines, what: str, since: dt.datetime) -> str:
    found = [entry for entry in diary.entries if since <= entry.began <= diary.now]
    if not found:
        return lines.said(f"no_{what}")
    count = len(found)
    times = lines.times[count - 1] if count <= len(lines.times) else lines.often
    usual = _usual(found, lines) if count >= MOSTLY else ""
    return " ".join([lines.said(what, times=times), *([lines.said("mostly", place=usual)] if usual else [])])


def _usual(entries: Sequence[Entry], lines: DiaryLines) -> str:
    """Return the place of more than half of the entries; empty where there is none."""
    places = Counter(place(entry, lines) for entry in entries if entry.place != "unknown")
    usual, count = places.most_common(1)[0] if places else ("", 0)
    return usual if 2 * count > len(entries) else ""


def _last(diary: Diary, lines: DiaryLines) -> str:
    if not diary.entries:
        return lines.said("no_last")
    entry = diary.entries[-1]
    days = max(0, (diary.now.date() - entry.began.date()).days)
    if days < len(lines.days):
        # To the nearest hour, as people say it; half past eleven at night is about midnight.
        hour = (entry.began + dt.timedelta(minutes=30)).hour
        said = lines.said("last_hour", day=lines.days[days], hour=lines.hours[hour])
    else:
        weeks = days // 7
        said = lines.said("last", when=lines.weeks[weeks - 1] if weeks <= len(lines.weeks) else lines.long_ago)
    known = place(entry, lines) if entry.place != "unknown" else ""
    return " ".join([said, *([lines.said("last_place", place=known)] if known else [])])
