"""The command `setup`, typed from a pipe: its lines, its exit codes, and what it refuses."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import voice_assist
from voice_assist import config
from voice_assist.config import Settings
from voice_assist.errors import VoiceAssistError
from voice_assist.setup.sittings import check_hour

MAIN = "from voice_assist.cli import main; main()"

PATIENCE_S = 300.0
"""Seconds after which it has failed. No test waits as long as that."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is rendered, so that it is once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(file: Path, cache: Path, tmp_path: Path) -> Run:
    """Return what runs `setup --typed` with lines on standard input."""

    def run(*lines: str, options: tuple[str, ...] = ("--now",)) -> subprocess.CompletedProcess[str]:
        own = {"VOICE_ASSIST_SETTINGS": str(file), "XDG_CACHE_HOME": str(cache), "HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", MAIN, "setup", "--typed", *options],
            env=os.environ | own | {"PYTHONPATH": str(Path(voice_assist.__file__).parents[1])},
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE_S,
            check=False,
        )

    return run


def test_the_whole_of_it_and_nothing_is_printed_but_what_is_said(run: Run, file: Path) -> None:
    done = run("new zealand", "yes", *[""] * 18, "Anna", "no")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[-1] == f"You are set up. What you told is kept in {file}. To listen: voice-assist"
    asked = [line for line in lines if line.endswith("?")]
    assert asked[:3] == ["Which country are you in?", "Is that your emergency number?", "Is this for a child?"]
    assert "For New Zealand: one one one." in lines
    assert (config.load(file).emergency_number, config.load(file).call_name) == ("111", "Anna")


def test_interrupted_it_says_how_to_go_on(run: Run, file: Path) -> None:
    done = run("germany", "yes", "no")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == (
        f"Set-up has stopped. What you told is kept in {file}. To go on: voice-assist setup"
    )
    assert "Which country are you in?" not in run("yes").stdout


def test_without_a_number_it_fails_in_one_line(run: Run) -> None:
    done = run("germany", "no")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "no emergency number is confirmed" in done.stderr


def test_started_over_it_begins_again_in_the_same_run(run: Run, file: Path) -> None:
    done = run("germany", "yes", "no", "yes", "start over", "france", "yes", "stop")
    assert done.returncode == 0
    assert done.stdout.count("Which country are you in?") == 2
    assert config.load(file).country == "FR"


def test_practice_is_a_calf_from_start_to_end(run: Run) -> None:
    done = run("germany", "yes", *[""] * 19, "yes")
    assert done.returncode == 0
    said = done.stdout.splitlines()
    assert "This is practice. Nothing has to hurt." in said
    assert "Straighten that leg." in said


def test_where_nothing_can_be_kept_nobody_is_asked(run: Run, file: Path) -> None:
    file.parent.write_text("a file where the folder would be")
    done = run("germany")
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr


def test_a_pack_without_a_set_up_says_so(run: Run, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    done = run("germany", options=("--now", "--content", str(pack)))
    assert done.returncode == 1
    assert done.stderr


@pytest.mark.parametrize(("hours", "time"), [("", "03:12"), ("", "22:00"), ("23:30-09:00", "08:59")])
def test_nothing_is_asked_at_night(hours: str, time: str) -> None:
    with pytest.raises(VoiceAssistError, match=r"it is night .*--now"):
        check_hour(Settings(quiet_hours=hours), dt.datetime.fromisoformat(f"2026-11-27 {time}"))


@pytest.mark.parametrize(("hours", "time"), [("", "07:00"), ("", "15:00"), ("23:30-09:00", "22:30")])
def test_by_day_it_is(hours: str, time: str) -> None:
    check_hour(Settings(quiet_hours=hours), dt.datetime.fromisoformat(f"2026-11-27 {time}"))
