"""`voice-assist check` on real devices: a room in which it hears itself, and one in which it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist.config import PROFILES, content_folder
from voice_assist.content import load
from voice_assist.samples import Samples, samples
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import Phrasebook

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
def alive(hiss: Path, checked: SoundRoom) -> Iterator[None]:
    """A minute of a room's noise in the microphone."""
    with checked.playing(hiss):
        yield


def room_file(room: SoundRoom) -> Path:
    return Path(room.env["HOME"]) / ".local" / "share" / "voice-assist" / "room.toml"


def said_until(recording: Samples, text: str, home: Path) -> int:
    """Return the sample of a recording at which a line of the assistant's has been said."""
    kept = home / ".cache" / "voice-assist" / "voice"
    line = Phrasebook(Pyttsx3Renderer(), "", PROFILES["night"].rate, kept).sound(text).astype(np.float64)
    sound = recording.astype(np.float64)
    products = np.fft.irfft(np.fft.rfft(sound, 2 * len(sound)) * np.conj(np.fft.rfft(line, 2 * len(sound))))
    at = int(np.argmax(products[: len(sound) - len(line)]))
    part = sound[at : at + len(line)]
    # On a busy machine the line may have a hole or a pause: part of it is where it was then. Another line is at 0.2.
    assert products[at] / np.sqrt(np.square(part).sum() * np.square(line).sum()) > 0.3, f"'{text}' was not said"
    return at + len(line)


def assert_last(recording: Samples, text: str, home: Path) -> None:
    """Hold that a line of the assistant's is the last thing in a recording, whatever was played before."""
    after = recording[said_until(recording, text, home) + samples(1.0) :]
    assert np.abs(after.astype(np.int32)).max(initial=0) < 300, f"something came after '{text}'"


@pytest.mark.usefixtures("alive")
def test_where_it_hears_itself_all_is_right_and_the_room_is_kept_and_forgotten(checked: SoundRoom, home: Path) -> None:
    checked.env.pop("XDG_DATA_HOME", None)
    checked._run(*LOOP)
    with checked.recorded() as heard, checked.started("-c", MAIN, "check") as check:
        assert check.finish() == 0, check.lines
    assert_last(heard[0], load(content_folder() / "en").check.all_right, home)
    for part in ("content: ", "voice: ", "loudspeaker: our voice comes back", "loudness: the voice of the night is"):
        assert any(line.startswith(part) for line in check.lines), check.lines
    assert "recognizer: it understood 'please stop talking', spoken by another voice" in check.lines
    assert "echo_delay" in room_file(checked).read_text(encoding="utf-8")
    with checked.started("-c", MAIN, "check", "--forget") as check:
        assert check.finish() == 0
    assert not room_file(checked).exists()


@pytest.mark.usefixtures("alive")
def test_where_it_does_not_hear_itself_it_says_so_and_calibrates_nothing(checked: SoundRoom, home: Path) -> None:
    checked.env.pop("XDG_DATA_HOME", None)
    with checked.recorded() as heard, checked.started("-c", MAIN, "check", "--json") as check:
        assert check.finish() == 1
    findings = load(content_folder() / "en").check.findings
    assert_last(heard[0], findings["unfitted"], home)
    assert said_until(heard[0], findings["unheard"], home) < said_until(heard[0], findings["unfitted"], home)
    report = json.loads(check.lines[-1])
    assert [one["name"] for one in report["findings"] if not one["ok"]] == ["unheard"]
    assert report["room"]["volume"] is None


def test_a_mute_microphone_is_told_of_at_once(checked: SoundRoom) -> None:
    with checked.started("-c", MAIN, "check") as check:
        assert check.finish() == 1
    assert any("microphone: NOT RIGHT: it gives nothing but zeros" in line for line in check.lines)
