"""The user's own recordings, heard as the assistant hears: what was understood, how it was recorded, what to change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.commands import started
from scripts.benchmarks.figures import Figure, quantile, share
from scripts.benchmarks.hearing.engines import expected, vosk_engine
from scripts.benchmarks.hearing.trial import committed, finals, listened
from scripts.benchmarks.listening import Listener
from voice_assist import models, own_phrases
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.errors import DeviceError
from voice_assist.own_phrases import Kept
from voice_assist.samples import BLOCK, Samples
from voice_assist.testing import powers, voiced_blocks

SOFT, LOUD_NOISE = -40.0, 10.0
"""A voice softer than this, in dBFS, is soft; one less than so many dB above the room is hard to tell from it."""

CLIPPED = 0.001
"""Share of samples at full scale from which on a recording is too loud."""

SLOW = 0.45
"""Seconds from a phrase's end to the decision that are felt as waiting."""

ROOM_SHARE = 0.1
"""The softest tenth of the blocks is the room."""

VOICE_WITHIN = -20.0
"""dB under its loudest block within which a recording holds the voice, and not the room."""


@dataclass(frozen=True)
class Sound:
    """How a phrase was recorded."""

    level: float
    """RMS of the voice, in dBFS."""
    above: float
    """How far that is above the room, in dB."""
    clipped: float
    """Share of samples at full scale, 0 to 1."""


@dataclass(frozen=True)
class Own:
    """What became of one recording."""

    said: str
    place: str
    begun: tuple[str, ...]
    heard: tuple[str, ...]
    commit: float | None
    """Seconds from the end of the voice to the decision."""
    sound: Sound

    @property
    def right(self) -> bool:
        """Whether the protocol that runs in the end is the right one."""
        return self.begun[-1:] == (self.place,)


def measure(folder: Path, names: Sequence[str]) -> Iterator[Figure]:
    """Yield a line for each recording, then all together, then what to change. Raises DeviceError, ModelError."""
    listed = own_phrases.kept(folder)
    if not listed:
        raise DeviceError(f"{folder} holds no phrase yet; record some: voice-assist record FOLDER")
    settings = Settings()
    for name in names or (settings.model,):
        engine = vosk_engine(models.find(name))
        pack = load_pack(settings)
        with closing(engine.open(expected(engine, pack, asleep=True))) as recognizer:
            ears = Listener(settings, recognizer, engine.calibration)
            found = [_heard(ears, one) for one in listed]
        for one in found:
            yield Figure(f"{engine.name}: {one.said}", 100.0 * one.right, "%", basis=_told(one), details=[asdict(one)])
        right = sum(one.right for one in found)
        basis = f"{right} of {len(found)} of your phrases"
        yield Figure(f"{engine.name}: right place, your voice", share(right, len(found)), "%", basis=basis)
        late = [max(0.0, one.commit) for one in found if one.commit is not None]
        yield Figure(f"{engine.name}: your phrase's end to commit, median", quantile(late, 0.5), "s")
        advice = advised(found)
        yield Figure(f"{engine.name}: things to change", len(advice), "", basis="; ".join(advice) or "none")


def recorded(pcm: Samples) -> Sound:
    """Return how a voice was recorded."""
    power = powers(pcm)
    voice = _decibels(float(power[voiced_blocks(pcm, VOICE_WITHIN)].mean())) if power.any() else _decibels(0.0)
    softest = np.sort(power)[: max(1, round(len(power) * ROOM_SHARE))]
    room = _decibels(float(softest.mean())) if len(softest) else voice
    full = np.abs(pcm.astype(np.int32)) >= np.iinfo(np.int16).max
    return Sound(voice, voice - room, float(full.mean()) if len(pcm) else 0.0)


def advised(found: Sequence[Own]) -> list[str]:
    """Return what would help, the most likely first; nothing where all was well."""
    advice = []
    if sum(one.sound.level < SOFT for one in found) > len(found) / 2:
        advice.append("you are recorded softly: bring the microphone nearer, or raise its level in the system")
    if any(one.sound.clipped >= CLIPPED for one in found):
        advice.append("some of it is too loud for the microphone: lower its level in the system")
    if sum(one.sound.above < LOUD_NOISE for one in found) > len(found) / 2:
        advice.append("the room is almost as loud as you: move the microphone away from what hums, or nearer to you")
    missed = [one.said for one in found if not one.right]
    if missed and not advice:
        advice.append(
            f"the recordings are good, but not understood ({', '.join(missed)}): say place and cramp, such as 'calf "
            "cramp', or compare another model with --model"
        )
    elif missed:
        advice.append(f"then record again; not understood: {', '.join(missed)}")
    if any((one.commit or 0.0) > SLOW for one in found):
        advice.append("some answers came late: noise after the phrase keeps it waiting for its end")
    return advice


def _heard(ears: Listener, recording: Kept) -> Own:
    pcm = sounds.load(recording.path)
    voiced = voiced_blocks(pcm, VOICE_WITHIN)
    end = (int(voiced[-1]) + 1) * BLOCK if len(voiced) else len(pcm)
    heard = list(listened(ears.session(), pcm))
    actions = [action for action, _ in heard]
    phrase = recording.phrase
    return Own(
        phrase.said,
        phrase.place,
        started(actions, ears.pack.guide),
        tuple(finals(actions)),
        committed(heard, phrase.place, end, ears.pack.guide),
        recorded(pcm),
    )


def _decibels(power: float) -> float:
    """Return a mean square, full scale being 1, in dBFS."""
    return float(10 * np.log10(max(power, 1e-12)))


def _told(one: Own) -> str:
    heard = " / ".join(text for text in one.heard if text) or "nothing"
    begun = ", ".join(one.begun) or "nothing"
    sound = f"voice at {one.sound.level:.0f} dBFS, {one.sound.above:.0f} dB above the room"
    late = f", {max(0.0, one.commit):.2f} s after its end" if one.commit is not None else ""
    return f"heard '{heard}', began {begun}{late}; {sound}"
