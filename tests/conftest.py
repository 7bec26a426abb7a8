"""What the tests of the whole program share: the real command, in a home of its own, and people's voices."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.closed import SOCKET, closed
from voice_assist.samples import RATE, Samples, samples, silence
from voice_assist.speak.engine import Pyttsx3Renderer

PATIENCE_S = 300.0
"""Seconds after which a command has failed. No test waits as long as that."""

PERSON = "en-gb-x-rp" if sys.platform.startswith("linux") else ""
"""The voice of the person: neither the assistant's own, nor one that the model learnt from."""


def pytest_configure() -> None:
    """Let the programs that are tested be interrupted, also where the tests themselves were put in the background.

    A shell starts what it puts there, and nohup what it runs, with these signals ignored, and so does every program
    that is started from there.
    """
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)  # Windows knows no SIGHUP.
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str
    journal: list[dict[str, Any]]
    """Its journal; empty if it wrote none."""

    @property
    def intents(self) -> list[dict[str, Any]]:
        """The name and slots of every intent, in one mapping each."""
        return [{"name": line["name"], **line["slots"]} for line in self.journal if line["event"] == "intent"]

    def texts(self, event: str) -> list[str]:
        """Return the texts of one kind of event."""
        return [line["text"] for line in self.journal if line["event"] == event]


class Command:
    """The real command, as a user runs it: in a folder and a home of its own, without a sound card."""

    def __init__(self, folder: Path, home: Path) -> None:
        program = shutil.which("voice-assist", path=sysconfig.get_path("scripts"))
        assert program, "voice-assist is not installed in this environment: pip install -e ."
        self.program = program
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
        self.env = kept | {"HOME": str(home), "OMP_NUM_THREADS": "1"}
        # The computer's own sound is neither used nor disturbed: a card that neither hears nor speaks.
        # With no card at all in its file ALSA aborts.
        self.sound("pcm.!default { type asym }\n")

    def run(self, *arguments: str | Path, stdin: str = "", env: Mapping[str, str] | None = None) -> Done:
        """Run it to its end."""
        journal = self.folder / "journal.jsonl"
        done = subprocess.run(
            [self.program, *map(str, arguments)],
            cwd=self.folder,
            env={**self.env, **(env or {})},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )
        lines = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
        return Done(done.returncode, done.stdout, _ours(done.stderr), [json.loads(line) for line in lines])

    def rehearse(self, recording: Path, *arguments: str | Path, env: Mapping[str, str] | None = None) -> Done:
        """Rehearse a recording, with a journal."""
        return self.run("rehearse", recording, "--journal", "journal.jsonl", *arguments, env=env)

    def sound(self, config: str) -> None:
        """Give it a sound card, as ALSA describes it."""
        path = self.folder.with_name("alsa.conf")
        path.write_text(config)
        self.env["ALSA_CONFIG_PATH"] = str(path)


def _ours(err: str) -> str:
    """Return standard error without the sound library's own grumbling, which no program can silence."""
    return "".join(line for line in err.splitlines(keepends=True) if not line.startswith(("ALSA lib", "Expression ")))


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder for all tests in which the phrases are rendered already: that is told once, to whoever is first."""
    home = tmp_path_factory.mktemp("home")
    done = Command(tmp_path_factory.mktemp("first"), home).run("type", stdin="")
    assert done.code == 0, done.err
    return home


@pytest.fixture
def command(tmp_path: Path, home: Path) -> Command:
    """The real command, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Command(folder, home)


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where the kernel cannot close the network; hold that it does where it can."""
    if not sys.platform.startswith("linux") or platform.machine() not in SOCKET:
        pytest.skip("the kernel's filter of system calls is written for Linux on x86-64 and ARM64")
    for family, code in (("INET", -signal.SIGSYS), ("INET6", -signal.SIGSYS), ("NETLINK", -signal.SIGSYS), ("UNIX", 0)):
        program = f"import socket; socket.socket(socket.AF_{family}, socket.SOCK_DGRAM)"
        try:
            tried = closed(sys.executable, "-c", program, env=os.environ, folder=tmp_path_factory.mktemp("closed"))
        except subprocess.SubprocessError:
            pytest.skip("the kernel takes no filter of system calls here")
        assert tried.returncode == code, tried.stderr


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and sources beside the checkout."""
    folder = Path(os.environ.get("VOICE_ASSIST_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not (folder / "audio").is_dir():
        pytest.skip("the recordings are missing: set VOICE_ASSIST_SHARED to the folder that holds audio/")
    return folder


@cache
def _rendered(text: str) -> Samples:
    return Pyttsx3Renderer().render(text, PERSON, 150)


@pytest.fixture(scope="session")
def person() -> Callable[[str], Samples]:
    """Return what a person says, as sound."""
    return _rendered


@pytest.fixture
def record(tmp_path: Path, person: Callable[[str], Samples]) -> Callable[..., Path]:
    """Return a function that records a person: sentences or sounds at times in seconds, in all so many seconds."""

    def make(spoken: Mapping[float, str | Samples], length: float, name: str = "person.wav") -> Path:
        sound = silence(samples(length))
        for at, said in spoken.items():
            pcm = person(said) if isinstance(said, str) else said
            start = samples(at)
            assert start + len(pcm) <= len(sound), f"{said} does not fit into {length} s"
            sound[start : start + len(pcm)] += pcm
        # A room is never digitally silent.
        sound += np.random.default_rng(1).normal(0, 8, len(sound)).astype(np.int16)
        path = tmp_path / name
        soundfile.write(path, sound, RATE)
        return path

    return make
