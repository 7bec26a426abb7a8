"""What the user chose, and what the chosen content pack brings where nobody did: its model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from voice_assist import models
from voice_assist.config import Settings, content_folder
from voice_assist.content.language import Language, language_of
from voice_assist.errors import ModelError


def with_choice(settings: Settings, model: str | None = None, content: Path | None = None) -> Settings:
    """Return the settings with what the command line says in place of theirs.

    The model that every installation has hears English only: beside a pack in another language it is nobody's choice,
    and the pack's own is taken.
    """
    pack = pack_folder(content or settings.content)
    named = model or (settings.model if settings.model != Settings.model else "")
    return replace(settings, model=named or language_of(pack).model, content=pack)


def pack_folder(named: Path) -> Path:
    """Return the folder of a pack: the one that is named, or else the pack of that name that ships, such as `de`."""
    shipped = content_folder() / named
    bare = named == Path(named.name)
    return shipped if bare and not named.is_dir() and shipped.is_dir() else named


def check_hears(folder: Path, language: Language) -> None:
    """Raise ModelError where a model is known to hear another language than the pack's: it would be deaf to it."""
    heard = models.language_of(folder)
    if heard and heard != language.code:
        cure = f"fetch the pack's own: voice-assist models fetch {language.model}"
        if any(listed.name == language.model and listed.folder for listed in models.listing()):
            cure = f"the pack's own is here: --model {language.model}"
        told = f"the content pack is {language.name}, and the model {folder.name} hears '{heard}' only"
        raise ModelError(f"{told}; {cure}")
