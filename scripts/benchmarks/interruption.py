"""An interruption while it speaks: how soon "stop" is silence, and what else is heard, emergencies above all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, quantile, share
from scripts.benchmarks.hearing.conditions import held_out_rooms, response
from scripts.benchmarks.hearing.phrases import dangers
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

BARRED = -6.0
"""The one that has a bar: there "stop" is said in every room over each line, at the others in the rooms in turn, and
others read there."""

NIGHT_VOICE = -34.9
"""dBFS, RMS of the night's voice where it sounds, as it is played."""

DELAY, DRIFT = 0.1, 100.0
"""Seconds by which our voice is heard late, and parts in a million by which the devices' clocks differ."""

Wanted = Callable[[Intent], bool]
"""Tells whether an intent is what the person said."""


def means(slot: str, value: str) -> Wanted:
    """Return what tells whether an intent has a slot with a value."""
    return lambda intent: intent.slots.get(slot) == value


def is_emergency(intent: Intent) -> bool:
    """Tell whether an intent is an emergency of any kind, asked back or not: whichever it is, help is on the way."""
    return intent.kind == "emergency"


STOP = means("word", "stop")

ORDERS: Mapping[str, Wanted] = {
    "wait": means("word", "pause"),
    "repeat": means("word", "repeat"),
    "louder": means("word", "louder"),
    "better": means("value", "better"),
    "it's worse": means("value", "worse"),
}
"""What else is said over our voice to steer it, and what tells that it was understood."""

EMERGENCIES = ("call an ambulance", "chest pain", "i can't breathe")
"""Emergencies that are always said over our voice; as many as DRAWN more are drawn from the tables of the pack."""

DRAWN, DRAWN_QUICK = 16, 4

EMERGENCY_LINES = 3
"""How many of LINES are interrupted by emergencies, in turn: the first ones, for the sake of time."""

TALK, TALK_QUICK, SENTENCE = 60, 8, 3.2
"""Sentences that somebody else reads over our voice, and the seconds that one lasts at most."""


@dataclass(frozen=True)
class Trial:
    """Something said over a line of ours."""

    voice: str
    line: int
    silent_after: float | None
    """Seconds from the word's end to the last sample of ours, 0 if that came first; None if it was missed."""
    happened: tuple[str, ...]


@dataclass(frozen=True)
class Word:
    """What somebody says."""

    voice: str
    sound: Samples
    end: int
    """One past its last sample within `sound`, which may go on with the sound of the room."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure "stop" of synthetic and recorded persons, orders, emergencies, other talk, without and with our voice."""
    stops = [_synthetic(voice, "stop") for voice in sounds.VOICES]
    lacking = None
    talk: list[Word] = []
    try:
        read = sounds.sentences(TALK_QUICK if quick else TALK, SENTENCE)
        talk += [Word(text, sound, len(sound)) for text, sound in read]
        stops += [_recorded(path) for path in sounds.shared_audio("words/stop")]
    except SkippedError as reason:
        lacking = reason
    lines = LINES[::3] if quick else LINES
    rooms = [response(path) for path in held_out_rooms()]
    orders = {text: [_synthetic(voice, text) for voice in sounds.VOICES] for text in ORDERS}
    told = [
        _synthetic(voice, text) for voice, text in zip(cycle(sounds.VOICES), emergencies(quick=quick), strict=False)
    ]
    with listener() as ears:
        for echo in (None, *(ECHOES[2::2] if quick else ECHOES)):
            where = "our voice not in the microphone" if echo is None else f"echo {echo:g} dB"

            def trials(
                pairs: Iterable[tuple[Word, int]],
                wanted: Wanted,
                *,
                echo: float | None = echo,
                known: bool = False,
                turn: int = 0,
            ) -> list[Trial]:
                return [
                    _trial(ears, *pair, _path(*pair, echo, rooms[(at + turn) % len(rooms)]), wanted, known=known)
                    for at, pair in enumerate(pairs)
                ]

            turns = range(len(rooms) if echo == BARRED and not quick else 1)
            stopped = [trial for turn in turns for trial in trials(product(stops, lines), STOP, turn=turn)]
            yield from _figures(stopped, where)
            if echo is not None:
                for known in (True, False):
                    first = trials(product(stops, (1,)), STOP, known=known)
                    missed = [trial for trial in first if trial.silent_after is None]
                    room = "known room" if known else "room never spoken in"
                    yield Figure(
                        f"stop missed over the first line, {room}, {where}",
                        share(len(missed), len(first)),
                        "%",
                        details=missed,
                    )
            steered = [
                trial for text, words in orders.items() for trial in trials(product(words, lines[:2]), ORDERS[text])
            ]
            yield _missed("orders", where, steered, "understood as what they are")
            # With other lines in the next turn of the voices.
            over = zip(told, cycle(lines[:EMERGENCY_LINES]), strict=False)
            heard = "understood as an emergency of any kind, asked back or not"
            yield _missed("emergencies", where, trials(over, is_emergency), heard)
            if talk and echo == BARRED:
                yield _silenced(where, trials(zip(talk, cycle(lines[:EMERGENCY_LINES]), strict=False), STOP))
    if lacking:
        raise SkippedError(f"stop, recorded persons, and what others say: {lacking}")


def emergencies(*, quick: bool) -> list[str]:
    """Return what is said in need over our voice: EMERGENCIES, and others that are drawn in turn from every kind."""
    others = [phrase.text for phrase in dangers() if phrase.text not in EMERGENCIES]
    return [*EMERGENCIES, *others[: DRAWN_QUICK if quick else DRAWN]]


def _missed(what: str, where: str, trials: Sequence[Trial], heard: str) -> Figure:
    missed = [trial for trial in trials if trial.silent_after is None]
    basis = f"{len(missed)} of {len(trials)} said; heard is what is {heard} within {PATIENCE:g} s of its end"
    return Figure(f"{what} missed, {where}", share(len(missed), len(trials)), "%", basis=basis, details=missed)


def _silenced(where: str, trials: Sequence[Trial]) -> Figure:
    silenced = [trial for trial in trials if trial.silent_after is not None]
    basis = f"{len(silenced)} of {len(trials)} that people read over our voice"
    return Figure(
        f"silenced by somebody else's sentence, {where}",
        share(len(silenced), len(trials)),
        "%",
        basis=basis,
        details=silenced,
    )


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
    ears: Listener, word: Word, line: int, echo: EchoPath | None, wanted: Wanted, *, known: bool = False
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


def silent_after(actions: Sequence[Action], played: Samples, end: float, wanted: Wanted = STOP) -> float | None:
    """Return the seconds from `end` to the silence that followed; None if what was `wanted` was not understood.

    Not before it was understood: a line that happened to be over is not what we measure.
    """
    for action in actions:
        if isinstance(action, Understood) and wanted(action.intent):
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
