"""An interruption, "stop" while it speaks: how soon it is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, quantile, share
from scripts.benchmarks.hearing.conditions import held_out_rooms, response
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Action, Intent, Say, Understood
from voice_assist.samples import BLOCK, Samples, samples, seconds
from voice_assist.testing import EchoPath, Response, Room, at_level, looped, voiced_level

INTO = 0.3
"""Seconds into a line of ours at which the person begins to speak."""

BEFORE = 2.0
"""Seconds of quiet before the protocol begins: a recognizer that has just begun is worse than it is all night."""

PATIENCE = 1.5
"""Seconds after the word in which it counts as heard."""

LINES = (2, 3, 4, 6, 8)
"""Which line of the protocol is interrupted, in turn; the later ones are counted numbers. The very first is for itself:
where the program never spoke in a room, it does not know yet how late it will be heard."""

LONGEST = 30.0
"""Seconds in which all of these lines have begun."""

ECHOES = (-30.0, -12.0, -6.0, 0.0)
"""dB of our voice in the microphone against the person's."""

NIGHT_VOICE = -34.9
"""dBFS, RMS of the night's voice where it sounds, as it is played."""

DELAY, DRIFT = 0.1, 100.0
"""Seconds by which our voice is heard late, and parts in a million by which the devices' clocks differ."""

OTHERS = {
    "wait": ("word", "pause"),
    "repeat": ("word", "repeat"),
    "louder": ("word", "louder"),
    "better": ("value", "better"),
    "it's worse": ("value", "worse"),
    "call an ambulance": ("kind", "general"),
    "chest pain": ("kind", "heart"),
    "i can't breathe": ("kind", "heart"),
}
"""What else is said over our voice, and the slot of an intent that tells it was understood."""


@dataclass(frozen=True)
class Trial:
    """One "stop"."""

    voice: str
    line: int
    silent_after: float | None
    """Seconds from the word's end to the last sample of ours, 0 if that came first; None if it was missed."""
    happened: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """A "stop" that somebody says."""

    voice: str
    sound: Samples
    end: int
    """One past its last sample within `sound`, which may go on with the sound of the room."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure "stop" of synthetic persons and recorded ones, and other words, without and with our voice in a room."""
    stops = [_synthetic(voice, "stop") for voice in sounds.VOICES]
    lacking = None
    try:
        stops += [_recorded(path) for path in sounds.shared_audio("words/stop")]
    except SkippedError as reason:
        lacking = reason
    lines = LINES[::3] if quick else LINES
    rooms = [response(path) for path in held_out_rooms()]
    others = {text: [_synthetic(voice, text) for voice in sounds.VOICES] for text in OTHERS}
    with listener() as ears:
        for echo in (None, *(ECHOES[2::2] if quick else ECHOES)):
            where = "our voice not in the microphone" if echo is None else f"echo {echo:g} dB"

            def trials(
                words: Sequence[Word],
                lines: Sequence[int],
                *wanted: str,
                echo: float | None = echo,
                known: bool = False,
            ) -> list[Trial]:
                pairs = [(word, line) for word in words for line in lines]
                return [
                    _trial(ears, *pair, _path(*pair, echo, rooms[at % len(rooms)]), wanted, known=known)
                    for at, pair in enumerate(pairs)
                ]

            yield from _figures(trials(stops, lines, "word", "stop"), where)
            if echo is not None:
                for known in (True, False):
                    first = trials(stops, (1,), "word", "stop", known=known)
                    missed = [trial for trial in first if trial.silent_after is None]
                    room = "known room" if known else "room never spoken in"
                    yield Figure(
                        f"stop missed over the first line, {room}, {where}",
                        share(len(missed), len(first)),
                        "%",
                        details=missed,
                    )
            told = [trial for text, words in others.items() for trial in trials(words, lines[:2], *OTHERS[text])]
            missed = [trial for trial in told if trial.silent_after is None]
            yield Figure(
                f"other words missed, {where}",
                share(len(missed), len(told)),
                "%",
                basis=f"{len(told)} said",
                details=missed,
            )
    if lacking:
        raise SkippedError(f"stop, recorded persons: {lacking}")


def _synthetic(voice: str, text: str) -> Word:
    sound = sounds.spoken(voice, (text,))[text]
    return Word(f"{voice}: {text}", sound, len(sound))


def _recorded(path: Path) -> Word:
    # Whole: cut short, a word loses its soft beginning.
    sound = at_level(sounds.load(path))
    return Word(f"person {path.stem}", sound, sounds.word_end(sound))


def _path(word: Word, line: int, echo: float | None, room: Response) -> EchoPath | None:
    if echo is None:
        return None
    return EchoPath(echo + voiced_level(word.sound) - NIGHT_VOICE, DELAY, room, DRIFT if line % 2 else -DRIFT)


def _trial(
    ears: Listener, word: Word, line: int, echo: EchoPath | None, wanted: tuple[str, ...], *, known: bool = False
) -> Trial:
    session = ears.session()
    if echo and known:
        session.in_room(echo.delay)
    quiet = sounds.hiss(sounds.ROOM, samples(10.0))
    room = Room(session, echo=echo, noise=looped(quiet))
    room.run(BEFORE)
    session.act(Intent(ears.pack.start, "start", {"place": "calf"}))
    now = samples(BEFORE)
    while sum(isinstance(action, Say) for action in room.actions) < line:
        room.run(seconds(BLOCK))
        now += BLOCK
        if seconds(now) > BEFORE + LONGEST:
            # It took its own voice for a command and never came so far: nobody can stop it there.
            return Trial(word.voice, line, None, tuple(describe(room.actions)))
    begin = seconds(now) + INTO
    room.person_says(word.sound, begin)
    end = begin + seconds(word.end)
    room.run(end + PATIENCE - seconds(now))
    after = [action for action in room.actions if action.at >= samples(begin)]
    return Trial(
        word.voice, line, silent_after(after, np.concatenate(room.played), end, wanted), tuple(describe(room.actions))
    )


def silent_after(
    actions: Sequence[Action], played: Samples, end: float, wanted: tuple[str, ...] = ("word", "stop")
) -> float | None:
    """Return the seconds from `end` to the silence that "stop" brought; None if it was not understood.

    Not before it was understood: a line that happened to be over is not what we measure.
    """
    for action in actions:
        if isinstance(action, Understood) and action.intent.slots.get(wanted[0]) == wanted[1]:
            sounding = np.flatnonzero(played)
            last = int(sounding[-1]) + 1 if len(sounding) else 0
            return max(0.0, seconds(max(last, action.at)) - end)
    return None


def _figures(trials: Sequence[Trial], where: str) -> Iterator[Figure]:
    times = [trial.silent_after for trial in trials if trial.silent_after is not None]
    missed = [trial for trial in trials if trial.silent_after is None]
    slow = sorted((trial for trial in trials if trial.silent_after), key=lambda trial: -(trial.silent_after or 0.0))
    basis = f"{len(times)} of {len(trials)} heard"
    yield Figure(f"stop to silence, {where}, median", quantile(times, 0.5), "s", basis=basis)
    yield Figure(f"stop to silence, {where}, 95th", quantile(times, 0.95), "s", 0.30, basis=basis, details=slow[:10])
    yield Figure(f"stop heard, {where}", share(len(times), len(trials)), "%", 98.0, at_least=True, details=missed)
