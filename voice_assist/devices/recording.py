"""A recording in the microphone's place: read as a stream, driven through a session, answered in a WAV."""

from __future__ import annotations

import os
import re
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_assist.devices.edge import OnAction, Resampler, Session, mono, to_int16
from voice_assist.errors import DeviceError
from voice_assist.events import Trouble
from voice_assist.samples import RATE, Samples, samples, seconds, silence

STEP = samples(0.1)
"""Samples of one step of a rehearsal: large enough that Python costs nothing, small enough to stop at once."""

SETTLE = samples(2.0)
"""Silence that a recording is always followed by: what was said last has been understood by then."""

TAIL_S = 15 * 60.0
"""Longest time in seconds that a rehearsal waits for the session after the end of the recording:
the longest protocol, which is ten minutes, and its follow-up."""

LARGEST_READ = 1 << 20
"""Values (frames x channels) read at a time at most, so that odd headers cannot take the memory."""

LEAST_MISSING_S = 0.1
"""Seconds that must be missing before it is said: MP3 files only estimate their length."""

OPEN_ENDED = 0x7FFF_F000
"""A WAV header that promises this many bytes or more was written into a pipe and promises nothing."""


class Recording:
    """A recording of any rate, channels and format that libsndfile reads, as mono int16 at RATE.

    It is opened when made and read as a stream: a recording of hours takes no more memory than one
    of seconds. Raises DeviceError, in one line, where there is nothing to read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damage: str = ""
        """What is missing of the recording, in one sentence; known for certain once it is read."""
        self._file: Any = _open(path)
        self._rate: int = self._file.samplerate
        missing = _cut_short(self._file)
        if missing:
            self._note(missing)
        if self._file.frames <= 0:
            self._file.close()
            raise DeviceError(self.damage or f"{path} holds no sound (0 samples); record it again")

    def blocks(self) -> Iterator[Samples]:
        """Yield the recording once, from its start, in blocks of about a tenth of a second."""
        file, resampler, read = self._file, Resampler(self._rate, RATE), 0
        block = max(1, min(self._rate // 10, LARGEST_READ // file.channels))
        while read < file.frames:
            try:
                frames = file.read(block, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError:
                # A compressed stream that breaks off: what came before it was sound, and stays.
                break
            if not len(frames):
                break
            read += len(frames)
            yield to_int16(resampler.push(mono(frames)))
        if file.frames - read > self._rate * LEAST_MISSING_S:
            self._note((file.frames - read) / self._rate)
        yield to_int16(resampler.push(np.zeros(0, dtype=np.float32), last=True))

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self._file.close()

    def _note(self, missing_s: float) -> None:
        self.damage = f"{self.path} is cut short: its last {missing_s:.1f} s are missing; copy or record it again"


def _open(path: Path) -> Any:
    try:
        if path.is_dir():
            raise DeviceError(f"{path} is a folder; name one recording in it")
        if path.exists() and not path.is_file():
            raise DeviceError(f"{path} is not a file; record into a file first")
        # Python says why a file cannot be opened; libsndfile only says "System error".
        with path.open("rb") as raw:
            if not raw.read(1):
                raise DeviceError(f"{path} is empty (0 bytes); record it again")
    except FileNotFoundError:
        raise DeviceError(f"there is no file {path}; check the name") from None
    except (OSError, ValueError) as error:
        raise DeviceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        return soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        reason = error.error_string.rstrip(".")
        if "not recognised" in reason:
            raise DeviceError(f"{path} is not a sound file that can be read; save it as WAV, FLAC or OGG") from error
        raise DeviceError(f"{path} is a broken sound file ({reason}); copy or record it again") from error


def _cut_short(file: Any) -> float:
    """Return how many seconds the header of a WAV or AIFF promises beyond the end of the file."""
    # libsndfile quietly plays what is there; only its log tells that the data chunk is longer than the file.
    found = re.search(r"^\s*(?:data|SSND) : (\d+) \(should be (\d+)\)", file.extra_info, re.MULTILINE)
    if not found or int(found[1]) >= OPEN_ENDED:
        return 0.0
    promised, there = int(found[1]), int(found[2])
    rate = re.search(r"^\s*Bytes/sec\s*: (\d+)", file.extra_info, re.MULTILINE)
    a_second = int(rate[1]) if rate else there * file.samplerate // max(1, file.frames)
    return (promised - there) / max(1, a_second)


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal came to."""

    recorded: int
    """Samples of the recording, at RATE."""
    heard: int
    """Samples that the session heard in all: the recording and the silence after it."""
    settled: bool
    """False if the session was still busy when the longest wait was over."""


def rehearse(
    session: Session,
    recording: Recording,
    on_action: OnAction,
    out: Path | None = None,
    tail_s: float = TAIL_S,
) -> Rehearsal:
    """Drive a session with a recording, faster than real time, until it is idle again.

    `out` is where the spoken answer goes: a WAV on the recording's own time line. It appears when it
    is whole; an interrupted rehearsal leaves nothing. Raises DeviceError where `out` cannot be written.
    """
    if out is None:
        return _drive(session, recording, on_action, _discard, tail_s)
    if _same_file(out, recording.path):
        raise DeviceError(f"{out} is the recording itself; give the answer another name")
    answer = _Answer(out)
    try:
        rehearsal = _drive(session, recording, on_action, answer.write, tail_s)
        answer.keep()
    finally:
        answer.drop()
    return rehearsal


def _drive(
    session: Session, recording: Recording, on_action: OnAction, write: Callable[[Samples], None], tail_s: float
) -> Rehearsal:
    recorded = 0

    def step(pcm: Samples) -> None:
        session.hear(pcm)
        for action in session.actions():
            on_action(action)
        write(session.speak(len(pcm)))

    if recording.damage:
        on_action(Trouble(0, recording.damage))
    known = recording.damage
    for block in recording.blocks():
        step(block)
        recorded += len(block)
    if recording.damage != known:
        on_action(Trouble(recorded, recording.damage))
    tail, longest = 0, max(SETTLE, samples(tail_s))
    while tail < SETTLE or (not session.idle and tail < longest):
        step(silence(STEP))
        tail += STEP
    for action in session.actions():
        on_action(action)
    if not session.idle:
        on_action(Trouble(recorded + tail, f"still busy {seconds(tail):.0f} s after the recording; stopped there"))
    return Rehearsal(recorded, recorded + tail, session.idle)


class _Answer:
    """A WAV written under a name of its own, which becomes `out` when it is whole."""

    def __init__(self, out: Path) -> None:
        if out.is_dir():
            raise DeviceError(f"{out} is a folder; give the answer a file name, such as answer.wav")
        if out.suffix.lower() != ".wav":
            raise DeviceError(f"the answer is written as WAV; give {out} a name that ends in .wav")
        self._out = out
        self._part = out.with_name(f".{out.name}.{os.getpid()}.part")
        with self._blamed():
            self._raw = self._part.open("wb")
            # The standard library's writer, because it says when the disk is full.
            self._wav = wave.open(self._raw, "wb")  # noqa: SIM115 - keep() and drop() close it
        self._wav.setnchannels(1)
        self._wav.setsampwidth(2)
        self._wav.setframerate(RATE)

    def write(self, pcm: Samples) -> None:
        with self._blamed():
            self._wav.writeframesraw(pcm.astype("<i2").tobytes())

    def keep(self) -> None:
        """Finish the file and give it its name."""
        with self._blamed():
            self._wav.close()
            self._raw.close()
            self._part.replace(self._out)

    def drop(self) -> None:
        """Leave nothing half-written behind; does nothing once the file is kept."""
        with suppress(OSError):
            self._wav.close()
        with suppress(OSError):
            self._raw.close()
        self._part.unlink(missing_ok=True)

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DeviceError(f"the answer cannot be written to {self._out}: {error.strerror or error}") from error


def _same_file(out: Path, recording: Path) -> bool:
    return out.exists() and out.samefile(recording)


def _discard(pcm: Samples) -> None:
    """Take an answer that nobody wants to keep."""
