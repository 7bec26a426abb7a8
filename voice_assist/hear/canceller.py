"""Our own voice taken out of the microphone's sound, by a library made for it.

A help, never a guarantee: on real loudspeakers it takes away less than in a simulated room. So nothing
depends on it: `hear.echo` knows what we say, and `hear.echo_meter` tells whether any of it is left.

It is off unless the settings ask for it. What it takes away of us in the simulated room is all, but a short word over
our voice goes with it: of nine voices that say "stop" over a line of ours, as loud as we or twice as loud, 2 and 4 are
heard with it, 8 and 6 without.
"""

from __future__ import annotations

from typing import Protocol

from voice_assist.samples import Samples, samples

LINGERS = samples(1.0)
"""How long after our last sound an echo of it may still come: both devices' buffers and a large room. Then the
canceller rests: it takes a twentieth of a core."""


class EchoCanceller(Protocol):
    """Takes what we play out of what is heard."""

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return a block without our own voice, given the block that was played at the same time."""
        ...


class NoCanceller:
    """Leaves all as it is heard: for headphones, typing, and machines that have no canceller."""

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """Return what was heard."""
        del played
        return heard


class WebRtc:
    """WebRTC's third canceller (AEC3) by way of pywebrtc-audio: finds the delay itself, up to 0.5 s.

    Raises ImportError where the package has no build for the machine.
    """

    def __init__(self) -> None:
        # Late: who only types needs no canceller.
        from pywebrtc_audio import EchoCanceller as Aec3  # noqa: PLC0415

        self._aec3 = Aec3()
        self._left = 0

    def cancel(self, heard: Samples, played: Samples) -> Samples:
        """See `EchoCanceller.cancel`."""
        if played.any():
            self._left = LINGERS
        if self._left <= 0:
            return heard
        self._left -= len(heard)
        return self._aec3.process(heard, played)
