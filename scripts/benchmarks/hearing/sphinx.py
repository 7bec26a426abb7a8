"""pocketsphinx behind the recognizer port, as well as it can be used: a yardstick, never the assistant's ears.

Two stages, both over a whole utterance as our gate cuts it (its own detector takes a fan for speech): asleep, one of
the sentences that begin something must be spotted at all; then a strict grammar of all sentences finds the likeliest.
Word pairs instead of the strict grammar found a third less on development voices. Left as they are: word models,
dictionary (with the words it lacks), beams. The sound is decoded as a whole, with its own mean, and is never
digital silence, which cripples it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from voice_assist.events import Hypothesis
from voice_assist.hear.vosk import UNKNOWN
from voice_assist.models.pronounce import pronouncer
from voice_assist.samples import Samples, samples

SPOTTING = 1e-20
"""How unlikely a spotted sentence may be against any sound. Of 40 start phrases by development voices 39 were
spotted at this, 33 at 1e-10."""

AGAIN = 0.1
"""How likely another sentence follows, where several may."""

SHORTEST = samples(0.2)
"""What is shorter holds no word."""

FAINT = 10.0
"""RMS of the noise that keeps sound from being digital silence, in steps of int16: -70 dBFS. With less the spotter
finds next to nothing in a recording that is silent between words."""


class SphinxRecognizer:
    """A strict grammar of sentences, and a spotter before it. Reports what it hears at the end of an utterance."""

    name = "pocketsphinx"

    def __init__(self, sentences: Sequence[str], spotted: Sequence[str] = (), *, loose: bool = False) -> None:
        """Expect one of the sentences, or several in a row where it is `loose`.

        Where `spotted` is not empty, one of those must be spotted first. Raises RuntimeError.
        """
        # Late: it is in the extra [bench] only.
        from pocketsphinx import Decoder  # noqa: PLC0415

        self._decoder: Any = Decoder(lm=None, dither=True, loglevel="FATAL")
        listed = dict.fromkeys(sentence for sentence in sentences if sentence != UNKNOWN)
        self.missing = self._teach({word for sentence in (*listed, *spotted) for word in sentence.split()})
        graph = prefix_tree(sentence for sentence in listed if self.missing.isdisjoint(sentence.split()))
        if loose:
            graph.append((END, START, AGAIN))
        self._decoder.add_fsg("sentences", self._decoder.create_fsg("sentences", START, END, graph))
        phrases = [phrase for phrase in spotted if self.missing.isdisjoint(phrase.split())]
        self._spots = bool(phrases)
        if phrases:
            with tempfile.TemporaryDirectory() as folder:
                table = Path(folder) / "phrases"
                table.write_text("".join(f"{phrase} /{SPOTTING}/\n" for phrase in phrases), encoding="utf-8")
                self._decoder.add_kws("spotter", str(table))
        self._random = np.random.default_rng(1)
        self._kept: list[Samples] = []
        self._told = False

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        """Keep sound until the utterance ends."""
        del barge_in
        self._kept.append(pcm)
        if self._told or not len(pcm):
            return ()
        # That somebody speaks is all it says before the end. Told nothing, the session would end an
        # utterance at the first short pause.
        self._told = True
        return (Hypothesis(UNKNOWN, final=False),)

    def finish(self) -> Sequence[Hypothesis]:
        """See `Recognizer.finish`."""
        pcm = np.concatenate(self._kept) if self._kept else np.zeros(0, np.int16)
        self.reset()
        if len(pcm) < SHORTEST:
            return (Hypothesis("", final=True),)
        faint = self._random.normal(0.0, FAINT, len(pcm))
        sound = np.clip(np.rint(pcm + faint), -32768, 32767).astype(np.int16).tobytes()
        if self._spots and not self._decoded(sound, "spotter"):
            return (Hypothesis("", final=True),)
        return (Hypothesis(self._decoded(sound, "sentences"), final=True),)

    def reset(self) -> None:
        """See `Recognizer.reset`."""
        self._kept.clear()
        self._told = False

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        """See `Recognizer.look_again`: it has nothing to compare with."""
        del since, expected
        return ()

    def troubles(self) -> Sequence[str]:
        """See `Recognizer.troubles`."""
        return ()

    def close(self) -> None:
        """See `Recognizer.close`. pocketsphinx frees its decoder with its object."""

    def _decoded(self, sound: bytes, search: str) -> str:
        self._decoder.activate_search(search)
        self._decoder.start_utt()
        self._decoder.process_raw(sound, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return str(found.hypstr).strip() if found else ""

    def _teach(self, words: Iterable[str]) -> frozenset[str]:
        """Add the words that its dictionary lacks; return those that nobody knows how to say."""
        sayer = pronouncer()
        lacking = {word: sayer.said(word) for word in sorted(words) if self._decoder.lookup_word(word) is None}
        entries = [
            (word if number == 1 else f"{word}({number})", " ".join(way.sounds))
            for word, said in lacking.items()
            if said
            for number, way in enumerate(said.ways, 1)
        ]
        for name, sounds in entries:
            # Only with the last are they brought into use: one by one each takes as long as all at once.
            self._decoder.add_word(name, sounds, name == entries[-1][0])
        return frozenset(word for word, said in lacking.items() if not said)


START, END = 0, 1
"""States of every graph."""

Arc = tuple[int, int, float, str] | tuple[int, int, float]
"""From a state to a state, with a probability and the word that is said on the way, if one is."""


def prefix_tree(sentences: Iterable[str]) -> list[Arc]:
    """Return the graph that accepts just these sentences, all of them as likely as any."""
    arcs: list[Arc] = []
    states: dict[tuple[str, ...], int] = {(): START}
    for sentence in dict.fromkeys(sentences):
        words = tuple(sentence.split())
        for count in range(1, len(words) + 1):
            if words[:count] not in states:
                # Past END: the states of beginnings are numbered as they come.
                states[words[:count]] = len(states) + END
                arcs.append((states[words[: count - 1]], states[words[:count]], 1.0, words[count - 1]))
        arcs.append((states[words], END, 1.0))
    return arcs
