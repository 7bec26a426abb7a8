"""What `check` forgets of a room when it is told to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from voice_assist import room
from voice_assist.commands.check import check_command
from voice_assist.room import QuietCheck, RoomMemory

ROOM = RoomMemory(
    measured="2026-11-27",
    noise=-58.0,
    echo_level=-20.0,
    echo_delay=0.12,
    volume=-9.0,
    false_alarms=2,
    asked="2026-11-27 03:12",
    unanswered=1,
    quiet_check=QuietCheck("2026-11-27 15:00", ("unheard",)),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    return tmp_path


def kept() -> RoomMemory:
    told: list[str] = []
    memory = room.load(told.append)
    assert not told
    return memory


def test_false_alarms_are_forgotten_and_nothing_else() -> None:
    room.save(ROOM, lambda _: None)
    done = CliRunner().invoke(check_command, ["--forget-false-alarms"])
    assert done.exit_code == 0
    assert done.output == ("Forgotten: false alarms, 2. What listens already goes by them until it is started anew.\n")
    assert kept() == replace(ROOM, false_alarms=0)


def test_where_there_were_none_that_is_told(folder: Path) -> None:
    done = CliRunner().invoke(check_command, ["--forget-false-alarms"])
    assert (done.exit_code, list(folder.iterdir())) == (0, [])
    assert done.output == f"No false alarms are kept of this room in {folder / 'room.toml'}.\n"


def test_what_cannot_be_forgotten_is_told_and_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    room.save(ROOM, lambda _: None)

    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("voice_assist.room.os.fsync", full)
    done = CliRunner().invoke(check_command, ["--forget-false-alarms"])
    assert done.exit_code == 1
    assert "What was found cannot be kept" in done.output
    assert kept() == ROOM


def test_all_is_forgotten_by_the_other_command() -> None:
    room.save(ROOM, lambda _: None)
    assert CliRunner().invoke(check_command, ["--forget"]).exit_code == 0
    assert kept() == RoomMemory()
