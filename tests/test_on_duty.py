"""One listens at a time, however the last one ended; and the machine is kept awake where it can be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_assist import on_duty
from voice_assist.errors import OnDutyError
from voice_assist.on_duty import LOCK, alone, awake

HOLDER = """
import pathlib, sys
from voice_assist import on_duty
on_duty.lock_folders = lambda: (pathlib.Path(sys.argv[1]),)
with on_duty.alone(print):
    print("held", flush=True)
    input()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(on_duty, "lock_folders", lambda: (tmp_path,))
    return tmp_path


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock in a folder of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def never(line: str) -> None:
    raise AssertionError(line)


def test_a_second_one_is_told_in_one_line(folder: Path, other: subprocess.Popen[str]) -> None:
    with pytest.raises(OnDutyError, match=r"^it listens already; end the other first, .*$"), alone(never):
        pass
    assert (folder / LOCK).exists()
    assert other.poll() is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_one_that_was_killed_stops_nobody(folder: Path, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    with alone(never):
        assert (folder / LOCK).exists()


def test_one_after_the_other_may_listen(folder: Path) -> None:
    for _ in range(2):
        with alone(never):
            assert (folder / LOCK).exists()


def test_where_no_folder_can_be_written_it_is_told_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(on_duty, "lock_folders", lambda: (tmp_path / "file" / "below",))
    told: list[str] = []
    with alone(told.append):
        assert told == ["No folder can be written: a second one that listens would not be noticed."]


def test_the_machine_is_kept_awake_and_no_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")
    with awake(never, wanted=True):
        pass


def test_where_it_cannot_be_kept_awake_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEPY_FORCE_FAILURE", "1")
    told: list[str] = []
    with awake(told.append, wanted=True):
        assert len(told) == 1
    assert told[0].startswith("This machine may fall asleep, and then nobody listens: ")


def test_it_is_left_alone_where_that_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEPY_FORCE_FAILURE", "1")
    with awake(never, wanted=False):
        pass
