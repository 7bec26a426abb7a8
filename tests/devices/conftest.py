"""A sound system of its own for the live tests: PulseAudio with a virtual microphone and loudspeaker."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import pytest
import soundfile

import voice_assist
from voice_assist.samples import RATE, Samples

PATIENCE_S = 30.0
"""Seconds after which a program that says nothing has failed; no test waits as long as that."""


class Program:
    """A running program whose lines on standard output can be waited for."""

    def __init__(self, command: list[str], env: dict[str, str], errors: Path | None = None) -> None:
        self.lines: list[str] = []
        """The lines that were waited for, and at the end all of them."""
        self._errors = errors
        with errors.open("w") if errors else nullcontext() as file:
            self._process = subprocess.Popen(
                command,
                env=env,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file or subprocess.STDOUT,
            )
        self._coming: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, word: str, patience_s: float = PATIENCE_S) -> str:
        """Return the next line that holds `word`; fail where the program ends or has none for so many seconds."""
        until = time.monotonic() + patience_s
        while (line := self._next(until, word)) is not None:
            self.lines.append(line)
            if word in line:
                return line
        raise AssertionError(f"it ended without '{word}': {self.lines} {self.errors}")

    def finish(self, signal_number: int | None = None) -> int:
        """Wait for the end, after a signal if one is given, and return the exit code."""
        if signal_number is not None:
            self._process.send_signal(signal_number)
        while (line := self._coming.get(timeout=PATIENCE_S)) is not None:
            self.lines.append(line)
        return self._process.wait(PATIENCE_S)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def close(self) -> None:
        """End the program, if a test failed before it did."""
        self._process.kill()
        self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self._process.stdout is not None
        self._process.stdout.close()

    @property
    def errors(self) -> list[str]:
        """The lines on standard error, without the sound library's own grumbling."""
        text = self._errors.read_text() if self._errors else ""
        return [line for line in text.splitlines() if line.strip() and not line.startswith(("ALSA lib", "Expression "))]

    def _next(self, until: float, word: str) -> str | None:
        """Return the next line, None at the end; fail where it is too late for it (time.monotonic)."""
        try:
            return self._coming.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise AssertionError(f"there is no '{word}': {self.lines[-20:]} {self.errors}") from None

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._coming.put(line.rstrip())
        self._coming.put(None)


class SoundRoom:
    """A private PulseAudio daemon. What is played to `microphone` is what the default microphone hears;
    what the default loudspeaker plays can be recorded. Nothing of the computer's own sound is touched.

    PortAudio and PulseAudio read their environment when they are loaded: what is to be tested runs in
    a child process, in `started`.
    """

    def __init__(self, folder: Path) -> None:
        runtime, home = folder / "run", folder / "home"
        runtime.mkdir(mode=0o700)
        home.mkdir()
        # Debian's PortAudio speaks ALSA; this sends ALSA's default device to PulseAudio.
        (home / ".asoundrc").write_text("pcm.!default { type pulse }\nctl.!default { type pulse }\n")
        hidden = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "PULSE_SINK", "PULSE_SOURCE")
        self.env = {name: value for name, value in os.environ.items() if name not in hidden} | {
            "HOME": str(home),
            "PYTHONPATH": str(Path(voice_assist.__file__).parents[1]),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_RUNTIME_PATH": str(runtime / "pulse"),
            "PULSE_SERVER": f"unix:{runtime}/pulse/native",
        }
        """Environment of every program in the room."""
        self._folder = folder

    def open(self) -> None:
        """Start the sound server; it is ready when this returns."""
        modules = (
            "module-native-protocol-unix auth-anonymous=1",
            # Without rewinds it plays in steps of 50 ms, as a card does; else its first sound comes after two seconds.
            "module-null-sink sink_name=microphone norewinds=1",
            "module-null-sink sink_name=loudspeaker norewinds=1",
        )
        loaded = [argument for module in modules for argument in ("-L", module)]
        # As a daemon it returns once it has started.
        self._run("pulseaudio", "-n", "--daemonize", "--system=false", "--exit-idle-time=-1", *loaded)
        self._run("pactl", "set-default-sink", "loudspeaker")
        self._run("pactl", "set-default-source", "microphone.monitor")

    def close(self) -> None:
        """Stop the sound server, as a crash would: nobody is told."""
        self._run("pulseaudio", "--kill")

    @contextmanager
    def started(self, *arguments: str | Path, together: bool = False) -> Iterator[Program]:
        """Run a Python program in the room while the block runs; `together`, its errors are among its lines."""
        command = [sys.executable, *map(str, arguments)]
        with closing(Program(command, self.env, None if together else self._folder / "errors")) as program:
            yield program

    def unplug(self, name: str) -> None:
        """Take `microphone` or `loudspeaker` away: the sound server moves its streams to what is left."""
        listed = self.told("pactl", "list", "short", "modules")
        number = next(line.split()[0] for line in listed.splitlines() if f"sink_name={name} " in f"{line} ")
        self._run("pactl", "unload-module", number)

    def plug_in(self, name: str, *more: str) -> None:
        """Make it again; what is the default stays as the sound server has it."""
        self._run("pactl", "load-module", "module-null-sink", f"sink_name={name}", "norewinds=1", *more)

    def mute(self, *, on: bool) -> None:
        """Mute the microphone, as its switch does: it gives zeros."""
        self._run("pactl", "set-source-mute", "microphone.monitor", str(int(on)))

    def plug_in_another(self, kind: str) -> None:
        """Make a second device, to which nothing moves by itself as long as the first is there.

        The loudspeaker is `screen`. The microphone is `webcam`, and hears what is played to `webcam_air`.
        """
        if kind == "loudspeaker":
            # A real card, by its own words: preferred to what else there is.
            self.plug_in("screen", "sink_properties=device.class=sound")
        else:
            self.plug_in("webcam_air")
            # Through this it is no monitor, but a microphone.
            self._run("pactl", "load-module", "module-remap-source", "source_name=webcam", "master=webcam_air.monitor")

    def kill(self) -> None:
        """End the sound server at once, as its crash would."""
        os.kill(self.pid, signal.SIGKILL)
        (Path(self.env["PULSE_RUNTIME_PATH"]) / "pid").unlink()

    @property
    def pid(self) -> int:
        """The sound server's process."""
        return int((Path(self.env["PULSE_RUNTIME_PATH"]) / "pid").read_text())

    def told(self, *command: str) -> str:
        """Run a program of the sound server's and return what it prints."""
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
        return done.stdout

    def play(self, path: Path) -> None:
        """Play a WAV or FLAC file into the microphone, in real time."""
        self._run("paplay", "--device=microphone", "--latency-msec=50", str(path))

    def play_to(self, name: str, path: Path) -> None:
        """Play a file to another device."""
        self._run("paplay", f"--device={name}", "--latency-msec=50", str(path))

    @contextmanager
    def playing(self, path: Path) -> Iterator[None]:
        """Play a file into the microphone while the block runs."""
        with closing(Program(["paplay", "--device=microphone", str(path)], self.env)):
            yield

    @contextmanager
    def recorded(self, name: str = "loudspeaker") -> Iterator[list[Samples]]:
        """Record what a loudspeaker plays while the block runs; the list holds the recording after it."""
        raw = self._folder / f"{name}.raw"
        options = ["--raw", "--verbose", "--latency-msec=20", "--format=s16le", f"--rate={RATE}", "--channels=1"]
        command = ["parec", *options, f"--device={name}.monitor", str(raw)]
        heard: list[Samples] = []
        with closing(Program(command, self.env)) as recorder:
            recorder.wait_for("Stream successfully created")
            yield heard
            recorder.finish(signal.SIGTERM)
        heard.append(np.fromfile(raw, dtype="<i2"))

    def _run(self, *command: str) -> None:
        # To a file, not a pipe: the daemon would hold the pipe open.
        log = self._folder / "log"
        with log.open("a") as file:
            done = subprocess.run(command, env=self.env, stdout=file, stderr=file, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, f"{' '.join(command)}:\n{log.read_text()}"


class ServiceManager:
    """The end of systemd."""

    def __init__(self, address: str) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(address)

    @property
    def told(self) -> list[str]:
        heard = []
        try:
            while True:
                heard.append(self._line.recv(100, socket.MSG_DONTWAIT).decode())
        except BlockingIOError:
            return heard

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def sound_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundRoom]:
    """A virtual microphone and loudspeaker; skipped where there is no PulseAudio to make them."""
    if not sys.platform.startswith("linux"):
        pytest.skip("virtual sound devices are made with PulseAudio, on Linux")
    missing = [tool for tool in ("pulseaudio", "pactl", "paplay", "parec") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} missing: apt-get install pulseaudio pulseaudio-utils libasound2-plugins")
    if find_library("portaudio") is None:
        pytest.skip("PortAudio is missing: apt-get install libportaudio2")
    # Its own short path: the path of a Unix socket may not be long.
    room = SoundRoom(tmp_path_factory.mktemp("room"))
    room.open()
    yield room
    room.close()


@pytest.fixture
def hiss(tmp_path: Path) -> Path:
    """A minute of a room's noise: a room is never digitally silent."""
    path = tmp_path / "hiss.wav"
    soundfile.write(path, np.random.default_rng(4).normal(0, 30, 60 * RATE).astype(np.int16), RATE)
    return path


@pytest.fixture(scope="session")
def shared_audio() -> Path:
    """The folder of people's recordings beside the checkout."""
    shared = Path(os.environ.get("VOICE_ASSIST_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    if not (shared / "audio" / "speech").is_dir():
        pytest.skip("the recordings are missing: set VOICE_ASSIST_SHARED to the folder that holds audio/speech")
    return shared / "audio"
