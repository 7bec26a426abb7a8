"""A pack in any language: which of its words a model knows, what it makes of them, and what `[unk]` is worth there.

The phrases are the tables of `tests/content/LANGUAGE`, said by voices of espeak-ng in that language. The German and the
Spanish model of Vosk are known to give `[unk]` hardly ever (vosk-api#1017): what is none of our words then comes back
as some of them, and only the matcher is left to refuse it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import yaml

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, share
from scripts.benchmarks.hearing.engines import YARDSTICK, expected, vosk_engine
from tests.content.en import tables
from tests.content.en.tables import Row
from voice_assist import content, models
from voice_assist.assembly import speakable
from voice_assist.choices import check_hears, pack_folder
from voice_assist.content import Pack
from voice_assist.content.language import ENGLISH, Language
from voice_assist.errors import ModelError
from voice_assist.hear.recognizer import Recognizer
from voice_assist.samples import Samples, samples
from voice_assist.understand.grammar import sentences
from voice_assist.understand.matcher import Matcher
from voice_assist.understand.spans import UNKNOWN

TESTS = Path(__file__).resolve().parents[3] / "tests" / "content"

VARIANTS = ("", "+f4", "+m7", "+f5")
"""Of espeak-ng's voice of a language."""

QUICK = 30
"""A quick run hears every so many phrases."""

AROUND = 0.6
"""Seconds of a quiet room before a phrase and after it."""


@dataclass(frozen=True)
class Said:
    """A phrase as it was heard."""

    row: Row
    heard: str

    @property
    def other_talk(self) -> bool:
        """Whether it means nothing."""
        return self.row.right == ("nothing",)


def measure(folder: Path, names: Sequence[str], *, quick: bool) -> Iterator[Figure]:
    """Measure the models named, or the pack's own. Raises SkippedError with what could not be measured, and why."""
    pack = content.load(pack_folder(folder))
    language = pack.language
    lacking = []
    if language.code != ENGLISH.code:
        lacking.append(f"{YARDSTICK}: it brings US English only, so there is nothing to compare in {language.name}")
    for name in names or (language.model,):
        folder_or_why = _found(name, language)
        if isinstance(folder_or_why, Path):
            yield from _model(folder_or_why, pack, rows(language)[:: QUICK if quick else 1])
        else:
            lacking.append(folder_or_why)
    if lacking:
        raise SkippedError("; ".join(lacking))


def _found(name: str, language: Language) -> Path | str:
    """Return the folder of a model, or why it cannot be measured with the language."""
    try:
        folder = models.find(name)
        check_hears(folder, language)
    except ModelError as fault:
        return str(fault)
    return folder


def rows(language: Language) -> tuple[Row, ...]:
    """Return the tables of a language. Raises SkippedError where there are none."""
    if language.code == ENGLISH.code:
        found = tables.ROWS
    else:
        file = TESTS / language.code / "utterances.yaml"
        if not file.is_file():
            raise SkippedError(f"no {file}: write what people say in {language.name}, and what it must mean")
        sheet = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - `no` is a word here
        found = tuple(
            Row(language.code, section, said, tuple(right.split(" or ")))
            for section, answers in sheet.items()
            for right, listed in answers.items()
            for said in listed
        )
    return tuple(row for row in found if row.section in ("asleep", "awake") and UNKNOWN not in row.said)


def voices(language: Language) -> tuple[str, ...]:
    """Return the voices of the persons."""
    if not language.voice or not sys.platform.startswith("linux"):
        return sounds.VOICES
    return tuple(f"{language.voice}{variant}" for variant in VARIANTS)


def _model(folder: Path, pack: Pack, said: Sequence[Row]) -> Iterator[Figure]:
    engine = vosk_engine(folder)
    with closing(engine.open(expected(engine, pack))) as recognizer:
        listed = {word for sentence in sentences(pack.lexicon) for word in sentence.split()} - {UNKNOWN}
        unknown = speakable(recognizer.missing)
        yield Figure(
            f"{engine.name}, words of the pack that it does not know",
            share(len(unknown), len(listed)),
            "%",
            basis=f"{len(unknown)} of {len(listed)} words",
            details=unknown,
        )
        found = [Said(row, _heard(recognizer, sound)) for row, sound in _spoken(said, voices(pack.language))]
    yield from figures(engine.name, found, Matcher(pack.lexicon))


def figures(name: str, found: Sequence[Said], matcher: Matcher) -> Iterator[Figure]:
    """Yield what a model made of the phrases."""
    ours = [said for said in found if not said.other_talk]
    others = [said for said in found if said.other_talk]
    meant = [(said, matcher.match(said.heard, tables.context_of(said.row.section))) for said in found]
    right = [said for said, intent in meant if not said.other_talk and tables.is_right(intent, said.row)]
    taken = [
        said for said, intent in meant if said.other_talk and intent and intent.kind in ("start", "emergency", "urgent")
    ]
    yield Figure(
        f"{name}, phrases that are understood", share(len(right), len(ours)), "%", basis=f"{len(ours)} phrases"
    )
    for what, some in (("phrases of ours", ours), ("other talk", others)):
        refused = [said for said in some if UNKNOWN in said.heard.split()]
        details = [(said.row.said, said.heard) for said in some]
        yield Figure(
            f"{name}, {what} with {UNKNOWN}", share(len(refused), len(some)), "%", basis=f"{len(some)}", details=details
        )
    yield Figure(
        f"{name}, other talk that begins or alarms",
        share(len(taken), len(others)),
        "%",
        basis=f"{len(taken)} of {len(others)}",
        details=[(said.row.said, said.heard) for said in taken],
    )


def _spoken(said: Sequence[Row], persons: Sequence[str]) -> Iterator[tuple[Row, Samples]]:
    """Yield each phrase as one of the persons says it, in turn."""
    turns = list(zip(said, cycle(persons), strict=False))
    for person in persons:
        its = [row for row, voice in turns if voice == person]
        sound = sounds.spoken(person, tuple(row.said for row in its))
        for row in its:
            quiet = sounds.surrounded(sound[row.said], AROUND, AROUND)
            yield row, quiet + sounds.hiss(sounds.ROOM, len(quiet))


def _heard(recognizer: Recognizer, pcm: Samples) -> str:
    recognizer.reset()
    step = samples(1.0)
    parts = [recognizer.accept(pcm[start : start + step]) for start in range(0, len(pcm), step)]
    finals = [one.text for part in (*parts, recognizer.finish()) for one in part if one.final]
    return " ".join(text for text in finals if text)
