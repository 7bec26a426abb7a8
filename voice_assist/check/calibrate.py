"""How loud the night's voice should be in a room: well above its noise at the microphone, and no louder."""

from __future__ import annotations

from dataclasses import dataclass

from voice_assist.check.measure import Heard
from voice_assist.speak.mastering import LOUDNESS

ABOVE_NOISE = 15.0
"""dB that the voice is to be above the room's noise at the microphone: every word is understood, nobody is startled."""

SOFTEST = -24.0
"""dB below which it is never set: a microphone may be nearer to the loudspeaker than the ear."""


@dataclass(frozen=True)
class Calibration:
    """What came of it."""

    volume: float | None
    """dB of the night's voice; None where nothing is to be changed."""
    why: str = ""
    """Why nothing was changed."""


def calibrate(heard: Heard, noise: float, most: float) -> Calibration:
    """Return the volume for a room of so much noise (dBFS), not above `most` dB."""
    if heard.echo is None:
        return Calibration(None, "our voice is not heard by the microphone")
    if heard.clipped:
        return Calibration(None, "the microphone's sound is cut off at the top")
    needed = noise + ABOVE_NOISE - (LOUDNESS + heard.echo.level)
    if needed > most:
        return Calibration(None, f"the room is too noisy: the voice would need {needed:.0f} dB, {most:.0f} is the most")
    return Calibration(round(max(needed, SOFTEST), 1))
