"""The whole way from a folder of speech to a model that Vosk loads, step by step.

Each step leaves files in the work folder, or in the model, and does nothing where they are there already. So a recipe
that was cut off goes on where it was, and a step is done anew by taking its files away.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from scripts.train_model import corpora, export, features, network, synthesis, vocabulary
from scripts.train_model.align import Aligner, align_corpora, read_lexicon
from scripts.train_model.cepstra import mfcc
from scripts.train_model.first import Said, first_network
from scripts.train_model.network import Shape
from scripts.train_model.store import read_alignments, read_corpus
from scripts.train_model.trainer import TrainSettings, reached, standing, train
from voice_assist.config import models_folder
from voice_assist.models.extend import write_graph
from voice_assist.models.lexicon import chosen
from voice_assist.samples import RATE

TUNING = frozenset({"development", "rejection"})
"""Corpora that are never learned from."""

AHEAD = 2
"""Files that each process prepares at most before they are learned from: a whole pass takes some 800 MB."""
LATER = 10
"""How much the preparation of passes stands back behind the training."""


@dataclass(frozen=True)
class Recipe:
    """What is made, from what, and how."""

    data: Path
    """Has `training/` with the speech to learn from, and `audio/` with noises and rooms."""
    model: Path
    """The folder of the model that is made."""
    work: Path
    """What the steps leave for each other."""
    start: Path | None
    """A checkpoint to align with, and to go on from where it can grow into the shape; None for a start from nothing."""
    shape: Shape | None = None
    """Of the network. None for that of the start, or for the default."""
    hours: float = 12.0
    """Of synthetic speech."""
    passes: int = 8
    minutes: float = math.inf
    """The training ends in time for this, with fewer passes if need be."""
    rate: float = 1e-3
    """Learning rate at its highest."""
    bits: int = 8
    """That each weight of the exported network has."""
    threads: int = 1
    device: str = "cpu"
    parts: int = 1
    """In how many files a pass is prepared; more than one where several processes prepare."""
    again: int = 1
    """How many times in a row each file is learned from."""
    preparers: int = 1
    """Processes that prepare."""
    feeders: int = 0
    """Processes that make batches of what is prepared."""
    batch: int = 64
    """Chunks of 1.5 s in a batch."""
    seed: int = 1

    def run(self, only: str | None = None) -> None:
        """Do all steps in order, or the one that is named. Raises OSError and ValueError where something is missing."""
        self.work.mkdir(parents=True, exist_ok=True)
        for name, step in STEPS.items():
            if only in (None, name):
                step(self)

    def say(self, line: str) -> None:
        """Tell what is done, on the screen and in `work/log.txt`."""
        print(line, flush=True)
        with (self.work / "log.txt").open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%H:%M:%S')} {line}\n")

    def settings(self) -> TrainSettings:
        """Return how to train."""
        return TrainSettings(
            self.passes,
            shape=self.shape,
            minutes=self.minutes,
            rate=self.rate,
            threads=self.threads,
            device=self.device,
            seed=self.seed,
            parts=self.parts,
            again=self.again,
            feeders=self.feeders,
            batch=self.batch,
        )

    def beginning(self) -> Path:
        """Return the checkpoint to align with: the given one, or one made from nothing."""
        return self.start or self.work / "first.pt"

    def grows(self) -> bool:
        """Tell whether that checkpoint can grow into the shape that is to be trained."""
        return self.shape is None or network.grows(network.load(self.beginning()).shape, self.shape)


def _read_speech(recipe: Recipe) -> None:
    for corpus, count in corpora.write_all(recipe.data / "training", recipe.work).items():
        recipe.say(f"corpora: {count} utterances of {corpus}")


def _write_lexicon(recipe: Recipe) -> None:
    path = recipe.work / "lexicon.txt"
    if not path.exists():
        recipe.say(f"lexicon: {vocabulary.write_lexicon(recipe.data, path)}")


def _synthesise(recipe: Recipe) -> None:
    written = synthesis.write_all(recipe.work, recipe.hours, recipe.seed, recipe.data / "training")
    for corpus, count in written.items():
        recipe.say(f"synthesis: {count} utterances of {corpus}")


def _align(recipe: Recipe) -> None:
    torch.set_num_threads(recipe.threads)
    lexicon = read_lexicon(recipe.work / "lexicon.txt")
    if recipe.start is None:
        first_network(recipe.work, list(_calm_speech(recipe.work)), lexicon, recipe.settings(), recipe.say)
    aligner = Aligner(network.load(recipe.beginning()), lexicon)
    align_corpora(recipe.work, aligner.align, lambda line: recipe.say(f"align: {line}"))


def _train(recipe: Recipe) -> None:
    """Train, while processes of their own prepare what is learned from."""
    if standing(recipe.work) >= recipe.passes * recipe.parts * recipe.again:
        return
    development = recipe.work / "passes" / "development.npz"
    if not development.exists() and (recipe.work / "alignments" / "development.npz").exists():
        features.clean(recipe.work, ["development"], development)
    # Fresh processes: one that is forked off PyTorch's threads may hang.
    fresh = multiprocessing.get_context("spawn").Process
    preparations = [
        fresh(target=prepare_passes, args=(recipe, number), daemon=True) for number in range(recipe.preparers)
    ]
    for preparation in preparations:
        preparation.start()

    def wait(path: Path) -> None:
        while not path.exists():
            if any(preparation.exitcode for preparation in preparations):
                raise OSError(f"{path} does not come: its preparation ended with a fault, told above")
            time.sleep(1)

    begun = recipe.beginning() if recipe.grows() else None
    if begun is None:
        recipe.say(f"train: {recipe.beginning()} has another shape, so the network begins from nothing")
    try:
        train(recipe.work, begun, recipe.settings(), recipe.say, wait)
    finally:
        for preparation in preparations:
            preparation.terminate()


def prepare_passes(recipe: Recipe, first: int = 0) -> None:
    """Prepare the files that are still to come, a little ahead of the training, and take away those it is done with.

    It prepares every so-manieth as there are `preparers`, beginning with `first`. A file is made of all corpora that
    are aligned when its turn comes. Ends with the training, even if that was killed.
    """
    os.nice(LATER)
    done = standing(recipe.work) // recipe.again
    for number in range(recipe.passes * recipe.parts):
        if number < done or number % recipe.preparers != first:
            continue
        while number >= reached(recipe.work) // recipe.again + AHEAD * recipe.preparers:
            time.sleep(1)
            if _abandoned():
                return
        path = recipe.work / "passes" / f"{number:03}.npz"
        if path.exists():
            continue
        begun = time.monotonic()
        names = learned_corpora(recipe.work)
        features.prepare(recipe.work, names, number, recipe.seed, recipe.data / "audio", recipe.parts)
        recipe.say(f"file {number}: prepared in {time.monotonic() - begun:.0f} s from {len(names)} corpora")
        for learned in range(standing(recipe.work) // recipe.again):
            (recipe.work / "passes" / f"{learned:03}.npz").unlink(missing_ok=True)


def _abandoned() -> bool:
    training = multiprocessing.parent_process()
    return training is not None and not training.is_alive()


def learned_corpora(work: Path) -> list[str]:
    """Return the aligned corpora to learn from."""
    return sorted({path.stem for path in (work / "alignments").glob("*.npz")} - TUNING)


def _export(recipe: Recipe) -> None:
    trained = network.load(recipe.work / "network.pt")
    export.write_model(trained, recipe.model, recipe.bits)
    recipe.say(f"export: {recipe.model / 'am' / 'final.mdl'}, {recipe.bits} bits")


def _make_graph(recipe: Recipe) -> None:
    export.write_phones(recipe.model)
    ways, unsaid = vocabulary.ways_of(vocabulary.vocabulary(recipe.data))
    lexicon = vocabulary.told_apart(chosen(ways, vocabulary.heard_british()))
    write_graph(recipe.model, lexicon, models_folder() / "en-small")
    recipe.say(f"graph: {len(lexicon)} words; {len(unsaid)} that nobody knows how to say")


def _write_figures(recipe: Recipe) -> None:
    """Write `work/figures.txt`: the numbers that the model card needs."""
    lines = list(figures(recipe.work, recipe.model))
    (recipe.work / "figures.txt").write_text("\n".join([*lines, ""]), encoding="utf-8")
    for line in lines:
        recipe.say(f"figures: {line}")


def figures(work: Path, model: Path) -> Iterator[str]:
    """Yield what a model is and what it learned from, a line each."""
    trained = network.load(work / "network.pt")
    layers, shape = export.folded(trained), trained.shape
    yield f"{sum(layer.weight.size + layer.bias.size for layer in layers) / 1e6:.1f} million parameters"
    yield f"{len(shape.offsets)} layers of {shape.units}; {10 * shape.left} ms before, {10 * shape.right} ms after"
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    yield f"{size / 1e6:.1f} MB, {len((model / 'graph' / 'words.txt').read_text(encoding='utf-8').splitlines())} words"
    for corpus in learned_corpora(work):
        aligned = read_alignments(work / "alignments" / f"{corpus}.npz")
        lengths = [len(said.sound) for said in read_corpus(work / "sound", corpus) if said.name in aligned]
        yield f"{corpus}: {len(lengths)} utterances, {sum(lengths) / RATE / 3600:.1f} h"
    log = (work / "log.txt").read_text(encoding="utf-8").splitlines()
    yield from [line.partition(" ")[2] for line in log if ", held out:" in line or ", development:" in line][-2:]


def _calm_speech(work: Path) -> Iterator[Said]:
    """Yield the recordings of people and the calm synthetic speech: enough to find out what sounds are like."""
    named = sorted(path.stem for path in (work / "sound").glob("*.tsv"))
    strained = {corpus for corpus in named if corpus.startswith("synthetic-") and int(corpus[10:]) >= synthesis.CALM}
    for corpus in named:
        if corpus not in strained | TUNING:
            for said in read_corpus(work / "sound", corpus):
                yield f"{corpus} {said.name}", said.speaker, said.text, mfcc(said.sound)


STEPS: dict[str, Callable[[Recipe], None]] = {
    "corpora": _read_speech,
    "lexicon": _write_lexicon,
    "synthesis": _synthesise,
    "align": _align,
    "train": _train,
    "export": _export,
    "graph": _make_graph,
    "figures": _write_figures,
}
"""In the order in which they are done."""
