"""Which voices there are for a language, the best first, and whether one that is named is among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from voice_assist.speak.engine import EngineVoice, EngineVoices, Pyttsx3Renderer
from voice_assist.speak.voice_child import UnusableError, Voice, find_voice

OFFERED = ("", "+m8", "+f1", "+f2")
"""What is offered of the usual voice of espeak-ng: as it is (117 Hz), lower (100 Hz), and higher (190 and 210 Hz). A
second voice helps whom the first does not suit (delivery.md section 1)."""

_UNHEARD = ("-shaw",)
"""Ends of voices of espeak-ng that are for another script, not for another ear."""


@dataclass(frozen=True)
class Choice:
    """A voice to choose."""

    voice: str
    """What the setting `voice` takes."""
    name: str
    """For people, with what tells it from others of the same voice."""
    language: str
    """Such as `en-us`; empty where the engine does not tell."""
    usual: bool = False
    """Whether it speaks where no voice is set."""


def samples_of_voices(language: str, engine: EngineVoices | None = None) -> tuple[Choice, ...]:
    """Return the voices for a language such as `en`, the usual one first; all of them for an empty language.

    Raises RenderError where the engine does not start.
    """
    known = engine or Pyttsx3Renderer().voices()
    fitting = [voice for voice in known.voices if _speaks(voice, language) and not voice.id.endswith(_UNHEARD)]
    fitting.sort(
        key=lambda voice: (voice.id != known.usual, not _plain(voice, language), any(map(str.isdigit, voice.id)))
    )
    return tuple(choice for place, voice in enumerate(fitting) for choice in _offered(voice, known, first=place == 0))


def resolved(wanted: str, known: EngineVoices, language: str) -> str:
    """Return the id of a voice by any name it goes by, empty if it is unknown or speaks no `language`.

    A variant that is not known is left out.
    """
    base, _, variant = wanted.partition("+")
    try:
        found = find_voice(base, cast("Sequence[Voice]", known.voices))
    except UnusableError:
        return ""
    speaks = any(voice.id == found and _speaks(voice, language) for voice in known.voices)
    variants = {name.casefold(): name for name in known.variants}
    suffix = variants.get(variant.casefold(), "") if variant else ""
    return f"{found}{'+' if suffix else ''}{suffix}" if speaks else ""


def _offered(voice: EngineVoice, known: EngineVoices, *, first: bool) -> Iterator[Choice]:
    language = voice.languages[0] if voice.languages else ""
    # espeak-ng's ids are paths; their last part is shorter to write, and names the same voice.
    short = voice.id.rpartition("/")[2] if known.variants else voice.id
    for suffix in OFFERED if first and known.variants else ("",):
        if not suffix or suffix[1:] in known.variants:
            kind = {"f": ", higher", "m": ", lower"}.get(suffix[1:2], "")
            name = f"{voice.name}{kind}{f' ({suffix[1:]})' if suffix else ''}"
            yield Choice(f"{short}{suffix}", name, language, usual=not suffix and voice.id == known.usual)


def _speaks(voice: EngineVoice, language: str) -> bool:
    return any(_prefix(name) == _prefix(language) for name in voice.languages) or not language


def _plain(voice: EngineVoice, language: str) -> bool:
    """Tell whether a voice is of a country at most, not of a town or a way of speaking."""
    return any(len(name.split("-")) <= 2 for name in voice.languages if _prefix(name) == _prefix(language))  # noqa: PLR2004


def _prefix(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
