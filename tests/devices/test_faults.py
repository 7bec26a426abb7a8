"""Devices that go and come back while it listens: it notices, tells once, and hears again."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from voice_assist.samples import RATE

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

BELL = Path(__file__).with_name("bell.py")


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """A second of a loud tone: the bell rings when it hears it."""
    path = tmp_path / "call.wav"
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 700 * np.arange(RATE) / RATE), RATE)
    return path


@pytest.fixture
def bell(sound_room: SoundRoom) -> Iterator[Program]:
    with sound_room.started(BELL) as program:
        program.wait_for("listening")
        yield program


def journal(bell: Program, what: str) -> list[Any]:
    return [entry[what] for line in bell.lines if what in (entry := json.loads(line))]


def rings(bell: Program, sound_room: SoundRoom, call: Path) -> bool:
    """Tell whether it hears a call and ends as it does after its answer."""
    sound_room.play(call)
    bell.wait_for("heard")
    return bell.finish() == 0


def test_a_microphone_that_is_pulled_out_is_told_said_and_heard_again(
    bell: Program, sound_room: SoundRoom, call: Path
) -> None:
    sound_room.unplug("microphone")
    bell.wait_for("the microphone is gone; plug it in again")
    bell.wait_for('"notice": "microphone_gone"')
    sound_room.plug_in("microphone")
    bell.wait_for("the microphone is back")
    assert rings(bell, sound_room, call)
    assert journal(bell, "notice") == ["microphone_gone"]
    assert journal(bell, "lost") == [["microphone_gone"], []]
    assert len(journal(bell, "Trouble")) == 2


def test_we_never_hear_ourselves_instead(bell: Program, sound_room: SoundRoom, call: Path) -> None:
    # Without a microphone the sound server has us hear the loudspeaker's monitor.
    sound_room.unplug("microphone")
    bell.wait_for("the microphone is gone")
    sound_room.play_to("loudspeaker", call)
    sound_room.plug_in("microphone")
    bell.wait_for("the microphone is back")
    assert journal(bell, "heard") == []


def test_a_loudspeaker_that_is_pulled_out_is_used_again_when_it_is_back(
    bell: Program, sound_room: SoundRoom, call: Path
) -> None:
    sound_room.unplug("loudspeaker")
    bell.wait_for("the loudspeaker is gone; 'microphone' is used until it is back")
    bell.wait_for('"lost": ["loudspeaker_other"]')
    bell.wait_for('"notice": "loudspeaker_other"')
    assert journal(bell, "notice") == ["loudspeaker_other"]
    sound_room.plug_in("loudspeaker")
    bell.wait_for("the loudspeaker is used again")
    with sound_room.recorded() as heard:
        assert rings(bell, sound_room, call)
    assert journal(bell, "lost") == [["loudspeaker_other"], []]
    assert np.abs(heard[0].astype(np.int32)).max() > 3_000


def test_a_sound_server_that_crashes_and_comes_again(bell: Program, sound_room: SoundRoom, call: Path) -> None:
    sound_room.kill()
    bell.wait_for("the microphone is gone")
    sound_room.open()
    bell.wait_for("the microphone is back")
    assert rings(bell, sound_room, call)
    assert journal(bell, "notice") == [], "nobody could have heard it"


def test_a_sound_server_that_stands_still_for_a_while(bell: Program, sound_room: SoundRoom, call: Path) -> None:
    os.kill(sound_room.pid, signal.SIGSTOP)
    try:
        bell.wait_for("the microphone is gone")
    finally:
        os.kill(sound_room.pid, signal.SIGCONT)
    bell.wait_for("the microphone is back")
    assert rings(bell, sound_room, call)


def test_a_microphone_that_comes_back_with_another_rate(bell: Program, sound_room: SoundRoom, call: Path) -> None:
    sound_room.unplug("microphone")
    bell.wait_for("the microphone is gone")
    sound_room.plug_in("microphone", "rate=44100", "channels=1")
    bell.wait_for("the microphone is back")
    assert rings(bell, sound_room, call)


def test_a_stall_of_ours_is_no_loss(bell: Program, sound_room: SoundRoom, call: Path) -> None:
    os.kill(bell.pid, signal.SIGSTOP)
    # Time must pass while it stands still: that is the fault.
    sound_room.play(call)
    sound_room.play(call)
    os.kill(bell.pid, signal.SIGCONT)
    assert rings(bell, sound_room, call)
    assert journal(bell, "Trouble") == []
