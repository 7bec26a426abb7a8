"""On duty without anybody starting it: a user unit for systemd, an agent for launchd, a task for Windows.

Nothing here needs an administrator, and nothing runs as anybody but the user whose microphone it is.
"""

from __future__ import annotations

import getpass
import html
import os
import plistlib
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from voice_assist.errors import ServiceError

NAME = "voice-assist"
"""Name of the unit, and of the task."""

LABEL = "voice-assist.listen"
"""Launchd's name of the agent."""

WATCHDOG_S = 30
"""Seconds without sound going through after which systemd starts it anew: a sound server that restarts, and a device
that is looked for, take less, and are told of as they go on."""

AGAIN_S = 2
"""Seconds to the next start after it ended by itself. It does not grow: systemd knows that only from version 254 on. A
start that fails waits by itself before it ends (`restarts`)."""

START_S = 900
"""Seconds that a start may take: the first renders every phrase, on a small computer for minutes, and one that fails
waits up to five."""


class Manager(Protocol):
    """What keeps a program running on one kind of system."""

    file: Path
    """What is written for it."""

    def install(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Write the file and start the program now and at every login. Raises ServiceError."""
        ...

    def remove(self) -> bool:
        """Stop it and take the file away; tell whether there was one. Raises ServiceError."""
        ...

    def status(self) -> str:
        """Return in a few plain words whether it runs. Raises ServiceError."""
        ...

    def advice(self) -> str:
        """Return what is left to do by hand for it to listen where nobody logs in; empty if nothing can be or is."""
        ...


def manager(platform: str = sys.platform) -> Manager:
    """Return the manager of this system."""
    if platform == "darwin":
        return Launchd()
    return TaskScheduler() if platform == "win32" else Systemd()


def listen_command() -> list[str]:
    """Return the command that listens, by its full path: a service has no PATH of ours."""
    script = Path(sysconfig.get_path("scripts")) / ("voice-assist.exe" if os.name == "nt" else "voice-assist")
    if not script.exists():
        raise ServiceError(f"{script} is not here; install the package first: pip install voice-assist")
    # Whoever starts it at night wants no complaint aloud each time that a microphone is missing.
    return [str(script), "listen", "--wait"]


def environment() -> dict[str, str]:
    """Return the variables that decide how it listens: a service does not get those of the shell."""
    return {name: os.environ[name] for name in ("VOICE_ASSIST_SETTINGS",) if os.environ.get(name)}


class Systemd:
    """A user unit: ready when it listens, and watched by the sound that goes through it."""

    def __init__(self) -> None:
        home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        self.file = home / "systemd" / "user" / f"{NAME}.service"

    def install(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """See `Manager.install`."""
        _write(self.file, unit(command, environment).encode())
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", "--now", self.file.name)

    def remove(self) -> bool:
        """See `Manager.remove`."""
        if not self.file.exists():
            return False
        _run("systemctl", "--user", "disable", "--now", self.file.name)
        self.file.unlink()
        _run("systemctl", "--user", "daemon-reload")
        return True

    def status(self) -> str:
        """See `Manager.status`."""
        return _run("systemctl", "--user", "is-active", self.file.name, may_fail=True)

    def advice(self) -> str:
        """See `Manager.advice`."""
        # Told, not done: whether a microphone listens while nobody is logged in is for people to choose.
        if shutil.which("loginctl") is None:
            return ""
        told = _run("loginctl", "show-user", "--property=Linger", getpass.getuser(), may_fail=True)
        if told == "Linger=yes":
            return ""
        return "It begins when you log in. To have it begin by itself, as after a power cut: loginctl enable-linger"


def unit(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the text of the systemd unit."""
    variables = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
    return f"""\
[Unit]
Description=Hands-free help with muscle cramps
After=pipewire.service wireplumber.service pulseaudio.service
# However often it ends, it is started again: it must be there in the night.
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={" ".join(map(_quoted, command))}
{variables}TimeoutStartSec={START_S}
WatchdogSec={WATCHDOG_S}
Restart=always
RestartSec={AGAIN_S}
# No network: the kernel refuses any socket but a local one, such as the sound server's.
RestrictAddressFamilies=AF_UNIX
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def _quoted(text: str) -> str:
    """Return one word of a unit file: in it % and $ stand for something else, and so do quotes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'


class Launchd:
    """An agent of the user, started at login and again whenever it ends."""

    def __init__(self) -> None:
        self.file = Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def install(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """See `Manager.install`."""
        self.remove()
        _write(self.file, agent(command, environment))
        _run("launchctl", "bootstrap", self._domain, str(self.file))

    def remove(self) -> bool:
        """See `Manager.remove`."""
        if not self.file.exists():
            return False
        # Fails where it is not loaded, which is what is wanted.
        _run("launchctl", "bootout", f"{self._domain}/{LABEL}", may_fail=True)
        self.file.unlink()
        return True

    def status(self) -> str:
        """See `Manager.status`."""
        told = _run("launchctl", "print", f"{self._domain}/{LABEL}", may_fail=True)
        return "active" if "state = running" in told else "inactive"

    def advice(self) -> str:
        """See `Manager.advice`."""
        return ""

    @property
    def _domain(self) -> str:
        return f"gui/{os.getuid()}"


def agent(command: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """Return launchd's property list of the agent."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(environment),
            "RunAtLoad": True,
            "KeepAlive": True,
            "ThrottleInterval": AGAIN_S,
            # Not put off to save power: its sound would come too late.
            "ProcessType": "Interactive",
        }
    )


class TaskScheduler:
    """A scheduled task of the user, started at logon and again when it failed."""

    def __init__(self) -> None:
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        self.file = home / NAME / "task.xml"

    def install(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """See `Manager.install`. A task has no variables of its own: they are set in front of the command."""
        _write(self.file, task(command, environment).encode("utf-16"))
        _run("schtasks", "/Create", "/F", "/TN", NAME, "/XML", str(self.file))
        _run("schtasks", "/Run", "/TN", NAME)

    def remove(self) -> bool:
        """See `Manager.remove`."""
        if not self.file.exists():
            return False
        _run("schtasks", "/End", "/TN", NAME, may_fail=True)
        _run("schtasks", "/Delete", "/F", "/TN", NAME)
        self.file.unlink()
        return True

    def status(self) -> str:
        """See `Manager.status`."""
        told = _run("schtasks", "/Query", "/TN", NAME, "/FO", "LIST", may_fail=True)
        return "active" if "Running" in told else "inactive"

    def advice(self) -> str:
        """See `Manager.advice`."""
        return ""


def task(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the XML of the scheduled task, of version 1.2 of its schema."""
    program, told = command[0], subprocess.list2cmdline(command[1:])
    if environment:
        settings = " && ".join(f'set "{name}={value}"' for name, value in environment.items())
        program, told = "cmd.exe", f"/c {settings} && {subprocess.list2cmdline(command)}"
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions><Exec><Command>{_escaped(program)}</Command><Arguments>{_escaped(told)}</Arguments></Exec></Actions>
</Task>
"""


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise ServiceError(f"{file} cannot be written: {error.strerror}") from None


def _run(tool: str, *arguments: str, may_fail: bool = False) -> str:
    """Run a tool of the system; return what it printed."""
    if shutil.which(tool) is None:
        raise ServiceError(f"{tool} is not here, so nothing can keep it running; start it by hand: voice-assist listen")
    done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    if done.returncode and not may_fail:
        lines = (done.stderr or done.stdout).strip().splitlines() or [f"it ended with code {done.returncode}"]
        raise ServiceError(f"{tool} {' '.join(arguments[:2])} failed: {lines[0].rstrip('.')}")
    return done.stdout.strip()


def _escaped(text: str) -> str:
    """Return a text as XML takes it. By `html`: `xml.sax.saxutils` would load all there is for the network."""
    return html.escape(text, quote=False)
