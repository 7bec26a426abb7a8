"""What one pass over the data learns from: every utterance as it may be heard this time, as features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from scripts.train_model.augment import Scene, augmented, frames_of, scene, without_speech
from scripts.train_model.cepstra import mfcc
from scripts.train_model.corpora import SOUND, as_wave
from scripts.train_model.noise import EACH, gather
from scripts.train_model.store import Example, Segments, Utterance, read_alignments, read_corpus, write_examples
from voice_assist.samples import RATE

PASSES = "passes"
"""The folder of passes in the work folder."""

NOISE = "noise"
"""Who `speaks` where nobody does."""

COPIES = {"gsc": 4, "wake": 2}
"""How many times a pass holds each utterance of a corpus, each time changed in another way; others once. These are
people who say one word or two to whatever microphone they have: few hours, and nearest to what is heard at night."""

_SILENT = 0.06
"""How many examples of noise alone there are for each utterance."""
_TALKERS = 300
"""Of how many utterances the noise of other people's talk is made."""


def prepare(
    work: Path, corpora: Sequence[str], number: int, seed: int, audio: Path = Path("../shared/audio"), parts: int = 1
) -> None:
    """Write `passes/NNN.npz`: the utterances of some corpora in any order, each changed in a way of this file alone.

    `parts` files make a pass; utterance n of each pass is in its part n modulo `parts`. Utterances of the corpora in
    COPIES are there several times. An utterance without an alignment is left out. `audio` is the folder with `noise`
    and `rir`.
    Raises ValueError where no utterance is left.
    """
    rng = np.random.default_rng([seed, number])
    found = [pair for corpus in corpora for pair in _aligned(work, corpus) for _ in range(COPIES.get(corpus, 1))]
    if not found:
        raise ValueError(f"no utterance of {', '.join(corpora)} is aligned in {work}")
    talk = rng.choice(len(found), size=min(_TALKERS, len(found)), replace=False)
    noises = gather(audio / "noise", [as_wave(found[place][0].sound) for place in talk], rng, max(1, EACH // parts))
    everything = scene(audio, noises, rng)
    chosen = found[number % parts :: parts]
    write_examples(work / PASSES / f"{number:03d}.npz", list(_examples(chosen, everything, rng)))


def clean(work: Path, corpora: Sequence[str], path: Path) -> None:
    """Write the utterances of some corpora as they are: to tune with."""
    pairs = [pair for corpus in corpora for pair in _aligned(work, corpus)]
    write_examples(path, [Example(one.name, one.speaker, mfcc(one.sound), segments) for one, segments in pairs])


def _examples(
    found: Sequence[tuple[Utterance, Segments]], everything: Scene, rng: np.random.Generator
) -> Iterator[Example]:
    order = rng.permutation(len(found) + int(_SILENT * len(found)))
    for place in order:
        if place >= len(found):
            sound = without_speech(int(rng.uniform(1.5, 6) * RATE), everything, rng)
            segments = np.array([(0, 0, frames_of(len(sound)), -1)], np.int32)
            yield Example(f"noise-{place - len(found)}", NOISE, mfcc(sound), segments)
            continue
        utterance, segments = found[place]
        sound, segments = augmented(as_wave(utterance.sound), segments, everything, rng)
        yield Example(utterance.name, utterance.speaker, mfcc(sound), segments)


def _aligned(work: Path, corpus: str) -> Iterator[tuple[Utterance, Segments]]:
    alignments: Mapping[str, Segments] = read_alignments(work / "alignments" / f"{corpus}.npz")
    for utterance in read_corpus(work / SOUND, corpus):
        if utterance.name in alignments:
            yield utterance, alignments[utterance.name]
