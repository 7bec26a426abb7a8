from __future__ import annotations

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.diary.entries import ENDS, FELT, Entry
from voice_assist.diary.shown import write_table

zones = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
entries = st.builds(
    Entry,
    # To the second, and the noise to a tenth: finer than that nobody exports.
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=zones).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001 - the strategy adds zones
    st.none() | st.integers(0, 86_400).map(float),
    st.sampled_from(["calf", "foot", "unknown", "upper_back"]),
    st.sampled_from(["", "left", "right"]),
    st.lists(st.sampled_from(["move", "smaller", "alternative"])).map(tuple),
    st.sampled_from(["", *FELT]),
    st.sampled_from(ENDS),
    st.none() | st.integers(-1200, 0).map(lambda tenths: tenths / 10),
)


def read(file: Path) -> list[Entry]:
    with file.open(encoding="utf-8", newline="") as table:
        return [
            Entry(
                datetime.fromisoformat(row["began"]),
                float(row["lasted_s"]) if row["lasted_s"] else None,
                row["place"],
                row["side"],
                tuple(row["tried"].split()),
                row["felt"],
                row["ended"],
                float(row["noise_dbfs"]) if row["noise_dbfs"] else None,
            )
            for row in csv.DictReader(table)
        ]


@given(st.lists(entries))
def test_what_is_exported_can_be_read_again(tmp_path_factory: pytest.TempPathFactory, diary: list[Entry]) -> None:
    file = tmp_path_factory.mktemp("export") / "diary.csv"
    write_table(diary, file)
    assert read(file) == diary
