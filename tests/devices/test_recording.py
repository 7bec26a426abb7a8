from __future__ import annotations

import os
import sys
import tracemalloc
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assist.devices.edge import Floats
from voice_assist.devices.recording import Recording, rehearse
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Say, Trouble
from voice_assist.samples import RATE, Samples, samples, silence


class Echo:
    """A session that repeats what it hears a fixed time later, and stays awake for a while."""

    def __init__(self, delay: int = 800, awake: int = 0) -> None:
        self.clock = 0
        self.awake = awake
        self._sound = [silence(delay)]
        self._spoken = 0

    @property
    def idle(self) -> bool:
        return self.clock >= self.awake

    def hear(self, pcm: Samples) -> None:
        self.clock += len(pcm)
        self._sound.append(pcm)

    def speak(self, count: int) -> Samples:
        start, self._spoken = self._spoken, self._spoken + count
        return np.concatenate(self._sound)[start : self._spoken]

    def actions(self) -> tuple[Action, ...]:
        return (Say(self.clock, 1, "first"),) if self.clock == len(self._sound[1]) else ()

    def gap(self, count: int) -> None:
        raise AssertionError(count)

    def type(self, text: str) -> None:
        raise AssertionError(text)

    def played(self, utterance: int, count: int) -> None:
        raise AssertionError((utterance, count))


def tone(length_s: float, rate: int, hertz: float = 440.0) -> Floats:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(length_s * rate)) / rate)).astype(np.float32)


def save(path: Path, sound: Floats, rate: int, subtype: str = "PCM_16") -> Path:
    soundfile.write(path, sound, rate, subtype=subtype)
    return path


def read(path: Path) -> Samples:
    return np.concatenate(list(Recording(path).blocks()))


def unheard(action: Action) -> None:
    """Take an action that a test does not look at."""


def troubles(actions: Iterable[Action]) -> list[str]:
    return [action.what for action in actions if isinstance(action, Trouble)]


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_any_rate_and_channel_count_becomes_the_same_tone(tmp_path: Path, rate: int, channels: int) -> None:
    sound = np.repeat(tone(1.0, rate)[:, None], channels, axis=1)
    heard = read(save(tmp_path / "in.wav", sound, rate))
    assert abs(len(heard) - RATE) <= 1
    middle = slice(samples(0.2), samples(0.8))
    assert np.abs(heard[middle] / 32_768 - tone(1.0, RATE)[middle]).max() < 0.01


@pytest.mark.parametrize(
    ("name", "subtype", "tolerance"),
    [
        ("in.wav", "PCM_U8", 0.02),
        ("in.wav", "PCM_24", 0.001),
        ("in.wav", "PCM_32", 0.001),
        ("in.wav", "FLOAT", 0.001),
        ("in.wav", "DOUBLE", 0.001),
        ("in.wav", "ULAW", 0.03),
        ("in.aiff", "PCM_16", 0.001),
        ("in.flac", "PCM_16", 0.001),
        ("in.ogg", "VORBIS", 0.1),
    ],
)
def test_any_format_becomes_the_same_tone(tmp_path: Path, name: str, subtype: str, tolerance: float) -> None:
    heard = read(save(tmp_path / name, tone(1.0, RATE), RATE, subtype))
    middle = slice(samples(0.2), samples(0.8))
    assert np.abs(heard[middle] / 32_768 - tone(1.0, RATE)[middle]).max() < tolerance


def test_eight_bit_telephone_sound_is_read(tmp_path: Path) -> None:
    assert abs(len(read(save(tmp_path / "in.wav", tone(2.0, 8_000), 8_000, "PCM_U8"))) - 2 * RATE) <= 1


@settings(deadline=None)
@given(st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=5_000))
def test_sixteen_bits_at_sixteen_kilohertz_come_through_unchanged(
    tmp_path_factory: pytest.TempPathFactory, values: list[int]
) -> None:
    path = tmp_path_factory.mktemp("exact") / "in.wav"
    pcm = np.array(values, dtype=np.int16)
    soundfile.write(path, pcm, RATE, subtype="PCM_16")
    assert np.array_equal(read(path), pcm)


def test_channels_are_averaged(tmp_path: Path) -> None:
    left, right = np.full(4_000, 0.5, np.float32), np.full(4_000, -0.25, np.float32)
    heard = read(save(tmp_path / "in.wav", np.stack([left, right], axis=1), RATE, "FLOAT"))
    assert set(heard) == {4_096}


def test_what_is_no_number_is_silence_and_what_is_too_loud_is_held(tmp_path: Path) -> None:
    sound = np.array([np.nan, np.inf, -np.inf, 7.0, -7.0, 0.0], dtype=np.float32)
    heard = read(save(tmp_path / "in.wav", sound, RATE, "FLOAT"))
    assert list(heard) == [0, 32_767, -32_768, 32_767, -32_768, 0]


def test_not_a_number_does_not_deafen_the_resampler(tmp_path: Path) -> None:
    sound = tone(2.0, 48_000)
    sound[1_000] = np.nan
    heard = read(save(tmp_path / "in.wav", sound, 48_000, "FLOAT"))
    assert np.abs(heard[samples(1.0) :]).max() > 15_000


def test_a_long_recording_is_read_as_a_stream(tmp_path: Path) -> None:
    # Digital silence: FLAC keeps ten minutes in a few kilobytes, memory would take 38 MB.
    path = tmp_path / "night.flac"
    soundfile.write(path, np.zeros(600 * RATE, dtype=np.int16), RATE)
    tracemalloc.start()
    try:
        assert sum(len(block) for block in Recording(path).blocks()) == 600 * RATE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"^there is no file .*gone\.wav; check the name$"):
        Recording(tmp_path / "gone.wav")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"is a folder; name one recording in it$"):
        Recording(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_before_it_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(DeviceError, match=r"is not a file; record into a file first$"):
        Recording(tmp_path / "pipe.wav")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "in.wav").touch()
    with pytest.raises(DeviceError, match=r"is empty \(0 bytes\); record it again$"):
        Recording(tmp_path / "in.wav")


def test_text_named_wav(tmp_path: Path) -> None:
    (tmp_path / "in.wav").write_text("my calf is cramping\n" * 20)
    with pytest.raises(DeviceError, match=r"is not a sound file that can be read; save it as WAV, FLAC or OGG$"):
        Recording(tmp_path / "in.wav")


def test_a_header_that_breaks_off(tmp_path: Path) -> None:
    whole = save(tmp_path / "in.wav", tone(1.0, RATE), RATE).read_bytes()
    (tmp_path / "in.wav").write_bytes(whole[:20])
    with pytest.raises(DeviceError, match=r"is a broken sound file \(.*\); copy or record it again$"):
        Recording(tmp_path / "in.wav")


def test_no_samples(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"holds no sound \(0 samples\); record it again$"):
        Recording(save(tmp_path / "in.wav", tone(0.0, RATE), RATE))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="this user may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    path.chmod(0)
    with pytest.raises(DeviceError, match=r"cannot be read: Permission denied$"):
        Recording(path)


@pytest.mark.parametrize("name", ["in.wav", "in.aiff", "in.flac", "in.mp3"])
def test_what_is_there_of_a_cut_recording_is_heard_and_the_rest_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    soundfile.write(path, tone(4.0, RATE), RATE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    told: list[Action] = []
    result = rehearse(Echo(), Recording(path), told.append)
    assert 1.0 < result.recorded / RATE < 2.5
    missing = 4.0 - result.recorded / RATE
    assert troubles(told) == [f"{path} is cut short: its last {missing:.1f} s are missing; copy or record it again"]


def test_a_header_without_any_of_its_sound(tmp_path: Path) -> None:
    whole = save(tmp_path / "in.wav", tone(1.0, RATE), RATE).read_bytes()
    (tmp_path / "in.wav").write_bytes(whole[:44])
    with pytest.raises(DeviceError, match=r"is cut short: its last 1\.0 s are missing"):
        Recording(tmp_path / "in.wav")


def test_a_wav_from_a_pipe_promises_nothing(tmp_path: Path) -> None:
    whole = bytearray(save(tmp_path / "in.wav", tone(1.0, RATE), RATE).read_bytes())
    whole[4:8] = whole[40:44] = b"\xff" * 4
    (tmp_path / "in.wav").write_bytes(whole)
    recording = Recording(tmp_path / "in.wav")
    assert sum(len(block) for block in recording.blocks()) == RATE
    assert recording.damage == ""


def test_the_answer_runs_in_step_with_the_recording(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    told: list[Action] = []
    result = rehearse(Echo(delay=800), Recording(path), told.append, tmp_path / "out.wav")
    with wave.open(str(tmp_path / "out.wav")) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, RATE)
        answer = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
    assert len(answer) == result.heard
    assert np.array_equal(answer[800 : 800 + RATE], read(path))
    assert told == [Say(1_600, 1, "first")]
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_silence_follows_until_the_session_is_idle(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    result = rehearse(Echo(awake=samples(30.0)), Recording(path), unheard)
    assert (result.recorded, result.heard, result.settled) == (RATE, samples(30.0), True)


def test_what_was_said_last_gets_time_to_be_understood(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    assert rehearse(Echo(), Recording(path), unheard).heard >= samples(3.0)


def test_a_session_that_never_rests_is_left(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    told: list[Action] = []
    result = rehearse(Echo(awake=samples(1e6)), Recording(path), told.append, tail_s=10.0)
    assert (result.heard, result.settled) == (samples(11.0), False)
    assert troubles(told) == ["still busy 10 s after the recording; stopped there"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)

    def interrupt(action: Action) -> None:
        raise KeyboardInterrupt(action)

    with pytest.raises(KeyboardInterrupt):
        rehearse(Echo(), Recording(path), interrupt, tmp_path / "out.wav")
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.wav"]


def test_an_old_answer_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    out = tmp_path / "out.wav"
    out.write_bytes(b"old")

    def interrupt(action: Action) -> None:
        raise KeyboardInterrupt(action)

    with pytest.raises(KeyboardInterrupt):
        rehearse(Echo(), Recording(path), interrupt, out)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("in.wav", r"in\.wav is the recording itself; give the answer another name$"),
        (".", r"is a folder; give the answer a file name, such as answer\.wav$"),
        ("out.mp3", r"the answer is written as WAV; give .*out\.mp3 a name that ends in \.wav$"),
        ("nowhere/out.wav", r"the answer cannot be written to .*out\.wav: No such file or directory$"),
        ("in.wav/out.wav", r"the answer cannot be written to .*out\.wav: "),
    ],
)
def test_an_answer_that_cannot_be_written(tmp_path: Path, out: str, message: str) -> None:
    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    session = Echo()
    with pytest.raises(DeviceError, match=message):
        rehearse(session, Recording(path), unheard, tmp_path / out)
    assert session.clock == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files cannot be limited here")
def test_a_full_disk_is_said_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - Unix only

    path = save(tmp_path / "in.wav", tone(1.0, RATE), RATE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, before[1]))
    try:
        with pytest.raises(DeviceError, match=r"^the answer cannot be written to .*out\.wav: File too large$"):
            rehearse(Echo(), Recording(path), unheard, tmp_path / "out.wav")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [entry.name for entry in tmp_path.iterdir()] == ["in.wav"]
