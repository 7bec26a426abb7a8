"""An interruption, "stop" while it speaks: how soon it is silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, quantile, share
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Action, Intent, Say, Understood
from voice_assist.samples import BLOCK, Samples, samples, seconds
from voice_assist.testing import EchoPath, Room

INTO = 0.3
"""Seconds into a line of ours at which the person begins to speak."""

BEFORE = 2.0
"""Seconds of quiet before the protocol begins: a recognizer that has just begun is worse than it is all night."""

PATIENCE = 2.5
"""Seconds after the word in which it counts as heard."""

LINES = (1, 2, 3, 4, 6, 8)
"""Which line of the protocol is interrupted, in turn; the later ones are counted numbers."""

LONGEST = 30.0
"""Seconds in which all of these lines have begun."""

ECHO = -6.0
"""dB of our voice in the microphone against what we play, which the night profile makes soft."""

NO_ECHO = -100.0


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
    """Measure synthetic persons and recorded ones, without and with our own voice in the microphone."""
    words = [_synthetic(voice) for voice in sounds.VOICES]
    lacking = None
    try:
        words += [_recorded(path) for path in sounds.shared_audio("words/stop")]
    except SkippedError as reason:
        lacking = reason
    lines = LINES[::3] if quick else LINES
    with listener() as ears:
        for echo, where in ((NO_ECHO, "our voice not in the microphone"), (ECHO, "our voice in the microphone")):
            trials = [_trial(ears, word, line, echo) for word in words for line in lines]
            yield from _figures(trials, where)
    if lacking:
        raise SkippedError(f"stop, recorded persons: {lacking}")


def _synthetic(voice: str) -> Word:
    sound = sounds.spoken(voice, ("stop",))["stop"]
    return Word(voice, sound, len(sound))


def _recorded(path: Path) -> Word:
    # Whole: cut short, a word loses its soft beginning.
    sound = sounds.levelled(sounds.load(path))
    return Word(f"person {path.stem}", sound, sounds.word_end(sound))


def _trial(ears: Listener, word: Word, line: int, echo: float) -> Trial:
    session = ears.session()
    room = Room(session, echo=EchoPath(echo))
    room.run(BEFORE)
    session.act(Intent(ears.pack.start, "start", {"place": "calf"}))
    now = samples(BEFORE)
    while sum(isinstance(action, Say) for action in room.actions) < line:
        room.run(seconds(BLOCK))
        now += BLOCK
        if seconds(now) > BEFORE + LONGEST:
            # It took its own voice for a command and never came so far: nobody can stop it there.
            return Trial(word.voice, line, None, tuple(describe(room.actions)))
    room.person_says(word.sound, seconds(now) + INTO)
    end = seconds(now + word.end) + INTO
    room.run(end + PATIENCE - seconds(now))
    return Trial(
        word.voice, line, silent_after(room.actions, np.concatenate(room.played), end), tuple(describe(room.actions))
    )


def silent_after(actions: Sequence[Action], played: Samples, end: float) -> float | None:
    """Return the seconds from `end` to the silence that "stop" brought; None if it was not understood.

    Not before it was understood: a line that happened to be over is not what we measure.
    """
    for action in actions:
        if isinstance(action, Understood) and action.intent.slots.get("word") == "stop":
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
    yield Figure(f"stop missed, {where}", share(len(missed), len(trials)), "%", details=missed)
