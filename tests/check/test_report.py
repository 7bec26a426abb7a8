"""What is kept of a room, in plain words."""

from __future__ import annotations

import pytest

from voice_assist.check.report import kept
from voice_assist.room import RoomMemory
from voice_assist.understand.second_look import FALSE_ALARMS, MOST_TAUGHT

TWICE = "is heard twice before it is believed)"


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (FALSE_ALARMS - 1, f"false alarms: {FALSE_ALARMS - 1}"),
        (FALSE_ALARMS, f"false alarms: {FALSE_ALARMS} (a start in one word more {TWICE}"),
        (99 * FALSE_ALARMS, f"false alarms: {99 * FALSE_ALARMS} (a start in {MOST_TAUGHT} words more {TWICE}"),
    ],
)
def test_it_tells_what_false_alarms_have_taught(times: int, told: str) -> None:
    assert kept(RoomMemory(false_alarms=times))[0].endswith(told)


def test_it_tells_how_often_a_night_was_asked_for_nothing() -> None:
    asked = RoomMemory(asked="2026-11-27 03:12", unanswered=1)
    assert kept(asked)[0].endswith("asked for a cramp that nobody had: 1, last at 2026-11-27 03:12")
