"""Start phrases: whether the right protocol is begun, and how soon the answer begins."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

import yaml

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, quantile, share
from scripts.benchmarks.listening import Listener, describe, is_start, listener
from voice_assist.events import Action, Say, Understood
from voice_assist.guide.episode import UNKNOWN
from voice_assist.guide.intake import place_of
from voice_assist.guide.protocol import Guide
from voice_assist.samples import Samples, samples, seconds, silence

LEAD, TAIL = 1.5, 3.0
"""Seconds before a phrase and after it."""

RATIO = 10.0
"""dB of the voice over the noise."""

CLEAN = ""

Noise = Iterator[tuple[str, Samples]]


@dataclass(frozen=True)
class Outcome:
    """What came of a phrase."""

    phrase: str
    place: str
    """The place whose protocol is right."""
    voice: str
    noise: str
    """Name of the noise's recording; empty without noise."""
    started: tuple[str, ...]
    """Places of the protocols that were begun, in order."""
    latency: float | None
    """Seconds from the phrase's end to the first sample of the right answer; negative before its end."""
    happened: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the protocol that runs in the end is the right one."""
        return self.started[-1:] == (self.place,)

    @property
    def wrong_muscle(self) -> bool:
        """Whether a protocol for another muscle was begun, be it for a moment."""
        return not set(self.started) <= {self.place, UNKNOWN}


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure all voices and phrases, in quiet and in noise."""
    said = phrases()[:: 5 if quick else 1]
    with listener() as ears:
        yield from _figures("in quiet", _outcomes(ears, said, None), right=95.0, timed=True)
        try:
            recordings = sounds.shared_audio("noise")
        except SkippedError as reason:
            raise SkippedError(f"commands in noise: {reason}") from None
        # Shuffled, so that a sample of them has noise of every kind; always the same way.
        shuffled = random.Random(1).sample(recordings, len(recordings))  # noqa: S311 - nothing secret
        noise = sounds.noises(shuffled, samples(LEAD + TAIL + 4.0))
        yield from _figures(f"in noise at {RATIO:g} dB", _outcomes(ears, said, noise), right=88.0, timed=False)


def phrases() -> list[tuple[str, str]]:
    """Return every phrase with the place of the protocol that is right for it."""
    table = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
    return [(place, phrase) for place, listed in table.items() for phrase in listed]


def _outcomes(ears: Listener, asked: Sequence[tuple[str, str]], noise: Noise | None) -> list[Outcome]:
    texts = tuple(phrase for _, phrase in asked)
    pieces = noise or cycle([(CLEAN, silence(0))])
    found = []
    for voice in sounds.VOICES:
        said = sounds.spoken(voice, texts)
        for (place, phrase), (name, piece) in zip(asked, pieces, strict=False):
            end = samples(LEAD) + len(said[phrase])
            pcm = sounds.surrounded(said[phrase], LEAD, TAIL)
            actions = _heard(ears, sounds.noisy(pcm, piece, RATIO) if name else pcm)
            begun, late = started(actions, ears.pack.guide), latency(actions, place, end, ears.pack.guide)
            found.append(Outcome(phrase, place, voice, name, begun, late, tuple(describe(actions))))
    return found


def _heard(ears: Listener, pcm: Samples) -> list[Action]:
    session = ears.session()
    session.hear(pcm)
    return list(session.actions())


def started(actions: Iterable[Action], guide: Guide) -> tuple[str, ...]:
    """Return the places of the protocols that were begun, in order.

    Whoever names a place and then says "it's going again" begins nothing: the dialogue goes on with that place.
    """
    named = [
        place_of(action.intent.slots, guide)
        for action in actions
        if isinstance(action, Understood) and is_start(action.intent)
    ]
    return tuple(place for at, place in enumerate(named) if place != UNKNOWN or set(named[:at]) <= {UNKNOWN})


def latency(actions: Iterable[Action], place: str, end: int, guide: Guide) -> float | None:
    """Return the seconds from sample `end` to the first sample said for `place`; None if nothing was."""
    begun = False
    for action in actions:
        if isinstance(action, Understood) and is_start(action.intent):
            begun = begun or place_of(action.intent.slots, guide) == place
        elif begun and isinstance(action, Say):
            return seconds(action.at - end)
    return None


def _figures(where: str, outcomes: Sequence[Outcome], right: float, *, timed: bool) -> Iterator[Figure]:
    count = len(outcomes)
    basis = f"{count} phrases"
    failed = [asdict(outcome) for outcome in outcomes if not outcome.right]
    wrong = [asdict(outcome) for outcome in outcomes if outcome.wrong_muscle]
    yield Figure(
        f"right protocol, {where}",
        share(count - len(failed), count),
        "%",
        right,
        at_least=True,
        basis=basis,
        details=failed,
    )
    yield Figure(f"wrong muscle, {where}", share(len(wrong), count), "%", 1.0, basis=basis, details=wrong)
    for voice in sounds.VOICES:
        own = [outcome for outcome in outcomes if outcome.voice == voice]
        rights = sum(outcome.right for outcome in own)
        yield Figure(f"  of these {voice}", share(rights, len(own)), "%", basis=f"{len(own)} phrases")
    timings = [outcome for outcome in outcomes if outcome.right and outcome.latency is not None]
    late = [max(0.0, outcome.latency or 0.0) for outcome in timings]
    early = sum((outcome.latency or 0.0) < 0 for outcome in timings)
    basis = f"{len(late)} phrases, {early} answered before their end"
    slowest = sorted(timings, key=lambda outcome: outcome.latency or 0.0, reverse=True)[: max(1, len(late) // 10)]
    bars = (0.40, 0.80) if timed else (None, None)
    yield Figure(f"phrase's end to answer, {where}, median", quantile(late, 0.5), "s", bars[0], basis=basis)
    yield Figure(
        f"phrase's end to answer, {where}, 95th",
        quantile(late, 0.95),
        "s",
        bars[1],
        basis=basis,
        details=[asdict(outcome) for outcome in slowest],
    )
