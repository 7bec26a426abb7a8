"""Another time zone than that in which the emergency number was confirmed: told by day, once, and to whoever asks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from voice_assist import clocks, room
from voice_assist.assembly import load_pack
from voice_assist.check.nightly import Nightly
from voice_assist.config import Settings
from voice_assist.content.check import MOVED
from voice_assist.events import Intent, Say
from voice_assist.setup.moved import Moved
from voice_assist.testing import play, scripted_session

SET_UP = Settings(emergency_number="112", time_zone="Europe/Berlin")


@pytest.fixture(autouse=True)
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "room_file", lambda: tmp_path / "room.toml")


def asks_something(zone: str, *, night: bool = False, topic: str = "how_long") -> list[str]:
    """Return what is said to somebody without a cramp."""
    troubles: list[str] = []
    pack = load_pack(SET_UP)
    moved = Moved(SET_UP, troubles.append, zone)
    moved.says(pack)
    session = scripted_session(pack)
    session.night(on=night)
    Nightly("", room.RoomMemory(), troubles.append, besides=moved.stands).tells(session)
    session.act(Intent("question", "question", {"topic": topic}))
    says: list[str] = []
    for _ in range(400):
        for action in play(session, 0.1)[0]:
            moved(action)
            says += [action.text] if isinstance(action, Say) else []
    assert troubles == []
    return says


def line() -> str:
    return load_pack(SET_UP).check.findings[MOVED]


def test_it_is_told_once_by_day() -> None:
    assert asks_something("Pacific/Auckland")[-1] == line()
    assert line() not in asks_something("Pacific/Auckland")
    # On to the next country, and it is told again.
    assert line() in asks_something("Asia/Tokyo")


def test_whoever_asks_is_told_as_long_as_it_is_so() -> None:
    for _ in range(2):
        assert line() in asks_something("Pacific/Auckland", topic="all_right")


def test_at_night_and_at_home_it_is_not_told() -> None:
    assert line() not in asks_something("Pacific/Auckland", night=True)
    assert line() not in asks_something("Europe/Berlin")


def test_a_zone_has_the_same_name_all_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    link = tmp_path / "localtime"
    try:
        link.symlink_to("/usr/share/zoneinfo/Europe/London")
    except OSError:
        pytest.skip("no links here")
    assert clocks.zone(link) == "Europe/London"
    assert clocks.zone(tmp_path / "none") == "/".join(time.tzname)
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert clocks.zone(link) == "Asia/Tokyo"
