"""A strict graph: whole sentences of a list and nothing else, where libvosk would make loose word pairs of the list.

libvosk learns from a run-time list of sentences which word follows which, and so hears sentences that are not in it. A
`Gr.fst` of our own accepts only whole ones: none, or several after each other, or speech that is none of them, which is
`[unk]`. It stands in a copy of the model, and a recognizer made without a list uses it.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

from voice_assist.errors import ModelError
from voice_assist.models.graph import UNKNOWN
from voice_assist.models.openfst import EPSILON, Arc, Fst, const_file
from voice_assist.understand.grammar import ALARMS, DECOY

_START, _BETWEEN, _END = 0, 1, 2
"""States: where it begins, before a sentence, after one."""
_FORMAT = b"1"
"""Changes when the same sentences and costs would make another graph."""
_KEPT = 3
"""How many graphs of one model stay in the cache."""
_GRAPH = "graph/Gr.fst"


@dataclass(frozen=True)
class Costs:
    """What speaks against hearing something, in negative natural logarithms of a chance; 0 is free.

    A network's own: they are kept in its calibration. The dearer `[unk]` is beside the sentences, the more of them are
    found in noise, and the more in other people's talk.
    """

    sentence: float = 8.0
    """A sentence that means something. 8 is about one of three thousand."""
    alarm: float = 8.0
    """A sentence that tells a danger."""
    decoy: float = 5.0
    """A sentence that means nothing."""
    unknown: float = 1.0
    """A stretch of speech that is no sentence."""
    again: float = 2.0
    """Another sentence, or another stretch, after one."""

    def of(self, kind: str) -> float:
        """Return what a sentence of a kind costs (`grammar.whole_sentences` tells the kinds)."""
        if kind == DECOY:
            return self.decoy
        return self.alarm if kind in ALARMS else self.sentence


def strict_model(folder: Path, sentences: Mapping[str, str], costs: Costs, cache: Path) -> Path:
    """Return the folder of a model that hears nothing but whole sentences.

    `sentences` gives the kind of each. One that has a word which the model lacks is left out. The folder is made in
    `cache` where it is not there yet. Raises ModelError where the model cannot be used so, or `cache` not written.
    """
    numbers = _numbers(folder)
    known = {text: costs.of(kind) for text, kind in sentences.items() if numbers.keys() >= set(text.split())}
    if not known:
        raise ModelError(f"{folder}: the model knows none of the sentences")
    target = cache / "graphs" / f"{folder.name}-{_key(folder, known, costs)}"
    if target.is_dir():
        return target
    graph = const_file(
        strict_graph(
            {tuple(map(numbers.__getitem__, text.split())): cost for text, cost in known.items()},
            numbers[UNKNOWN],
            costs,
        )
    )
    try:
        _put(folder, target, graph)
    except OSError as error:
        raise ModelError(f"cannot write to {target.parent}: {error.strerror or error}") from None
    return target


def strict_graph(sentences: Mapping[tuple[int, ...], float], unknown: int, costs: Costs) -> Fst:
    """Return the acceptor of sentences, given as numbers of words with their costs; `unknown` is the number of UNKNOWN.

    It is deterministic but for what comes after a sentence, and words that end sentences alike are there once.
    """
    return _Acceptor(costs).of(sentences, unknown)


@dataclass
class _Node:
    """What may come after some words."""

    cost: float = float("inf")
    """The least that the rest of a sentence costs from here."""
    ends: float = float("inf")
    """What it costs to end here."""
    then: dict[int, _Node] = field(default_factory=dict)


class _Acceptor:
    def __init__(self, costs: Costs) -> None:
        self._costs = costs
        self._arcs = [Arc(_START, _BETWEEN, EPSILON, EPSILON)]
        self._states: dict[tuple[object, ...], int] = {}
        """The state of what may still come: words that are followed alike lead to the same."""

    def of(self, sentences: Mapping[tuple[int, ...], float], unknown: int) -> Fst:
        root = _Node()
        for words, cost in sentences.items():
            self._plant(root, words, cost)
        for word, node in sorted(root.then.items()):
            self._arc(_BETWEEN, self._state(node), word, node.cost)
        self._arc(_BETWEEN, _END, unknown, self._costs.unknown)
        self._arc(_END, _BETWEEN, EPSILON, self._costs.again)
        return Fst(self._arcs, {_BETWEEN: 0.0, _END: 0.0})

    def _plant(self, node: _Node, words: Iterable[int], cost: float) -> None:
        for word in words:
            node = node.then.setdefault(word, _Node())
            node.cost = min(node.cost, cost)
        node.ends = min(node.ends, cost)

    def _state(self, node: _Node) -> int:
        """Return the state behind a word; the least cost of all that follows has been paid on the way there."""
        # Sentences are a dozen words at most, so it is never deep.
        arcs = [(word, self._state(after), after.cost - node.cost) for word, after in sorted(node.then.items())]
        if not arcs:
            return _END
        if node.ends < float("inf"):
            arcs.append((EPSILON, _END, node.ends - node.cost))
        known = tuple(arcs)
        if known not in self._states:
            state = self._states[known] = _END + 1 + len(self._states)
            for word, target, cost in arcs:
                self._arc(state, target, word, cost)
        return self._states[known]

    def _arc(self, source: int, target: int, word: int, cost: float) -> None:
        self._arcs.append(Arc(source, target, word, word, cost))


def _numbers(folder: Path) -> dict[str, int]:
    try:
        lines = (folder / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ModelError(f"{folder}: a strict graph needs graph/words.txt, which this model lacks") from None
    return {word: int(number) for word, number in map(str.split, lines)}


def _key(folder: Path, sentences: Mapping[str, float], costs: Costs) -> str:
    digest = hashlib.sha256(_FORMAT)
    for name in ("am/final.mdl", "graph/HCLr.fst", "graph/words.txt"):
        digest.update((folder / name).read_bytes())
    digest.update(repr((sorted(sentences.items()), astuple(costs))).encode())
    return digest.hexdigest()[:16]


def _put(folder: Path, target: Path, graph: bytes) -> None:
    """Make the copy beside its place, give it its name last, and drop those that have not been used for long.

    No links: a model that is written over in place must not change what was made of the one before.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        shutil.copytree(folder, fresh / "new", ignore=lambda _, names: {"Gr.fst"} & set(names))
        (fresh / "new" / _GRAPH).write_bytes(graph)
        (fresh / "new").rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    others = sorted(target.parent.glob(f"{folder.name}-*"), key=lambda path: path.stat().st_ctime, reverse=True)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
