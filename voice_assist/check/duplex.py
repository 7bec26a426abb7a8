"""A microphone and a loudspeaker at once, on the microphone's clock: what is played, and what is heard meanwhile."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from voice_assist.errors import DeviceError
from voice_assist.samples import Samples, silence

SILENT_S = 6.0
"""Seconds without a block after which the microphone counts as gone; a sound server may take two to its first."""


class Microphone(Protocol):
    """Where sound comes from: see `devices.portaudio.Microphone`."""

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        """Return the samples lost before the next block, and that block; None if none came in time."""
        ...


class Loudspeaker(Protocol):
    """Where sound goes: see `devices.portaudio.Loudspeaker`."""

    def write(self, pcm: Samples) -> None:
        """Queue sound to be played."""
        ...


def play_and_hear(microphone: Microphone, loudspeaker: Loudspeaker, sound: Samples) -> Samples:
    """Play sound and return as many samples as it has, heard from its first one on.

    What waited in the microphone before is dropped; lost samples are silence. Raises DeviceError where it is gone.
    """
    while microphone.read(0.0) is not None:
        pass
    heard: list[Samples] = []
    count = 0
    while count < len(sound):
        taken = microphone.read(SILENT_S)
        if taken is None:
            raise DeviceError("the microphone gives nothing; plug it in again")
        lost, pcm = taken
        loudspeaker.write(sound[count : count + lost + len(pcm)])
        heard += [silence(lost), pcm]
        count += lost + len(pcm)
    return np.concatenate(heard)[: len(sound)]
