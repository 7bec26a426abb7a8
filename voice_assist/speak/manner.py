"""How a session speaks."""

from __future__ import annotations

from dataclasses import dataclass

from voice_assist.samples import samples
from voice_assist.speak.loudness import LOUDEST


@dataclass(frozen=True)
class Manner:
    """How a session speaks: from the profile and the settings."""

    volume: float = -12.0
    """dB."""
    pause: int = samples(1.5)
    """Silence after a command."""
    loudest: float = LOUDEST
    """dB that are never exceeded."""
