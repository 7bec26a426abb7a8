from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from voice_assist.errors import VoiceAssistError
from voice_assist.events import Changed, Intent, Say, Understood
from voice_assist.room import (
    MOVED,
    QuietCheck,
    RoomMemory,
    echo_delays,
    false_alarms,
    findings_told,
    forget,
    load,
    room_file,
    save,
)

ROOM = RoomMemory(
    measured="2026-11-27",
    microphone='The "good" one \\ left',
    loudspeaker="Küche\t2",
    noise=-58.25,
    echo_level=-21.5,
    echo_delay=0.12,
    volume=-9.0,
    false_alarms=2,
    asked="2026-11-27 03:12",
    unanswered=1,
    quiet_check=QuietCheck("2026-11-27 15:00", ("unheard", "mute"), ("unheard",), -40.0, 0.2),
)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.mark.parametrize("memory", [ROOM, RoomMemory(), RoomMemory(quiet_check=QuietCheck("2026-11-27 15:00"))])
def test_what_is_kept_is_known_again(memory: RoomMemory, tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "new" / "room.toml"
    assert save(memory, told.append, path)
    assert load(told.append, path) == memory
    assert not told
    assert [one.name for one in path.parent.iterdir()] == ["room.toml"]


def test_the_file_can_be_read_by_a_person(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "room.toml"
    save(ROOM, told.append, path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "voice-assist check --forget" in lines[0]
    assert {"noise = -58.25", "false_alarms = 2", 'measured = "2026-11-27"', 'findings = ["unheard", "mute"]'} <= set(
        lines
    )


def test_it_lies_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: list[str]) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    assert room_file() == tmp_path / "room.toml"
    assert load(told.append) == RoomMemory()
    save(ROOM, told.append)
    assert load(told.append) == ROOM
    assert forget()
    assert load(told.append) == RoomMemory()
    assert not forget()
    assert not told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("noise = ", "Invalid value"),
        ("noise = 'loud'", "noise must be a number"),
        ("noise = nan", "noise must be a number"),
        ("volume = true", "volume must be a number"),
        ("false_alarms = -1", "false_alarms must be a whole number"),
        ("false_alarms = 1.5", "false_alarms must be a whole number"),
        ("measured = 2026-11-27", "measured must be a text in quotes"),
        ("quiet_check = 3", "quiet_check must be a table"),
        ("[quiet_check]\nfindings = 'unheard'", "findings must be a list of texts"),
        ("[quiet_check]\nfindings = [1]", "findings must be a text in quotes"),
        (b"microphone = '\xff'", "not UTF-8 text"),
    ],
)
def test_a_broken_file_is_told_in_one_line_and_set_aside(
    text: str | bytes, why: str, tmp_path: Path, told: list[str]
) -> None:
    path = tmp_path / "room.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = path.read_bytes()
    assert load(told.append, path) == RoomMemory()
    (line,) = told
    assert str(path) in line
    assert why in line
    assert "voice-assist check" in line
    assert "\n" not in line
    assert (tmp_path / "room.toml.broken").read_bytes() == before
    assert not path.exists()
    assert save(ROOM, told.append, path)
    assert load(told.append, path) == ROOM


def test_what_a_newer_version_keeps_besides_is_no_fault(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "room.toml"
    path.write_text("noise = -50\ncarpet = true\n[window]\nopen = 1\n", encoding="utf-8")
    assert load(told.append, path) == RoomMemory(noise=-50.0)
    assert not told


def test_a_file_that_cannot_be_read_is_told_and_stays(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "room.toml"
    path.mkdir()
    assert load(told.append, path) == RoomMemory()
    (line,) = told
    assert line.startswith("What is kept of this room cannot be read")
    assert path.is_dir()


def test_where_nothing_can_be_written_that_is_told_and_no_more(tmp_path: Path, told: list[str]) -> None:
    (tmp_path / "file").write_text("")
    assert not save(ROOM, told.append, tmp_path / "file" / "room.toml")
    (line,) = told
    assert line.startswith("What was found cannot be kept in")


def test_a_full_disk_leaves_what_was_kept_before(
    tmp_path: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "room.toml"
    save(ROOM, told.append, path)

    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("voice_assist.room.os.fsync", full)
    assert not save(RoomMemory(), told.append, path)
    assert len(told) == 1
    assert os.strerror(errno.ENOSPC) in told[0]
    assert [one.name for one in tmp_path.iterdir()] == ["room.toml"]
    assert load(told.append, path) == ROOM


def test_what_cannot_be_forgotten_is_told(tmp_path: Path) -> None:
    path = tmp_path / "room.toml"
    path.mkdir()
    with pytest.raises(VoiceAssistError, match="cannot be deleted"):
        forget(path)


def test_that_was_nothing_is_counted_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    path = tmp_path / "room.toml"
    monkeypatch.setattr("voice_assist.room.room_file", lambda: path)
    save(ROOM, told.append, path)
    count = false_alarms(told.append)
    for word in ("stop", "nothing", "nothing"):
        count(Understood(0, Intent("control", "control", {"word": word})))
    assert load(told.append, path) == replace(ROOM, false_alarms=ROOM.false_alarms + 2)
    assert not told


def test_what_somebody_was_told_of_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    path = tmp_path / "room.toml"
    monkeypatch.setattr("voice_assist.room.room_file", lambda: path)
    found = RoomMemory(quiet_check=QuietCheck("2026-11-27 15:00", ("unheard", "mute")))
    save(found, told.append, path)
    keep = findings_told({"unheard": "I hear nothing.", "mute": "It is mute.", "noisy": "It is noisy."}, told.append)
    for line in ("I'm here.", "It is noisy.", "It is mute.", "It is mute."):
        keep(Say(0, 1, line))
    assert load(told.append, path) == replace(found, quiet_check=replace(found.quiet_check, told=("mute",)))
    assert not told


@pytest.mark.parametrize(
    ("before", "found", "kept"),
    [
        (None, 0.12, 0.12),
        (0.12, 0.12 + 2 * MOVED, 0.12 + 2 * MOVED),
        (0.12, 0.12 + MOVED / 2, 0.12),
        (0.12, None, 0.12),
    ],
    ids=["new", "moved", "nearly the same", "not heard"],
)
def test_how_late_we_are_heard_is_kept_after_an_episode(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    told: list[str],
    before: float | None,
    found: float | None,
    kept: float,
) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    save(RoomMemory(echo_delay=before), told.append)
    keep = echo_delays(lambda: found, told.append)
    keep(Changed(0, "asleep", "guiding"))
    assert load(told.append).echo_delay == before
    keep(Changed(1, "guiding", "asleep"))
    assert load(told.append).echo_delay == pytest.approx(kept)
    assert not told
