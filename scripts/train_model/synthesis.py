"""Synthetic speech: corpora to train on, and two of other voices to tune with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from scripts.train_model.corpora import SOUND, Wave, normal
from scripts.train_model.effort import strained
from scripts.train_model.engines import Engine, Line, engines, say
from scripts.train_model.sentences import (
    Vocabulary,
    decoy,
    everyday,
    product,
    scattered,
    sentence,
    single,
    vocabulary,
)
from scripts.train_model.store import Utterance, write_corpus
from scripts.train_model.voices import Part, cast, manner, upset, weights
from voice_assist.samples import RATE

HOURS = 1.5
"""Length of one corpus: short enough that work which is cut off loses little."""

TUNING_HOURS = 1 / 3
"""Length of each corpus to tune with."""

WORDS_AMONG = 3
"""For how many corpora of everything there is one of single words besides: they are short, and most depends on them."""

CALM = 2
"""How many of the first corpora hold nothing but calm speech: from them a network learns what the words are."""

EFFORT = 0.35
"""How many of the utterances in the others are said in pain, or asleep."""

_BATCH = 256
"""Lines said in one go: festival takes a second to start, and their sound must fit into memory."""

_SHORTEST, _LONGEST = 0.12, 14.0
"""Seconds that a line takes. One out of these bounds was not said as it is written."""

_FAINTEST = 1e-3

Write = Callable[[Vocabulary, np.random.Generator], str]
"""Makes something to say."""


@dataclass(frozen=True)
class Studio:
    """All that it takes to make a corpus."""

    words: Vocabulary
    available: Mapping[str, Engine]
    """The engines on this machine."""


@dataclass(frozen=True)
class Script:
    """What a corpus is to hold."""

    part: Part
    """Whose voices."""
    hours: float
    write: Write
    effort: float = 0.0
    """How many of the utterances are said in pain, or asleep."""


def write_all(work: Path, hours: float, seed: int, data: Path = Path("../shared/training")) -> dict[str, int]:
    """Write `development`, `rejection`, and `synthetic-0`, `synthetic-1`, … of HOURS each, until there are `hours`.

    Besides there are `words-0`, … of single words. What is there already is left as it is and is not in the answer,
    which has the number of utterances of each corpus. `data` is the folder of the recorded speech: pieces of its texts
    are said too. Engines that are not on this machine are named on the screen, and the others say more.
    """
    available, missing = engines(work)
    for name, how in missing.items():
        print(f"no voices of {name}: {how}")
    if not available:
        raise OSError("nobody can speak here: install one of the engines above")
    studio = Studio(vocabulary(data), available)
    plan = {"development": Script("development", TUNING_HOURS, _tuning)}
    plan |= {"rejection": Script("development", TUNING_HOURS, _foreign)}
    mixed = round(hours / HOURS)
    for number in range(mixed):
        plan[f"synthetic-{number}"] = Script("train", HOURS, sentence, EFFORT if number >= CALM else 0)
    for number in range(mixed // WORDS_AMONG):
        plan[f"words-{number}"] = Script("train", HOURS, single, EFFORT)
    written = {}
    for corpus, script in plan.items():
        if not (work / SOUND / f"{corpus}.tsv").exists():
            rng = np.random.default_rng([seed, crc32(corpus.encode())])
            written[corpus] = write_corpus(work / SOUND, corpus, speech(studio, script, rng))
    return written


def speech(studio: Studio, script: Script, rng: np.random.Generator) -> Iterator[Utterance]:
    """Yield utterances until there are the hours of a script."""
    voices = tuple(voice for voice in cast(script.part) if voice.engine in studio.available)
    chances = weights(voices)
    left = script.hours * 3600 * RATE
    number = 0
    while left > 0:
        chosen = rng.choice(len(voices), size=_BATCH, p=chances)
        lines = [Line(voices[one], manner(rng), script.write(studio.words, rng)) for one in chosen]
        upsetting = rng.random(len(lines)) < script.effort if script.effort else np.zeros(len(lines), bool)
        lines = [
            replace(line, manner=upset(line.manner, rng)) if how else line
            for line, how in zip(lines, upsetting, strict=True)
        ]
        for line, wave, how in zip(lines, say(lines, studio.available), upsetting, strict=True):
            if wave is None or not _sound(wave):
                continue
            samples = recorded(strained(wave, rng) if how else wave, rng)
            left -= len(samples)
            yield Utterance(f"{number:05d}", line.voice.speaker, normal(line.words), samples)
            number += 1


def recorded(wave: Wave, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Return speech as a quiet room would record it: faint noise under it, and 0.05 to 0.5 s of it on either side.

    Synthetic silence is digital zero, which no microphone ever gives: a network would learn to wait for it.
    """
    before, after = (rng.uniform(0.05, 0.5, 2) * RATE).astype(int)
    loud = 10 ** (rng.uniform(-14, -1) / 20) / np.abs(wave).max()
    sound = np.pad(wave * loud, (before, after))
    sound += (10 ** rng.uniform(-4.5, -3.2)) * rng.standard_normal(len(sound), dtype=np.float32)
    return np.asarray(np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16))


def _sound(wave: Wave) -> bool:
    return _SHORTEST * RATE <= len(wave) <= _LONGEST * RATE and float(np.abs(wave).max()) > _FAINTEST


def _tuning(words: Vocabulary, rng: np.random.Generator) -> str:
    return (single if rng.random() < 0.2 else product)(words, rng)  # noqa: PLR2004 - one of five is a single word


def _foreign(words: Vocabulary, rng: np.random.Generator) -> str:
    return (everyday, scattered, decoy)[int(rng.integers(3))](words, rng)
