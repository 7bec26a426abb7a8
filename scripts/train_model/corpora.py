"""Recorded speech, read from the data folder: one corpus for each collection that is in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import soundfile

from scripts.train_model.store import Sound, Utterance, write_corpus
from voice_assist.samples import RATE

Wave = npt.NDArray[np.float32]
"""Samples of sound that is worked on: 16 kHz, mono, at most 1 in size."""

SOUND = "sound"
"""The folder of corpora in the work folder."""

_COLUMNS = ("file", "start", "end", "utterance", "speaker", "text")
_SPEAKER = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])")
_NOT_A_WORD = re.compile(r"[^a-z' ]+")
_QUOTES = re.compile(r"(?<![a-z])'|'(?![a-z])")


class Segment(NamedTuple):
    """One line of `SEGMENTS.tsv`: where an utterance lies."""

    file: str
    start: float
    """Seconds from the beginning of the file."""
    end: float
    name: str
    speaker: str
    text: str


def write_all(data: Path, work: Path) -> dict[str, int]:
    """Write a corpus for each prefix of the files in `data`; return how many utterances each has.

    Whoever is heard in the recordings to test with, `../audio/words` beside `data`, is left out: three of four who
    say a word there say one in here as well, and a model is to be tested with people that it never heard. A corpus
    that is there already is left as it is, and is not in the answer. Raises ValueError, naming file and line, where
    `SEGMENTS.tsv` is not as it should be, and OSError where a file is missing.
    """
    tested = heard_in_tests(data.parent / "audio" / "words")
    segments = [one for one in read_segments(data / "SEGMENTS.tsv") if _known_as(one.speaker) not in tested]
    written = {}
    for corpus, lines in groupby(segments, lambda segment: segment.file.split("_")[0]):
        chosen = list(lines)
        if not (work / SOUND / f"{corpus}.tsv").exists():
            written[corpus] = write_corpus(work / SOUND, corpus, utterances(data, chosen))
    return written


def heard_in_tests(words: Path) -> frozenset[str]:
    """Return who is heard in the recordings of single words: Speech Commands names its speakers in its file names."""
    found = (_SPEAKER.search(path.stem) for path in words.glob("*/*"))
    return frozenset(match[0] for match in found if match)


def read_segments(path: Path) -> list[Segment]:
    """Read the table of utterances, in the order of their files."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(next(rows, ())) != _COLUMNS:
            raise ValueError(f"{path}:1: the columns must be {', '.join(_COLUMNS)}")
        found = [_segment(row, f"{path}:{line}") for line, row in enumerate(rows, 2)]
    return sorted(found, key=lambda segment: (segment.file, segment.start))


def utterances(data: Path, segments: list[Segment]) -> Iterator[Utterance]:
    """Yield the utterances of some files; each file is decoded once."""
    for name, lines in groupby(segments, lambda segment: segment.file):
        sound = _decoded(data / name)
        for line in lines:
            spoken = sound[round(line.start * RATE) : round(line.end * RATE)]
            yield Utterance(line.name, line.speaker, normal(line.text), spoken)


def as_wave(sound: Sound) -> Wave:
    """Return the samples of a corpus as those to work on."""
    return np.asarray(sound, np.float32) * np.float32(2**-15)


def normal(text: str) -> str:
    """Return the words of a text: lower-case letters and apostrophes inside words, one space between words."""
    words = _NOT_A_WORD.sub(" ", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return " ".join(_QUOTES.sub(" ", words).split())


def _known_as(speaker: str) -> str:
    return speaker.removeprefix("gsc")


def _segment(row: list[str], where: str) -> Segment:
    if len(row) != len(_COLUMNS):
        raise ValueError(f"{where}: {len(row)} columns, not {len(_COLUMNS)}")
    file, start, end, name, speaker, text = row
    try:
        found = Segment(file, float(start), float(end), name, speaker, text)
    except ValueError:
        raise ValueError(f"{where}: start and end must be seconds, not {start!r} and {end!r}") from None
    if not 0 <= found.start < found.end:
        raise ValueError(f"{where}: an utterance must end after it starts, not {start} to {end}")
    return found


def _decoded(path: Path) -> Sound:
    sound, rate = soundfile.read(path, dtype="int16")
    if rate != RATE or sound.ndim != 1:
        raise ValueError(f"{path}: must be mono at {RATE} samples a second, not {sound.ndim} at {rate}")
    return np.asarray(sound)
