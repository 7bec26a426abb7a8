"""Listens once and keeps what was heard; what would come of it with other values is replayed in a moment.

The recording session doubts all that can be doubted, so that every second look is in what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scripts.calibrate.material import Piece
from voice_assist.content import Pack
from voice_assist.events import Context, Heard, Hypothesis, Intent, Understood
from voice_assist.hear.gate import Gate
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero
from voice_assist.models.calibration import MOST_WORDS
from voice_assist.samples import BLOCK, RATE, samples, silence
from voice_assist.session import Session
from voice_assist.testing import Tones
from voice_assist.understand.commit import Commitment, Decision, Timing
from voice_assist.understand.second_look import LOOK_WAIT, Doubts, Match

RIVALS = (0.0, 0.5, 1.0, 2.0)
"""How much less likely a wording may be that is believed where the likeliest means nothing."""

ALL = Doubts(brief=MOST_WORDS, rivals=max(RIVALS), questions=True, alarms=MOST_WORDS)

ASLEEP = Context()

LATER = samples(1.0)
"""How long after the last news something may still be acted on."""

_STOP = Intent("control", "control", {"word": "stop"})


@dataclass(frozen=True)
class Take:
    """What a model made of a piece."""

    piece: Piece
    heard: tuple[Heard, ...]
    quiet: tuple[int, ...] = ()
    """For each block, how many samples nobody had spoken for. Behind the last nobody speaks."""

    def quiet_at(self, now: int) -> int:
        """Return for how many samples nobody had spoken at a time."""
        block = now // BLOCK - 1
        return self.quiet[block] if block < len(self.quiet) else now


@dataclass(frozen=True)
class Act:
    """What an assistant that sleeps would have acted on."""

    at: int
    intent: Intent
    looked: bool
    """True if it was heard twice."""


def take(piece: Piece, pack: Pack, recognizer: Recognizer, timing: Timing) -> Take:
    """Listen to a piece as a session does, asleep from its beginning to its end."""
    session = Session(pack, recognizer, Tones(), Silero(), timing=timing, doubts=ALL)
    heard: list[Heard] = []
    for start in range(0, len(piece.pcm), RATE // 5):
        session.hear(piece.pcm[start : start + RATE // 5])
        actions = session.actions()
        heard += [action for action in actions if isinstance(action, Heard)]
        if any(isinstance(action, Understood) for action in actions):
            session.act(_STOP)
            session.actions()
    session.hear(silence(RATE))
    heard += [action for action in session.actions() if isinstance(action, Heard)]
    # The same as in the session: what the gate tells depends on the sound alone.
    gate = Gate(Silero())
    whole = range(0, len(piece.pcm) - BLOCK + 1, BLOCK)
    return Take(piece, tuple(heard), tuple(gate.push(piece.pcm[start : start + BLOCK]).quiet for start in whole))


def replay(one: Take, match: Match, timing: Timing, doubts: Doubts) -> list[Act]:
    """Return what would have been acted on with these values.

    A place that wavered counts as heard: no take holds what a second look in the expected words would have told.
    """
    commitment = Commitment(match, timing, replace(doubts, wavers=0))
    again = [heard for heard in one.heard if heard.hypothesis.again]
    acts: list[Act] = []

    def follow(decision: Decision, now: int) -> None:
        if decision.intent is not None:
            acts.append(Act(now, decision.intent, looked=False))
        elif decision.look is not None:
            # The recording session looked at about the same time; where it did not, nobody answers.
            answer = next((heard.hypothesis for heard in again if abs(heard.at - now) < LOOK_WAIT), None)
            if answer is not None:
                believed = commitment.hear(answer, ASLEEP, now).intent
                acts.extend([Act(now, believed, looked=True)] if believed is not None else [])

    for now, hypothesis in _steps([heard for heard in one.heard if not heard.hypothesis.again]):
        if hypothesis is not None:
            follow(commitment.hear(hypothesis, ASLEEP, now), now)
        follow(commitment.tick(now, one.quiet_at(now)), now)
    return acts


def _steps(heard: Iterable[Heard]) -> Iterator[tuple[int, Hypothesis | None]]:
    """Yield what was heard, and each block in between in which something may still come of it."""
    now = 0
    until = 0
    for news in heard:
        yield from ((at, None) for at in range(now + BLOCK, min(news.at, until), BLOCK))
        yield news.at, news.hypothesis
        now, until = news.at, news.at + LATER
    yield from ((at, None) for at in range(now + BLOCK, until, BLOCK))
