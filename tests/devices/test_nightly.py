"""The nightly check inside `voice-assist listen`, on real devices: where it is heard in the room, and where not."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from voice_assist.room import QuietCheck, RoomMemory, load
from voice_assist.samples import RATE

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

# Due at once: it has not looked today, and any time of today will do. The half minute of quiet before it is left out,
# and so is the longer one after a probe into which sound was lost: a busy machine loses some.
MAIN = """
from voice_assist.hear import quiet_check
quiet_check.QUIET = quiet_check.LONGEST_QUIET = quiet_check.samples(2.0)
from voice_assist.cli import main
main()
"""

PATIENCE_S = 150.0
"""Seconds after which nothing will be found any more: four probes take half a minute, and a busy machine loses some."""

LOOP = ("pactl", "load-module", "module-loopback", "source=loudspeaker.monitor", "sink=microphone", "latency_msec=60")


@pytest.fixture
def due(sound_room: SoundRoom, home: Path, tmp_path: Path) -> SoundRoom:
    settings = tmp_path / "settings.toml"
    settings.write_text('nightly_check = "00:00"\n', encoding="utf-8")
    sound_room.env |= {"XDG_CACHE_HOME": str(home / ".cache"), "VOICE_ASSIST_SETTINGS": str(settings)}
    sound_room.env.pop("XDG_DATA_HOME", None)
    return sound_room


@pytest.fixture
def listening(due: SoundRoom, tmp_path: Path) -> Iterator[Program]:
    """The program, in a quiet room: three minutes of its noise are in the microphone."""
    path = tmp_path / "hiss.wav"
    soundfile.write(path, np.random.default_rng(4).normal(0, 10, 180 * RATE).astype(np.int16), RATE)
    # In its own place: a child of it would play on after it was ended.
    script = f"import os; os.execvp('paplay', ['paplay', '--device=microphone', {str(path)!r}])"
    with due.started("-c", script), due.started("-c", MAIN, "listen") as program:
        program.wait_for("Listening. Say where it cramps")
        yield program


def kept(room: SoundRoom) -> RoomMemory:
    told: list[str] = []
    memory = load(told.append, Path(room.env["HOME"]) / ".local" / "share" / "voice-assist" / "room.toml")
    assert not told
    return memory


def test_where_the_room_gives_its_sound_back_it_finds_it(due: SoundRoom, listening: Program) -> None:
    due._run(*LOOP)
    listening.wait_for("Checked the sound: all is well.", PATIENCE_S)
    assert listening.finish(signal.SIGINT) == 130
    check = kept(due).quiet_check
    assert (check.findings, check.told) == ((), ())
    # A busy machine drops some of the sound, so no more is said of its level than that it is there.
    assert check.echo_level is not None
    assert check.echo_delay is not None
    assert 0.0 < check.echo_delay < 0.5
    assert not [line for line in listening.lines if "says: " in line]


def test_where_it_does_not_hear_itself_it_says_so_on_the_screen_and_not_aloud(
    due: SoundRoom, listening: Program
) -> None:
    listening.wait_for("Checked the sound: our own voice is not heard; check the loudspeaker.", PATIENCE_S)
    assert listening.finish(signal.SIGINT) == 130
    assert kept(due).quiet_check == QuietCheck(kept(due).quiet_check.at, ("unheard",))
    assert not [line for line in listening.lines if "says: " in line]
