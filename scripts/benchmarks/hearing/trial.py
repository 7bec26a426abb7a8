"""One utterance through a whole session from asleep, on a clock that knows how long the processor took."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.commands import started
from scripts.benchmarks.hearing.conditions import CLEAN, Condition, end_of
from scripts.benchmarks.hearing.phrases import Utterance
from scripts.benchmarks.listening import Listener, describe, is_start
from voice_assist.events import Action, Heard, Understood
from voice_assist.guide.episode import UNKNOWN as NO_PLACE
from voice_assist.guide.intake import place_of
from voice_assist.guide.protocol import Guide
from voice_assist.samples import BLOCK, Samples, samples, seconds
from voice_assist.session import Session

SETTLE = samples(1.2)
"""Quiet after an utterance that has begun nothing yet: what waits for an utterance's end must have its chance."""


@dataclass(frozen=True)
class Outcome:
    """What came of an utterance."""

    text: str
    wanted: str
    """The place whose protocol is right."""
    voice: str
    condition: str
    begun: tuple[str, ...]
    """Places of the protocols that were begun, in order."""
    commit: float | None
    """Seconds from the phrase's end to the decision for the right place, time of the processor included; less than 0
    before its end; None if there was none."""
    finals: tuple[str, ...]
    """What was heard at the end of each utterance."""
    happened: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the protocol that runs in the end is that of the place that was named."""
        return self.begun[-1:] == (self.wanted,)

    @property
    def wrong(self) -> bool:
        """Whether a protocol for a place that nobody named was begun, be it for a moment; no place is no wrong one."""
        return not set(self.begun) <= {self.wanted, NO_PLACE}


def outcome(ears: Listener, utterance: Utterance, condition: Condition) -> Outcome:
    """Let a new session hear an utterance in its surroundings."""
    heard = list(listened(ears.session(), condition.put(utterance.sound, utterance.number)))
    actions = [action for action, _ in heard]
    wanted = utterance.phrase.wanted
    return Outcome(
        utterance.phrase.text,
        wanted,
        utterance.voice,
        condition.name,
        started(actions, ears.pack.guide),
        committed(heard, wanted, end_of(utterance.sound), ears.pack.guide),
        tuple(finals(actions)),
        tuple(describe(actions)),
    )


def outcomes(ears: Listener, utterances: Iterable[Utterance], conditions: Iterable[Condition]) -> Iterator[Outcome]:
    """Yield what comes of every utterance in every condition, but of every fourth where there is no bar."""
    said = list(utterances)
    for condition in conditions:
        for utterance in said if condition.plain else said[::4]:
            yield outcome(ears, utterance, condition)


def listened(session: Session, pcm: Samples) -> Iterator[tuple[Action, float]]:
    """Yield what happens, and how many seconds late on a processor that hears nothing but this.

    It takes each block when it has come and is done with the one before. Its time is that of this process, so what
    else runs on the machine hardly counts. Quiet follows where nothing was begun.
    """
    free = 0.0
    begun = False
    padded = np.concatenate((pcm, sounds.hiss(sounds.ROOM, SETTLE)))
    for start in range(0, len(padded), BLOCK):
        if start >= len(pcm) and begun:
            break
        before = time.process_time()
        session.hear(padded[start : start + BLOCK])
        come = seconds(start + BLOCK)
        free = max(free, come) + time.process_time() - before
        for action in session.actions():
            begun = begun or (isinstance(action, Understood) and is_start(action.intent))
            yield action, free - come


def committed(heard: Iterable[tuple[Action, float]], place: str, end: int, guide: Guide) -> float | None:
    """Return the seconds from sample `end` to the decision that began the protocol of `place`; None without one."""
    for action, late in heard:
        if not isinstance(action, Understood) or not is_start(action.intent):
            continue
        if place_of(action.intent.slots, guide) == place:
            return seconds(action.at - end) + late
    return None


def finals(actions: Iterable[Action]) -> list[str]:
    """Return what was heard at the end of each utterance, the first time."""
    heard = (action.hypothesis for action in actions if isinstance(action, Heard))
    return [hypothesis.text for hypothesis in heard if hypothesis.final and not hypothesis.again]


def plain(outcomes_: Sequence[Outcome]) -> list[Outcome]:
    """Return those in quiet and in noise."""
    return [one for one in outcomes_ if one.condition == CLEAN or one.condition.endswith("dB")]
