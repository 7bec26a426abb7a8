"""What the synthetic people say: our sentences, single words, cries, our words in any order, other people's talk.

What is spoken and what is written agree: only letters, numbers as words, and a comma for a pause, which the text of
the corpus leaves out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from scripts.train_model.corpora import normal, read_segments
from scripts.train_model.everyday import LISTS, TEMPLATES
from scripts.train_model.vocabulary import common
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.models.pronounce import cmu_dictionary
from voice_assist.understand.grammar import sentences
from voice_assist.understand.lexicon import CRY, Lexicon

COMMON = 10_000
"""How many of the most common English words are said."""

LISTED = (
    "bed", "bird", "cat", "dog", "down", "eight", "five", "four", "go", "happy", "house", "learn", "left", "marvin",
    "nine", "no", "off", "on", "one", "right", "seven", "sheila", "six", "stop", "three", "tree", "two", "up",
    "wow", "yes", "zero",
)  # fmt: skip
"""The closed list of single words that the bench tests with recordings of people. Here only synthetic voices say
them."""

UNSPEAKABLE = frozenset({"ss", "mm", "mmm", "aargh", "argh", "oww", "hmm", "phew", "psoas"})
"""Words that the voices spell out or say as nobody does; recordings of people must teach them."""

_HOLE = re.compile(r"\{(\w+)\}")
_SPEAKABLE = re.compile(r"[a-z' ]+")
_URGENT = frozenset({"place", "side", "control", "word", "alarm", "emergency", "alarming", "progress", "yes", "no"})
"""Concepts whose words decide most, and are said more often alone."""

T = TypeVar("T")


@dataclass(frozen=True)
class Vocabulary:
    """What there is to say, by kind."""

    product: tuple[str, ...]
    """Sentences of our content, decoys left out; those of an alarm and the control words stand in it twice."""
    words: tuple[str, ...]
    """Single words of our content."""
    urgent: tuple[str, ...]
    """Phrases of one to three words that decide most: control words, places, sides, alarms, yes and no."""
    core: tuple[str, ...]
    """Those of them that are one word: stop, calf, left, worse."""
    decoys: tuple[str, ...]
    cries: tuple[str, ...]
    common: tuple[str, ...]
    """The most common English words, the most common first."""
    read: tuple[str, ...]
    """Pieces of three to nine words of what is read aloud in the recorded speech."""
    chances: np.ndarray[tuple[int], np.dtype[np.float64]] = field(repr=False)
    """How often each of the common words is said: [words], the sum is 1."""


def vocabulary(data: Path) -> Vocabulary:
    """Return what there is to say; `data` is the folder of the recorded speech, for its texts."""
    lexicon = load_pack(Settings()).lexicon
    counts = Counter(filter(_speakable, sentences(lexicon)))
    decoys = tuple(sorted(set(filter(_speakable, lexicon.decoys))))
    product = tuple(text for text, times in counts.items() if text not in decoys for _ in range(min(times, 2)))
    usual = tuple(filter(_speakable, common(cmu_dictionary(), COMMON)))
    urgent = _urgent(lexicon)
    ranks = np.arange(1, len(usual) + 1) ** -0.5
    return Vocabulary(
        product=product,
        words=tuple(sorted({word for text in product for word in text.split()})),
        urgent=urgent,
        core=tuple(text for text in urgent if " " not in text),
        decoys=decoys,
        cries=tuple(filter(_speakable, (" ".join(form.words) for form in lexicon.forms_by_concept.get(CRY, ())))),
        common=usual,
        read=_pieces(data),
        chances=ranks / ranks.sum(),
    )


Kind = Callable[[Vocabulary, np.random.Generator], str]


def sentence(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return something to say, of any kind: words with spaces, and commas for pauses."""
    return _pick(_KINDS, rng)(vocabulary, rng)


def product(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return a sentence of our content, now and then with a cry before it or a stumble in it."""
    text = _pick(vocabulary.product, rng)
    chance = rng.random()
    if chance < 0.12:  # noqa: PLR2004 - the shares stand here, and nowhere else
        return f"{_cry(vocabulary, rng)}, {text}"
    if chance < 0.17:  # noqa: PLR2004
        return _stumbled(text, rng)
    return text


def single(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return one word or one short phrase: it is what is shouted, and the hardest to hear."""
    return _pick(_pick((vocabulary.core, vocabulary.urgent, LISTED, vocabulary.words), rng), rng)


def several(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return two to five short phrases with pauses between, each as if it were alone."""
    return ", ".join(single(vocabulary, rng) for _ in range(rng.integers(2, 6)))


def free(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return words of our content in any order: they come in orders that no list holds."""
    words = [_pick((vocabulary.words, vocabulary.urgent, vocabulary.cries), rng) for _ in range(rng.integers(2, 7))]
    text = " ".join(_pick(kind, rng) for kind in words)
    return _stumbled(text, rng) if rng.random() < 0.2 else text  # noqa: PLR2004


def decoy(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return one to three words that sound like ours and are not."""
    return " ".join(_pick(vocabulary.decoys, rng) for _ in range(rng.integers(1, 4)))


def everyday(_vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return an everyday sentence: television, talk in bed, a story."""
    return _HOLE.sub(lambda hole: _pick(LISTS[hole[1]], rng), _pick(TEMPLATES, rng)).strip()


def read(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return a piece of what is read aloud in the recorded speech."""
    return _pick(vocabulary.read, rng)


def scattered(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return one to six common words that have nothing to do with each other, the rarer ones often too."""
    chosen = rng.choice(len(vocabulary.common), size=rng.integers(1, 7), p=vocabulary.chances)
    return " ".join(vocabulary.common[number] for number in chosen)


_KINDS: Sequence[Kind] = (
    *(product,) * 9,
    *(single,) * 4,
    *(several,) * 2,
    *(free,) * 3,
    *(decoy,) * 1,
    *(everyday,) * 3,
    *(read,) * 2,
    *(scattered,) * 4,
)
"""Each as often as it is said."""


def _urgent(lexicon: Lexicon) -> tuple[str, ...]:
    found = {
        " ".join(form.words)
        for concept in _URGENT
        for form in lexicon.forms_by_concept.get(concept, ())
        if not form.near and len(form.words) <= 3  # noqa: PLR2004 - see `Vocabulary`
    }
    return tuple(sorted(filter(_speakable, found)))


def _pieces(data: Path) -> tuple[str, ...]:
    texts = [normal(segment.text).split() for segment in read_segments(data / "SEGMENTS.tsv")]
    pieces = (" ".join(words[start : start + 9]) for words in texts for start in range(0, len(words) - 2, 7))
    return tuple(dict.fromkeys(filter(_speakable, pieces)))


def _speakable(text: str) -> bool:
    return bool(_SPEAKABLE.fullmatch(text)) and UNSPEAKABLE.isdisjoint(text.split())


def _cry(vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    cry = _pick(vocabulary.cries, rng)
    return ", ".join([cry] * int(rng.choice([1, 1, 1, 2, 3])))


def _stumbled(text: str, rng: np.random.Generator) -> str:
    """Say one or two words twice, or put a hesitation before them."""
    words = text.split()
    at = int(rng.integers(len(words)))
    again = words[at : at + int(rng.integers(1, 3))]
    before = [f"{_pick(('um', 'uh', 'er', 'erm'), rng)},"] if rng.random() < 0.4 else [*again[:-1], f"{again[-1]},"]  # noqa: PLR2004
    return " ".join([*words[:at], *before, *words[at:]])


def _pick(choices: Sequence[T], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]
