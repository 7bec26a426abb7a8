"""Public fakes, below the ports: a voice of tones, a recognizer with a script, a room with a person.

They are for tests of ours and of yours. Everything above the ports is the real thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voice_assist.content import Pack
from voice_assist.events import Action, Heard, Hypothesis, Say
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence, whole_blocks
from voice_assist.session import Manner, Session

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


class Room:
    """A closed loop around a session: microphone = person + noise + our own voice, delayed and softened.

    The person speaks at set times and in answer to our lines. It runs as fast as the machine can and
    does the same every time.
    """

    def __init__(
        self,
        session: Session,
        *,
        replies: Mapping[str, Sequence[Reply]] | None = None,
        noise: Callable[[int, int], Samples] | None = None,
        echo_db: float = -100.0,
        delay: float = 0.08,
    ) -> None:
        """Take the session and its surroundings.

        `replies` maps a line of ours to what the person answers the first, second … time; `noise`
        gives the samples from one sample to another; `echo_db` is how loud our voice comes back, and
        `delay` how late, in seconds.
        """
        self._session = session
        self._replies = {text: list(answers) for text, answers in (replies or {}).items()}
        self._noise = noise
        self._echo = 10 ** (echo_db / 20)
        self._delayed: Samples = silence(max(BLOCK, samples(delay)))
        self._speech: dict[int, Samples] = {}
        self._now = 0
        self.actions: list[Action] = []
        """What happened so far."""
        self.played: list[Samples] = []
        """What the loudspeaker played so far."""

    def person_says(self, sound: Samples, at: float) -> None:
        """Let the person speak at a time in seconds from the start."""
        self._speech[samples(at)] = sound

    def run(self, duration: float) -> None:
        """Let seconds go by."""
        for _ in range(whole_blocks(samples(duration)) // BLOCK):
            self._step()

    def _step(self) -> None:
        begin, end = self._now, self._now + BLOCK
        mix = self._delayed[:BLOCK].astype(np.float64) * self._echo
        if self._noise is not None:
            mix += self._noise(begin, end)
        for start, sound in self._speech.items():
            first, last = max(begin, start), min(end, start + len(sound))
            if first < last:
                mix[first - begin : last - begin] += sound[first - start : last - start]
        self._session.hear(np.clip(mix, -32768, 32767).astype(np.int16))
        out = self._session.speak(BLOCK)
        self._delayed = np.concatenate((self._delayed[BLOCK:], out))
        self.played.append(out)
        self._now = end
        for action in self._session.actions():
            self.actions.append(action)
            if isinstance(action, Say) and self._replies.get(action.text):
                reply = self._replies[action.text].pop(0)
                self._speech[max(end, action.at + samples(reply.after))] = reply.sound
