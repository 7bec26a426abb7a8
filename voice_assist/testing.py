"""Public fakes, below the ports: a voice of tones, a recognizer with a script, a room with a person.

They are for tests of ours and of yours. Everything above the ports is the real thing. Any recording can be put into the
room: `recorded` reads it, `at_level` makes a person of it, `looped` a noise, `response_of` the room itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voice_assist.content import Pack
from voice_assist.devices.edge import FULL_SCALE, to_int16
from voice_assist.devices.recording import Recording
from voice_assist.diary.entries import Entry
from voice_assist.diary.report.nights import NOON
from voice_assist.events import Action, Heard, Hypothesis, Say
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds, silence, whole_blocks
from voice_assist.session import Session
from voice_assist.speak.manner import Manner

Response = npt.NDArray[np.float64]
"""What a room makes of a click, at RATE, shape (n,)."""

WORDS_A_SECOND = 2.5
"""How fast the tones speak: 150 words a minute."""

NEAR = -26.0
"""RMS of a person's voiced sound, in dBFS: a microphone at arm's length."""

VOICED = -35.0
"""dB under its loudest block within which sound counts as voiced."""

_SILENT = 1e-12
"""Mean square, full scale being 1, up to which a block is silent."""


class Tones:
    """A voice that speaks every line as a tone: as long as the line would take, the same every time."""

    def sound(self, text: str) -> Samples:
        """Return the tone of a line, in whole blocks."""
        count = whole_blocks(samples(max(0.3, len(text.split()) / WORDS_A_SECOND)))
        wave = 8000 * np.sin(2 * np.pi * 440 * np.arange(count) / RATE)
        return wave.astype(np.int16)


class Quiet:
    """A voice activity detector that never hears a voice."""

    def push(self, pcm: Samples) -> float:
        """Return 0."""
        del pcm
        return 0.0


def said(text: str, at: float, *, final: bool = True) -> Heard:
    """Return what a recognizer would report at a time in seconds, rounded up to a block."""
    return Heard(whole_blocks(samples(at)), Hypothesis(text, final=final))


def scripted_session(
    pack: Pack,
    script: Iterable[Heard] = (),
    manner: Manner | None = None,
    person: Mapping[str, bool] | None = None,
) -> Session:
    """Return a session that hears a script instead of sound, and speaks in tones."""
    return Session(pack, JournalRecognizer(script), Tones(), Quiet(), manner, person)


def play(session: Session, duration: float, step: int = BLOCK) -> tuple[list[Action], Samples]:
    """Run a session through seconds of silence; return what happened and what was played."""
    left = samples(duration)
    heard: list[Action] = []
    played: list[Samples] = []
    while left > 0:
        count = min(step, left)
        session.hear(silence(count))
        played.append(session.speak(count))
        heard += session.actions()
        left -= count
    return heard, np.concatenate(played) if played else silence(0)


def clap(loudness: float = 0.4, pitch: float = 1_800.0) -> Samples:
    """Return a made-up clap of the hands, a quarter of a second, the same every time.

    Noise around `pitch` Hz that is over in 40 ms, and a room that rings on; its peak is `loudness`, full scale being 1.
    """
    chance, time = np.random.default_rng(5), np.arange(samples(0.25)) / RATE
    burst = chance.normal(0, 1, len(time)) * np.exp(-time / 0.01)
    burst += chance.normal(0, 0.08, len(time)) * np.exp(-time / 0.04)
    band = np.sin(2 * np.pi * pitch * np.arange(32) / RATE) * np.hanning(32)
    shaped = np.convolve(burst, band, "same")
    return to_int16((shaped * loudness / np.abs(shaped).max()).astype(np.float32))


def recorded(path: Path) -> Samples:
    """Return a whole recording of any rate, channels and format that libsndfile reads. Raises DeviceError."""
    recording = Recording(path)
    try:
        return np.concatenate(list(recording.blocks()))
    finally:
        recording.close()


def powers(pcm: Samples) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the mean square of each whole block, full scale being 1."""
    whole = pcm[: len(pcm) // BLOCK * BLOCK].astype(np.float64) / FULL_SCALE
    blocks: np.ndarray[tuple[int], np.dtype[np.float64]] = np.square(whole).reshape(-1, BLOCK).mean(axis=1)
    return blocks


def voiced_blocks(pcm: Samples, under: float = VOICED) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the numbers of the blocks that lie within so many dB (below 0) of the loudest; none in silence."""
    power = powers(pcm)
    loudest = power.max(initial=0.0)
    return np.flatnonzero((power > _SILENT) & (power >= loudest * 10 ** (under / 10)))


def voiced_level(pcm: Samples) -> float:
    """Return the RMS of the voiced blocks, in dBFS; minus infinity in silence."""
    voiced = powers(pcm)[voiced_blocks(pcm)]
    return float(10 * np.log10(voiced.mean())) if len(voiced) else -np.inf


def at_level(pcm: Samples, decibels: float = NEAR) -> Samples:
    """Return sound at a level of its voiced blocks, in dBFS; silence stays silence."""
    here = voiced_level(pcm)
    return amplified(pcm, decibels - here) if np.isfinite(here) else pcm


def amplified(pcm: Samples, decibels: float) -> Samples:
    """Return sound louder by so many dB, held within full scale."""
    return to_int16((pcm * (10 ** (decibels / 20) / FULL_SCALE)).astype(np.float32))


def looped(pcm: Samples) -> Callable[[int, int], Samples]:
    """Return sound as a room's noise: from one sample to another, for ever. Raises ValueError where it is empty."""
    if not len(pcm):
        raise ValueError("noise that holds no sample cannot be repeated")
    return lambda begin, end: np.take(pcm, range(begin, end), mode="wrap")


def response_of(pcm: Samples) -> Response:
    """Return a room's response from the recording of a click in it: from the direct sound on, which has the height 1.

    Raises ValueError where nothing is heard.
    """
    if not pcm.any():
        raise ValueError("a room's response that is silent has no direct sound")
    heard = pcm.astype(np.float64)
    direct = int(np.abs(heard).argmax())
    response: Response = heard[direct:] / heard[direct]
    return response


@dataclass(frozen=True)
class Reply:
    """What a person in a room says after a line of ours."""

    sound: Samples
    after: float = 0.5
    """Seconds after the line's first sample."""


@dataclass(frozen=True)
class EchoPath:
    """How our own voice comes from the loudspeaker into the microphone."""

    level: float = -6.0
    """dB of it in the microphone against what we play."""
    delay: float = 0.08
    """Seconds that it takes through the buffers of both devices and the air, 0.02 to 0.3."""
    response: Response | None = None
    """The room between them at RATE, shape (n,), from its direct sound on; None for no echoes of echoes."""
    drift: float = 0.0
    """Parts in a million by which the loudspeaker's clock is faster than the microphone's. A device whose buffer is
    empty or full for it begins anew: so does this, with `delay`."""
    clipping: float = 0.0
    """dBFS at which the loudspeaker cuts what we play."""


NEAREST, FARTHEST = BLOCK, samples(0.3)
"""Samples by which an echo may be late: nothing is heard in the block in which it is played."""


class EchoSound:
    """The sound of our own voice in the microphone, block by block: what a room is made of, for rooms of yours."""

    def __init__(self, path: EchoPath) -> None:
        response = np.ones(1) if path.response is None else np.asarray(path.response, dtype=np.float64)
        # As loud as it was played, whatever the room adds to it.
        self._response = response * (10 ** (path.level / 20) / np.sqrt(np.square(response).sum()))
        self._most = 32768 * 10 ** (path.clipping / 20)
        self._rate = 1.0 + path.drift / 1e6
        self._late = min(max(samples(path.delay), NEAREST), FARTHEST)
        self._coming = np.zeros(BLOCK + len(response) - 1)
        self._played = np.zeros(FARTHEST + BLOCK)
        """The latest sound in the room; its last sample is the latest that was played."""
        self._position = float(-self._late)
        """Where the next sample is heard, from the end of what was played."""

    def push(self, out: Samples) -> None:
        """Take in the block that is played while the next one is heard."""
        if out.any():
            size, sound = len(self._coming), np.clip(out, -self._most, self._most)
            self._coming += np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(self._response, size), size)
        self._played = np.concatenate((self._played[BLOCK:], self._coming[:BLOCK]))
        self._coming = np.concatenate((self._coming[BLOCK:], np.zeros(BLOCK)))
        self._position -= BLOCK

    def block(self) -> Response:
        """Return the echo in the block that is heard now."""
        at = self._position + self._rate * np.arange(BLOCK)
        if not -FARTHEST <= at[0] <= at[-1] <= -1:
            at = at - self._position - self._late
        self._position = float(at[-1]) + self._rate
        sound: Response = np.interp(at + len(self._played), np.arange(len(self._played)), self._played)
        return sound


class Core(Protocol):
    """A session, as a room drives it."""

    def hear(self, pcm: Samples) -> None:
        """Take in sound."""
        ...

    def gap(self, count: int) -> None:
        """Take note that so many samples were lost."""
        ...

    def speak(self, count: int) -> Samples:
        """Return as much sound for the loudspeaker as was just heard or lost."""
        ...

    def actions(self) -> tuple[Action, ...]:
        """Return what happened since the last call."""
        ...


class Room:
    """A closed loop around a session: microphone = person + noise + our own voice.

    The person speaks at set times and in answer to our lines. It runs as fast as the machine can and
    does the same every time.
    """

    def __init__(
        self,
        session: Core,
        *,
        replies: Mapping[str, Sequence[Reply]] | None = None,
        noise: Callable[[int, int], Samples] | None = None,
        echo: EchoPath | None = None,
        gain: float = 0.0,
        clipping: float = 0.0,
        lost: Iterable[tuple[float, float]] = (),
    ) -> None:
        """Take the session and its surroundings.

        `replies` maps a line of ours to what the person answers the first, second … time; `noise` gives the samples
        from one sample to another; without `echo` we speak into headphones. All of it arrives `gain` dB louder, and is
        cut at `clipping` dBFS. In the `lost` times, from and to in seconds, the microphone's sound does not come.
        """
        self._session = session
        self._replies = {text: list(answers) for text, answers in (replies or {}).items()}
        self._noise = noise
        self._echo = EchoSound(echo) if echo else None
        self._gain = 10 ** (gain / 20)
        self._most = min(32767.0, 32768 * 10 ** (clipping / 20))
        self._lost = [(samples(begin), samples(end)) for begin, end in lost]
        self._speech: dict[int, Samples] = {}
        self._now = 0
        self.actions: list[Action] = []
        """What happened so far."""
        self.played: list[Samples] = []
        """What the loudspeaker played so far."""

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return seconds(self._now)

    def person_says(self, sound: Samples, at: float) -> None:
        """Let the person speak at a time in seconds from the start."""
        self._speech[samples(at)] = sound

    def run(self, duration: float) -> None:
        """Let seconds go by."""
        for _ in range(whole_blocks(samples(duration)) // BLOCK):
            self._step()

    def _step(self) -> None:
        begin, end = self._now, self._now + BLOCK
        heard = self._heard(begin, end)
        if any(first < end and begin < last for first, last in self._lost):
            self._session.gap(BLOCK)
        else:
            self._session.hear(heard)
        out = self._session.speak(BLOCK)
        if self._echo is not None:
            self._echo.push(out)
        self.played.append(out)
        self._now = end
        for action in self._session.actions():
            self.actions.append(action)
            if isinstance(action, Say) and self._replies.get(action.text):
                reply = self._replies[action.text].pop(0)
                self._speech[max(end, action.at + samples(reply.after))] = reply.sound

    def _heard(self, begin: int, end: int) -> Samples:
        """Return what the microphone hears from one sample to another."""
        mix = np.zeros(BLOCK) if self._echo is None else self._echo.block()
        if self._noise is not None:
            mix += self._noise(begin, end)
        for start, sound in list(self._speech.items()):
            first, last = max(begin, start), min(end, start + len(sound))
            if first < last:
                mix[first - begin : last - begin] += sound[first - start : last - start]
            elif start + len(sound) <= begin:
                del self._speech[start]  # over; a night has many
        return np.clip(self._gain * mix, -self._most, self._most).astype(np.int16)


def made_diary(years: float, last: date, seed: int = 1, weekly: float = 3.0) -> list[Entry]:
    """Return made cramps of so many years up to the night of `last`, about `weekly` a week; a seed gives the same.

    Nobody had them: most by night and in a calf, some over soon, a few that did not ease, a few false starts.
    """
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    end = datetime.combine(last, time(NOON), timezone.utc) + timedelta(days=1)
    entries = []
    for night in range(round(365.25 * years)):
        for _ in range(sum(dice.random() < weekly / 21 for _ in range(3))):
            after = dice.choices([dice.gauss(14.5, 2.2), dice.uniform(0, 24)], [9, 1])[0]
            began = end - timedelta(days=night + 1) + timedelta(hours=min(max(after, 0.0), 23.99))
            entries.append(_made(dice, began))
    return sorted(entries, key=lambda one: one.began)


def _made(dice: random.Random, began: datetime) -> Entry:
    ended = dice.choices(["eased", "stopped", "handed_over", "timed_out", "false_start", ""], [80, 8, 2, 3, 5, 2])[0]
    lasted = round(min(dice.lognormvariate(4.9, 0.6), 1800.0), 1) if ended else None
    place = dice.choices(["calf", "foot", "hamstring", "shin", "unknown"], [60, 20, 10, 5, 5])[0]
    tried = ("move", "smaller", "alternative")[: dice.choices([0, 1, 2, 3], [3, 70, 20, 7])[0]]
    side = dice.choices(["left", "right", ""], [45, 30, 25])[0]
    felt = "better" if ended == "eased" else dice.choice(["", "same", "worse"])
    return Entry(began, lasted, place, side, tried, felt, ended, round(dice.gauss(-62, 4), 1))
