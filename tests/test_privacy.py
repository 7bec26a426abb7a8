"""What is promised: no network, no sound kept, and no word of yours in what is printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.closed import closed
from voice_assist.config import models_folder
from voice_assist.testing import said

if TYPE_CHECKING:
    from tests.conftest import Command

SHIPPED = models_folder() / "en-small"


@pytest.fixture
def call(record: Callable[..., Path]) -> Path:
    return record({0.5: "my calf is cramping", 6.0: "stop"}, 8.0)


@pytest.mark.usefixtures("kernel")
def test_a_rehearsal_opens_no_socket(command: Command, call: Path, tmp_path: Path) -> None:
    # A home of its own: the rendering is watched, too.
    env = command.env | {"HOME": str(tmp_path / "home")}
    done = closed(command.program, "rehearse", str(call), env=env, folder=command.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "understood: cramp, place calf" in done.stdout


@pytest.mark.usefixtures("kernel")
def test_typing_opens_no_socket(command: Command) -> None:
    done = closed(command.program, "type", env=command.env, folder=command.folder, stdin="my calf is cramping\nstop\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "understood: cramp, place calf" in done.stdout


@pytest.mark.usefixtures("kernel")
def test_to_listen_reaches_for_no_network_either(command: Command) -> None:
    done = closed(command.program, "listen", env=command.env, folder=command.folder)
    assert done.returncode == 1
    assert re.match("voice-assist: (no microphone|PortAudio)", done.stderr)


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_no_sound_of_yours_is_kept(command: Command, call: Path, tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    before = files(tmp_path)
    done = command.run("rehearse", call, env={"HOME": str(home), "TMPDIR": str(temporary)})
    assert done.code == 0
    kept = files(tmp_path) - before
    # All there is are our own phrases, which hold our voice and nothing else, and a copy of the model with its graph.
    phrases = {path for path in kept if "graphs" not in path.parts}
    assert phrases
    assert {(path.parent.name, path.suffix) for path in phrases} == {("voice", ".phrase")}
    shipped = {path.relative_to(SHIPPED): path.read_bytes() for path in files(SHIPPED)}
    shipped[Path("conf/model.conf")] = shipped[Path("conf/live.conf")]
    copied = {Path(*path.parts[path.parts.index("graphs") + 2 :]): path.read_bytes() for path in kept - phrases}
    assert {path for path, content in copied.items() if content != shipped.get(path)} <= {Path("graph/Gr.fst")}
    again = {path: path.read_bytes() for path in kept}
    other = command.run("type", stdin="my calf is cramping\nstop\n", env={"HOME": str(home), "TMPDIR": str(temporary)})
    assert other.code == 0
    assert {path: path.read_bytes() for path in files(tmp_path) - before} == again


def test_what_was_heard_is_not_printed_when_it_is_live(capsys: pytest.CaptureFixture[str]) -> None:
    from voice_assist.output import PlainLines  # noqa: PLC0415

    spoken = said("my calf is cramping and the code is four two", 1.0)
    PlainLines(words=False)(spoken)
    assert capsys.readouterr() == ("", "")
    PlainLines(words=True)(spoken)
    assert "the code is four two" in capsys.readouterr().out


def test_what_was_heard_is_written_only_where_it_is_asked_for(command: Command) -> None:
    done = command.run("type", stdin="banana my calf is cramping\nstop\n")
    assert done.code == 0
    assert "banana" not in done.out + done.err
    asked = command.run("type", "--journal", "journal.jsonl", stdin="banana my calf is cramping\nstop\n")
    assert "banana" not in asked.out + asked.err
    assert any("banana" in json.dumps(line) for line in asked.journal)
