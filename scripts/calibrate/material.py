"""What a model is calibrated on: start phrases and signs of danger by voices for tuning; other people's talk; noise.

None of it is used by a test or the bench: the voices are others, and so are the recordings.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scripts.benchmarks import sounds
from scripts.benchmarks.commands import phrases
from scripts.benchmarks.figures import SkippedError
from scripts.benchmarks.hearing.conditions import held_out_noise
from voice_assist.content import Pack
from voice_assist.events import Context
from voice_assist.samples import RATE, Samples, samples
from voice_assist.understand.grammar import fill
from voice_assist.understand.matcher import Matcher

VOICES = ("en-us+f3", "en-gb-scotland", "en-us+m3", "en-gb-scotland+belinda")
"""Voices for tuning: our models learn from none of them, and no test hears them."""

RATIOS = (None, 12.0, 6.0, 0.0)
"""dB of the voice over the noise; None in quiet."""

LEAD, TAIL = 1.2, 1.5
"""Seconds of the surroundings before a phrase and after it."""

DANGERS = 24
"""Signs of danger that are said, of all that are asked about asleep."""

TALK = {"wake": 2, "lj": 3, "so762": 4}
"""Recordings of five minutes of other people's talk, by the beginning of their names: single words, one after
another; a woman who reads; people of many ages who read."""

NOISE = 10.0
"""Minutes of noise."""

PIECE = 30.0
"""Seconds taken of each noise."""


@dataclass(frozen=True)
class Piece:
    """Something to listen to."""

    name: str
    pcm: Samples
    wanted: str = ""
    """The place that is named, or `danger`; empty where nothing should come of it."""
    ratio: float | None = None
    """dB of the voice over the noise; None in quiet."""
    end: int = 0
    """Sample at which the phrase is over."""


DANGER = "danger"


def commands(pack: Pack, *, quick: bool) -> Iterator[Piece]:
    """Yield every start phrase and some signs of danger, each in every ratio and by a voice in turn."""
    said = [*phrases(), *((DANGER, text) for text in dangers(pack))][:: 4 if quick else 1]
    noises = sounds.noises(noise_to_tune_on(), samples(LEAD + TAIL + 4.0))
    texts = tuple(text for _, text in said)
    for turn, ratio in enumerate(RATIOS):
        for number, voice in enumerate(VOICES):
            # Each voice says every fourth phrase in each ratio, another fourth in the next.
            mine = [entry for at, entry in enumerate(said) if (at + turn) % len(VOICES) == number]
            spoken = sounds.spoken(voice, texts) if mine else {}
            for wanted, text in mine:
                pcm = sounds.surrounded(spoken[text], LEAD, TAIL)
                around = pcm + sounds.hiss(sounds.ROOM, len(pcm))
                if ratio is not None:
                    around = sounds.noisy(pcm, next(noises)[1], ratio)
                yield Piece(f"{voice}: {text}", around, wanted, ratio, samples(LEAD) + len(spoken[text]))


def dangers(pack: Pack) -> list[str]:
    """Return some sentences that tell a danger which is only asked about asleep; always the same."""
    matcher = Matcher(pack.lexicon)
    kinds = {rule.intent for rule in pack.lexicon.rules if rule.kind == "emergency"}
    told = {
        text
        for template in pack.lexicon.templates
        if template.intent in kinds
        for text in fill(template.text, pack.lexicon)
    }
    asked = [
        text
        for text in sorted(told)
        if (intent := matcher.match(text, Context())) is not None
        and intent.kind == "emergency"
        and "doubt" in intent.slots
    ]
    return random.Random(1).sample(asked, min(DANGERS, len(asked)))  # noqa: S311 - nothing secret


def others(*, quick: bool) -> Iterator[Piece]:
    """Yield talk and noise that hold no command. Raises SkippedError where the shared recordings are not here."""
    for path in talk(quick=quick):
        yield Piece(path.stem, sounds.load(path))
    minutes = NOISE / 4 if quick else NOISE
    pieces = sounds.noises(noise_to_tune_on(), samples(PIECE))
    for name, pcm in islice(pieces, round(60 * minutes / PIECE)):
        yield Piece(name, pcm)


def talk(*, quick: bool) -> Sequence[Path]:
    """Return recordings of talk, spread over all of each kind."""
    folder = sounds.SHARED / "training"
    found: list[Path] = []
    for kind, count in TALK.items():
        here = sorted(folder.glob(f"{kind}_*.opus"))
        if not here:
            raise SkippedError(f"no {kind} recordings in {folder}; name the folder above in VOICE_ASSIST_SHARED")
        wanted = 1 if quick else count
        found += here[len(here) // (2 * wanted) :: max(1, len(here) // wanted)][:wanted]
    return found


def noise_to_tune_on() -> list[Path]:
    """Return the recordings of noise that are not held out for testing."""
    held_out = set(held_out_noise())
    return [path for path in sounds.shared_audio("noise") if path not in held_out]


def hours(pieces: Sequence[int]) -> float:
    """Return how long so many samples each take together."""
    return sum(pieces) / RATE / 3600.0
