"""Start phrases and signs of danger as strange voices cry them, from asleep, in all conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from scripts.benchmarks.figures import Figure, quantile, share
from scripts.benchmarks.hearing.conditions import CLEAN, Condition
from scripts.benchmarks.hearing.phrases import Utterance
from scripts.benchmarks.hearing.trial import Outcome, listened, plain
from scripts.benchmarks.listening import Listener
from tests.content.en.tables import is_right
from voice_assist.events import Understood

RIGHT: Mapping[str, float] = {CLEAN: 99.0, "12 dB": 98.0, "6 dB": 95.0, "0 dB": 85.0}
WRONG: Mapping[str, float] = {"6 dB": 0.5}
MEDIAN, LATEST = 0.20, 0.45
"""Bars in seconds, in quiet, from the phrase's end to the decision."""

HALF = 50.0
"""Largest share of a yardstick's errors that a model of ours may make, in percent."""

BASIS = "phrases from asleep; right: the protocol that runs in the end is the named place's"


def figures(name: str, found: Sequence[Outcome], *, bars: bool) -> Iterator[Figure]:
    """Yield what came of start phrases, by condition and by voice; bars are for engines of ours."""
    for condition in dict.fromkeys(one.condition for one in found):
        yield from _shares(name, condition, [one for one in found if one.condition == condition], bars=bars)
    counted = plain(found)
    for voice in dict.fromkeys(one.voice for one in counted):
        own = [one for one in counted if one.voice == voice]
        right = sum(one.right for one in own)
        yield Figure(f"{name}:   of these {voice}", share(right, len(own)), "%", basis=f"{len(own)}, clean to 0 dB")


def latencies(name: str, found: Sequence[Outcome], *, bars: bool) -> Iterator[Figure]:
    """Yield the time from the phrase's end to the decision, for those that were right in the end."""
    for condition in dict.fromkeys(one.condition for one in plain(found)):
        own = [one for one in found if one.condition == condition and one.right and one.commit is not None]
        late = [max(0.0, one.commit or 0.0) for one in own]
        early = sum((one.commit or 0.0) < 0.0 for one in own)
        basis = f"{len(own)} right phrases, {early} before their end; processor included"
        barred = bars and condition == CLEAN
        slowest = sorted(own, key=lambda one: -(one.commit or 0.0))[: max(1, len(own) // 10)]
        title = f"{name}: phrase's end to commit, {condition}"
        yield Figure(f"{title}, median", quantile(late, 0.5), "s", MEDIAN if barred else None, basis=basis)
        yield Figure(
            f"{title}, 95th",
            quantile(late, 0.95),
            "s",
            LATEST if barred else None,
            basis=basis,
            details=[asdict(one) for one in slowest],
        )


def against(name: str, ours: Sequence[Outcome], yardstick: str, its: Sequence[Outcome]) -> Iterator[Figure]:
    """Yield how many errors a model of ours makes for a yardstick's hundred, on what both have heard."""
    own = {(one.text, one.voice, one.condition): one for one in ours}
    for condition in dict.fromkeys(one.condition for one in plain(its)):
        pairs = [
            (own[key], other)
            for other in its
            if other.condition == condition and (key := (other.text, other.voice, condition)) in own
        ]
        mine = sum(not one.right for one, _ in pairs)
        theirs = sum(not other.right for _, other in pairs)
        basis = f"{mine} to {theirs}, of the same {len(pairs)} phrases"
        yield Figure(f"{name}: errors against {yardstick}'s, {condition}", share(mine, theirs), "%", HALF, basis=basis)


def dangers(
    name: str, ears: Listener, utterances: Iterable[Utterance], conditions: Iterable[Condition]
) -> Iterator[Figure]:
    """Yield how many signs of danger are understood as what they are, asked back or not."""
    said = list(utterances)
    for condition in conditions:
        if not condition.plain:
            continue
        missed = [one for one in said if not _alarmed(ears, one, condition)]
        yield Figure(
            f"{name}: signs of danger understood, {condition.name}",
            share(len(said) - len(missed), len(said)),
            "%",
            basis=f"{len(said)} told asleep; right: the danger that was told, asked back or not",
            details=[f"{one.phrase.text} ({one.voice})" for one in missed],
        )


def _alarmed(ears: Listener, utterance: Utterance, condition: Condition) -> bool:
    row = utterance.phrase.row
    if row is None:
        raise ValueError(f"'{utterance.phrase.text}' stands in no table")
    pcm = condition.put(utterance.sound, utterance.number)
    happened = (action for action, _ in listened(ears.session(), pcm))
    return any(isinstance(one, Understood) and is_right(one.intent, row, doubt=False) for one in happened)


def _shares(name: str, condition: str, own: Sequence[Outcome], *, bars: bool) -> Iterator[Figure]:
    count = len(own)
    missed = [asdict(one) for one in own if not one.right]
    wrong = [asdict(one) for one in own if one.wrong]
    right, nowhere = RIGHT.get(condition) if bars else None, WRONG.get(condition) if bars else None
    yield Figure(
        f"{name}: right place, {condition}",
        share(count - len(missed), count),
        "%",
        right,
        at_least=True,
        basis=f"{count} {BASIS}",
        details=missed,
    )
    basis = f"{len(wrong)} of {count}: the protocol of a place nobody named was begun, be it for a moment"
    yield Figure(
        f"{name}: wrong place, {condition}", share(len(wrong), count), "%", nowhere, basis=basis, details=wrong
    )
    nothing = sum(not one.begun for one in own)
    yield Figure(f"{name}: no protocol, {condition}", share(nothing, count), "%", basis=f"{nothing} of {count}")
