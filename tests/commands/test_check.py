"""What the check says aloud, through the real command: never that all is right where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.check.test_self_test import Devices
from voice_assist import room
from voice_assist.check.self_test import speak
from voice_assist.commands import check as checking
from voice_assist.commands.check import check_command as command
from voice_assist.config import content_folder
from voice_assist.content import load
from voice_assist.errors import DeviceError
from voice_assist.samples import Samples

LINES = load(content_folder() / "en").check


class Device(Devices):
    """A microphone and a loudspeaker in one."""

    name = "made up"
    pending_s = 0.0

    def __init__(self, *, level: float = -20.0, noise: float = -60.0) -> None:
        super().__init__(level=level, noise=noise)

    def close(self) -> None:
        pass


Spoken = tuple[Sequence[str], float]


@pytest.fixture
def spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Spoken]:
    """What is said aloud, and with how many dB."""
    said: list[Spoken] = []

    def note(texts: Sequence[str], sound: Callable[[str], Samples], volume: float) -> Samples:
        said.append((texts, volume))
        return speak(texts, sound, volume)

    monkeypatch.setattr(checking, "speak", note)
    monkeypatch.setattr(room, "data_folder", lambda: tmp_path)
    settings = tmp_path / "settings.toml"
    settings.write_text(f"cache = '{tmp_path}'\nloudest = -15\n")
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    return said


def check(monkeypatch: pytest.MonkeyPatch, device: Device, *arguments: str, deaf: bool = False) -> Result:
    def microphone(name: str) -> Device:
        if deaf:
            raise DeviceError(f"no microphone was found {name}")
        return device

    monkeypatch.setattr(checking, "Microphone", microphone)
    monkeypatch.setattr(checking, "Loudspeaker", lambda _: device)
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_without_a_microphone_it_is_said_that_nothing_was_fitted(
    spoken: list[Spoken], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = check(monkeypatch, Device(), "--model", "./gone", deaf=True)
    assert done.exit_code == 1
    assert "loudness: it cannot be calibrated, and stays as it is: there is no microphone" in done.output
    assert spoken == [([LINES.findings["broken"], LINES.findings["unfitted"]], -15.0)]


def test_a_part_that_does_not_work_is_said_though_the_sound_is_all_right(
    spoken: list[Spoken], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = check(monkeypatch, Device(noise=-76.0), "--model", "./gone")
    assert done.exit_code == 1
    assert [texts for texts, _ in spoken] == [[LINES.findings["broken"]]]


def test_where_the_room_is_too_noisy_for_the_ceiling_it_says_so_and_stays_below_it(
    spoken: list[Spoken], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What was kept of another day may have been louder than is allowed now.
    room.save(room.RoomMemory(volume=-3.0), pytest.fail)
    done = check(monkeypatch, Device(noise=-50.0))
    assert "too noisy" in done.output
    [(texts, volume)] = spoken
    assert LINES.findings["unfitted"] in texts
    assert LINES.all_right not in texts
    assert volume == -15.0
