"""Microphone and loudspeaker through PortAudio (the sounddevice package, loaded when first needed)."""

from __future__ import annotations

import ctypes
import importlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

import voice_assist
from voice_assist.devices.buffers import Capture, Playback
from voice_assist.devices.edge import Resampler, mono, to_floats, to_int16
from voice_assist.errors import DeviceError
from voice_assist.samples import BLOCK, RATE, Samples, seconds

Kind = Literal["microphone", "loudspeaker"]

LATENCY_S: dict[Kind, float] = {"microphone": 0.1, "loudspeaker": 0.06}
"""Buffer in seconds asked of each device. A microphone's costs no time, blocks come as they are heard;
a loudspeaker's is delay, and three blocks are what a busy computer keeps filled."""

CAPTURE_S = 5.0
"""Seconds of microphone that wait while the session is busy; what comes after that is lost."""

CUSHION, MOST, LIMIT = 2 * BLOCK, 3 * BLOCK, 3 * RATE
"""Samples queued for the loudspeaker before it starts, with silence left out, and at the very most."""

LOOK_S = 10.0
"""Seconds that a look for devices in another process may take."""

CLOSE_S = 3.0
"""Seconds that the sound system may take to let go of a device; some never do."""

_SIDE: dict[Kind, str] = {"microphone": "input", "loudspeaker": "output"}

_CURE: dict[Kind, str] = {
    "microphone": "plug one in, or try a recording: voice-assist rehearse IN.wav",
    "loudspeaker": "plug one in, or use the keyboard: voice-assist type",
}


def load() -> Any:
    """Return the sounddevice module. Raises DeviceError where PortAudio is missing."""
    _hush()
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        cure = (
            "install it: sudo apt install libportaudio2 (Debian, Ubuntu), sudo dnf install portaudio (Fedora)"
            if sys.platform.startswith("linux")
            else "install the package again: pip install --force-reinstall sounddevice"
        )
        raise DeviceError(f"PortAudio, which reaches microphone and loudspeaker, is missing; {cure}") from error
    except Exception as error:
        # sounddevice starts PortAudio on import and raises a type of its own, unknown before the import.
        raise DeviceError(f"PortAudio does not start ({error}); restart the computer's sound service") from error


def _hush() -> None:
    """Keep ALSA from printing what it makes of its devices: nobody can act on it, and a screen reader reads it aloud.

    What matters of it is noticed by what the devices give.
    """
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        # A function of C that does nothing: one of ours would have the sound wait for Python.
        nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(nothing)


def names(kind: Kind) -> list[str]:
    """Return the names of the devices of a kind, each once."""
    return list(dict.fromkeys(device["name"] for device in _devices(load(), kind)))


def names_in_turn(kind: Kind) -> list[str]:
    """Return the same, the system's default first; none where there is none."""
    sd = load()
    found = names(kind)
    return list(dict.fromkeys([_find(sd, kind, "")["name"], *found])) if found else []


def listed_anew(kind: Kind) -> list[str]:
    """Return the names of the devices that a new process sees; none where it cannot look."""
    code = "import sys; from voice_assist.devices.portaudio import names; print(*names(sys.argv[1]), sep='\\n')"
    path = os.pathsep.join(filter(None, [str(Path(voice_assist.__file__).parents[1]), *sys.path]))
    try:
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code, kind],
            env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LOOK_S,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.splitlines()


def within(timeout_s: float, action: Callable[[], object]) -> bool:
    """Run an action of the sound system beside us; return whether it ended in time."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(timeout_s)
    return not thread.is_alive()


def restart() -> None:
    """Make PortAudio look for devices anew; every open stream ends. It may hang with the sound system."""
    sd = load()
    # Where starting fails, the next look for a device finds none, and says so.
    with suppress(sd.PortAudioError):
        sd._terminate()  # noqa: SLF001 - the only way to see new devices
        sd._initialize()  # noqa: SLF001


class _Device:
    """One opened device: its stream and the format it was opened with."""

    def __init__(self, kind: Kind, name: str) -> None:
        sd = load()
        device = _find(sd, kind, name)
        self.name: str = device["name"]
        self.opened = self.beat = time.monotonic()
        """When it was opened, and when the card's thread last called us: seconds of time.monotonic."""
        self.started = False
        """True once the card's thread has called."""
        try:
            self._rate, self._channels = _format(sd, kind, device)
            self._prepare()
            stream = sd.RawInputStream if kind == "microphone" else sd.RawOutputStream
            self._stream = stream(
                samplerate=self._rate,
                blocksize=self._rate * BLOCK // RATE,
                device=device["index"],
                channels=self._channels,
                dtype="int16",
                latency=LATENCY_S[kind],
                callback=self._call,
            )
            self._stream.start()
        except (sd.PortAudioError, ValueError) as error:
            raise DeviceError(
                f"the {kind} '{self.name}' cannot be opened ({error.args[0]}); "
                "close other programs that use it, or choose another in the settings"
            ) from error

    @property
    def active(self) -> bool:
        """False once the stream has ended by itself."""
        return bool(self._stream.active)

    def close(self) -> None:
        """Let go of the device; after CLOSE_S it is left to itself."""
        within(CLOSE_S, self.let_go)

    def let_go(self) -> None:
        """Let go of the device, however long that takes: with some sound systems for ever."""
        self._stream.close(ignore_errors=True)

    def _prepare(self) -> None:
        """Make ready what the callback needs; rate and channels are known."""
        raise NotImplementedError

    def _call(self, sound: Any, frames: int, when: Any, status: Any) -> None:
        """Copy a block, on the card's thread."""
        raise NotImplementedError


class Microphone(_Device):
    """A microphone as mono int16 at RATE, in blocks of about 20 ms.

    `name` is the device's name or a part of it; empty is the system's default. Raises DeviceError.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__("microphone", name)

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        """Return the samples lost before the next block, and that block; None if none came in time."""
        taken = self._capture.take(timeout_s)
        if taken is None:
            return None
        lost, sound = taken
        pcm: Samples = np.frombuffer(sound, dtype=np.int16)
        if self._rate != RATE or self._channels != 1:
            frames = to_floats(pcm).reshape(-1, self._channels)
            pcm = to_int16(self._resampler.push(mono(frames)))
        return lost * RATE // self._rate, pcm

    def _prepare(self) -> None:
        self._capture = Capture(round(CAPTURE_S * RATE / BLOCK))
        self._resampler = Resampler(self._rate, RATE, "MQ")

    def _call(self, sound: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ARG002 - PortAudio's signature
        before, self.beat, self.started = self.beat, time.monotonic(), True
        # The card says that it lost sound, not how much: what passed since its last call, a block at least.
        passed = round((self.beat - before) * self._rate) - frames
        self._capture.put(bytes(sound), frames, max(frames, passed) if status.input_overflow else 0)


class Loudspeaker(_Device):
    """A loudspeaker that takes mono int16 at RATE and plays it within a few hundredths of a second.

    `name` is the device's name or a part of it; empty is the system's default. Raises DeviceError.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__("loudspeaker", name)

    @property
    def pending_s(self) -> float:
        """Seconds from a sample that is written now to the air."""
        return len(self._playback) / (2 * self._channels * self._rate) + float(self._stream.latency)

    def write(self, pcm: Samples) -> None:
        """Queue sound to be played."""
        silent = not pcm.any()
        if self._rate != RATE:
            pcm = to_int16(self._resampler.push(to_floats(pcm)))
        self._playback.write(np.repeat(pcm, self._channels).tobytes(), silent=silent)

    def _prepare(self) -> None:
        # A resampler gives its sound in lumps of up to two blocks.
        cushion = CUSHION if self._rate == RATE else CUSHION + BLOCK
        room = (self._size(count) for count in (cushion, cushion + MOST - CUSHION, LIMIT))
        self._playback = Playback(*room)
        self._resampler = Resampler(RATE, self._rate, "MQ")

    def _size(self, count: int) -> int:
        """Return the bytes that `count` samples at RATE take on this device."""
        return round(seconds(count) * self._rate) * 2 * self._channels

    def _call(self, sound: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ARG002 - PortAudio's signature
        self.beat, self.started = time.monotonic(), True
        sound[:] = self._playback.fill(len(sound))


def _devices(sd: Any, kind: Kind) -> list[dict[str, Any]]:
    try:
        return [device for device in sd.query_devices() if device[f"max_{_SIDE[kind]}_channels"] > 0]
    except sd.PortAudioError:
        return []  # a sound system that does not even start has no devices


def _find(sd: Any, kind: Kind, name: str) -> dict[str, Any]:
    """Return the device of a name, or the default. Names are kept, not numbers: those change with every plug."""
    devices = _devices(sd, kind)
    if not devices:
        raise DeviceError(f"no {kind} was found; {_CURE[kind]}")
    default = sd.default.device[_SIDE[kind]]
    if not name:
        # A computer may have devices and yet no default; the first is then as good as any.
        return next((device for device in devices if device["index"] == default), devices[0])
    wanted = name.casefold()
    alike = [device for device in devices if wanted in device["name"].casefold()]
    if not alike:
        known = ", ".join(f"'{known}'" for known in dict.fromkeys(device["name"] for device in devices))
        raise DeviceError(f"there is no {kind} named '{name}'; there are: {known}")
    # The same device is listed once for each of the system's sound interfaces: take the default one's.
    return min(alike, key=lambda device: (device["name"].casefold() != wanted, device["hostapi"] != sd.default.hostapi))


def _format(sd: Any, kind: Kind, device: dict[str, Any]) -> tuple[int, int]:
    """Return the rate and the channels to open a device with: ours if it takes them, else its own."""
    native = int(device["default_samplerate"])
    wishes = [(rate, channels) for rate in (RATE, native) for channels in (1, 2)]
    refusals = [_refusal(sd, kind, device["index"], *wish) for wish in wishes]
    if "" not in refusals:
        raise ValueError(refusals[0])
    return wishes[refusals.index("")]


def _refusal(sd: Any, kind: Kind, index: int, rate: int, channels: int) -> str:
    """Return why a device does not take a format; empty if it does."""
    check = sd.check_input_settings if kind == "microphone" else sd.check_output_settings
    try:
        check(device=index, channels=channels, dtype="int16", samplerate=rate)
    except (sd.PortAudioError, ValueError) as error:
        return str(error.args[0])
    return ""
