"""What is promised: no network, no sound kept, and no word of yours in what is printed."""

from __future__ import annotations

import ctypes
import json
import platform
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voice_assist.config import models_folder
from voice_assist.testing import said

if TYPE_CHECKING:
    from tests.conftest import Command

SHIPPED = models_folder() / "en-small"

# The kernel kills whoever makes a socket of the internet, children and C libraries included: a filter of
# classic BPF, inherited by all that is started from here, that looks at the number and first argument of each call.
SOCKET = {"x86_64": 41, "aarch64": 198}
AF_INET, AF_INET6 = 2, 10
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
KILL, ALLOW = 0x80000000, 0x7FFF0000
NUMBER, FIRST_ARGUMENT = 0, 16
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def without_network() -> None:
    """Close the internet to this process and its children, for good."""
    rules = [
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 4, SOCKET[platform.machine()]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 1, 0, AF_INET),
        (EQUAL, 0, 1, AF_INET6),
        (RETURN, 0, 0, KILL),
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Filter(len(rules), code)), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def closed(*command: str, env: dict[str, str], folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=env,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=without_network,
    )


@pytest.fixture
def kernel(command: Command) -> None:
    """Skip where the kernel cannot watch; hold that it does where it can."""
    if not sys.platform.startswith("linux") or platform.machine() not in SOCKET:
        pytest.skip("the kernel's filter of system calls is written for Linux on x86-64 and ARM64")
    try:
        tried = closed(sys.executable, "-c", "import socket; socket.socket()", env=command.env, folder=command.folder)
    except subprocess.SubprocessError:
        pytest.skip("the kernel takes no filter of system calls here")
    assert tried.returncode == -signal.SIGSYS


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
