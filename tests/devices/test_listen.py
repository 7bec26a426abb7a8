"""The whole program on real devices: a person speaks into the microphone, the answer is in the loudspeaker."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.devices.conftest import ServiceManager
from voice_assist.samples import RATE, Samples, samples

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"

NO_MICROPHONE = """\
pcm.!default {
    type asym
    playback.pcm { type pulse }
}
ctl.!default { type pulse }
"""


@pytest.fixture
def listening(sound_room: SoundRoom, home: Path) -> Iterator[Program]:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    with sound_room.started("-c", MAIN, "listen", "--journal", str(home / "journal.jsonl")) as program:
        program.wait_for("Listening. Say where it cramps")
        yield program


def loud(recording: Samples) -> bool:
    return bool(np.abs(recording.astype(np.int32)).max(initial=0) > 300)


def test_a_call_for_help_is_answered_and_stopped(
    sound_room: SoundRoom, listening: Program, record: Callable[..., Path], home: Path
) -> None:
    with sound_room.recorded() as heard:
        sound_room.play(record({0.5: "my calf is cramping"}, 3.0, "call.wav"))
        listening.wait_for("understood: cramp, place calf")
        listening.wait_for("says: ")
        listening.wait_for("says: ")
        sound_room.play(record({0.2: "stop"}, 1.5, "stop.wav"))
        listening.wait_for("understood: control, word stop")
        assert (listening.finish(signal.SIGINT), listening.errors) == (130, [])
    assert loud(heard[0])
    # What was heard is in the journal that was asked for, and nowhere in what is printed.
    assert not any("cramping" in line for line in listening.lines)
    journal = [json.loads(line) for line in (home / "journal.jsonl").read_text().splitlines()]
    assert any("cramping" in line["text"] for line in journal if line["event"] == "heard")
    says = [line["at"] for line in journal if line["event"] == "say"]
    # The loudspeaker keeps the journal's time: no sound before the first line, sound during it.
    sounding = np.flatnonzero(np.abs(heard[0].astype(np.int32)) > 300) / RATE
    assert sounding[-1] - sounding[0] >= says[-1] - says[0]


def test_a_place_begins_at_once_where_there_is_no_microphone(sound_room: SoundRoom, home: Path, tmp_path: Path) -> None:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    config = tmp_path / "alsa.conf"
    config.write_text(NO_MICROPHONE)
    sound_room.env["ALSA_CONFIG_PATH"] = str(config)
    with sound_room.recorded() as heard, sound_room.started("-c", MAIN, "start", "calf") as program:
        assert "no microphone was found" in program.wait_for("")
        for _ in range(3):
            program.wait_for("says: ")
        assert (program.finish(signal.SIGINT), program.errors) == (130, [])
    assert loud(heard[0])


def test_a_fault_is_said_aloud(sound_room: SoundRoom) -> None:
    with sound_room.recorded() as heard, sound_room.started("-c", MAIN, "listen", "--model", "./gone") as program:
        assert program.finish() == 1
    assert len(program.errors) == 1
    assert re.match(r"voice-assist: no such model folder; .* \(.*gone\)$", program.errors[0])
    # Three short sentences.
    sounding = np.flatnonzero(np.abs(heard[0].astype(np.int32)) > 300)
    assert sounding[-1] - sounding[0] > samples(2.0)


def test_on_duty_it_waits_for_its_devices_and_the_watch_is_fed_with_sound(
    sound_room: SoundRoom, record: Callable[..., Path], home: Path
) -> None:
    address = str(Path(sound_room.env["XDG_RUNTIME_DIR"]) / "notify")
    manager = ServiceManager(address)
    on_duty = {"XDG_CACHE_HOME": str(home / ".cache"), "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "3000000"}
    sound_room.env.update(on_duty)
    sound_room.close()
    with sound_room.started("-c", MAIN, "listen", "--wait") as program:
        del sound_room.env["NOTIFY_SOCKET"]  # a sound server tells that it is ready, too
        program.wait_for("Listening. Say where it cramps")
        program.wait_for("is gone")
        sound_room.open()
        for _ in range(2):
            program.wait_for("is back")
        sound_room.play(record({0.5: "my calf is cramping"}, 3.0, "call.wav"))
        program.wait_for("understood: cramp, place calf")
        told = manager.told
        assert (program.finish(signal.SIGINT), program.errors) == (130, [])
    manager.close()
    assert told[0] == "READY=1"
    assert set(told[1:]) == {"WATCHDOG=1"}
