"""Phrases in the user's own voice: asked for one by one, recorded, kept in a folder that the user named.

It is the one place in the program that keeps sound, and only `voice-assist record` uses it. What is kept is a WAV for
each phrase and a list of them, PHRASES; whoever deletes the folder has deleted all of it.
"""

from __future__ import annotations

import csv
import re
import shlex
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from voice_assist.content import Pack
from voice_assist.content.language import ENGLISH
from voice_assist.errors import DeviceError
from voice_assist.events import Context
from voice_assist.samples import RATE, Samples, samples
from voice_assist.understand.matcher import Matcher

PHRASES = "phrases.tsv"
"""The list of what a folder holds: a line for each recording, with its file, the place it names, and its words."""

COUNT = 10
"""How many phrases are asked for: enough to see a pattern, few enough to be said."""

LENGTH = 5.0
"""Seconds that are recorded for each phrase."""

SILENT = 3.0
"""Seconds without a block after which the microphone counts as gone."""

_COLUMNS = ("file", "place", "said")
_HOLE = re.compile(r"\{([^}]*)\}")
_ONE_HOLE = 3
"""Parts of a template with one hole."""


@dataclass(frozen=True)
class Phrase:
    """Something to say."""

    place: str
    """The place whose protocol is right for it."""
    said: str


@dataclass(frozen=True)
class Kept:
    """A phrase that was recorded."""

    path: Path
    phrase: Phrase


class Microphone(Protocol):
    """Where sound comes from: see `devices.portaudio.Microphone`."""

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        """Return the samples lost before the next block, and that block; None if none came in time."""
        ...


def phrases(pack: Pack, count: int = COUNT) -> tuple[Phrase, ...]:
    """Return sentences to say, one for each of the pack's first places; fewer than `count` where it has fewer.

    They are of the pack, so another subject asks for its own.
    """
    matcher = Matcher(pack.lexicon)
    found: dict[str, list[str]] = {}
    for template in pack.lexicon.templates:
        before, hole, after = _parted(template.text)
        # Of each place the first word for it: that is what most people say.
        words = {form.value: form.words for form in reversed(pack.lexicon.forms_by_concept.get(hole, ()))}
        for place in (form.value for form in pack.lexicon.forms_by_concept.get(hole, ())):
            said = " ".join(f"{before} {' '.join(words[place])} {after}".split())
            if said not in found.get(place, ()) and place in pack.guide.protocols and _begins(matcher, said, place):
                found.setdefault(place, []).append(said)
    # In turn by another sentence, so that not all begin alike.
    chosen = enumerate(list(found.items())[:count])
    return tuple(Phrase(place, ways[number % len(ways)]) for number, (place, ways) in chosen)


def record(
    folder: Path,
    asked: Iterable[Phrase],
    microphone: Microphone,
    say: Callable[[str], None],
    tell: Callable[[str], None],
    prompt: str = ENGLISH.prompt,
) -> None:
    """Ask for each phrase by the language's `prompt`, record it, and keep it in `folder`, which must not hold any yet.

    `say` speaks and returns when it has spoken; `tell` takes lines for the screen. What is recorded is kept at once,
    so an interrupt loses nothing. Raises DeviceError, in one line.
    """
    todo = tuple(asked)
    _begin(folder)
    tell(f"What you say now is recorded and kept in {folder}, on this machine. To erase it: {_erase(folder)}")
    for number, phrase in enumerate(todo, 1):
        tell(f"{number} of {len(todo)}. Say: {phrase.said}")
        say(prompt.format(words=phrase.said))
        kept = Kept(folder / f"{number:02}-{phrase.place}.wav", phrase)
        _keep(kept, heard(microphone, samples(LENGTH)))
    tell(f"{len(todo)} phrases are kept in {folder}. What became of them: scripts/bench hearing --mine {folder}")


def heard(microphone: Microphone, count: int) -> Samples:
    """Return the next `count` samples of a microphone; what came before now is dropped. Raises DeviceError."""
    while microphone.read(0.0) is not None:
        pass
    blocks: list[Samples] = []
    while sum(map(len, blocks)) < count:
        taken = microphone.read(SILENT)
        if taken is None:
            raise DeviceError("the microphone is gone; plug it in again, then start anew with another folder")
        blocks.append(taken[1])
    sound = np.concatenate(blocks)[:count]
    if not sound.any():
        raise DeviceError("the microphone gives nothing but silence; switch it on, and allow programs to use it")
    return sound


def kept(folder: Path) -> list[Kept]:
    """Return what was recorded into a folder. Raises DeviceError where its list is missing or not in order."""
    path = folder / PHRASES
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise DeviceError(f"{path} cannot be read; record phrases first: voice-assist record {folder}") from None
    for number, row in enumerate(rows, 2):
        if set(row) != set(_COLUMNS) or not all(row.values()):
            raise DeviceError(f"{path}:{number}: not a file, a place and a phrase; put it right, or record anew")
    return [Kept(folder / row["file"], Phrase(row["place"], row["said"])) for row in rows]


def _parted(template: str) -> tuple[str, str, str]:
    """Return what stands before the one hole of a template, its concept, and what stands after; else no concept."""
    parts = _HOLE.split(template)
    return (parts[0], parts[1], parts[2]) if len(parts) == _ONE_HOLE else (template, "", "")


def _begins(matcher: Matcher, said: str, place: str) -> bool:
    intent = matcher.match(said, Context())
    return (
        intent is not None
        and intent.kind == "start"
        and "doubt" not in intent.slots
        and intent.slots.get("place") == place
    )


def _begin(folder: Path) -> None:
    if (folder / PHRASES).exists():
        raise DeviceError(f"{folder} holds recordings already; name another folder, or erase it: {_erase(folder)}")
    with _blamed(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PHRASES).write_text("\t".join(_COLUMNS) + "\n", encoding="utf-8")


def _keep(recording: Kept, sound: Samples) -> None:
    with _blamed(recording.path.parent):
        with wave.open(str(recording.path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(sound.astype("<i2").tobytes())
        with (recording.path.parent / PHRASES).open("a", encoding="utf-8", newline="") as listed:
            phrase = recording.phrase
            csv.writer(listed, delimiter="\t", lineterminator="\n").writerow(
                (recording.path.name, phrase.place, phrase.said)
            )


def _erase(folder: Path) -> str:
    return f"delete the folder, as with rm -r {shlex.quote(str(folder))}"


@contextmanager
def _blamed(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DeviceError(f"nothing can be kept in {folder}: {error.strerror or error}; name another folder") from error
