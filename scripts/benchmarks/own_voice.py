"""Our own voice in the microphone, and nobody else's: what it is taken for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Intent, Understood
from voice_assist.samples import samples
from voice_assist.testing import EchoPath, Room

LEVELS = (-6.0, -26.0)
"""dB of our voice in the microphone against what we play: beside the loudspeaker, and across the room."""

WATCHED = 60.0
"""Seconds of each protocol."""


@dataclass(frozen=True)
class Monologue:
    """A protocol that nobody answered."""

    place: str
    mistakes: int
    """Intents that it took from its own lines."""
    happened: tuple[str, ...]


def measure(*, quick: bool) -> Iterator[Figure]:
    """Let each protocol run with its own voice in the microphone."""
    with listener() as ears:
        places = tuple(ears.pack.guide.protocols)[: 2 if quick else None]
        for echo in LEVELS:
            runs = [_run(ears, place, echo) for place in places]
            mistakes = sum(run.mistakes for run in runs)
            minutes = len(runs) * WATCHED / 60.0
            yield Figure(
                f"own voice taken for an intent, {echo:g} dB in the microphone",
                mistakes / minutes,
                "a minute",
                basis=f"{mistakes} in {minutes:g} minutes",
                details=runs,
            )


def _run(ears: Listener, place: str, echo: float) -> Monologue:
    session = ears.session()
    session.act(Intent(ears.pack.start, "start", {"place": place}))
    quiet = sounds.hiss(sounds.ROOM, samples(WATCHED))
    room = Room(session, echo=EchoPath(echo), noise=lambda begin, end: quiet[begin:end])
    room.run(WATCHED)
    # The first is the one that began it.
    mistakes = sum(isinstance(action, Understood) for action in room.actions) - 1
    return Monologue(place, mistakes, tuple(describe(room.actions)))
