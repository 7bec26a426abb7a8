"""The vosk engine behind the recognizer port.

A corrupt model aborts the whole process inside vosk's C++ code. So the assistant never uses this
class in its own process: `hear.worker` runs it in a child.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from math import exp, log
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import soxr

from voice_assist.errors import ModelError
from voice_assist.events import Hypothesis, Word
from voice_assist.samples import BLOCK, RATE, Samples, samples

UNKNOWN = "[unk]"
"""Vosk's word for speech that is not in the grammar."""

WORDINGS = 5
"""Ways to hear an utterance that are told at its end."""

WORDINGS_AGAIN = 30
"""The same of a second look: many words sound alike when any may come."""

SPEEDS = ((16, 15), (15, 16))
"""How a second look in the expected words hears its sound: slower and faster. At its own speed it would only be heard
as it was the first time. Of 320 start phrases at 6 dB by voices to tune on 9 were heard as another place; at both of
these speeds as well, one."""

KEPT = samples(4.0)
"""Sound that is kept for a second look: what is doubted is short."""

BARGE_IN_BEFORE = samples(0.4)
"""Sound before it was clear that somebody speaks over our voice in which their first word may have begun."""

_BYTES = 2
"""Of a sample."""

_UNWANTED = {"requests": (), "urllib.request": ("urlretrieve",), "tqdm": ("tqdm",), "srt": ()}
"""What vosk imports for downloads and subtitles that are never asked of it, and what it takes of each by name. To
import requests opens a socket, and all of them take 5 MB and a tenth of the start."""

Model = Any
"""Vosk's model, which has no types."""


class VoskRecognizer:
    """Any Vosk model that takes a run-time grammar."""

    def __init__(
        self,
        folder: Path,
        grammar: Sequence[str],
        name: str | None = None,
        graph: Path | None = None,
        barge_in: Sequence[str] = (),
        model: Model | None = None,
    ) -> None:
        """Load the model in `folder` and expect the phrases of `grammar`.

        `graph` is a copy of the model whose own graph stands for the list (`models.ngram`); `barge_in` is what is
        said over our voice, none for no ear for that. `model` is what `load` made of `folder` before.

        Phrases are lower case. A phrase with a word that the model does not know is left out of
        the grammar. `[unk]` is added if the grammar lacks it: without it every sound is some phrase.
        Raises ModelError if the model cannot be used; may abort the process if it is corrupt.
        """
        self._vosk = _engine()
        self._model = model or load(folder)
        self._with_graph = load(graph) if graph else None
        self.name = name or folder.name
        self.missing = self._missing(grammar)
        self._grammar = self._listed(grammar)
        self._orders = self._listed(barge_in)
        if not self._grammar:
            raise ModelError(unusable(folder, "it knows none of the phrases"))
        self._beside: Any = None
        self._order = ""
        self.reset()

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        """See `Recognizer.accept`. Partials have no word times: asking vosk for them delays partials by a second."""
        found: list[Hypothesis] = []
        # Block by block, so that what is heard does not depend on how the sound was cut.
        for start in range(0, len(pcm), BLOCK):
            block = pcm[start : start + BLOCK].tobytes()
            found += self._over_us(block) if barge_in and self._orders else self._over_us_ended()
            self._sound.append(block)
            self._heard += len(block) // _BYTES
            if self._engine.AcceptWaveform(block):
                # Fetching the result is also what frees the utterance's memory.
                found += self._final(self._engine.Result())
            else:
                found += self._changed(self._engine.PartialResult())
        return found

    def _over_us(self, block: bytes) -> Iterator[Hypothesis]:
        """Hear a block in the few words that are said over our voice."""
        if self._beside is None:
            self._beside = self._vosk.KaldiRecognizer(self._model, RATE, self._orders)
            self._beside.SetMaxAlternatives(WORDINGS)
            self._beside.AcceptWaveform(b"".join([*self._sound][-BARGE_IN_BEFORE // BLOCK :]))
            self._order = ""
        if self._beside.AcceptWaveform(block):
            yield from self._final_order(self._beside.Result())
        elif (text := json.loads(self._beside.PartialResult())["partial"]) != self._order:
            self._order = text
            yield Hypothesis(text, final=False, echo=True, barge_in=True)

    def _over_us_ended(self) -> Iterator[Hypothesis]:
        """End what was said over our voice."""
        if self._beside is not None:
            yield from self._final_order(self._beside.FinalResult())
            self._beside = None

    def _final_order(self, result: str) -> Iterator[Hypothesis]:
        """Tell what was heard over our voice: it may be our own until it is known that somebody else was there."""
        found, *others = _wordings(result)
        rivals = _rivals(found, others)
        if self._order or any(_words([found["text"], *(text for text, _ in rivals)])):
            self._order = ""
            yield Hypothesis(found["text"], final=True, echo=True, barge_in=True, rivals=rivals)

    def finish(self) -> Sequence[Hypothesis]:
        """See `Recognizer.finish`."""
        return [*self._over_us_ended(), *self._final(self._engine.FinalResult())]

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        """See `Recognizer.look_again`. It knows the last KEPT samples, in memory only."""
        kept = b"".join(self._sound)
        length = _BYTES * max(0, self._heard - since)
        if not kept or not length:
            return ()
        if expected:
            pcm = np.frombuffer(kept[-length:], dtype=np.int16)
            wordings = _pooled(self._wordings(self._listening(), _at_speed(pcm, *speed)) for speed in SPEEDS)
        else:
            wordings = self._wordings(self._vosk.KaldiRecognizer(self._model, RATE), kept[-length:])
        found, *others = wordings
        return (Hypothesis(found["text"], final=True, again=True, rivals=_rivals(found, others)),)

    def reset(self) -> None:
        """See `Recognizer.reset`.

        A new engine, so that what is heard does not depend on what came before, and its memory is
        free; 20 ms for 9000 sentences. Vosk's own reset keeps the old features, and its clock running.
        """
        self._engine = self._listening()
        self._engine.SetWords(1)
        # Without alternatives vosk picks each word by how many ways hold it, whatever stands beside it: of "forearm",
        # "fore arm" and "arm" it makes "arm".
        self._engine.SetMaxAlternatives(WORDINGS)
        self._partial = ""
        self._sound: deque[bytes] = deque(maxlen=KEPT // BLOCK)
        self._heard = 0
        self._beside = None
        self._order = ""

    def troubles(self) -> Sequence[str]:
        """See `Recognizer.troubles`. What goes wrong in here raises, or ends the process."""
        return ()

    def close(self) -> None:
        """See `Recognizer.close`. Vosk frees the model with its object."""

    def _listed(self, phrases: Sequence[str]) -> str:
        """Return phrases as vosk takes them, without those that the model does not know; empty for none at all."""
        missing = self._missing(phrases)
        heard = [phrase for phrase in phrases if missing.isdisjoint(phrase.split())]
        if not set(heard) - {UNKNOWN}:
            return ""
        return json.dumps(heard if UNKNOWN in heard else [*heard, UNKNOWN])

    def _listening(self) -> Any:
        """Return a new engine that hears what is expected."""
        expecting = (self._with_graph, RATE) if self._with_graph else (self._model, RATE, self._grammar)
        return self._vosk.KaldiRecognizer(*expecting)

    @staticmethod
    def _wordings(engine: Any, sound: bytes) -> list[dict[str, Any]]:
        """Return the ways to hear a sound as a whole."""
        engine.AcceptWaveform(sound)
        engine.SetMaxAlternatives(WORDINGS_AGAIN)
        return _wordings(engine.FinalResult())

    def _missing(self, phrases: Sequence[str]) -> frozenset[str]:
        return frozenset(word for word in _words(phrases) if not self._knows(word))

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _changed(self, result: str) -> Iterator[Hypothesis]:
        text = json.loads(result)["partial"]
        if text != self._partial:
            self._partial = text
            yield Hypothesis(text, final=False)

    def _final(self, result: str) -> Iterator[Hypothesis]:
        found, *others = _wordings(result)
        rivals = _rivals(found, others)
        # An empty final is news only if it takes back a partial, or may be words all the same.
        if found["text"] or self._partial or any(_words([text]) for text, _ in rivals):
            self._partial = ""
            words = tuple(map(_word, found.get("result", ())))
            yield Hypothesis(found["text"], final=True, words=words, rivals=rivals)


def load(folder: Path) -> Model:
    """Load the model in `folder`. Raises ModelError if it cannot be used; may abort the process if it is corrupt."""
    check_folder(folder)
    try:
        # By path only: by name or language vosk would go to the network.
        return _engine().Model(str(folder))
    except Exception as error:  # vosk raises nothing narrower
        raise ModelError(unusable(folder, "vosk cannot load it")) from error


def _engine() -> Any:
    """Return the vosk module. Late, because it costs 30 MB, and only a child process needs it."""
    for name, parts in _UNWANTED.items():
        empty = ModuleType(name)
        for part in parts:
            setattr(empty, part, None)
        sys.modules.setdefault(name, empty)
    import vosk  # noqa: PLC0415

    vosk.SetLogLevel(-1)
    return vosk


def check_folder(folder: Path) -> None:
    """Raise ModelError where a folder clearly holds no whole Vosk model that takes a grammar."""
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}: give an unpacked Vosk model with --model.")
    if _holds(folder / "final.mdl"):  # the older, flat layout
        return
    files = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf")
    lacking = [file for file in files if not _holds(folder / file)]
    if lacking:
        raise ModelError(unusable(folder, f"it lacks {lacking[0]}"))
    if not (_holds(folder / "graph/HCLr.fst") and _holds(folder / "graph/Gr.fst")):
        if (folder / "graph/HCLG.fst").exists():
            raise ModelError(unusable(folder, "its graph is fixed, so it takes no list of phrases"))
        raise ModelError(unusable(folder, "it lacks graph/HCLr.fst or graph/Gr.fst"))


def unusable(folder: Path, reason: str) -> str:
    """Return the line for a user whose model cannot be used."""
    return f"The model in {folder} cannot be used ({reason}): fetch it again, or choose another with --model."


def _holds(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _words(grammar: Iterable[str]) -> set[str]:
    return {word for phrase in grammar for word in phrase.split()} - {UNKNOWN}


def _wordings(result: str) -> list[dict[str, Any]]:
    """Return the ways to hear an utterance as a whole, the likeliest first; their `confidence` is a logarithm."""
    return [entry | {"text": entry["text"].strip()} for entry in json.loads(result)["alternatives"]]


def _at_speed(pcm: Samples, longer: int, than: int) -> bytes:
    """Return a sound that takes `longer` where it took `than`; its pitch goes with it."""
    sound: Samples = soxr.resample(pcm, than, longer)
    return sound.tobytes()


def _pooled(hearings: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the wordings of several hearings of one sound, by how likely each is in all of them together."""
    likely: dict[str, float] = {}
    for wordings in hearings:
        weights = {entry["text"]: exp(entry["confidence"] - wordings[0]["confidence"]) for entry in wordings}
        for text, weight in weights.items():
            likely[text] = likely.get(text, 0.0) + weight / sum(weights.values())
    best = sorted(likely, key=lambda text: -likely[text])
    return [{"text": text, "confidence": log(likely[text])} for text in best if likely[text] > 0.0]


def _rivals(found: dict[str, Any], others: Iterable[dict[str, Any]]) -> tuple[tuple[str, float], ...]:
    """Return other wordings with how much less likely each is than the one that was found."""
    return tuple((other["text"], found["confidence"] - other["confidence"]) for other in others)


def _word(entry: dict[str, Any]) -> Word:
    start = samples(entry["start"])
    return Word(entry["word"], start, max(start, samples(entry["end"])))
