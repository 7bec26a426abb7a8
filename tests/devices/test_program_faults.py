"""What befalls the whole program while it is on duty: it goes on, says so in one line, and hears again."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist.config import content_folder
from voice_assist.content import load
from voice_assist.samples import Samples

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"
LISTENING = "Listening. Say where it cramps"
UNDERSTOOD = "understood: cramp, place calf"


@pytest.fixture
def call(record: Callable[..., Path]) -> Path:
    return record({0.5: "my calf is cramping"}, 3.0, "call.wav")


@pytest.fixture
def room(sound_room: SoundRoom, home: Path) -> SoundRoom:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    return sound_room


@pytest.fixture
def listening(room: SoundRoom) -> Iterator[Program]:
    with room.started("-c", MAIN, "listen") as program:
        program.wait_for(LISTENING)
        yield program


def loud(recording: Samples) -> bool:
    return bool(np.abs(recording.astype(np.int32)).max(initial=0) > 300)


def recognizer_of(pid: int) -> int:
    """Return the process that recognizes."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return next(c for c in children if b"voice_assist.hear.child" in Path(f"/proc/{c}/cmdline").read_bytes())


def test_a_lost_microphone_is_said_aloud_once(room: SoundRoom, listening: Program, call: Path) -> None:
    notice = load(content_folder() / "en").notices["microphone_gone"]
    with room.recorded() as heard:
        room.unplug("microphone")
        listening.wait_for("trouble: the microphone is gone; plug it in again")
        assert notice in listening.wait_for("says: ")
        room.plug_in("microphone")
        listening.wait_for("trouble: the microphone is back")
        room.play(call)
        listening.wait_for(UNDERSTOOD)
    assert loud(heard[0])
    assert (listening.finish(signal.SIGINT), listening.errors) == (130, [])
    assert sum(notice in line for line in listening.lines) == 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGSTOP], ids=["crashes", "hangs"])
def test_a_recognizer_that_fails_is_replaced(room: SoundRoom, listening: Program, call: Path, number: int) -> None:
    os.kill(recognizer_of(listening.pid), number)
    room.play(call)
    listening.wait_for("trouble: The recognizer")
    room.play(call)
    listening.wait_for(UNDERSTOOD)


def test_a_second_one_ends_with_one_line_and_says_nothing(room: SoundRoom, listening: Program, call: Path) -> None:
    with room.recorded() as heard, room.started("-c", MAIN, "listen") as second:
        assert second.finish() == 1
        assert second.errors == [
            "voice-assist: it listens already; end the other first, with Ctrl-C or: voice-assist service remove"
        ]
    assert not loud(heard[0])
    room.play(call)
    listening.wait_for(UNDERSTOOD)


def test_killed_in_the_middle_of_a_sentence_the_next_one_is_quiet_and_listens(room: SoundRoom, call: Path) -> None:
    with room.started("-c", MAIN, "listen") as first:
        first.wait_for(LISTENING)
        room.play(call)
        first.wait_for("says: ")
        first.finish(signal.SIGKILL)
    with room.started("-c", MAIN, "listen") as second:
        second.wait_for(LISTENING)
        with room.recorded() as heard:
            room.play(call)
            second.wait_for(UNDERSTOOD)
        assert not any("says: " in line for line in second.lines), "nothing before the call"
        assert (second.finish(signal.SIGINT), second.errors) == (130, [])
    assert heard[0].size


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_the_journal_at_once_in_one_line(room: SoundRoom, call: Path) -> None:
    with room.started("-c", MAIN, "listen", "--journal", "/dev/full") as program:
        program.wait_for(LISTENING)
        room.play(call)
        program.wait_for(UNDERSTOOD)
        program.wait_for("says: ")
        assert (program.finish(signal.SIGINT), len(program.errors)) == (130, 1)
        expected = f"voice-assist: the journal /dev/full cannot be written: {os.strerror(28)}; it goes on without"
        assert program.errors == [expected]


def test_a_home_that_cannot_be_written_is_told_and_it_listens(room: SoundRoom, call: Path) -> None:
    room.env["XDG_CACHE_HOME"] = "/proc/cache"
    with room.started("-c", MAIN, "listen") as program:
        program.wait_for("cannot be written")
        program.wait_for(LISTENING)
        room.play(call)
        program.wait_for(UNDERSTOOD)


def test_it_goes_on_where_its_own_lines_find_no_room(room: SoundRoom, call: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    program = f"import sys; sys.stdout = open('/dev/full', 'w'); {MAIN}"
    waits = f"import sys; print('started', flush=True); {program}"
    with room.started("-c", waits, "listen", "--journal", journal) as deaf:
        deaf.wait_for("started")
        wait_for_intent(room, journal, call)
        deaf.finish(signal.SIGINT)


def wait_for_intent(room: SoundRoom, journal: Path, call: Path) -> None:
    """Call until the journal knows of it."""
    for _ in range(6):
        room.play(call)
        lines = journal.read_text().splitlines() if journal.exists() else []
        if any(json.loads(line)["event"] == "intent" for line in lines):
            return
    raise AssertionError("it did not hear")


def test_without_pactl_we_are_told_from_ourselves_by_the_sound_alone(
    room: SoundRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        with monkeypatch.context() as bare:
            bare.setitem(room.env, "PATH", str(tmp_path))
            program = stack.enter_context(room.started("-c", MAIN, "start", "calf"))
        program.wait_for("says: ")
        room.unplug("microphone")
        program.wait_for("trouble: the microphone gives only what we play; choose another in the settings")


def test_a_voice_in_the_air_is_no_mirror(room: SoundRoom, call: Path) -> None:
    with room.started("-c", MAIN, "start", "calf") as program:
        program.wait_for("says: ")
        room.play(call)
        program.wait_for(UNDERSTOOD)
        program.finish(signal.SIGINT)
        assert not any("trouble" in line for line in program.lines)
