"""`voice-assist check` on real devices: a room in which it hears itself, and one in which it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from voice_assist.samples import RATE

if TYPE_CHECKING:
    from tests.devices.conftest import SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"
LOOP = ("pactl", "load-module", "module-loopback", "source=loudspeaker.monitor", "sink=microphone", "latency_msec=60")


@pytest.fixture
def checked(sound_room: SoundRoom, home: Path) -> SoundRoom:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    return sound_room


@pytest.fixture
def hiss(tmp_path: Path, checked: SoundRoom) -> Iterator[None]:
    """A minute of a room's noise in the microphone."""
    path = tmp_path / "hiss.wav"
    soundfile.write(path, np.random.default_rng(4).normal(0, 30, 60 * RATE).astype(np.int16), RATE)
    with checked.playing(path):
        yield


def room_file(room: SoundRoom) -> Path:
    return Path(room.env["HOME"]) / ".local" / "share" / "voice-assist" / "room.toml"


@pytest.mark.usefixtures("hiss")
def test_where_it_hears_itself_all_is_right_and_the_room_is_kept_and_forgotten(checked: SoundRoom) -> None:
    checked.env.pop("XDG_DATA_HOME", None)
    checked._run(*LOOP)
    with checked.recorded() as heard, checked.started("-c", MAIN, "check") as check:
        assert check.finish() == 0, check.lines
    assert np.abs(heard[0].astype(np.int32)).max() > 300
    for part in ("content: ", "voice: ", "loudspeaker: our voice comes back", "loudness: the voice of the night is"):
        assert any(line.startswith(part) for line in check.lines), check.lines
    assert "recognizer: it understood 'please stop talking', spoken by another voice" in check.lines
    assert "echo_delay" in room_file(checked).read_text(encoding="utf-8")
    with checked.started("-c", MAIN, "check", "--forget") as check:
        assert check.finish() == 0
    assert not room_file(checked).exists()


@pytest.mark.usefixtures("hiss")
def test_where_it_does_not_hear_itself_it_says_so_and_calibrates_nothing(checked: SoundRoom) -> None:
    checked.env.pop("XDG_DATA_HOME", None)
    with checked.started("-c", MAIN, "check", "--json") as check:
        assert check.finish() == 1
    report = json.loads(check.lines[-1])
    assert [one["name"] for one in report["findings"] if not one["ok"]] == ["unheard"]
    assert report["room"]["volume"] is None


def test_a_mute_microphone_is_told_of_at_once(checked: SoundRoom) -> None:
    with checked.started("-c", MAIN, "check") as check:
        assert check.finish() == 1
    assert any("microphone: NOT RIGHT: it gives nothing but zeros" in line for line in check.lines)
