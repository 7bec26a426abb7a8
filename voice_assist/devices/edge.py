"""What every edge shares: the session as an edge sees it, and the way to and from its kind of sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import soxr

from voice_assist.events import Action
from voice_assist.samples import Samples

Floats = npt.NDArray[np.float32]
"""Mono sound of any rate, shape (n,), full scale is -1 to 1."""

OnAction = Callable[[Action], None]
"""Who is told what happened: it prints, writes the journal, speaks a trouble."""

FULL_SCALE = 32_768
"""int16 for 1.0. A power of two, so that a 16-bit recording at 16 kHz passes through unchanged."""


class Session(Protocol):
    """The core, as an edge drives it: sound in, sound out, in lockstep."""

    @property
    def idle(self) -> bool:
        """True while the dialogue sleeps and nothing is being said."""
        ...

    def hear(self, pcm: Samples) -> None:
        """Take in sound of any length; the session's clock is the samples heard."""
        ...

    def gap(self, count: int) -> None:
        """Take note that `count` samples were lost; the clock counts them."""
        ...

    def type(self, text: str) -> None:
        """Take in a typed utterance."""
        ...

    def speak(self, count: int) -> Samples:
        """Return the next `count` samples for the loudspeaker: as many as were just heard or lost."""
        ...

    def played(self, utterance: int, count: int) -> None:
        """Take note that `count` samples of an utterance have really come out."""
        ...

    def actions(self) -> tuple[Action, ...]:
        """Return what happened since the last call."""
        ...


class SpokenSession(Session, Protocol):
    """A session that can be told of its own devices."""

    def absent(self, count: int) -> None:
        """Take note that `count` samples, whole blocks, went by in which we did not run."""
        ...

    def notice(self, name: str) -> None:
        """Say the pack's line of a fault of a device, when that disturbs nothing."""
        ...

    def withdraw(self, name: str) -> None:
        """Leave a notice unsaid: it is true no more."""
        ...

    def lack(self, devices: Iterable[str]) -> None:
        """Take in which devices are lost now, by the names of notices, in place of those that were."""
        ...


class Passing(Protocol):
    """Who is told how much sound goes by."""

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by, heard or lost."""
        ...


class Overhearing(Protocol):
    """Who hears the sound of the microphone beside the session."""

    def heard(self, pcm: Samples, spoken: Samples) -> None:
        """Take in a block, and what was spoken in it."""
        ...


class Together:
    """Several who are told how much sound goes by."""

    def __init__(self, *told: Passing) -> None:
        self._told = told

    def passed(self, count: int) -> None:
        """See `Passing.passed`."""
        for one in self._told:
            one.passed(count)


def mono(frames: npt.NDArray[np.float32]) -> Floats:
    """Return the mean of the channels of frames of shape (n, channels), held within full scale.

    What is not a number becomes silence: one such sample would deafen a resampler for good.
    """
    mixed = frames[:, 0] if frames.shape[1] == 1 else frames.mean(axis=1, dtype=np.float32)
    return np.clip(np.nan_to_num(mixed, nan=0.0), -1.0, 1.0)


def to_int16(sound: Floats) -> Samples:
    """Return sound as int16, held within full scale."""
    return np.clip(np.rint(sound * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def to_floats(pcm: Samples) -> Floats:
    """Return int16 as floats within full scale."""
    return pcm.astype(np.float32) / np.float32(FULL_SCALE)


class Resampler:
    """A stream of mono sound from one rate to another; equal rates pass it through untouched."""

    def __init__(self, source: int, target: int, quality: str = "HQ") -> None:
        # Untyped library: Any is what it gives.
        self._stream: Any = None if source == target else soxr.ResampleStream(source, target, 1, "float32", quality)

    def push(self, sound: Floats, *, last: bool = False) -> Floats:
        """Return what is ready; with `last` also the rest that the filter still holds."""
        if self._stream is None:
            return sound
        ready: Floats = self._stream.resample_chunk(np.ascontiguousarray(sound, dtype=np.float32), last)
        return ready
