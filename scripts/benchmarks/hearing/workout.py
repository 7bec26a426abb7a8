"""Words shouted in a gym: over machines and voices, and over music.

The shout is signal processing (`train_model.effort`, of the kind that our model was trained with) on voices that it was
not trained on; nobody was recorded shouting. The gym is recorded: an exercise bike, a crowd, a bar. No recording of
music is here, so the music is made: a beat of 128 a minute with a bass line, chords and hats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import cycle

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, share
from scripts.benchmarks.hearing.conditions import LEAD, TAIL, hissing
from scripts.benchmarks.hearing.phrases import VOICES, Phrase, Utterance, spoken
from scripts.benchmarks.knowledge import Ears
from tests.content.en.tables import Row, context_of, is_right
from voice_assist.devices.edge import FULL_SCALE, to_int16
from voice_assist.samples import RATE, Samples, samples
from voice_assist.testing import NEAR, at_level

PHRASES: Mapping[str, Sequence[str]] = {
    "control stop": ("stop", "stop it", "please stop"),
    "control pause": ("wait", "hold on", "wait a minute"),
    "control repeat": ("again", "say that again", "one more time"),
    "control next": ("next", "skip it", "next one"),
    "control other_side": ("other side", "other leg", "again on the other side"),
    "question timer 30": ("timer thirty seconds", "set a timer for thirty seconds", "timer half a minute"),
}
"""What is right, in the words of the tables, to ways to say it."""

GYM = ("gsc_background/exercise_bike", "moodist/urban_crowd", "moodist/places_crowded-bar")
"""Recordings of shared/audio/noise; of two of them a model may have been trained on other seconds."""

VOICES_EACH = 3
RATIOS = (6.0, 0.0)
"""dB of the voice over the noise."""

BRIGHTNESS, DRIVE = 5.0, 4.0
"""dB an octave, and how far the loudest parts flatten: the strong end of what training had."""

LOUDER = 12.0
"""dB that a shout is louder than speech. The noise is set by the shout, so it changes only what the gate sees."""

BEATS = 128
"""A minute."""


def utterances(*, quick: bool) -> list[Utterance]:
    """Return every phrase as some voices shout it."""
    phrases = [
        Phrase(text, right, Row("controls", "awake", text, (right,)))
        for right, ways in PHRASES.items()
        for text in ways
    ]
    calm = spoken(phrases, 1 if quick else VOICES_EACH, quick=quick)
    return [replace(one, sound=_shout(one.sound)) for one in calm]


def measure(name: str, ears: Ears, said: Sequence[Utterance], *, quick: bool) -> Iterator[Figure]:
    """Yield how many are understood: in quiet, in the gym and over music, all and each word."""
    yield from _figures(name, "in quiet", ears, [(one, hissing(one.sound)) for one in said])
    pieces = {"in the gym": _gym(), "over music": [music(samples(8.0))]}
    for where, noise in pieces.items():
        for ratio in RATIOS[:1] if quick else RATIOS:
            turns = cycle(noise)
            heard = [(one, sounds.noisy(sounds.surrounded(one.sound, LEAD, TAIL), next(turns), ratio)) for one in said]
            yield from _figures(name, f"{where}, {ratio:g} dB", ears, heard)


def music(length: int) -> Samples:
    """Return music of a kind: kick, hats, bass and chords, the same every time, at full scale's half."""
    times = np.arange(length) / RATE
    beat = 60 / BEATS
    within = times % beat
    kick = np.sin(2 * np.pi * (50 * within + 6 * (1 - np.exp(-within * 30)))) * np.exp(-within * 12)
    hats = np.random.default_rng(1).normal(0, 1, length) * np.exp(-((times + beat / 2) % beat) * 40)
    roots = np.array([55.0, 65.4, 49.0, 73.4])[(times // (4 * beat)).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(roots) / RATE
    bass = np.sign(np.sin(phase)) * 0.4
    chords = sum(np.sin(ratio * 4 * phase) + np.sin(ratio * 8 * phase) / 2 for ratio in (1.0, 1.26, 1.5)) * 0.25
    mixed = kick + 0.3 * hats + bass + chords
    return to_int16((mixed / (2 * np.abs(mixed).max())).astype(np.float32))


def _shout(sound: Samples) -> Samples:
    """Return speech as a shout. Raises SkippedError where what makes it is not installed."""
    try:
        from scripts.train_model.effort import shouted  # noqa: PLC0415 - only this needs scipy
    except ModuleNotFoundError as missing:
        raise SkippedError(f"shouts need {missing.name}: pip install '.[train]'") from None
    wave = shouted((sound / FULL_SCALE).astype(np.float32), BRIGHTNESS, DRIVE)
    return at_level(to_int16(wave), min(-12.0, NEAR + LOUDER))


def _gym() -> list[Samples]:
    found = [path for path in sounds.shared_audio("noise") if f"{path.parent.name}/{path.stem}" in GYM]
    return [sounds.load(path)[: samples(20.0)] for path in found]


def _figures(name: str, where: str, ears: Ears, heard: Sequence[tuple[Utterance, Samples]]) -> Iterator[Figure]:
    missed: list[Utterance] = []
    for one, pcm in heard:
        row = one.phrase.row
        intents = ears.hear(pcm, context_of("awake"))
        if row is None or not intents or not is_right(intents[-1], row):
            missed.append(one)
    yield Figure(
        f"{name}: shouted, {where}",
        share(len(heard) - len(missed), len(heard)),
        "%",
        basis=f"{len(heard)} said by {len(VOICES)} voices, awake",
        details=[f"{one.phrase.text} ({one.voice})" for one in missed],
    )
    for right in PHRASES:
        own = [one for one, _ in heard if one.phrase.wanted == right]
        lost = sum(one.phrase.wanted == right for one in missed)
        word = right.split()[1]
        yield Figure(f"{name}:   of these {word}", share(len(own) - lost, len(own)), "%", basis=f"{len(own)}")
