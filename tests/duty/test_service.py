"""On duty by the system's own means: what is written for it is what it takes, and what goes wrong is one line."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from voice_assist.commands.service import service_command
from voice_assist.duty import service
from voice_assist.duty.restarts import LONGEST_S
from voice_assist.errors import ServiceError

COMMAND = ["/opt/a folder/100%/voice-assist", "listen", '--profile="night"', "$HOME"]
SETTINGS = {"VOICE_ASSIST_SETTINGS": "/home/me/my settings.toml"}
SCHEMA = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

Tool = Callable[..., Path]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


@pytest.fixture
def tool(home: Path) -> Tool:
    """Return a function that puts a tool of the system on the path, and returns where it notes what it was asked."""
    if os.name == "nt":
        pytest.skip("the tools of these tests are shell scripts")

    def make(name: str, *, prints: str = "", code: int = 0) -> Path:
        asked = home / f"{name}.asked"
        script = home / "bin" / name
        script.write_text(f"#!/bin/sh\necho \"$*\" >> '{asked}'\necho '{prints}'\nexit {code}\n")
        script.chmod(0o755)
        return asked

    return make


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("linux", service.Systemd),
        ("freebsd14", service.Systemd),
        ("darwin", service.Launchd),
        ("win32", service.TaskScheduler),
    ],
)
def test_each_system_has_its_own_manager(platform: str, kind: type) -> None:
    assert isinstance(service.manager(platform), kind)


# systemd


def test_a_unit_is_installed_seen_and_removed(home: Path, tool: Tool) -> None:
    asked = tool("systemctl", prints="active")
    kept = service.Systemd()
    assert kept.file == home / "systemd/user/voice-assist.service"
    kept.install(COMMAND, SETTINGS)
    assert kept.file.read_text() == service.unit(COMMAND, SETTINGS)
    assert kept.status() == "active"
    assert kept.remove()
    assert not kept.remove(), "it is gone"
    assert asked.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable --now voice-assist.service",
        "--user is-active voice-assist.service",
        "--user disable --now voice-assist.service",
        "--user daemon-reload",
    ]


def test_the_unit_is_watched_and_never_given_up() -> None:
    lines = service.unit(COMMAND, SETTINGS).splitlines()
    assert r'ExecStart="/opt/a folder/100%%/voice-assist" "listen" "--profile=\"night\"" "$$HOME"' in lines
    assert 'Environment="VOICE_ASSIST_SETTINGS=/home/me/my settings.toml"' in lines
    for line in ("Type=notify", "WatchdogSec=30", "Restart=always", "StartLimitIntervalSec=0"):
        assert line in lines
    assert "RestrictAddressFamilies=AF_UNIX" in lines, "no network, by the kernel's own word"


def test_a_first_start_may_render_all_phrases_and_a_failed_one_may_wait() -> None:
    assert f"TimeoutStartSec={service.START_S}" in service.unit(COMMAND, SETTINGS).splitlines()
    rendering = 600  # 600 lines at a second each, on a small computer
    assert rendering + LONGEST_S <= service.START_S


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: a part of systemd")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    file = tmp_path / "voice-assist.service"
    file.write_text(service.unit([sys.executable, "a b", "100%"], SETTINGS))
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = ["systemd-analyze", "verify", "--user", "--man=no", "--recursive-errors=no", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert "voice-assist.service" not in done.stderr, done.stderr


@pytest.mark.parametrize(("prints", "advised"), [("Linger=no", 1), ("", 1), ("Linger=yes", 0)])
def test_where_nobody_logs_in_one_line_tells_how_it_listens(
    tool: Tool, prints: str, advised: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "me")
    monkeypatch.setattr(service, "manager", service.Systemd)
    tool("systemctl")
    asked = tool("loginctl", prints=prints)
    monkeypatch.setattr(service, "listen_command", lambda: COMMAND)
    done = CliRunner().invoke(service_command, ["install"], catch_exceptions=False)
    lines = done.output.splitlines()
    assert sum(line.endswith("as after a power cut: loginctl enable-linger") for line in lines) == advised
    assert len(lines) == 2 + advised
    assert asked.read_text() == "show-user --property=Linger me\n", "it is asked, and nothing is changed"


def test_where_there_is_no_login_manager_nothing_is_advised(tool: Tool) -> None:
    tool("systemctl")
    assert service.Systemd().advice() == ""


# launchd


def test_an_agent_is_installed_seen_and_removed(home: Path, tool: Tool) -> None:
    asked = tool("launchctl", prints="state = running")
    kept = service.Launchd()
    assert kept.file.parent == home / "Library/LaunchAgents"
    kept.install(COMMAND, SETTINGS)
    told = plistlib.loads(kept.file.read_bytes())
    assert (told["ProgramArguments"], told["EnvironmentVariables"]) == (COMMAND, SETTINGS)
    assert told["RunAtLoad"]
    assert told["KeepAlive"]
    assert kept.status() == "active"
    assert kept.remove()
    domain = f"gui/{os.getuid()}"
    assert asked.read_text().splitlines() == [
        f"bootstrap {domain} {kept.file}",
        f"print {domain}/{service.LABEL}",
        f"bootout {domain}/{service.LABEL}",
    ]


# Windows


def test_a_task_is_installed_seen_and_removed(tool: Tool) -> None:
    asked = tool("schtasks", prints="Status: Running")
    kept = service.TaskScheduler()
    kept.install(COMMAND, {})
    task = ET.fromstring(kept.file.read_bytes())  # noqa: S314 - our own
    assert task.findtext(f".//{SCHEMA}Command") == COMMAND[0]
    assert task.findtext(f".//{SCHEMA}Arguments") == subprocess.list2cmdline(COMMAND[1:])
    assert task.findtext(f".//{SCHEMA}ExecutionTimeLimit") == "PT0S", "it is not ended after three days"
    assert kept.status() == "active"
    assert kept.remove()
    assert [line.split()[0] for line in asked.read_text().splitlines()] == [
        "/Create",
        "/Run",
        "/Query",
        "/End",
        "/Delete",
    ]


def test_a_task_with_settings_sets_them_first() -> None:
    task = ET.fromstring(service.task(COMMAND, SETTINGS).encode("utf-16"))  # noqa: S314 - our own
    assert task.findtext(f".//{SCHEMA}Command") == "cmd.exe"
    told = task.findtext(f".//{SCHEMA}Arguments") or ""
    assert told.startswith('/c set "VOICE_ASSIST_SETTINGS=/home/me/my settings.toml" && ')
    assert told.endswith(subprocess.list2cmdline(COMMAND))


# What goes wrong


def test_without_the_tool_it_says_how_to_start_by_hand() -> None:
    with pytest.raises(ServiceError, match=r"^systemctl is not here, .*; start it by hand: voice-assist listen$"):
        service.Systemd().install(COMMAND, {})


def test_what_the_tool_complains_of_is_told(tool: Tool) -> None:
    tool("systemctl", prints="Failed to connect to bus: No medium found.", code=1)
    with pytest.raises(ServiceError) as caught:
        service.Systemd().install(COMMAND, {})
    assert str(caught.value) == "systemctl --user daemon-reload failed: Failed to connect to bus: No medium found"


def test_a_home_that_is_a_file_is_named(home: Path, tool: Tool) -> None:
    tool("systemctl")
    (home / "systemd").write_text("in the way")
    with pytest.raises(ServiceError, match=r"^.*voice-assist\.service cannot be written: "):
        service.Systemd().install(COMMAND, {})


def test_only_what_decides_how_it_listens_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.delenv("VOICE_ASSIST_SETTINGS", raising=False)
    assert service.environment() == {}
    monkeypatch.setenv(*next(iter(SETTINGS.items())))
    assert service.environment() == SETTINGS
