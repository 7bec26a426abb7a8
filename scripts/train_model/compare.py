"""Which choices pay: networks that each learn for as long, one choice apart from the first.

`python -m scripts.train_model.compare WORK` prints a row each. They learn from a small part of what a model learns
from, so the rows tell which way is quicker. Begun from nothing, whatever has little to learn is ahead; begun from
a network (`--start`), only what it can grow into is compared.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np

from scripts.train_model import accents, features
from scripts.train_model import network as networks
from scripts.train_model.chunks import SILENCE
from scripts.train_model.network import Shape
from scripts.train_model.recipe import learned_corpora
from scripts.train_model.store import Example, read_corpus, read_examples, write_examples
from scripts.train_model.trainer import TrainSettings, train

SETTINGS = TrainSettings(passes=1, averaging=0.99, warm_up=50)
FROM_NOTHING = Shape(units=256)

FRAMES_AN_HOUR = 360_000
SEED = 1

Chosen = Callable[["Sound"], list[Example]]


@dataclass(frozen=True)
class Sound:
    """What the networks learn from: the passes of a work folder, and how many hours of them."""

    work: Path
    hours: float

    def changed(self, number: int = 0) -> list[Example]:
        """Return the examples of one pass, each changed in the way of this pass."""
        return read_examples(self.work / features.PASSES / f"{number:03}.npz")

    def unchanged(self) -> list[Example]:
        """Return the utterances as they were recorded or made."""
        path = self.work / "compare" / "unchanged.npz"
        if not path.exists():
            features.clean(self.work, learned_corpora(self.work), path)
        return read_examples(path)

    def some(self, examples: Sequence[Example], hours: float) -> list[Example]:
        """Return examples drawn by chance, always the same way, that last as long as asked."""
        drawn = Random(SEED).sample(examples, len(examples))  # noqa: S311 - nothing secret
        left = FRAMES_AN_HOUR * hours
        found = []
        for example in drawn:
            left -= len(example.features)
            if left < 0:
                break
            found.append(example)
        return found

    def without(self, left_out: Callable[[str], bool]) -> list[Example]:
        """Return some examples of one pass by those whose name says that they are not left out."""
        return self.some([example for example in self.changed() if not left_out(example.speaker)], self.hours)

    def ours(self) -> set[str]:
        """Return the speakers that say our own sentences: the synthetic ones."""
        corpora = (corpus for corpus in learned_corpora(self.work) if corpus.startswith("synthetic-"))
        return {spoken.speaker for corpus in corpora for spoken in read_corpus(self.work / "sound", corpus)}


def _all(sound: Sound) -> list[Example]:
    return sound.some(sound.changed(), sound.hours)


def _unchanged(sound: Sound) -> list[Example]:
    return sound.some(sound.unchanged(), sound.hours)


def _twice(sound: Sound) -> list[Example]:
    """Half as many utterances, each changed in two ways."""
    once = sound.some(sound.changed(), sound.hours / 2)
    other = {(example.speaker, example.name): example for example in sound.changed(1)}
    return [*once, *(other[key] for one in once if (key := (one.speaker, one.name)) in other)]


def _others(sound: Sound) -> list[Example]:
    return sound.without(sound.ours().__contains__)


def _fewer_accents(sound: Sound) -> list[Example]:
    return sound.without(lambda speaker: accents.is_own(speaker.partition(":")[2]))


@dataclass(frozen=True)
class Variant:
    """One way to learn."""

    name: str
    shape: Callable[[Shape], Shape] = lambda shape: shape
    """Of the shape of the first."""
    settings: TrainSettings = field(default=SETTINGS)
    sound: Chosen = _all


VARIANTS = (
    Variant("as the recipe does it"),
    Variant("two thirds as wide", lambda shape: replace(shape, units=shape.units * 2 // 3)),
    Variant("half as wide again", lambda shape: replace(shape, units=shape.units * 3 // 2)),
    Variant("a layer more, which looks back", lambda shape: replace(shape, later=(*shape.later, (-4, -2, 0)))),
    Variant("sees 120 ms less to each side", lambda shape: replace(shape, later=shape.later[:-2])),
    Variant("a sound scored by itself", lambda shape: replace(shape, contexts=1)),
    Variant("single frames alone", settings=replace(SETTINGS, sequences=False)),
    Variant("no word is garbage", settings=replace(SETTINGS, garbage=0.0)),
    Variant("half the utterances, each changed twice", sound=_twice),
    Variant("nothing changed beforehand", sound=_unchanged),
    Variant("none of our sentences", sound=_others),
    Variant("no accents of our own", sound=_fewer_accents),
)


@dataclass(frozen=True)
class Result:
    """How well a way did on voices and noises to tune with."""

    name: str
    parameters: int
    gain: float
    """MMI a frame; 0 where sequences were not learned."""
    right: float
    """Percent of the frames."""


def compared(work: Path, hours: float, start: Path | None = None, only: str = "") -> Iterator[Result]:
    """Train the ways whose names hold `only`, and yield how well each did; leave `compare/NN/network.pt`.

    What a network to start from cannot grow into is left out.
    """
    sound = Sound(work, hours)
    begun = networks.load(start) if start else None
    for number, variant in enumerate(VARIANTS):
        shape = variant.shape(begun.shape if begun else FROM_NOTHING)
        if only in variant.name and (begun is None or networks.grows(begun.shape, shape)):
            settings = replace(variant.settings, shape=shape)
            yield _learned(variant, settings, sound, start, work / "compare" / f"{number:02}")


def _learned(variant: Variant, settings: TrainSettings, sound: Sound, start: Path | None, folder: Path) -> Result:
    examples = variant.sound(sound)
    passes = folder / features.PASSES
    write_examples(passes / "000.npz", examples)
    development = passes / "development.npz"
    if not development.exists():
        development.symlink_to((sound.work / features.PASSES / "development.npz").resolve())
    (folder / "training.pt").unlink(missing_ok=True)
    lines: list[str] = []
    network = networks.load(train(folder, start, settings, lines.append))
    (passes / "000.npz").unlink()
    told = re.search(r"development: MMI (\S+) CE \S+ right (\S+) %", lines[-1])
    if told is None:
        raise ValueError(f"{sound.work}: no {features.PASSES}/development.npz to compare with; do the step train first")
    return Result(variant.name, sum(part.numel() for part in network.parameters()), float(told[1]), float(told[2]))


def short_sounds(examples: Sequence[Example], frames: int) -> float:
    """Return the share of the sounds, silence aside, that last less than so many frames of 10 ms."""
    segments = np.concatenate([example.segments for example in examples])
    sounds = segments[segments[:, 0] != SILENCE]
    return float(np.mean(sounds[:, 2] - sounds[:, 1] < frames))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="compare", description="Which choices pay: see README.md beside this.")
    parser.add_argument("work", type=Path, metavar="WORK", help="a recipe's work folder with two passes")
    parser.add_argument("--hours", type=float, default=8.0, metavar="N", help="of sound that each way learns from")
    parser.add_argument("--start", type=Path, metavar="CHECKPOINT", help="a network to go on from; none: from nothing")
    parser.add_argument("--only", default="", metavar="TEXT", help="the ways whose names hold this")
    arguments = parser.parse_args()
    try:
        for result in compared(arguments.work, arguments.hours, arguments.start, arguments.only):
            million = result.parameters / 1e6
            print(f"| {result.name} | {million:.2f} | {result.gain:.3f} | {result.right:.1f} % |", flush=True)
    except (OSError, ValueError) as fault:
        sys.exit(f"compare: {fault}")


if __name__ == "__main__":
    main()
