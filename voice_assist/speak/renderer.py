"""The renderer port: a sentence in, samples out. Voices stand behind it."""

from __future__ import annotations

from typing import Protocol

from voice_assist.samples import Samples


class Renderer(Protocol):
    """A speech synthesizer."""

    @property
    def version(self) -> str:
        """Engine and version, part of the key under which its sound is kept."""
        ...

    def render(self, text: str, voice: str, rate: int) -> Samples:
        """Return one sentence as mono int16 at RATE.

        `voice` is the engine's own name for a voice, empty for its default; `rate` is words a
        minute. Raises RenderError when the engine hangs, dies or writes nothing, or when the voice
        is unknown; the message names the cure.
        """
        ...
