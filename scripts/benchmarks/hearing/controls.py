"""Words of control said alone while awake, at the noise of their bar and around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from scripts.benchmarks.figures import Figure, share
from scripts.benchmarks.hearing.conditions import CLEAN, Condition
from scripts.benchmarks.hearing.phrases import Utterance
from scripts.benchmarks.knowledge import Ears
from tests.content.en.tables import context_of, is_right

RIGHT = {"12 dB": 98.0}
"""Bars in percent, by condition."""

CONDITIONS = (CLEAN, *RIGHT)


def measure(
    name: str, ears: Ears, utterances: Sequence[Utterance], conditions: Iterable[Condition], *, bars: bool
) -> Iterator[Figure]:
    """Yield how many are understood; nobody else speaks, and neither do we."""
    for condition in conditions:
        if condition.name not in CONDITIONS:
            continue
        missed = [one for one in utterances if not _understood(ears, one, condition)]
        yield Figure(
            f"{name}: words of control, {condition.name}",
            share(len(utterances) - len(missed), len(utterances)),
            "%",
            RIGHT.get(condition.name) if bars else None,
            at_least=True,
            basis=f"{len(utterances)} said alone, awake; right: what is understood last is the word",
            details=[f"{one.phrase.text} ({one.voice})" for one in missed],
        )
        voices = Counter(one.voice for one in missed)
        if voices:
            worst, count = voices.most_common(1)[0]
            said = sum(one.voice == worst for one in utterances)
            yield Figure(
                f"{name}:   of these {worst}, the worst voice", share(said - count, said), "%", basis=f"{said}"
            )


def _understood(ears: Ears, utterance: Utterance, condition: Condition) -> bool:
    row = utterance.phrase.row
    if row is None:
        raise ValueError(f"'{utterance.phrase.text}' stands in no table")
    intents = ears.hear(condition.put(utterance.sound, utterance.number), context_of(row.section))
    return bool(intents) and is_right(intents[-1], row)
