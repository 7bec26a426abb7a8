"""Read language.yaml: what else than its words depends on the language of a pack. A pack without it is English."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voice_assist.content.fills import DIGITS, FILLS, emergency_number, spoken_number
from voice_assist.content.sheet import Cell, Faults, read_sheet
from voice_assist.errors import did_you_mean
from voice_assist.understand.sounds import METAPHONE, SOUNDS

FAULTS: Mapping[str, str] = {
    "helpless": "I can't help right now.",
    "content": "The guidance has faults.",
    "device": "The microphone does not work.",
    "model": "The listening model does not work.",
    "setting": "A setting is wrong.",
    "unheard": "Nothing listens here.",
    "other": "Something does not work.",
    "screen": "The screen says more.",
}
"""What is said of a fault that keeps the assistant from helping: first, one for each kind of fault, and last."""

PLATFORMS = ("linux", "darwin", "win32")
"""What a pack may name a voice for."""

_REQUIRED = ("language", "name", "model", "digits", "emergency", "advice", "faults")
_OPTIONAL = ("contact", "review", "voice", "sounds", "endings", "spelled", "prompt")

_TEXTS = ("name", "model", "emergency", "advice", "contact", "review", "prompt")

_TEN = 10
"""Digits."""


@dataclass(frozen=True)
class Language:
    """What depends on the language of a pack. The defaults are English."""

    code: str = "en"
    """Two letters of ISO 639-1: what the recognizer's model must hear."""
    name: str = "English"
    """As it is said in a sentence of ours."""
    review: str = ""
    """What must be known of the pack before anybody trusts it; empty for nothing."""
    model: str = "en-small"
    """The model that listens where nobody chose another: its name in the manifest."""
    voices: Mapping[str, str] = field(default_factory=dict)
    """The voice that speaks where nobody chose another, by PLATFORMS; none for the engine's default."""
    sounds: str = METAPHONE
    """How the sound of a word is told from its letters: one of `understand.sounds.SOUNDS`."""
    endings: tuple[str, ...] = ("'s",)
    """What may hang on a word and changes nothing."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """A letter to what is typed for it where the keyboard lacks it."""
    digits: tuple[str, ...] = DIGITS
    """In words, from zero on."""
    emergency: str = FILLS["emergency"]
    """What stands for the emergency number while none is set."""
    advice: str = FILLS["advice"]
    """What stands for the line for medical advice while none is set."""
    contact: str = FILLS["contact"]
    """What stands for whom to call besides, while nobody is named."""
    faults: Mapping[str, str] = field(default_factory=lambda: FAULTS)
    """What is said of a fault, by the names of FAULTS."""
    prompt: str = "Say: {words}."
    """How somebody is asked to say words, as for a recording."""

    @property
    def voice(self) -> str:
        """The voice for this system; empty for the engine's default."""
        return self.voices.get("linux" if sys.platform.startswith("linux") else sys.platform, "")

    @property
    def unset(self) -> Mapping[str, str]:
        """What stands for the numbers and the name in a line while none is set."""
        return {"emergency": self.emergency, "advice": self.advice, "contact": self.contact}

    def fills(self, emergency: str = "", advice: str = "", contact: str = "") -> dict[str, str]:
        """Return what stands for the placeholders of a line, given the user's own; empty for one not set."""
        found = dict(self.unset)
        if emergency:
            found["emergency"] = emergency_number(emergency, self.digits)
        if advice:
            found["advice"] = spoken_number(advice, self.digits)
        if contact:
            found["contact"] = contact
        return found


ENGLISH = Language()


def language_of(folder: Path) -> Language:
    """Return the language of a pack, whatever else is wrong with it; English where that cannot be told."""
    faults = Faults()
    language = read_language(folder, faults)
    return ENGLISH if faults.found else language


def read_language(folder: Path, faults: Faults) -> Language:
    """Read language.yaml; what is wrong with it is noted in `faults`."""
    sheet = read_sheet(folder, "language", faults, optional=True)
    if not sheet.fields("language.yaml"):
        return ENGLISH
    fields = sheet.form("language.yaml", _REQUIRED, _OPTIONAL)
    texts = {name: fields[name].text(name) for name in _TEXTS if name in fields}
    if "{words}" not in texts.get("prompt", ENGLISH.prompt):
        fields["prompt"].fault("prompt has no {words}; it is how somebody is asked to say some")
    return Language(
        **texts,
        code=_code(fields.get("language")),
        voices=_texts(fields.get("voice"), "voice", PLATFORMS),
        sounds=_sounds(fields.get("sounds")),
        endings=fields["endings"].texts("endings") if "endings" in fields else (),
        spelled=_texts(fields.get("spelled"), "spelled"),
        digits=_digits(fields.get("digits")),
        faults=_faults(fields.get("faults")),
    )


def _code(cell: Cell | None) -> str:
    code = cell.text("language") if cell else ""
    if cell and code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.islower()):  # noqa: PLR2004
        cell.fault(f"language is '{code}'; it must be two small letters, as ISO 639-1 has them, such as de")
    return code


def _texts(cell: Cell | None, what: str, known: tuple[str, ...] = ()) -> dict[str, str]:
    fields = {} if cell is None else cell.form(what, (), known) if known else cell.fields(what)
    return {name: entry.text(f"{what} {name}") for name, entry in fields.items()}


def _sounds(cell: Cell | None) -> str:
    name = cell.text("sounds") if cell else ""
    if cell and name and name not in SOUNDS:
        cell.fault(f"nobody here knows the sounds '{name}'; {did_you_mean(name, SOUNDS) or ', '.join(SOUNDS)}")
        return ""
    return name


def _digits(cell: Cell | None) -> tuple[str, ...]:
    digits = cell.texts("digits") if cell else ()
    if cell and len(digits) != _TEN:
        cell.fault(f"digits has {len(digits)} words; it must have ten, from zero to nine")
        return DIGITS
    return digits or DIGITS


def _faults(cell: Cell | None) -> Mapping[str, str]:
    fields = cell.form("faults", tuple(FAULTS)) if cell else {}
    return {**FAULTS, **{name: entry.text(f"faults {name}") for name, entry in fields.items()}}
