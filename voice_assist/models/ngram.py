"""A graph of our own for the sentences of a content, where libvosk would make loose pairs of words of a list.

libvosk learns from a run-time list of sentences which word follows which, and forgets what came before. Our `Gr.fst`
remembers more words, and where it has not met what was said it falls back to fewer: an n-gram with absolute
discounting. Told to discount nothing, it never falls back, and takes whole sentences only. Besides, it takes silence,
and `[unk]` for speech that is none of them; several of each after each other. It stands in a copy of the model, and a
recognizer made without a list uses it.

Source of the method: Ney, Essen, Kneser, "On structuring probabilistic dependences in stochastic language modelling",
Computer Speech and Language 8 (1994), 1-38.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from math import log
from pathlib import Path

from voice_assist.errors import ModelError
from voice_assist.models.graph import UNKNOWN
from voice_assist.models.openfst import EPSILON, Arc, Fst, const_file
from voice_assist.understand.grammar import ALARMS, DECOY, HALT, ORDERS

WHOLE = 20
"""An order that is longer than any sentence."""

History = tuple[int, ...]
"""The words that were said last, by their numbers."""

_BEGIN, _END = -1, -2
"""What stands before the first word of a sentence, and after its last."""
_UNSAID = (-3,)
"""The history of a sentence that has not begun, with nothing remembered. It cannot end there: a sentence of no words
and the way to another one would be a circle that takes nothing, and a lattice with one in it cannot be sorted."""
_IDLE, _DONE = 0, 1
"""States: before anything is said, and after a sentence. Histories of words are numbered from 2 on."""
_INSIDE = 3.0
"""How much dearer `[unk]` is in the middle of a sentence, which it ends: as a rule the next known word is meant."""
_FORMAT = b"4"
"""Changes when the same sentences and settings would make another graph."""
_KEPT = 3
"""How many graphs of one model stay in the cache."""
_GRAPH = "graph/Gr.fst"
_DECODING = "conf/model.conf"
_LIVE = "conf/live.conf"
"""How the copy decodes, where the model tells: what is listened to all night must cost less than a second look."""


@dataclass(frozen=True)
class NGram:
    """How a graph is made of sentences. A network's own: it is kept in its calibration.

    Costs are negative natural logarithms of a chance; 0 is free.
    """

    order: int = 3
    """How many words are looked at together: 2 to WHOLE. WHOLE, with nothing discounted, takes whole sentences only."""
    discount: float = 0.6
    """What is taken from each count and given to wordings that nobody listed: 0 to 1."""
    decoys: float = 20.0
    """How often a sentence that means nothing counts."""
    alarms: float = 1.0
    """How often a sentence that tells a danger counts; all others count once."""
    orders: float = 1.0
    """How often a word of control or an answer counts. At night neither starts anything."""
    halts: float = 1.0
    """How often an order to be silent counts. Asleep it does nothing; over our voice nothing else is as likely."""
    unknown: float = 3.0
    """The cost of a stretch of speech that is no sentence. The dearer it is, the more sentences are found in noise,
    and in other people's talk."""
    again: float = 2.0
    """The cost of another sentence, or another stretch, after one."""

    def count(self, kind: str) -> float:
        """Return how often a sentence of a kind counts (`grammar.whole_sentences` tells the kinds)."""
        if kind == DECOY:
            return self.decoys
        if kind == HALT:
            return self.halts
        if kind in ORDERS:
            return self.orders
        return self.alarms if kind in ALARMS else 1.0


def ngram_model(folder: Path, sentences: Mapping[str, str], settings: NGram, cache: Path) -> Path:
    """Return the folder of a model that expects some sentences.

    `sentences` gives the kind of each. Left out are those that count nothing, those with a word which the model lacks,
    and those that are another one with a word of it written as two. The folder is made in `cache` where it is not there
    yet. Raises ModelError where the model cannot be used so, or `cache` not written.
    """
    target = cache / "graphs" / f"{folder.name}-{_key(folder, sentences, settings)}"
    if target.is_dir():
        return target
    numbers = _numbers(folder)
    counted = {text: settings.count(kind) for text, kind in sentences.items()}
    known = _written_once(
        {text: count for text, count in counted.items() if count and numbers.keys() >= set(text.split())}
    )
    if not known:
        raise ModelError(f"{folder}: the model knows none of the sentences")
    counts = {tuple(map(numbers.__getitem__, text.split())): count for text, count in known.items()}
    graph = const_file(ngram_graph(counts, numbers[UNKNOWN], settings))
    try:
        _put(folder, target, graph)
    except OSError as error:
        raise ModelError(f"cannot write to {target.parent}: {error.strerror or error}") from None
    return target


def _written_once(counts: Mapping[str, float]) -> Mapping[str, float]:
    """Leave out every sentence that is another one, with a word of it written as two ("fore arm" beside "forearm").

    They sound the same, and vosk would weigh each word by the ways that hold it: "arm" more than "forearm".
    """
    found: dict[str, str] = {}
    for text in counts:
        found[_run_together(text)] = min(text, found.get(_run_together(text), text), key=len)
    return {text: count for text, count in counts.items() if found[_run_together(text)] == text}


def _run_together(text: str) -> str:
    return text.replace(" ", "")


def ngram_graph(counts: Mapping[History, float], unknown: int, settings: NGram) -> Fst:
    """Return the acceptor of sentences, given as numbers of words with their counts; `unknown` is that of UNKNOWN."""
    chances = _Chances(counts, settings)
    states: dict[History, int] = {}
    wanted: list[History] = []

    def state(history: History) -> int:
        if history not in states:
            states[history] = _DONE + 1 + len(states)
            wanted.append(history)
        return states[history]

    arcs = [
        Arc(_IDLE, state((_BEGIN,)), EPSILON, EPSILON),
        Arc(_IDLE, _DONE, unknown, unknown, settings.unknown),
        Arc(_DONE, _IDLE, EPSILON, EPSILON, settings.again),
    ]
    while wanted:
        history = wanted.pop()
        source = state(history)
        remembered = () if history == _UNSAID else history
        for word, cost in chances.costs(remembered):
            if word != _END:
                arcs.append(Arc(source, state(chances.after(remembered, word)), word, word, cost))
            elif history != _UNSAID:
                arcs.append(Arc(source, _DONE, EPSILON, EPSILON, cost))
        if not remembered:
            arcs.append(Arc(source, _DONE, unknown, unknown, settings.unknown + _INSIDE))
        elif chances.left[history] > 0:
            shorter = _UNSAID if history == (_BEGIN,) else history[1:]
            arcs.append(Arc(source, state(shorter), EPSILON, EPSILON, -log(chances.left[history])))
    return Fst(arcs, {_IDLE: 0.0, _DONE: 0.0})


class _Chances:
    """How likely each word is after each history that was met."""

    def __init__(self, counts: Mapping[History, float], settings: NGram) -> None:
        self._longest = settings.order - 1
        self._by_history: dict[History, dict[int, float]] = {}
        self.left: dict[History, float] = {}
        """What each history leaves to the one that is a word shorter."""
        counted = _counted(counts, self._longest)
        # Shorter histories first: a longer one builds on them.
        for history in sorted(counted, key=len):
            self._learn(history, counted[history], settings.discount)

    def costs(self, history: History) -> Iterator[tuple[int, float]]:
        """Yield each word that was met after a history, or _END, and what it costs."""
        for word, chance in sorted(self._by_history[history].items()):
            if chance > 0:
                yield word, -log(chance)

    def after(self, history: History, word: int) -> History:
        """Return what is remembered after another word."""
        said = (*history, word)
        return said[max(0, len(said) - self._longest) :]

    def _learn(self, history: History, counts: Mapping[int, float], discount: float) -> None:
        total = sum(counts.values())
        taken = {word: min(discount, count) for word, count in counts.items()}
        left = self.left[history] = sum(taken.values()) / total
        shorter = self._by_history[history[1:]] if history else dict.fromkeys(counts, 1 / len(counts))
        self._by_history[history] = {
            word: (count - taken[word]) / total + left * shorter[word] for word, count in counts.items()
        }


def _counted(counts: Mapping[History, float], longest: int) -> Mapping[History, Mapping[int, float]]:
    """Return how often each word came after each history of up to `longest` words."""
    found: defaultdict[History, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for words, count in counts.items():
        said = (_BEGIN, *words, _END)
        for at in range(1, len(said)):
            for length in range(min(longest, at) + 1):
                found[said[at - length : at]][said[at]] += count
    return found


def _numbers(folder: Path) -> dict[str, int]:
    lines = _words(folder).decode().splitlines()
    return {word: int(number) for word, number in map(str.split, lines)}


def _words(folder: Path) -> bytes:
    try:
        return (folder / "graph" / "words.txt").read_bytes()
    except OSError:
        raise ModelError(f"{folder}: a graph of its own needs graph/words.txt, which this model lacks") from None


def _key(folder: Path, sentences: Mapping[str, str], settings: NGram) -> str:
    """Return what names a graph, of all that it is made of: at a start that finds it made, nothing else is read."""
    digest = hashlib.sha256(_FORMAT)
    digest.update(_words(folder))
    files = [folder / name for name in ("am/final.mdl", "graph/HCLr.fst")]
    for path in [*files, *sorted((folder / "conf").iterdir())]:
        digest.update(path.read_bytes())
    digest.update(repr((sorted(sentences.items()), astuple(settings))).encode())
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
        if (live := fresh / "new" / _LIVE).exists():
            live.replace(fresh / "new" / _DECODING)
        _named(fresh / "new", target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    others = sorted(target.parent.glob(f"{folder.name}-*"), key=lambda path: path.stat().st_ctime, reverse=True)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _named(made: Path, target: Path) -> None:
    """Give a folder its name, unless another program that was started at the same time was first."""
    try:
        made.rename(target)
    except OSError:
        if not (target / _GRAPH).is_file():
            raise
