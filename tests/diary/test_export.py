from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from voice_assist.diary.entries import ENDS, FELT, Entry
from voice_assist.diary.export import BETWEEN, COLUMNS, as_csv

zones = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
names = st.sampled_from(["calf", "foot", "unknown", "upper_back"])
entries = st.builds(
    Entry,
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=zones),  # noqa: DTZ001 - the strategy adds zones
    st.none() | st.floats(0, 86_400),
    names,
    st.sampled_from(["", "left", "right"]),
    st.lists(st.sampled_from(["move", "smaller", "alternative"])).map(tuple),
    st.sampled_from(["", *FELT]),
    st.sampled_from(ENDS),
    st.none() | st.floats(-120, 0),
)


def read(table: str) -> list[Entry]:
    return [
        Entry(
            datetime.fromisoformat(row["began"]),
            float(row["lasted"]) if row["lasted"] else None,
            row["place"],
            row["side"],
            tuple(row["tried"].split(BETWEEN)) if row["tried"] else (),
            row["felt"],
            row["ended"],
            float(row["noise"]) if row["noise"] else None,
        )
        for row in csv.DictReader(io.StringIO(table))
    ]


@given(st.lists(entries))
def test_what_is_exported_can_be_read_again_to_the_last_digit(diary: list[Entry]) -> None:
    assert read(as_csv(diary)) == sorted(diary, key=lambda one: one.began)


def test_another_program_sees_plain_names_and_times_with_their_zone() -> None:
    entry = Entry(
        datetime(2026, 3, 3, 3, 12, 5, tzinfo=timezone(timedelta(hours=1))),
        lasted=95.5,
        place="calf",
        side="left",
        tried=("move", "smaller"),
        felt="better",
        ended="eased",
        noise=-61.5,
    )
    assert as_csv([entry]).splitlines() == [
        "began,lasted,place,side,tried,felt,ended,noise",
        "2026-03-03T03:12:05+01:00,95.5,calf,left,move smaller,better,eased,-61.5",
    ]


def test_an_empty_diary_is_its_heads_alone() -> None:
    assert as_csv([]).splitlines() == [",".join(COLUMNS)]
