"""A sound system of its own for live measurements: PulseAudio with a virtual microphone and loudspeaker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

from scripts.benchmarks.figures import SkippedError

BRISK = " norewinds=1"
"""Has a null sink play in steps of 50 ms."""

TOOLS = ("pulseaudio", "pactl", "paplay")
MODULES = (
    "module-native-protocol-unix auth-anonymous=1",
    "module-null-sink sink_name=microphone",
    "module-null-sink sink_name=loudspeaker",
)


@contextmanager
def sound_room(*, brisk: bool = False) -> Iterator[dict[str, str]]:
    """Yield the environment of programs in the room. What is played to the device `microphone` is heard.

    Its devices play in steps of up to two seconds, so the first sound of one that was just made comes as late;
    `brisk` ones in steps of 50 ms, as a sound card does.
    Nothing of the computer's own sound is touched. Raises SkippedError where it cannot be made.
    """
    if not sys.platform.startswith("linux"):
        raise SkippedError("live figures: virtual sound devices are made with PulseAudio, on Linux")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise SkippedError(
            f"live figures: {', '.join(missing)} missing; "
            "sudo apt-get install pulseaudio pulseaudio-utils libasound2-plugins"
        )
    if find_library("portaudio") is None:
        raise SkippedError("live figures: PortAudio is missing; sudo apt-get install libportaudio2")
    # A short path: that of a Unix socket may not be long.
    with tempfile.TemporaryDirectory(prefix="room-") as name:
        env = _environment(Path(name))
        start_server(env, brisk=brisk)
        try:
            yield env
        finally:
            _run(env, "pulseaudio", "--kill")


def start_server(env: dict[str, str], *, brisk: bool) -> None:
    """Start the room's sound server; its devices are ready when this returns. Raises SkippedError."""
    modules = [f"{module}{BRISK}" if brisk and "sink_name" in module else module for module in MODULES]
    loaded = [argument for module in modules for argument in ("-L", module)]
    _run(env, "pulseaudio", "-n", "--daemonize", "--system=false", "--exit-idle-time=-1", *loaded)
    _run(env, "pactl", "set-default-sink", "loudspeaker")
    _run(env, "pactl", "set-default-source", "microphone.monitor")


def server_pid(env: dict[str, str]) -> int:
    """Return the sound server's process."""
    return int((Path(env["PULSE_RUNTIME_PATH"]) / "pid").read_text(encoding="ascii"))


def unplug(env: dict[str, str], name: str) -> None:
    """Take a device away: the sound server moves its streams to what is left."""
    listed = subprocess.run(["pactl", "list", "short", "modules"], env=env, capture_output=True, text=True, check=True)  # noqa: S607
    number = next(line.split()[0] for line in listed.stdout.splitlines() if f"sink_name={name} " in f"{line} ")
    _run(env, "pactl", "unload-module", number)


def plug_in(env: dict[str, str], name: str, *more: str) -> None:
    """Make a device again."""
    _run(env, "pactl", "load-module", "module-null-sink", f"sink_name={name}", BRISK.strip(), *more)


def _environment(folder: Path) -> dict[str, str]:
    runtime, home = folder / "run", folder / "home"
    runtime.mkdir(mode=0o700)
    home.mkdir()
    # Debian's PortAudio speaks ALSA; this sends ALSA's default device to PulseAudio.
    (home / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n", encoding="utf-8")
    hidden = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "PULSE_SINK", "PULSE_SOURCE")
    return {name: value for name, value in os.environ.items() if name not in hidden} | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
        "PULSE_SERVER": f"unix:{runtime}/pulse/native",
    }


def _run(env: dict[str, str], *command: str) -> None:
    # Not through a pipe: the daemon would hold it open.
    done = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SkippedError(f"live figures: {' '.join(command[:2])} failed with code {done.returncode}")
