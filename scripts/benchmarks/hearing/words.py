"""Single words that people recorded, told from one another in a closed list.

The clips last a second or less, and some words are cut off in them. They are heard in a quiet room, as the gate passes
sound on, and as they are: ours is better in the room, pocketsphinx by itself.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, share
from scripts.benchmarks.hearing.conditions import hissing
from scripts.benchmarks.hearing.engines import Engine, Expected
from voice_assist.events import Hypothesis
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.vosk import UNKNOWN
from voice_assist.samples import BLOCK, Samples

RIGHT = 92.0
"""Bar in percent, for the words that a model knows."""


@dataclass(frozen=True)
class Clip:
    """One word by one person."""

    word: str
    path: Path


def clips() -> list[Clip]:
    """Return the clips that the manifest of the shared audio lists, in its order. Raises SkippedError without it."""
    manifest = sounds.SHARED / "audio" / "MANIFEST.tsv"
    try:
        with manifest.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file, delimiter="\t") if row["path"].startswith("words/")]
    except OSError:
        raise SkippedError(f"words of real people: {manifest} is not here; see VOICE_ASSIST_SHARED") from None
    return [Clip(row["label_or_transcript"], manifest.parent / row["path"]) for row in rows]


def measure(engine: Engine, listed: Sequence[Clip], *, bars: bool) -> Iterator[Figure]:
    """Yield how many words are told for what they are: in a quiet room, word by word, and as they are."""
    words = tuple(sorted({clip.word for clip in listed}))
    with closing(engine.open(Expected(words, closed=True))) as recognizer:
        pcm = [sounds.load(clip.path) for clip in listed]
        heard = [(clip, word_in(recognizer, hissing(sound), words)) for clip, sound in zip(listed, pcm, strict=True)]
        bare = [(clip, word_in(recognizer, sound, words)) for clip, sound in zip(listed, pcm, strict=True)]
        missing = recognizer.missing
    wrong = [f"{clip.path.stem}: '{clip.word}' heard as '{word}'" for clip, word in heard if word != clip.word]
    lacking = f"; it lacks {', '.join(sorted(missing))}" if missing else ""
    yield Figure(
        f"{engine.name}: words of real people, closed list, in a quiet room",
        _right(heard, missing),
        "%",
        RIGHT if bars else None,
        at_least=True,
        basis=f"of {len(listed)} clips those of {len(words) - len(missing)} words{lacking}",
        details=wrong,
    )
    yield Figure(f"{engine.name}:   cut off as they are", _right(bare, missing), "%", basis="the same clips")
    if missing:
        yield Figure(f"{engine.name}:   with words it lacks, in a quiet room", _right(heard, frozenset()), "%")
    found, said = Counter(clip.word for clip, word in heard if word == clip.word), Counter(clip.word for clip in listed)
    weakest = sorted(words, key=lambda word: (found[word] / said[word], word))[:5]
    told = ", ".join(f"{word} {found[word]} of {said[word]}" for word in weakest)
    each = [share(found[word], said[word]) for word in words if word not in missing]
    mean = sum(each) / len(each) if each else float("nan")
    yield Figure(f"{engine.name}:   mean over its words", mean, "%", basis=f"weakest: {told}")


def _right(heard: Sequence[tuple[Clip, str]], missing: Collection[str]) -> float:
    """Return percent of the clips of known words."""
    known = [word == clip.word for clip, word in heard if clip.word not in missing]
    return share(sum(known), len(known))


def word_in(recognizer: Recognizer, clip: Samples, words: Collection[str]) -> str:
    """Return which of the words is heard in a clip; none of them, or several, as they were heard.

    One of them was said. So where the likeliest wording is none, the likeliest one counts that is.
    """
    recognizer.reset()
    heard: list[Hypothesis] = []
    for start in range(0, len(clip), BLOCK):
        heard += recognizer.accept(clip[start : start + BLOCK])
    heard += recognizer.finish()
    finals = [hypothesis for hypothesis in heard if hypothesis.final]
    told = " ".join(word for final in finals for word in final.text.split() if word != UNKNOWN)
    rivals = [text for final in finals for text, _ in final.rivals]
    return next((text for text in (told, *rivals) if text in words), told)
