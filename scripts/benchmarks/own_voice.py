"""Our own voice in the microphone, and nobody else's: what it is taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.hearing.conditions import held_out_rooms, response
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Intent, Understood
from voice_assist.samples import samples, seconds
from voice_assist.testing import EchoPath, Response, Room, looped

LEVELS = (6.0, -4.0, -14.0, -24.0)
"""dB of our voice in the microphone against what we play: about -3, -13, -23 and -33 dB against a person there: the
night's voice is played 9 dB softer than a person is heard."""

ROOMS = 3

TOGETHER = 24
"""Lines that one session speaks: what it learns of the room in the first of them, it keeps."""

DRIFT = 100.0
"""Parts in a million by which the two devices' clocks differ."""

PAUSE = 0.6
"""Seconds between two lines."""


@dataclass(frozen=True)
class Monologue:
    """Lines that nobody answered."""

    first: str
    mistakes: int
    """Intents that it took from its own lines."""
    happened: tuple[str, ...]


def measure(*, quick: bool) -> Iterator[Figure]:
    """Speak every line of the pack into each room, at each level, while every command is waited for."""
    with listener() as ears:
        lines = ears.pack.lines()[:: 16 if quick else 1]
        rooms = [response(path) for path in held_out_rooms()[:ROOMS]]
        parts = [lines[at : at + TOGETHER] for at in range(0, len(lines), TOGETHER)]
        for echo in LEVELS[:: 2 if quick else 1]:
            runs = [_run(ears, part, echo, room) for room in rooms for part in parts]
            mistakes = sum(run.mistakes for run in runs)
            yield Figure(
                f"own voice acted on, {echo:+g} dB in the microphone",
                mistakes,
                "intents",
                0.0,
                basis=f"{len(lines)} lines in {len(rooms)} rooms",
                details=[run for run in runs if run.mistakes],
            )


def _run(ears: Listener, lines: Sequence[str], echo: float, room_response: Response) -> Monologue:
    session = ears.session()
    # Paused, it waits for every command and says nothing of its own.
    session.act(Intent(ears.pack.start, "start", {"place": "calf"}))
    session.act(Intent("control", "control", {"word": "pause"}))
    quiet = sounds.hiss(sounds.ROOM, samples(10.0))
    path = EchoPath(echo, 0.1, room_response, drift=DRIFT)
    room = Room(session, echo=path, noise=looped(quiet))
    room.run(1.0)
    mistakes, happened = 0, list[str]()
    for line in lines:
        before = len(room.actions)
        room.run(seconds(session.say(line)) + PAUSE)
        taken = room.actions[before:]
        found = sum(isinstance(action, Understood) for action in taken)
        if found:
            mistakes += found
            happened += [f"in '{line}':", *describe(taken)]
    return Monologue(lines[0], mistakes, tuple(happened))
