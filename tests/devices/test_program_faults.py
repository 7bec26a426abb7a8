"""What befalls the whole program while it is on duty: it goes on, says so in one line, and hears again."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist.config import content_folder
from voice_assist.content import load
from voice_assist.room import RoomMemory, save
from voice_assist.room import load as load_room
from voice_assist.samples import Samples

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"
LISTENING = "Listening. Say where it cramps"
UNDERSTOOD = "understood: cramp, place calf"

RENDERING_S = 150.0
"""Seconds for a start in which all phrases are rendered; an idle machine takes eight."""

STALL_S = 3.0
"""Seconds for which the whole program stands still."""


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


def test_a_lost_microphone_is_said_aloud_once(room: SoundRoom, call: Path) -> None:
    notice = load(content_folder() / "en").notices["microphone_gone"]
    # As for programs, which are told when a line is over.
    program = room.started("-c", MAIN, "listen", "--json", together=True)
    with room.recorded() as heard, program as listening:
        listening.wait_for(LISTENING)
        room.unplug("microphone")
        listening.wait_for("the microphone is gone; plug it in again")
        assert notice in listening.wait_for('"event": "say"')
        # To its end: it would be broken off, and a recording of its first moments could be silent.
        assert '"cut": false' in listening.wait_for('"event": "said"')
        room.plug_in("microphone")
        listening.wait_for("the microphone is back")
        room.play(call)
        assert '"calf"' in listening.wait_for('"event": "intent"')
        assert listening.finish(signal.SIGINT) == 130
    assert loud(heard[0])
    assert sum('"event": "say"' in line and notice in line for line in listening.lines) == 1


def test_a_muted_microphone_is_said_aloud_once_and_heard_again(
    room: SoundRoom, listening: Program, call: Path, hiss: Path
) -> None:
    notice = load(content_folder() / "en").notices["microphone_silent"]
    with room.playing(hiss), room.recorded() as heard:
        room.mute(on=True)
        listening.wait_for("trouble: the microphone gives nothing but zeros; unmute it")
        assert notice in listening.wait_for("says: ")
        room.mute(on=False)
        listening.wait_for("trouble: the microphone gives sound again")
        room.play(call)
        listening.wait_for(UNDERSTOOD)
    assert loud(heard[0])
    assert (listening.finish(signal.SIGINT), listening.errors) == (130, [])
    assert sum(notice in line for line in listening.lines) == 1


def test_three_seconds_of_standing_still_are_no_loss_and_what_is_said_then_is_heard(
    room: SoundRoom, listening: Program, call: Path, record: Callable[..., Path]
) -> None:
    quiet = record({}, STALL_S, "quiet.wav")
    begin = time.monotonic()
    os.kill(listening.pid, signal.SIGSTOP)
    # Time must pass while it stands still: that is the fault.
    room.play(quiet)
    os.kill(listening.pid, signal.SIGCONT)
    assert time.monotonic() - begin >= STALL_S
    room.play(call)
    listening.wait_for(UNDERSTOOD)
    listening.finish(signal.SIGINT)
    assert not any("trouble" in line for line in listening.lines), listening.lines


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


def test_killed_in_the_middle_of_a_sentence_the_next_one_is_quiet_and_nothing_is_lost(
    room: SoundRoom, call: Path, record: Callable[..., Path], tmp_path: Path
) -> None:
    room.env["XDG_DATA_HOME"] = str(tmp_path)
    file, journal = tmp_path / "voice-assist" / "room.toml", tmp_path / "journal.jsonl"
    kept = RoomMemory(echo_delay=0.125, false_alarms=1)
    assert save(kept, pytest.fail, file)
    with room.recorded() as before, room.started("-c", MAIN, "listen", "--journal", journal) as first:
        first.wait_for(LISTENING)
        room.play(call)
        for _ in range(2):
            first.wait_for("says: ")
        first.finish(signal.SIGKILL)
    assert loud(before[0])
    whole = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    said = [entry["text"] for entry in whole if entry["event"] == "say"]
    printed = [line.partition("says: ")[2] for line in first.lines if "says: " in line]
    # A line is printed and then written: the last one may be on its way.
    assert said[: len(printed) - 1] == printed[:-1]
    with ExitStack() as stack:
        with room.recorded() as heard:
            second = stack.enter_context(room.started("-c", MAIN, "listen"))
            second.wait_for(LISTENING)
            room.play(record({}, 2.0, "quiet.wav"))
        assert heard[0].size
        assert not heard[0].any(), "the night goes on"
        room.play(call)
        second.wait_for(UNDERSTOOD)
        assert not any("says: " in line for line in second.lines), "nothing before the call"
        assert (second.finish(signal.SIGINT), second.errors) == (130, [])
    assert load_room(pytest.fail, file) == kept
    # Beside it is the diary, and nothing half-written.
    assert sorted(path.name for path in file.parent.iterdir()) == ["diary.sqlite", file.name]


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


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder that nobody can write, not even root: /proc")
def test_in_a_home_that_cannot_be_written_it_guides_and_tells_what_it_cannot_keep(
    room: SoundRoom, call: Path, record: Callable[..., Path]
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        room.env.pop(name, None)
    room.env["HOME"] = "/proc/home"
    nothing = record({0.3: "that was nothing"}, 2.5, "nothing.wav")
    with room.recorded() as heard, room.started("-c", MAIN, "listen") as program:
        program.wait_for(LISTENING, RENDERING_S)
        room.play(call)
        program.wait_for(UNDERSTOOD)
        for _ in range(2):
            program.wait_for("says: ")
        room.play(nothing)
        program.wait_for("understood: control, word nothing")
        program.wait_for("What was found cannot be kept")
        assert program.finish(signal.SIGINT) == 130
        # The sound server's library has lines of its own, each time it is asked.
        assert not [line for line in program.errors if "cookie" not in line]
    assert loud(heard[0])
    told = [line.partition("/proc/home")[0] for line in program.lines if "/proc/home" in line]
    # The diary has a thread of its own: its line may come before or after the others.
    assert sorted(told) == [
        "The folder for rendered phrases, ",
        "What was found cannot be kept in ",
        "cannot write to ",
        "the diary ",
    ]


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
