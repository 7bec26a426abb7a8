"""Another device in the place of ours: it is noticed, used, said aloud once, and ours is preferred when it is back."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from voice_assist.config import content_folder
from voice_assist.content import load
from voice_assist.samples import RATE, Samples

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "import sys; sys.stderr = sys.stdout; from voice_assist.cli import main; main()"
"""Its lines for people beside those for programs: both are waited for."""

BELL = Path(__file__).with_name("bell.py")

EAGER_BELL = f"""
import runpy
from voice_assist.devices import pair
pair.LOOK_S = 1.0
runpy.run_path({str(BELL)!r}, run_name="__main__")
"""
"""The bell, but it looks for a device that is wanted every second: nobody waits here for a quarter of a minute."""

DESK = 'pcm.Desk { type pulse device "microphone.monitor" }\n'


@pytest.fixture
def room(sound_room: SoundRoom, home: Path) -> SoundRoom:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    return sound_room


@pytest.fixture
def listening(room: SoundRoom) -> Iterator[Program]:
    with room.started("-c", MAIN, "listen", "--json") as program:
        program.wait_for("Listening. Say where it cramps")
        yield program


@pytest.fixture
def call(record: Callable[..., Path]) -> Path:
    return record({0.5: "my calf is cramping"}, 3.0, "call.wav")


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A second of a loud tone: the bell rings when it hears it."""
    path = tmp_path / "tone.wav"
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * 700 * np.arange(RATE) / RATE), RATE)
    return path


def notice(name: str) -> str:
    return load(content_folder() / "en").notices[name]


def entries(program: Program, event: str) -> list[dict[str, Any]]:
    """Return the lines of its journal that tell of an event."""
    journal = [json.loads(line) for line in program.lines if line.startswith("{")]
    return [entry for entry in journal if entry["event"] == event]


def test_another_microphone_hears_and_ours_is_preferred_when_it_is_back(
    room: SoundRoom, listening: Program, call: Path, record: Callable[..., Path]
) -> None:
    room.plug_in_another("microphone")
    room.unplug("microphone")
    listening.wait_for("the microphone is gone; 'webcam' is used until it is back")
    # As a desktop does: then nobody but us brings it home.
    room.told("pactl", "set-default-source", "webcam")
    listening.wait_for('"event": "said"')
    room.play_to("webcam_air", call)
    listening.wait_for('"place": "calf"')
    room.plug_in("microphone")
    listening.wait_for("the microphone is used again")
    room.play(record({0.2: "stop"}, 1.5, "stop.wav"))
    listening.wait_for('"word": "stop"')
    assert listening.finish(signal.SIGINT) == 130
    says = [entry["text"] for entry in entries(listening, "say")]
    assert says[0] == notice("microphone_other")
    assert says.count(says[0]) == 1
    faults = [entry["what"] for entry in entries(listening, "fault")]
    assert len([told for told in faults if " is used " in told]) == 2, faults


def test_a_lost_loudspeaker_is_said_by_the_one_that_is_left(room: SoundRoom, listening: Program, call: Path) -> None:
    room.plug_in_another("loudspeaker")
    with room.recorded("screen") as left:
        room.unplug("loudspeaker")
        listening.wait_for("the loudspeaker is gone; 'screen' is used until it is back")
        room.told("pactl", "set-default-sink", "screen")
        listening.wait_for('"event": "said"')
        room.plug_in("loudspeaker")
        listening.wait_for("the loudspeaker is used again")
    with room.recorded() as ours:
        room.play(call)
        listening.wait_for('"event": "intent"')
        # What is said is out of the loudspeaker once more is said.
        for _ in range(3):
            listening.wait_for('"event": "say"')
        assert listening.finish(signal.SIGINT) == 130
    first, *others = (entry["text"] for entry in entries(listening, "say"))
    assert first == notice("loudspeaker_other")
    assert first not in others
    spoken = entries(listening, "said")[0]["at"] - entries(listening, "say")[0]["at"]
    # A busy machine may have taken the end of it home.
    assert sounding(left[0]) > spoken / 2 > 0.5
    assert sounding(ours[0]) > 1.0


def sounding(recording: Samples) -> float:
    """Return the seconds from the first to the last sound of a recording."""
    loud = np.flatnonzero(np.abs(recording.astype(np.int32)) > 300)
    return float(loud[-1] - loud[0]) / RATE if loud.size else 0.0


def test_a_stream_that_is_moved_to_our_own_monitor_is_taken_home(room: SoundRoom, tone: Path) -> None:
    with room.started(BELL) as bell:
        bell.wait_for("listening")
        stream = room.told("pactl", "list", "short", "source-outputs").split()[0]
        room.told("pactl", "move-source-output", stream, "loudspeaker.monitor")
        room.play(tone)
        bell.wait_for("heard")
        assert bell.finish() == 0
        assert not any("notice" in line for line in bell.lines), "it was mended before anybody had to know"


def test_a_microphone_of_that_name_is_found_and_preferred_when_it_is_there_again(room: SoundRoom, tone: Path) -> None:
    sounds = Path(room.env["HOME"]) / ".asoundrc"
    nameless = sounds.read_text(encoding="utf-8")
    sounds.write_text(nameless + DESK, encoding="utf-8")
    with room.started("-c", EAGER_BELL, "Desk") as bell:
        bell.wait_for("listening")
        sounds.write_text(nameless, encoding="utf-8")
        # Only the end of all streams makes PortAudio look anew: then there is no device of that name.
        room.kill()
        room.open()
        bell.wait_for("the microphone is gone; '")
        sounds.write_text(nameless + DESK, encoding="utf-8")
        bell.wait_for("the microphone is used again")
        room.play(tone)
        assert bell.finish() == 0
