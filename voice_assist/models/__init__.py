"""Recognizer models: which there are, where they are, and whether they are whole."""

from __future__ import annotations

import os
import re
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from voice_assist.config import data_folder, models_folder
from voice_assist.errors import ModelError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/HCLr.fst",
    "graph/Gr.fst",
    "graph/disambig_tid.int",
    "graph/phones/word_boundary.int",
)
"""What libvosk opens for a model that takes its phrases at run time. It aborts the process where one lacks."""

_OFFICIAL = re.compile(r"vosk-model-(?:small-)?(de|en|es|fr|hi|it|ja|nl|pl|pt|ru|tr|uk)(?:-.*)?")
"""Names of official models that tell their language by its code of ISO 639-1; others ("cn", "vn") do not."""

_KALDI = b"\0B<TransitionModel> "
_OPENFST = 2125659606
_HAS_WORDS = 2
"""Flag in the header of an fst: its output symbols, here the words, are inside the file."""


@dataclass(frozen=True)
class Entry:
    """A model of the manifest."""

    name: str
    about: str
    """What it is good for, in a few words."""
    language: str
    """A language tag, such as en-US."""
    licence: str
    address: str = ""
    """Where its zip archive can be fetched; empty for a model that ships with the program."""
    size: int = 0
    """Bytes of the archive."""
    sha256: str = ""
    """SHA-256 of the archive, 64 hexadecimal digits."""


@dataclass(frozen=True)
class Listed:
    """A model as `voice-assist models` shows it."""

    name: str
    entry: Entry | None
    """What the manifest says of it; None for a model that the user put there."""
    folder: Path | None
    """Where it is; None if it has yet to be fetched."""
    fault: str = ""
    """Why it cannot be used; empty if it can."""


def manifest() -> Mapping[str, Entry]:
    """Return the models that the program knows, by name."""
    table = tomllib.loads((models_folder() / "manifest.toml").read_text(encoding="utf-8"))
    return {name: Entry(name, **fields) for name, fields in table.items()}


def fetched_folder() -> Path:
    """Return the folder for the models of the user, fetched or put there; it need not exist."""
    return data_folder() / "models"


def find(name: str) -> Path:
    """Return the folder of a model, given its name or its path.

    A name is looked for among the models that ship, then among the user's. Raises ModelError when
    there is no such model, or when it is not whole.
    """
    for folder in (models_folder() / name, fetched_folder() / name, Path(os.path.expanduser(name))):  # noqa: PTH111 - raises nothing where there is no home
        if name and folder.is_dir():
            check(folder)
            return folder
    if os.sep in name or "/" in name:
        raise ModelError(f"{name}: no such model folder; `voice-assist models` lists what is here")
    if name in manifest():
        raise ModelError(f"the model {name} is not here yet; fetch it once with: voice-assist models fetch {name}")
    raise ModelError(f"no model is called '{name}'; {_nearest(name)}")


def language_of(folder: Path) -> str:
    """Return the language that a model hears, two letters of ISO 639-1; empty where its name does not tell it.

    A copy with more words begins with the name of what it is a copy of.
    """
    known = [entry for name, entry in manifest().items() if folder.name == name or folder.name.startswith(f"{name}-")]
    if known:
        return max(known, key=lambda entry: len(entry.name)).language.partition("-")[0]
    official = _OFFICIAL.fullmatch(folder.name)
    return official[1] if official else ""


def fetchable(name: str) -> Entry:
    """Return the manifest's entry of a model that can be fetched, or raise ModelError."""
    entry = manifest().get(name)
    if entry is None:
        raise ModelError(f"no model to fetch is called '{name}'; {_nearest(name)}")
    if not entry.address:
        raise ModelError(f"the model {name} ships with the program; there is nothing to fetch")
    return entry


def listing() -> list[Listed]:
    """Return the models that ship, those of the user, and those that can be fetched, in this order."""
    known = manifest()
    here = {folder.name: folder for folder in (*_folders(fetched_folder()), *_folders(models_folder()))}
    there = [Listed(name, known.get(name), folder, _fault(folder)) for name, folder in sorted(here.items())]
    return there + [Listed(name, entry, None) for name, entry in known.items() if name not in here]


def check(folder: Path) -> None:
    """Raise ModelError, in one line, where a folder holds no whole Vosk model with run-time phrases.

    It reads a few bytes of each file and no more: what is corrupt further in shows when the engine
    loads it, in its own process.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder}: no such model folder; `voice-assist models` lists what is here")
    lacking = [name for name in _NEEDED if not _has(folder / name)]
    if lacking == list(_NEEDED):
        raise ModelError(f"{folder}: is not a Vosk model: it has neither am/, conf/ nor graph/")
    if (folder / "graph/HCLG.fst").exists():
        raise ModelError(
            f"{folder}: its graph is fixed (graph/HCLG.fst) and takes no phrases; use a model marked small or lgraph"
        )
    if lacking:
        raise ModelError(f"{folder}: the model is not whole: {lacking[0]} is missing or empty; fetch or copy it again")
    if _start(folder / "am/final.mdl", len(_KALDI)) != _KALDI:
        raise ModelError(f"{folder}: am/final.mdl is damaged; fetch or copy the model again")
    _header(folder, "graph/HCLr.fst")
    if not _header(folder, "graph/Gr.fst") & _HAS_WORDS and not _has(folder / "graph/words.txt"):
        raise ModelError(
            f"{folder}: the model is not whole: graph/words.txt is missing or empty; fetch or copy it again"
        )


def _header(folder: Path, name: str) -> int:
    """Check the header of an OpenFst file and return its flags."""
    # Magic number, the two names (of the fst and of its arcs) with their lengths, version, flags.
    data = _start(folder / name, 256)
    try:
        magic, length = struct.unpack_from("<ii", data)
        (length_of_arc,) = struct.unpack_from("<i", data, 8 + length)
        (flags,) = struct.unpack_from("<i", data, 16 + length + length_of_arc)
    except struct.error:
        magic = flags = 0
    if magic != _OPENFST:
        raise ModelError(f"{folder}: {name} is damaged; fetch or copy the model again")
    return int(flags)


def _start(path: Path, count: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from None


def _has(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _folders(parent: Path) -> list[Path]:
    # A dot begins the name of what is only half unpacked.
    return [path for path in parent.glob("[!.]*") if path.is_dir()]


def _fault(folder: Path) -> str:
    try:
        check(folder)
    except ModelError as error:
        return str(error)
    return ""


def _nearest(name: str) -> str:
    names = sorted({*manifest(), *(folder.name for folder in _folders(fetched_folder()))})
    near = process.extractOne(name, names, scorer=fuzz.WRatio, score_cutoff=75)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
