"""One listens at a time, however the last one ended; and the machine is kept awake where it can be."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from voice_assist.duty import vigil
from voice_assist.duty.vigil import LOCK, alone, awake
from voice_assist.errors import OnDutyError

if sys.platform.startswith("linux"):
    from jeepney import HeaderFields, MessageType, message_bus, new_method_return
    from jeepney.io.blocking import open_dbus_connection

PATIENCE_S = 30.0

HOLDER = """
import pathlib, sys
from voice_assist.duty import vigil
vigil.lock_folders = lambda: (pathlib.Path(sys.argv[1]),)
with vigil.alone(print):
    print("held", flush=True)
    input()
"""


KEPT = """
from voice_assist.duty.vigil import awake
with awake(print, wanted=True):
    print("on duty", flush=True)
    input()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vigil, "lock_folders", lambda: (tmp_path,))
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
    monkeypatch.setattr(vigil, "lock_folders", lambda: (tmp_path / "file" / "below",))
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


# On a desktop's bus: the program itself, in a process of its own


class PowerManager:
    """What a desktop has to hold off sleep: org.freedesktop.PowerManagement on a bus of its own."""

    NAME = "org.freedesktop.PowerManagement"
    COOKIE = 7

    def __init__(self, address: str) -> None:
        self.asked: queue.Queue[str] = queue.Queue()
        self._bus = open_dbus_connection(address)
        self._bus.send_and_get_reply(message_bus.RequestName(self.NAME))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError, EOFError):
            while True:
                call = self._bus.receive()
                member = call.header.fields.get(HeaderFields.member)
                if call.header.message_type is MessageType.method_call and member in ("Inhibit", "UnInhibit"):
                    self.asked.put(member)
                    body = ("u", (self.COOKIE,)) if member == "Inhibit" else ("", ())
                    self._bus.send(new_method_return(call, *body))

    def close(self) -> None:
        self._bus.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._thread.join(PATIENCE_S)
        self._bus.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private session bus."""
    if not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is missing: apt-get install dbus-daemon")
    address = f"unix:path={tmp_path / 'bus'}"
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address={address}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline().startswith("unix:path=")
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


@contextmanager
def kept_awake() -> Iterator[subprocess.Popen[str]]:
    """Run a program that keeps the machine awake until it is sent a line."""
    command = [sys.executable, "-W", "ignore", "-c", KEPT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield program
        program.kill()


def test_a_desktop_is_asked_to_stay_awake_and_let_go_at_the_end(bus: str) -> None:
    desktop = PowerManager(bus)
    with kept_awake() as program:
        assert desktop.asked.get(timeout=PATIENCE_S) == "Inhibit"
        assert program.stdout is not None
        assert program.stdout.readline() == "on duty\n", "and no line says anything of it"
        assert desktop.asked.empty(), "it is kept"
        program.communicate("\n", timeout=PATIENCE_S)
        assert desktop.asked.get(timeout=PATIENCE_S) == "UnInhibit"
    desktop.close()


def test_a_desktop_that_offers_nothing_is_told_of(bus: str) -> None:
    assert bus
    with kept_awake() as program:
        told, _ = program.communicate("\n", timeout=PATIENCE_S)
    assert [line.partition(",")[0] for line in told.splitlines()] == ["This machine may fall asleep", "on duty"]
