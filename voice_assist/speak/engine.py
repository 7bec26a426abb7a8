"""The renderer on pyttsx3: espeak-ng on Linux, the system's own voices on macOS and Windows."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from voice_assist.errors import RenderError
from voice_assist.samples import Samples, whole_blocks
from voice_assist.speak import voice_child
from voice_assist.speak.jobs import PATIENCE, Jobs
from voice_assist.speak.stretch import stretched

CHILD = (sys.executable, voice_child.__file__)
"""The command that renders a job; the path of the job is added."""

SLOWEST = 80
"""Words a minute below which nothing is spoken."""

SETTINGS = range(80, 451)
"""Settings that an engine takes; beyond them espeak-ng silently takes the nearest."""

ESPEAK_HASTE = 1.25
"""How much faster espeak-ng is than its setting says: at 120 it speaks our sentences of four and more words at
150 words a minute (1.20 syllables a word). delivery.md section 1 asks for 140 to 150 real ones."""

_SHAPE = 2
"""Counts the changes of mastering, so that sound kept from before such a change is not used."""


@dataclass(frozen=True)
class EngineVoice:
    """A voice of the engine."""

    id: str
    name: str
    languages: tuple[str, ...]
    """Such as `en-us`."""


@dataclass(frozen=True)
class EngineVoices:
    """What the engine can speak with."""

    voices: tuple[EngineVoice, ...]
    usual: str
    """The id of the voice that speaks where none is asked for."""
    variants: tuple[str, ...]
    """What may stand behind a voice of espeak-ng and a plus; none where that is not known."""


class Pyttsx3Renderer:
    """Renders in short-lived child processes, and gives each sentence a second chance in a new one.

    Where no voice is asked for it is the system's own: on macOS and Windows the one chosen there, if it speaks
    English. The rate that is set there is not taken: pyttsx3 2.99 sets its own before it tells what was there.
    """

    def __init__(self, pitch: int | None = None, *, command: Sequence[str] = CHILD, patience: float = PATIENCE) -> None:
        """Take the pitch, 0 to 100 with 50 as usual, where the engine knows one (espeak-ng does)."""
        self._pitch = pitch
        self._jobs = Jobs(command, voice_child.cure(), patience)

    @property
    def version(self) -> str:
        """Engine and version, part of the key under which its sound is kept."""
        engine = (
            f"espeakng_loader {_installed('espeakng_loader')}" if voice_child.LINUX else platform.platform(terse=True)
        )
        pitch = "" if self._pitch is None else f", pitch {self._pitch}"
        return f"pyttsx3 {_installed('pyttsx3')}, {engine}{pitch}, shape {_SHAPE}"

    def render(self, text: str, voice: str, rate: int) -> Samples:
        """Return one sentence as mono int16 at RATE, in whole blocks.

        `voice` is the engine's name of a voice, with espeak-ng also one with a variant such as
        `en-gb+f3`; empty for its default. `rate` is words a minute. Raises RenderError.
        """
        with closing(self.render_all([text], voice, rate)) as sounds:
            return next(sounds)[1]

    def render_all(self, texts: Sequence[str], voice: str, rate: int) -> Generator[tuple[str, Samples], None, None]:
        """Yield each different text with its sound, as it is ready. Raises RenderError like `render`."""
        wanted = _setting(rate)
        if rate < SLOWEST or wanted > SETTINGS[-1]:
            most = round(SETTINGS[-1] * _haste())
            raise RenderError(f"The voice cannot speak {rate} words a minute; choose {SLOWEST} to {most}.")
        setting = max(wanted, SETTINGS[0])
        order = {"voice": voice, "rate": setting, "pitch": self._pitch}
        with closing(self._jobs.render(texts, order)) as sounds:
            for text, pcm in sounds:
                # Slower than the engine goes, its sound is drawn out.
                yield text, stretched(pcm, whole_blocks(len(pcm) * setting // wanted))

    def voices(self) -> EngineVoices:
        """Return what the engine can speak with. Raises RenderError."""
        answer = self._jobs.ask({"voice": "", "rate": SETTINGS[0], "pitch": None, "list": True})
        try:
            told = json.loads(answer)
        except ValueError:
            # What is no list is why there is none.
            raise RenderError(answer) from None
        voices = (EngineVoice(one["id"], one["name"], tuple(one["languages"])) for one in told["voices"])
        return EngineVoices(tuple(voices), told["usual"], tuple(told["variants"]))


def _setting(rate: int) -> int:
    """Return the engine's setting for so many words a minute."""
    return round(rate / _haste())


def _haste() -> float:
    return ESPEAK_HASTE if sys.platform.startswith("linux") else 1.0


def _installed(package: str) -> str:
    try:
        return installed(package)
    except PackageNotFoundError:
        return "of the system"
