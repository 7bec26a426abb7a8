"""A first network from nothing: no checkpoint, and nobody who knows where the sounds are.

It begins with even shares of the time for each sound of an utterance, learns single frames from them, aligns the
utterances itself, and learns again, a few times over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.train_model import network as networks
from scripts.train_model.align import Aligner, Found, Lexicon, even_shares
from scripts.train_model.store import Example, Features, write_examples
from scripts.train_model.trainer import Report, TrainSettings, train
from voice_assist.models.phones import SOUNDS

ROUNDS = 4
"""How often it learns from alignments; each round begins with the network of the one before."""
PASSES = 2
"""Passes over the data in a round."""

Said = tuple[str, str, str, Features]
"""An utterance: name, speaker, text, features."""


def first_network(
    work: Path, utterances: Sequence[Said], lexicon: Lexicon, settings: TrainSettings, report: Report
) -> Path:
    """Return the checkpoint of a network made from nothing, `work/first.pt`, to align with and to train on from.

    Utterances without words are left out. What is done is not done again.
    """
    path = work / "first.pt"
    if path.exists():
        return path
    spoken = [utterance for utterance in utterances if utterance[2]]
    aligner: Aligner | None = None
    made: Path | None = None
    for number in range(ROUNDS):
        folder = work / "first" / str(number)
        examples = list(_examples(spoken, lexicon, aligner))
        report(f"first network, round {number}: {len(examples)} of {len(spoken)} utterances are aligned")
        write_examples(folder / "passes" / "000.npz", examples)
        single = replace(settings, passes=PASSES, files=1, sequences=False)
        made = train(folder, made, single, report)
        prior = frequencies(examples)
        aligner = Aligner(networks.load(made), lexicon, prior)
    if made is None:
        raise ValueError("a network takes one round at least")
    networks.save(networks.primed(networks.load(made), prior), path)
    return path


def frequencies(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Return [2 · sounds]: how frequent each target of single frames is, none of them never."""
    counts: npt.NDArray[np.float64] = np.ones(2 * len(SOUNDS))
    for example in examples:
        sounds, start, end, _ = example.segments.T
        # A frame of 30 ms to enter, the others to stay.
        np.add.at(counts, 2 * sounds, 1)
        np.add.at(counts, 2 * sounds + 1, np.maximum((end - start) / 3 - 1, 0))
    return np.asarray(counts / counts.sum())


def _examples(spoken: Sequence[Said], lexicon: Lexicon, aligner: Aligner | None) -> list[Example]:
    examples = []
    for name, speaker, text, features in spoken:
        found: Found | None
        found = aligner.align(text, features) if aligner else even_shares(text, features, lexicon)
        if found is not None:
            examples.append(Example(name, speaker, features, found.segments))
    return examples
