"""The voice as a session knows it: a port."""

from __future__ import annotations

from typing import Protocol

from voice_assist.samples import Samples


class Voice(Protocol):
    """Where the sound of a line comes from: a phrasebook."""

    def sound(self, text: str) -> Samples:
        """Return a line as sound."""
        ...
