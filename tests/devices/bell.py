"""A program for the live tests: a session that rings twice when it hears somebody, on the real devices.

Its journal goes to standard output, one JSON object a line. It ends by itself after the second ring.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict

import numpy as np

from voice_assist.devices.live import Live
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Said, Say, Trouble
from voice_assist.samples import RATE, Samples, samples, silence

LENGTH = samples(0.5)
APART = samples(1.5)
LOUD = 1_500


class Bell:
    """Says a tone of half a second, and another one a second after it, when it first hears a voice."""

    def __init__(self) -> None:
        self.idle = True
        self.done = False
        self._heard = self._spoken = 0
        self._rings: list[int] = []
        self._actions: list[Action] = []
        time = np.arange(LENGTH) / RATE
        self._tone: Samples = (12_000 * np.sin(2 * np.pi * 1_000 * time)).astype(np.int16)

    def hear(self, pcm: Samples) -> None:
        if not self._heard:
            tell("listening", self._heard)
        self._heard += len(pcm)
        if not self._rings and np.abs(pcm).max(initial=0) > LOUD:
            self._rings = [self._heard, self._heard + APART]
            tell("heard", self._heard)

    def gap(self, count: int) -> None:
        self._heard += count
        tell("gap", count)

    def notice(self, name: str) -> None:
        tell("notice", name)

    def withdraw(self, name: str) -> None:
        tell("withdrawn", name)

    def lack(self, devices: Iterable[str]) -> None:
        tell("lost", sorted(devices))

    def type(self, text: str) -> None:
        raise NotImplementedError(text)

    def absent(self, count: int) -> None:
        tell("absent", count)

    def speak(self, count: int) -> Samples:
        sound, start = silence(count), self._spoken
        self._spoken += count
        for number, ring in enumerate(self._rings, 1):
            first, last = max(ring, start), min(ring + LENGTH, self._spoken)
            if first < last:
                sound[first - start : last - start] = self._tone[first - ring : last - ring]
            if start <= ring < self._spoken:
                self._actions.append(Say(ring, number, "ring"))
            if start < ring + LENGTH <= self._spoken:
                self._actions.append(Said(ring + LENGTH, number, "ring", cut=False))
        return sound

    def played(self, utterance: int, count: int) -> None:
        if count == LENGTH:
            tell("played", utterance)
            self.done = utterance == len(self._rings)

    def actions(self) -> tuple[Action, ...]:
        done, self._actions = tuple(self._actions), []
        return done


def tell(what: str, value: object) -> None:
    print(json.dumps({what: value}), flush=True)  # noqa: T201 - the journal of the test


def told(action: Action) -> None:
    tell(type(action).__name__, action.what if isinstance(action, Trouble) else asdict(action))


if __name__ == "__main__":
    bell = Bell()
    try:
        Live(*sys.argv[1:]).run(bell, told, until=lambda: bell.done)
    except DeviceError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
