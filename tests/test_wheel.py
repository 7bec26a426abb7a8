"""The wheel, built and installed in a fresh environment, away from the source, with the network watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = [
    pytest.mark.wheel,
    pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="no source here to build a wheel from"),
]

WATCHER = """\
import os, sys

def watch(event, arguments):
    # A pair of address and port is the network; a path is a local socket, which sound servers use.
    if event == "socket.getaddrinfo" or (event == "socket.connect" and isinstance(arguments[1], tuple)):
        with open(os.environ["NETWORK_LOG"], "a") as log:
            print(event, arguments[1:], file=log)
        raise OSError("the network is closed")

sys.addaudithook(watch)
"""
"""Runs at the start of every Python of the fresh environment, child processes too."""


@dataclass(frozen=True)
class Installed:
    folder: Path
    """Its working folder, far from the source."""
    binaries: Path
    site: Path
    """Where its packages are."""

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ}
        env = kept | {"HOME": str(self.folder), "NETWORK_LOG": str(self.network), "OMP_NUM_THREADS": "1"}
        command = [str(self.binaries / program), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=300, check=False
        )

    @property
    def network(self) -> Path:
        return self.folder / "network.log"


def checked(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    pytest.importorskip("build", reason="the wheel is built by the package `build` of the extra `dev`")
    folder = tmp_path_factory.mktemp("away")
    checked(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    checked(str(binaries / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    site = Path(
        checked(str(binaries / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    )
    (site / "sitecustomize.py").write_text(WATCHER)
    return Installed(folder, binaries, site)


def test_the_package_and_its_data_come_from_the_wheel(installed: Installed) -> None:
    asked = "from voice_assist.config import content_folder, models_folder; print(content_folder(), models_folder())"
    done = installed.run("python", "-c", asked)
    data = installed.site / "voice_assist" / "data"
    assert done.stdout.split() == [str(data / "content"), str(data / "models")], done.stderr


@pytest.mark.parametrize("folder", ["content", "models"])
def test_every_file_of_the_data_is_inside(installed: Installed, folder: str) -> None:
    def files(root: Path) -> set[str]:
        return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}

    inside = files(installed.site / "voice_assist" / "data" / folder)
    assert inside
    listed = checked("git", "-C", str(ROOT), "ls-files", folder) if (ROOT / ".git").exists() else ""
    assert {name.removeprefix(f"{folder}/") for name in listed.splitlines()} <= inside


def test_the_recording_that_ships_is_rehearsed_without_the_network(installed: Installed) -> None:
    (recording,) = (installed.site / "voice_assist" / "data" / "content" / "en").glob("demo.*")
    done = installed.run(
        "voice-assist", "rehearse", str(recording), "--journal", "journal.jsonl", "--out", "answer.wav"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    journal = [json.loads(line) for line in (installed.folder / "journal.jsonl").read_text().splitlines()]
    assert "cramp" in [line["name"] for line in journal if line["event"] == "intent"]
    assert (installed.folder / "answer.wav").stat().st_size > 0
    assert not installed.network.exists(), installed.network.read_text()


def test_the_watcher_sees_the_network(installed: Installed) -> None:
    # Without this the test above could not fail.
    tried = "import socket; socket.create_connection(('127.0.0.1', 9))"
    try:
        assert "the network is closed" in installed.run("python", "-c", tried).stderr
        assert installed.network.exists()
    finally:
        installed.network.unlink(missing_ok=True)
