from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np

from voice_assist.devices.line import ZEROS, Line
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.devices.watch import Watch
from voice_assist.events import Action, Said, Say, Trouble
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence


class Script:
    """A session that says what it was given, sound and actions, at their times."""

    idle = False

    def __init__(self, sound: Samples, *actions: Action) -> None:
        self.log: list[tuple[str, int]] = []
        self.reports: list[tuple[int, int]] = []
        self.lacking: list[set[str]] = []
        self._sound = sound
        self._actions = list(actions)
        self._now = self._spoken = 0

    def hear(self, pcm: Samples) -> None:
        self.log.append(("hear", len(pcm)))
        self._now += len(pcm)

    def gap(self, count: int) -> None:
        self.log.append(("gap", count))
        self._now += count

    def absent(self, count: int) -> None:
        self.log.append(("absent", count))
        self._now += count

    def speak(self, count: int) -> Samples:
        self.log.append(("speak", count))
        start, self._spoken = self._spoken, self._spoken + count
        return self._sound[start : self._spoken]

    def played(self, utterance: int, count: int) -> None:
        self.reports.append((utterance, count))

    def actions(self) -> tuple[Action, ...]:
        due = tuple(action for action in self._actions if action.at <= self._now)
        self._actions = [action for action in self._actions if action.at > self._now]
        return due

    def notice(self, name: str) -> None:
        self.log.append((name, 1))

    def withdraw(self, name: str) -> None:
        self.log.append((name, 0))

    def lack(self, devices: Iterable[str]) -> None:
        self.lacking.append(set(devices))

    def type(self, text: str) -> None:
        raise NotImplementedError(text)


class Air:
    """A loudspeaker that is late by a fixed time."""

    def __init__(self, pending_s: float) -> None:
        self.pending_s = pending_s
        self.sound: list[Samples] = []

    def write(self, pcm: Samples) -> None:
        self.sound.append(pcm)


def test_sound_and_gaps_are_answered_in_step() -> None:
    session, air = Script(np.arange(RATE, dtype=np.int16)), Air(0.0)
    line = Line(session, lambda _: None, Watch({}))
    line.take(0, silence(BLOCK), cast("Loudspeaker", air))
    line.take(100, silence(BLOCK), cast("Loudspeaker", air))
    steps = [("hear", BLOCK), ("speak", BLOCK), ("gap", 100), ("speak", 100), ("hear", BLOCK), ("speak", BLOCK)]
    assert session.log == steps
    assert np.array_equal(np.concatenate(air.sound), np.arange(2 * BLOCK + 100))


def test_without_a_loudspeaker_the_session_goes_on() -> None:
    session = Script(silence(RATE))
    Line(session, lambda _: None, Watch({})).take(0, silence(BLOCK), None)
    assert session.log == [("hear", BLOCK), ("speak", BLOCK)]


def test_what_has_come_out_is_told_by_the_delay_of_the_loudspeaker() -> None:
    said = (Say(BLOCK, 1, "hold"), Said(4 * BLOCK, 1, "hold", cut=False))
    session, air = Script(silence(RATE), *said), Air(2 * BLOCK / RATE)
    told: list[Action] = []
    line = Line(session, told.append, Watch({}))
    for _ in range(10):
        line.take(0, silence(BLOCK), cast("Loudspeaker", air))
    assert session.reports == [(1, BLOCK), (1, 2 * BLOCK), (1, 3 * BLOCK)]
    assert told == list(said)


def test_it_is_quiet_when_the_last_word_has_left_the_loudspeaker() -> None:
    sound = np.r_[np.ones(BLOCK, np.int16), silence(RATE)]
    line = Line(Script(sound), lambda _: None, Watch({}))
    line.take(0, silence(BLOCK), None)
    quiet = []
    for _ in range(samples(0.4) // BLOCK):
        line.take(0, silence(BLOCK), None)
        quiet.append(line.quiet)
    assert quiet.index(True) == samples(0.3) // BLOCK - 1


def test_trouble_carries_the_time_of_the_session() -> None:
    told: list[Action] = []
    line = Line(Script(silence(RATE)), told.append, Watch({}))
    line.take(80, silence(BLOCK), None)
    line.tell("the microphone is gone; plug it in again")
    assert told == [Trouble(BLOCK + 80, "the microphone is gone; plug it in again")]


def test_a_microphone_that_gives_nothing_but_zeros_is_told_of_once_and_when_it_is_heard_again() -> None:
    told: list[Action] = []
    line = Line(Script(silence(RATE)), told.append, Watch({}))
    hiss = np.ones(BLOCK, dtype=np.int16)
    for block in (hiss, *[silence(BLOCK)] * (2 * ZEROS // BLOCK), hiss, hiss):
        line.take(0, block, None)
    zeros, again = (action for action in told if isinstance(action, Trouble))
    assert (zeros.at, "nothing but zeros" in zeros.what) == (BLOCK + ZEROS, True)
    assert (again.at, again.what) == (2 * (BLOCK + ZEROS), "the microphone gives sound again")


def test_what_is_lost_is_told_to_the_session_whenever_it_changes() -> None:
    session = Script(silence(RATE))
    line = Line(session, lambda _: None, Watch({}))
    hiss = np.ones(BLOCK, dtype=np.int16)
    for block in (hiss, *[silence(BLOCK)] * (ZEROS // BLOCK), silence(BLOCK), hiss, hiss):
        line.take(0, block, None)
        line.lack(["loudspeaker_other"])
    line.lack([])
    other = {"loudspeaker_other"}
    assert session.lacking == [other, {*other, "microphone_silent"}, other, set()]


def test_a_very_quiet_room_is_no_trouble() -> None:
    told: list[Action] = []
    line = Line(Script(silence(RATE)), told.append, Watch({}))
    click = np.r_[np.ones(1, dtype=np.int16), silence(BLOCK - 1)]
    for _ in range(5):
        for block in (click, *[silence(BLOCK)] * (ZEROS // BLOCK - 1)):
            line.take(0, block, None)
    assert told == []
