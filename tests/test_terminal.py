"""The commands at a real terminal, as a screen reader gets them: nothing lost, nothing twice, the message first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals of this kind on Windows", allow_module_level=True)

from scripts.benchmarks.terminals import Terminal, terminal
from voice_assist.config import content_folder

if TYPE_CHECKING:
    from tests.conftest import Command

ROOT = Path(__file__).resolve().parents[1]

COLOURS = ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, {"TERM": "dumb"}, {"COLORTERM": "truecolor"})


def at_terminal(command: Command, *arguments: str, **more: str) -> tuple[int, list[str], list[str]]:
    """Return the exit code, the lines and the faults of a command that runs to its end."""
    with terminal(arguments, {**command.env, "PYTHONPATH": str(ROOT), **more}, str(command.folder)) as opened:
        code, reading = opened.finish()
    # The sound library's own grumbling, which no program can silence.
    ours = [line for line in reading.lines if not line.startswith(("ALSA lib", "Expression "))]
    return code, ours, [fault for fault in reading.faults if "ALSA lib" not in fault]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["listen", "--help"], 0),
        (["models"], 0),
        (["models", "--help"], 0),
        (["numbers", "nz"], 0),
        (["numbers"], 2),
        (["content", "check"], 0),
        (["content", "check", "./gone"], 1),
        (["listen"], 1),
        (["start", "calf"], 1),
        (["check"], 1),
        (["listn"], 2),
        (["rehearse", "./gone.wav"], 1),
        (["rehearse", str(content_folder() / "en" / "demo.flac")], 0),
        (["rehearse", str(content_folder() / "en" / "demo.flac"), "--times"], 0),
        (["rehearse", str(content_folder() / "en" / "demo.flac"), "--model", "./gone"], 1),
        (["service", "status"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_screen_reader_loses_nothing(command: Command, arguments: list[str], code: int) -> None:
    ended, lines, faults = at_terminal(command, *arguments)
    assert (ended, faults) == (code, []), lines
    assert lines


def test_help_tells_whole_sentences(command: Command) -> None:
    _, lines, _ = at_terminal(command, "--help")
    assert not [line for line in lines if line.endswith("...") and "Usage" not in line]


@pytest.mark.parametrize("colours", COLOURS, ids=lambda colours: next(iter(colours)))
def test_the_same_is_printed_whatever_is_said_of_colours(command: Command, colours: dict[str, str]) -> None:
    for arguments in (["--help"], ["models"], ["listn"]):
        assert at_terminal(command, *arguments, **colours) == at_terminal(command, *arguments)


def test_a_wrong_setting_is_told_before_its_place(command: Command) -> None:
    (command.folder / "settings.toml").write_text("volum = -6\n")
    told = at_terminal(command, "listen", VOICE_ASSIST_SETTINGS=f"{command.folder}/settings.toml")
    assert told[0] == 1
    assert told[1][0].startswith("voice-assist: no setting 'volum'; did you mean 'volume'? (/")


@pytest.fixture
def typing(command: Command) -> Iterator[Terminal]:
    with terminal(["type"], {**command.env, "PYTHONPATH": str(ROOT)}, str(command.folder)) as opened:
        opened.wait_for("Type where it cramps")
        yield opened


def test_a_dialogue_that_is_typed_reads_like_one_that_is_spoken(typing: Terminal) -> None:
    typing.type("my calf is cramping\n")
    typing.wait_for("understood: cramp, place calf")
    typing.wait_for("says: ")
    typing.type("stop\n")
    typing.wait_for("understood: control, word stop")
    typing.type("\x03")
    code, reading = typing.finish()
    assert (code, reading.faults) == (130, [])


def test_without_a_voice_an_emergency_is_answered_by_keyboard(typing: Terminal) -> None:
    typing.type("I have chest pain\n")
    typing.wait_for("understood: emergency")
    typing.wait_for("says: ")
    typing.type("\x04")
    assert typing.finish()[0] == 0
