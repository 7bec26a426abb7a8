"""Public fakes, below the ports: a voice of tones, a recognizer with a script, a room with a person.

They are for tests of ours and of yours. Everything above the ports is the real thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voice_assist.content import Pack
from voice_assist.events import Action, Heard, Hypothesis, Say
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds, silence, whole_blocks
from voice_assist.session import Session
from voice_assist.speak.manner import Manner

Response = npt.NDArray[np.float64]
"""What a room makes of a click, at RATE, shape (n,)."""

WORDS_A_SECOND = 2.5
"""How fast the tones speak: 150 words a minute."""


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


NEAREST, FARTHEST = BLOCK, samples(0.3)
"""Samples by which an echo may be late: nothing is heard in the block in which it is played."""


class EchoSound:
    """The sound of our own voice in the microphone, block by block: what a room is made of, for rooms of yours."""

    def __init__(self, path: EchoPath) -> None:
        response = np.ones(1) if path.response is None else np.asarray(path.response, dtype=np.float64)
        # As loud as it was played, whatever the room adds to it.
        self._response = response * (10 ** (path.level / 20) / np.sqrt(np.square(response).sum()))
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
            size = len(self._coming)
            self._coming += np.fft.irfft(np.fft.rfft(out, size) * np.fft.rfft(self._response, size), size)
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
