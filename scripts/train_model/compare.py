"""Which choices pay: small networks, each learned from nothing for as long, one choice apart from the first.

`python -m scripts.train_model.compare WORK` prints a row each. What is small here tells which way is better, not how
good the large network gets: that one learns from forty times as much.
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

from scripts.train_model import features
from scripts.train_model import network as networks
from scripts.train_model.chunks import SILENCE
from scripts.train_model.first import frequencies
from scripts.train_model.network import Shape
from scripts.train_model.recipe import learned_corpora
from scripts.train_model.store import Example, read_corpus, read_examples, write_examples
from scripts.train_model.trainer import TrainSettings, train

BASE = Shape(units=256)
SETTINGS = TrainSettings(passes=1, batch=24, rate=1.5e-3, warm_up=100, averaging=0.99)

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
    ours = sound.ours()
    return sound.some([example for example in sound.changed() if example.speaker not in ours], sound.hours)


@dataclass(frozen=True)
class Variant:
    """One way to learn."""

    name: str
    shape: Shape = BASE
    settings: TrainSettings = field(default=SETTINGS)
    sound: Chosen = _all


VARIANTS = (
    Variant("as shipped, but 6 layers of 256"),
    Variant("6 layers of 160", replace(BASE, units=160)),
    Variant("6 layers of 384", replace(BASE, units=384)),
    Variant("sees 110 ms before and after", replace(BASE, later=((-1, 0, 1),) * 2)),
    Variant("sees 390 ms before, 270 ms after", replace(BASE, later=((-1, 0, 1), (-2, 0, 2), (-3, 0, 3), (-3, 0, 3)))),
    Variant("a sound scored by itself", replace(BASE, contexts=1)),
    Variant("single frames alone", replace(BASE, contexts=1), replace(SETTINGS, sequences=False)),
    Variant("no word is garbage", settings=replace(SETTINGS, garbage=0.0)),
    Variant("half the utterances, each changed twice", sound=_twice),
    Variant("nothing changed beforehand", sound=_unchanged),
    Variant("none of our sentences", sound=_others),
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


def compared(work: Path, hours: float, only: str = "") -> Iterator[Result]:
    """Train the ways whose names hold `only`, and yield how well each did; leave `compare/N/network.pt`."""
    sound = Sound(work, hours)
    for number, variant in enumerate(VARIANTS):
        if only in variant.name:
            yield _learned(variant, sound, work / "compare" / f"{number:02}")


def _learned(variant: Variant, sound: Sound, folder: Path) -> Result:
    examples = variant.sound(sound)
    passes = folder / features.PASSES
    write_examples(passes / "000.npz", examples)
    development = passes / "development.npz"
    if not development.exists():
        development.symlink_to((sound.work / features.PASSES / "development.npz").resolve())
    lines: list[str] = []
    # Single frames first, as in a start from nothing: sequences are learned slowly by what knows no sound yet.
    single = replace(variant.settings, shape=variant.shape, sequences=False)
    (folder / "training.pt").unlink(missing_ok=True)
    made = train(folder, None, single, lines.append)
    network = networks.primed(networks.load(made), frequencies(examples))
    networks.save(network, folder / "frames.pt")
    (folder / "training.pt").unlink()
    made = train(folder, folder / "frames.pt", replace(variant.settings, shape=variant.shape), lines.append)
    (passes / "000.npz").unlink()
    if not variant.settings.sequences:
        networks.save(networks.primed(networks.load(made), frequencies(examples)), made)
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
    parser.add_argument("--only", default="", metavar="TEXT", help="the ways whose names hold this")
    arguments = parser.parse_args()
    try:
        for result in compared(arguments.work, arguments.hours, arguments.only):
            million = result.parameters / 1e6
            print(f"| {result.name} | {million:.2f} | {result.gain:.3f} | {result.right:.1f} % |", flush=True)
    except (OSError, ValueError) as fault:
        sys.exit(f"compare: {fault}")


if __name__ == "__main__":
    main()
