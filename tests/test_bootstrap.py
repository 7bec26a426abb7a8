"""The set-up, on a tiny project of its own: its build backend needs nothing, so no network is needed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"

pytestmark = pytest.mark.skipif(
    not (SCRIPTS / "bootstrap.py").exists(), reason="the scripts are part of a checkout, not of the package"
)

PROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny"
version = "1"
"""

BACKEND = '''\
import zipfile

PROGRAM = """
import sys

def main():
    print("heard", *sys.argv[1:])
    return len(sys.argv) - 1
"""
METADATA = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\nProvides-Extra: dev\\n"

def build_editable(folder, settings=None, metadata=None):
    files = {
        "tiny.py": PROGRAM,
        "tiny-1.dist-info/METADATA": METADATA,
        "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: tiny\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        "tiny-1.dist-info/entry_points.txt": "[console_scripts]\\nvoice-assist = tiny:main\\n",
    }
    record = "".join(f"{name},,\\n" for name in [*files, "tiny-1.dist-info/RECORD"])
    with zipfile.ZipFile(f"{folder}/tiny-1-py3-none-any.whl", "w") as wheel:
        for name, text in {**files, "tiny-1.dist-info/RECORD": record}.items():
            wheel.writestr(name, text)
    return "tiny-1-py3-none-any.whl"
'''


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", SCRIPTS / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout of the tiny project, in a folder whose name holds a space, set up once."""
    root = tmp_path_factory.mktemp("a checkout")
    shutil.copytree(SCRIPTS, root / "scripts")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    done = call(root, "setup")
    assert done.returncode == 0, done.stderr
    return root


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Of the environment only what a program needs to start: no pip option, no virtual environment.
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "HOME") if name in os.environ}
    command = [sys.executable, str(root / "scripts" / "bootstrap.py"), *arguments]
    env = kept | {"PIP_NO_INDEX": "1"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def one_line(bootstrap: ModuleType, root: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert bootstrap.main(["setup"], root) == 1
    return capsys.readouterr().err.splitlines()[-1]


class Forbidden:
    """Stands in for starting programs where none may be started."""

    def __init__(self, *_: object, **__: object) -> None:
        raise AssertionError("a program was started")


@pytest.mark.skipif(os.name == "nt", reason="tested through system libraries of Linux and macOS")
class TestSetUp:
    def test_the_program_gets_its_arguments_and_its_exit_code_comes_back(self, checkout: Path) -> None:
        done = call(checkout, "run", "my calf", "--json")
        assert (done.returncode, done.stdout) == (2, "heard my calf --json\n")

    def test_a_second_start_says_nothing_and_starts_nothing(
        self, checkout: Path, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(subprocess, "run", Forbidden)
        assert bootstrap.main(["setup"], checkout) == 0
        assert capsys.readouterr().err == ""

    def test_a_changed_project_an_unfinished_set_up_and_a_lost_python_are_set_up_again(
        self, checkout: Path, bootstrap: ModuleType, tmp_path: Path
    ) -> None:
        root = tmp_path / "copy"
        shutil.copytree(checkout, root, symlinks=True)
        environment = bootstrap.Environment(root)
        assert not environment.ready(""), "a moved checkout has the wrong paths inside"

        assert call(root, "setup").returncode == 0
        assert environment.ready("")
        assert not environment.ready("dev")

        (root / "pyproject.toml").write_text(PROJECT + 'description = "changed"\n')
        assert not environment.ready("")

        (environment.folder / "set-up.unfinished").touch()
        (environment.folder / "left behind").touch()
        assert call(root, "setup").returncode == 0
        assert environment.ready("")
        assert not (environment.folder / "left behind").exists(), "an interrupted set-up is begun anew"

        environment.python.unlink()
        assert not environment.ready("")
        assert call(root, "run").returncode == 0

    def test_a_package_that_does_not_build_is_one_line(
        self, checkout: Path, bootstrap: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        root = tmp_path / "copy"
        shutil.copytree(checkout, root, symlinks=True)
        (root / "backend.py").write_text("syntax error")
        said = one_line(bootstrap, root, capsys)
        assert said.startswith("pip failed: ")
        assert str(root / ".venv" / "set-up.log") in said
        assert not bootstrap.Environment(root).ready("")


class TestTroubles:
    @pytest.fixture
    def bare(self, tmp_path: Path) -> Path:
        (tmp_path / "pyproject.toml").write_text(PROJECT)
        return tmp_path

    def test_a_python_that_is_too_old(
        self, bootstrap: ModuleType, bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "version_info", (3, 9, 2))
        assert one_line(bootstrap, bare, capsys).startswith("Python 3.10 or newer is needed, this is 3.9")

    def test_a_python_without_ensurepip(
        self, bootstrap: ModuleType, bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
        monkeypatch.setattr(bootstrap, "install_for_debian", lambda *_: False)
        failed = subprocess.CompletedProcess([], 1, "", "No module named ensurepip\n")
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
        said = one_line(bootstrap, bare, capsys)
        assert "cannot make a virtual environment (No module named ensurepip)" in said
        assert f"apt-get install python3.{sys.version_info[1]}-venv" in said

    def test_ctrl_c_is_quiet(
        self, bootstrap: ModuleType, bare: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(subprocess, "run", interrupted)
        assert bootstrap.main(["run"], bare) == 130
        assert capsys.readouterr().err == ""

    @pytest.mark.parametrize("argv", [[], ["fly"], ["--help"]])
    def test_an_unknown_command_tells_the_known_ones(
        self, bootstrap: ModuleType, argv: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert bootstrap.main(argv) == 2
        assert "bootstrap.py run" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("output", "line"),
        [
            ("WARNING: ... Temporary failure in name resolution\nERROR: No matching distribution", "no network: "),
            ("ERROR: one\nERROR: two\nbye", "pip failed: ERROR: two (all of it is in log)"),
            ("", "pip failed: it does not say why (all of it is in log)"),
        ],
    )
    def test_why_pip_failed_is_one_line(self, bootstrap: ModuleType, output: str, line: str) -> None:
        assert bootstrap.why_pip_failed(output, Path("log")).startswith(line)


class TestDebian:
    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
        """Let every program succeed without being started; return what was to be started."""
        commands: list[tuple[str, ...]] = []

        def run(command: tuple[str, ...], **_: object) -> subprocess.CompletedProcess[str]:
            commands.append(command)
            return subprocess.CompletedProcess(command, 0)

        monkeypatch.setattr(subprocess, "run", run)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
        return commands

    def test_root_installs_without_a_question(self, bootstrap: ModuleType, started: list[tuple[str, ...]]) -> None:
        assert bootstrap.install_for_debian("libportaudio2")
        (command,) = started
        assert command[:3] == ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
        assert {"-y", "libportaudio2"} <= set(command)

    def test_another_user_needs_a_sudo_that_asks_nothing(
        self, bootstrap: ModuleType, started: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
        assert bootstrap.install_for_debian("libportaudio2")
        assert all(command[:2] == ("sudo", "-n") for command in started)

    def test_without_apt_nothing_is_started(
        self, bootstrap: ModuleType, started: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        assert not bootstrap.install_for_debian("libportaudio2")
        assert started == []

    def test_what_cannot_be_installed_is_said_in_a_line_with_the_cure(
        self, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
        monkeypatch.setattr(bootstrap, "install_for_debian", lambda *_: False)
        bootstrap.system_libraries(testing=False)
        (line,) = capsys.readouterr().err.splitlines()
        assert line.endswith("sudo apt-get install libportaudio2")

    def test_what_only_the_tests_need_is_installed_for_tests_only(
        self, bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(sys, "platform", "linux")
        monkeypatch.setattr("ctypes.util.find_library", lambda _name: "libportaudio.so.2")
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        monkeypatch.setattr(bootstrap, "install_for_debian", lambda *packages: asked.append(packages[0]))
        bootstrap.system_libraries(testing=False)
        assert asked == []
        bootstrap.system_libraries(testing=True)
        assert {"pulseaudio", "chromium"} <= set(asked)
        sound, browser = capsys.readouterr().err.splitlines()
        assert sound.endswith("sudo apt-get install pulseaudio libasound2-plugins")
        assert browser.endswith("sudo apt-get install chromium fonts-liberation")
