from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import voice_assist
from voice_assist.devices import portaudio
from voice_assist.devices.portaudio import Loudspeaker, Microphone, load, names, within
from voice_assist.errors import DeviceError
from voice_assist.samples import BLOCK, RATE, samples


class PortAudioError(Exception):
    """What sounddevice raises."""


class Stream:
    """An opened stream whose callback the test calls, as the sound card would."""

    latency = 0.06
    active = True

    def __init__(self, callback: Callable[..., None], **settings: Any) -> None:
        self.call = callback
        self.settings = settings
        self.started = self.closed = False

    def start(self) -> None:
        self.started = True

    def close(self, *, ignore_errors: bool) -> None:
        self.closed = ignore_errors


class Sounddevice:
    """The part of sounddevice that is used, over devices that take their own rates and channels only."""

    PortAudioError = PortAudioError

    def __init__(self, *devices: tuple[str, int, int, int, int], default: int = 0) -> None:
        """Take (name, inputs, outputs, rate, sound interface) of each device."""
        fields = ("name", "max_input_channels", "max_output_channels", "default_samplerate", "hostapi")
        self.devices = [
            {"index": index} | dict(zip(fields, device, strict=True)) for index, device in enumerate(devices)
        ]
        self.default = SimpleNamespace(device={"input": default, "output": default}, hostapi=0)
        self.streams: list[Stream] = []
        self.takes: Callable[[int, int], bool] = lambda rate, channels: (rate, channels) == (RATE, 1)

    def query_devices(self) -> list[dict[str, Any]]:
        return self.devices

    def check_input_settings(self, device: int, channels: int, dtype: str, samplerate: int) -> None:
        assert (self.devices[device]["index"], dtype) == (device, "int16")
        if not self.takes(samplerate, channels):
            raise PortAudioError("Invalid sample rate", -9997)

    check_output_settings = check_input_settings

    def RawInputStream(self, **settings: Any) -> Stream:  # noqa: N802 - its name there
        self.streams.append(Stream(**settings))
        return self.streams[-1]

    RawOutputStream = RawInputStream


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sounddevice], Sounddevice]:
    def install(sd: Sounddevice) -> Sounddevice:
        monkeypatch.setattr(portaudio, "load", lambda: sd)
        return sd

    return install


Install = Callable[[Sounddevice], Sounddevice]


def test_our_own_format_passes_through_unchanged(install: Install) -> None:
    sd = install(Sounddevice(("Built-in", 2, 2, 48_000, 0)))
    microphone = Microphone()
    assert (sd.streams[0].started, sd.streams[0].settings["samplerate"], sd.streams[0].settings["blocksize"]) == (
        True,
        RATE,
        BLOCK,
    )
    pcm = np.arange(BLOCK, dtype=np.int16)
    sd.streams[0].call(pcm.tobytes(), BLOCK, None, SimpleNamespace(input_overflow=False))
    taken = microphone.read(0.0)
    assert taken is not None
    assert (taken[0], taken[1].tolist()) == (0, pcm.tolist())
    assert microphone.read(0.0) is None


def test_a_microphone_with_a_rate_and_channels_of_its_own_is_converted(install: Install) -> None:
    sd = install(Sounddevice(("USB", 2, 0, 44_100, 0)))
    sd.takes = lambda rate, channels: (rate, channels) == (44_100, 2)
    microphone = Microphone()
    time = np.arange(44_100) / 44_100
    left = (20_000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16)
    frames = np.stack([left, np.zeros_like(left)], axis=1)
    heard = []
    for start in range(0, 44_100, 882):
        sd.streams[0].call(frames[start : start + 882].tobytes(), 882, None, SimpleNamespace(input_overflow=False))
        taken = microphone.read(0.0)
        assert taken is not None
        heard.append(taken[1])
    sound = np.concatenate(heard)
    assert RATE - samples(0.1) < len(sound) <= RATE
    middle = sound[samples(0.2) : samples(0.8)]
    assert np.abs(middle).max() == pytest.approx(10_000, rel=0.02)
    assert np.count_nonzero(np.diff(np.signbit(middle))) == pytest.approx(2 * 440 * 0.6, abs=2)


def test_a_loudspeaker_with_a_rate_and_channels_of_its_own_gets_them(install: Install) -> None:
    sd = install(Sounddevice(("USB", 0, 2, 48_000, 0)))
    sd.takes = lambda rate, channels: (rate, channels) == (48_000, 2)
    loudspeaker = Loudspeaker()
    tone = (10_000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.int16)
    out = []
    for start in range(0, RATE, BLOCK):
        loudspeaker.write(tone[start : start + BLOCK])
        block = bytearray(960 * 4)
        sd.streams[0].call(block, 960, None, None)
        out.append(np.frombuffer(bytes(block), dtype=np.int16).reshape(-1, 2))
    frames = np.concatenate(out)
    assert np.array_equal(frames[:, 0], frames[:, 1])
    middle = frames[24_000:40_000, 0]
    assert np.abs(middle).max() == pytest.approx(10_000, rel=0.02)
    assert np.count_nonzero(np.diff(np.signbit(middle))) == pytest.approx(2 * 440 / 3, abs=2)


def test_what_waits_and_the_card_itself_delay_a_sample(install: Install) -> None:
    install(Sounddevice(("Built-in", 2, 2, 48_000, 0)))
    loudspeaker = Loudspeaker()
    loudspeaker.write(np.ones(2 * BLOCK, dtype=np.int16))
    assert loudspeaker.pending_s == pytest.approx(0.04 + Stream.latency)


def test_an_overrun_is_at_least_a_block(install: Install) -> None:
    sd = install(Sounddevice(("Built-in", 2, 2, 48_000, 0)))
    microphone = Microphone()
    sd.streams[0].call(bytes(2 * BLOCK), BLOCK, None, SimpleNamespace(input_overflow=True))
    taken = microphone.read(0.0)
    assert taken is not None
    assert taken[0] >= BLOCK


def test_the_default_is_taken_where_no_name_is_given(install: Install) -> None:
    install(Sounddevice(("Webcam", 1, 0, 16_000, 0), ("Headset", 1, 1, 16_000, 0), default=1))
    assert (Microphone().name, Loudspeaker().name) == ("Headset", "Headset")


def test_without_a_default_any_device_serves(install: Install) -> None:
    install(Sounddevice(("Screen", 0, 2, 48_000, 0), ("Webcam", 1, 0, 16_000, 0), default=-1))
    assert Microphone().name == "Webcam"


def test_a_name_listed_by_several_interfaces_is_taken_from_the_default_one(install: Install) -> None:
    sd = install(
        Sounddevice(("Headset", 1, 1, 16_000, 1), ("Headset", 1, 1, 16_000, 0), ("Headset 2", 1, 1, 16_000, 0))
    )
    Microphone("headset")
    assert sd.streams[0].settings["device"] == 1
    assert names("microphone") == ["Headset", "Headset 2"]


def test_a_device_that_takes_nothing_is_named_with_the_reason(install: Install) -> None:
    install(Sounddevice(("Odd", 1, 1, 96_000, 0))).takes = lambda _rate, _channels: False
    with pytest.raises(DeviceError, match=r"^the loudspeaker 'Odd' cannot be opened \(Invalid sample rate\); close"):
        Loudspeaker()


def test_no_loudspeaker_is_one_line_with_the_cure(install: Install) -> None:
    install(Sounddevice(("Webcam", 1, 0, 16_000, 0)))
    with pytest.raises(
        DeviceError, match=r"^no loudspeaker was found; plug one in, or use the keyboard: voice-assist type$"
    ):
        Loudspeaker()


def test_a_missing_portaudio_is_one_line_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"PortAudio library not found by {name}")

    monkeypatch.setattr(importlib, "import_module", missing)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(DeviceError, match=r"is missing; install it: sudo apt install libportaudio2 \(Debian, Ubuntu\)"):
        load()
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(DeviceError, match=r"is missing; install the package again: pip install"):
        load()


def test_what_hangs_is_left_after_its_time() -> None:
    import threading  # noqa: PLC0415 - for this test alone

    never = threading.Event()
    assert within(30.0, lambda: None)
    assert not within(0.0, never.wait)
    never.set()


@pytest.mark.skipif(not find_library("asound") or not find_library("portaudio"), reason="ALSA is the sound of Linux")
def test_what_alsa_makes_of_its_devices_is_read_out_to_nobody() -> None:
    opened = "import ctypes; ctypes.CDLL('libasound.so.2').snd_pcm_open(ctypes.byref(ctypes.c_void_p()), b'gone', 0, 0)"
    env = os.environ | {"PYTHONPATH": str(Path(voice_assist.__file__).parents[1])}

    def printed(program: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        ).stderr

    assert "Unknown PCM gone" in printed(opened)
    assert printed(f"from voice_assist.devices import portaudio; portaudio.load()\n{opened}") == ""
