"""Who speaks, from the settings: the engine, its voice and its rate, or those of the user's screen reader."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from voice_assist.config import PIPER, Settings
from voice_assist.content.language import ENGLISH, Language
from voice_assist.errors import RenderError
from voice_assist.samples import Samples
from voice_assist.speak import screen_reader
from voice_assist.speak.choices import resolved
from voice_assist.speak.engine import ESPEAK_HASTE, SETTINGS, Pyttsx3Renderer
from voice_assist.speak.phrasebook import BatchRenderer, Phrasebook
from voice_assist.speak.piper_voice import PiperRenderer

Tell = Callable[[str], None]
"""Takes one plain line for the user."""


@dataclass(frozen=True)
class Speech:
    """A renderer, and what it is asked for."""

    renderer: BatchRenderer
    voice: str
    rate: int

    def render(self, text: str) -> Samples:
        """Return one sentence as sound. Raises RenderError."""
        return self.renderer.render(text, self.voice, self.rate)

    def phrasebook(self, cache: Path, numbers: Iterable[str] = ()) -> Phrasebook:
        """Return the sounds of phrases, kept under `cache`; `numbers` are those of a count."""
        return Phrasebook(self.renderer, self.voice, self.rate, cache / "voice", numbers)


def speech_of(settings: Settings, tell: Tell, language: Language = ENGLISH) -> Speech:
    """Return who speaks; where nobody chose a voice, that of the pack's language.

    Tells what of the screen reader was taken, and what was not. A voice of piper that is not there is told, too, and
    the usual one speaks: at night any voice is better than none.
    """
    rate, pitch, voice = settings.rate, settings.pitch, settings.voice or language.voice
    if settings.as_screen_reader:
        taken = _taken(tell, language.code)
        rate = taken.rate or rate
        pitch = pitch if taken.pitch is None else taken.pitch
        voice = voice if voice.endswith(PIPER) else taken.voice or voice
    if voice.endswith(PIPER):
        try:
            return Speech(PiperRenderer(Path(voice)), voice, rate)
        except RenderError as fault:
            tell(f"{fault} Until then the usual voice speaks.")
            voice = language.voice
    return Speech(Pyttsx3Renderer(pitch), voice, rate)


@dataclass(frozen=True)
class _Taken:
    voice: str = ""
    rate: int | None = None
    """Words a minute, real ones."""
    pitch: int | None = None


def _taken(tell: Tell, language: str) -> _Taken:
    """Return what the screen reader speaks with, as far as our engine can speak so, and tell it."""
    if not sys.platform.startswith("linux"):
        tell("as_screen_reader works on Linux only; here the system's own voice speaks, at the rate that is set.")
        return _Taken()
    found = screen_reader.found()
    for trouble in found.troubles:
        tell(trouble)
    if not found.source:
        tell("No settings of Orca or speech-dispatcher are here to take over; voice and rate are ours.")
        return _Taken()
    voice = _voice(found, tell, language)
    rate = found.rate and round(min(max(found.rate, SETTINGS[0]), SETTINGS[-1]) * ESPEAK_HASTE)
    values = (
        f"voice {voice}" if voice else "",
        f"{rate} words a minute" if rate else "",
        f"pitch {found.pitch}" if found.pitch is not None else "",
    )
    if any(values):
        tell(f"Taken over from {found.source}: {', '.join(filter(None, values))}.")
    return _Taken(voice, rate, found.pitch)


def _voice(found: screen_reader.Speech, tell: Tell, language: str) -> str:
    """Return the first voice that the screen reader names and espeak-ng has in the pack's language."""
    named = [name for name in (found.voice, found.language) if name]
    if not named:
        return ""
    try:
        known = Pyttsx3Renderer().voices()
    except RenderError as fault:
        tell(f"The voices cannot be asked for: {fault}")
        return ""
    for name in named:
        if voice := resolved(name, known, language):
            return voice
    speaker = "" if found.module == screen_reader.ESPEAK else f" of {found.module}"
    tell(
        f"{found.source} speaks with '{named[0]}'{speaker}, which espeak-ng has not in this language; it is not taken."
    )
    return ""
