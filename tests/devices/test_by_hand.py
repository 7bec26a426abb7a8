"""Without a voice, live: Enter at the terminal, typed lines, and a switch that has no terminal."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals of this kind on Windows", allow_module_level=True)

from scripts.benchmarks.programs import PROGRAM
from scripts.benchmarks.terminals import Terminal, terminal
from voice_assist.testing import clap

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

LISTENING = "Listening. Say where it cramps"


@pytest.fixture
def at_terminal(sound_room: SoundRoom, home: Path) -> Iterator[Terminal]:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    with terminal(["listen"], sound_room.env) as opened:
        opened.wait_for(f"{LISTENING}, type it, or press Enter. Ctrl-C ends it.")
        yield opened


def test_enter_begins_a_typed_word_stops_it_and_ctrl_c_ends(sound_room: SoundRoom, at_terminal: Terminal) -> None:
    with sound_room.recorded() as heard:
        at_terminal.type("\n")
        at_terminal.wait_for("understood: cramp, place unknown")
        for _ in range(3):  # by then the first is out of every buffer
            at_terminal.wait_for("says: ")
        at_terminal.type("my calf\n")
        at_terminal.wait_for("understood: cramp, place calf")
        at_terminal.type("stop\n")
        at_terminal.wait_for("understood: control, word stop")
        at_terminal.type("\x03")
        code, reading = at_terminal.finish()
    assert (code, [fault for fault in reading.faults if "ALSA lib" not in fault]) == (130, [])
    assert heard[0].any()


def test_listening_goes_on_where_the_keyboard_ends(at_terminal: Terminal) -> None:
    at_terminal.type("\x04")
    at_terminal.wait_for("No more is read from the keyboard; the voice is still heard.")
    at_terminal.interrupt()
    assert at_terminal.finish()[0] == 130


@pytest.fixture
def on_duty(sound_room: SoundRoom, home: Path) -> Iterator[Program]:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    with sound_room.started("-c", PROGRAM[-1], "listen") as program:
        program.wait_for(f"{LISTENING}. Ctrl-C ends it.")
        yield program


def order(room: SoundRoom, *arguments: str) -> str:
    done = subprocess.run([*PROGRAM, *arguments], env=room.env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_switch_without_a_terminal_reaches_the_one_that_listens(sound_room: SoundRoom, on_duty: Program) -> None:
    assert order(sound_room, "cramp", "calf") == "It begins.\n"
    on_duty.wait_for("understood: cramp, place calf")
    on_duty.wait_for("says: ")
    assert order(sound_room, "stop") == "It is silent.\n"
    on_duty.wait_for("understood: control, word stop")
    assert order(sound_room, "press") == "Pressed.\n"
    on_duty.wait_for("understood: cramp, place unknown")
    assert (on_duty.finish(signal.SIGINT), on_duty.errors) == (130, [])


def test_a_switch_that_reaches_nobody_says_so_aloud(sound_room: SoundRoom) -> None:
    with sound_room.recorded() as heard:
        done = subprocess.run(
            [*PROGRAM, "cramp"], env=sound_room.env, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 1
    assert "voice-assist: nobody listens; begin it with: voice-assist listen" in done.stderr.splitlines()
    assert heard[0].any()


def test_in_the_background_of_a_shell_it_goes_on_listening(sound_room: SoundRoom, home: Path) -> None:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    # The shell is the terminal's foreground; whoever else reads its keyboard would be stopped.
    with terminal(["listen"], sound_room.env, background=True) as opened:
        opened.wait_for(LISTENING)
        opened.wait_for("No more is read from the keyboard; the voice is still heard.")
        assert order(sound_room, "cramp", "calf") == "It begins.\n"
        opened.wait_for("understood: cramp, place calf")
        opened.interrupt()
        assert opened.finish()[0] == 130


def test_two_claps_are_asked_about_where_that_is_switched_on(
    sound_room: SoundRoom, record: Callable[..., Path], home: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("clap = true\n")
    sound_room.env.update({"XDG_CACHE_HOME": str(home / ".cache"), "VOICE_ASSIST_SETTINGS": str(settings)})
    with sound_room.started("-c", PROGRAM[-1], "listen") as program:
        program.wait_for(LISTENING)
        sound_room.play(record({1.0: clap(), 1.4: clap()}, 4.0, "claps.wav"))
        program.wait_for("says: Do you have a cramp?")
        assert program.finish(signal.SIGINT) == 130
