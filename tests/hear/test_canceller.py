"""Our own voice is taken out of the microphone's sound, and a person's is left and told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist.events import Action
from voice_assist.hear.barge_in import LEAST
from voice_assist.hear.canceller import LINGERS, EchoCanceller, EchoMask, NoCanceller
from voice_assist.hear.echo_meter import EchoMeter, level
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence
from voice_assist.testing import EchoPath, Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hear.conftest import Say

LEARNT = samples(3.0)


class Speaker:
    """A session that says one thing and keeps what it hears through a canceller."""

    def __init__(self, canceller: EchoCanceller, sound: Samples) -> None:
        self._canceller = canceller
        self._meter = EchoMeter()
        self._sound = sound
        self._playing = silence(BLOCK)
        self.blocks: list[Samples] = []
        self.others: list[bool | None] = []

    def hear(self, pcm: Samples) -> None:
        self._meter.push(self._playing, level(pcm))
        self.blocks.append(self._canceller.cancel(pcm, self._playing, self._meter.lag))
        self.others.append(self._canceller.others)

    def gap(self, count: int) -> None:
        raise AssertionError(f"{count} samples lost: none are here")

    def speak(self, count: int) -> Samples:
        played, self._sound = self._sound[:count], self._sound[count:]
        self._playing = np.concatenate((played, silence(count - len(played))))
        return self._playing

    def actions(self) -> tuple[Action, ...]:
        return ()


def room_response() -> np.ndarray:
    """Return a made room: echoes that fade by 60 dB in 0.3 s."""
    steps = np.arange(samples(0.3))
    response = np.random.default_rng(2).normal(size=len(steps)) * 10 ** (-3.0 * steps / len(steps))
    response[0] = 4.0
    return response


@pytest.fixture(scope="module")
def monologue(say: Say) -> Samples:
    """Six lines with pauses, as loud as the night's."""
    line = np.concatenate((say("push your heel away from you"), silence(samples(0.5))))
    return np.tile((line * 0.5).astype(np.int16), 6)


@pytest.fixture(scope="module")
def hissing(hiss: Callable[[float, float], Samples]) -> Callable[[int, int], Samples]:
    sound = hiss(40.0, -60.0)
    return lambda begin, end: sound[begin:end]


@pytest.mark.parametrize("delay", [0.04, 0.1, 0.3])
@pytest.mark.parametrize("drift", [0.0, 200.0, -200.0])
def test_our_voice_is_taken_away_however_late_it_comes(
    monologue: Samples, hissing: Callable[[int, int], Samples], delay: float, drift: float
) -> None:
    left: dict[bool, float] = {}
    for cancelled in (False, True):
        speaker = Speaker(EchoMask() if cancelled else NoCanceller(), monologue)
        Room(speaker, echo=EchoPath(0.0, delay, room_response(), drift), noise=hissing).run(len(monologue) / RATE)
        left[cancelled] = level(np.concatenate(speaker.blocks)[LEARNT:])
        if cancelled:
            # Nobody else is there, and it is never taken for somebody.
            told = [others for others in speaker.others[LEARNT // BLOCK :] if others is not None]
            assert told
            assert not any(told)
    assert left[True] < left[False] - 10.0


@pytest.mark.parametrize("softer", [0.0, -6.0])
def test_somebody_who_speaks_meanwhile_is_left_and_told_of(
    monologue: Samples, say: Say, hissing: Callable[[int, int], Samples], softer: float
) -> None:
    stop = say("stop")
    speaker = Speaker(EchoMask(), monologue)
    echo = EchoPath(level(stop) - level(monologue[: RATE * 3]) + softer, 0.1, room_response())
    room = Room(speaker, echo=echo, noise=hissing)
    room.person_says(stop, LEARNT / RATE)
    room.run(len(monologue) / RATE)
    span = slice(LEARNT // BLOCK, (LEARNT + len(stop)) // BLOCK)
    assert level(np.concatenate(speaker.blocks[span])) == pytest.approx(level(stop), abs=4.0)
    assert sum(others is True for others in speaker.others[span]) >= 2


def test_the_rooms_noise_is_not_taken_for_an_echo_of_our_faintest_sounds(
    monologue: Samples, say: Say, hissing: Callable[[int, int], Samples]
) -> None:
    """Else all of us seems loud for many seconds, and nobody is noticed over the second line."""
    stop = say("stop")
    line = len(monologue) // 6
    speaker = Speaker(EchoMask(), monologue)
    echo = EchoPath(level(stop) - level(monologue[:line]) - 6.0, 0.1, room_response())
    room = Room(speaker, echo=echo, noise=hissing)
    begin = line + samples(0.3)
    room.person_says(stop, begin / RATE)
    room.run(3.0 * line / RATE)
    span = slice(begin // BLOCK, (begin + len(stop)) // BLOCK)
    assert sum(others is True for others in speaker.others[span]) >= LEAST


def test_it_leaves_all_until_it_is_known_how_late_our_voice_comes() -> None:
    canceller = EchoMask()
    heard = np.full(BLOCK, 1000, dtype=np.int16)
    assert canceller.cancel(heard, heard, None) is heard
    assert canceller.others is None


def test_it_rests_where_nothing_is_played() -> None:
    """What is heard in a quiet night goes through untouched, and costs nothing."""
    canceller = EchoMask()
    heard = np.full(BLOCK, 1000, dtype=np.int16)
    assert canceller.cancel(heard, silence(BLOCK), BLOCK) is heard
    canceller.cancel(heard, heard, BLOCK)
    at_work = 0
    while canceller.cancel(heard, silence(BLOCK), BLOCK) is not heard:
        at_work += BLOCK
    assert at_work == LINGERS - BLOCK
    assert canceller.others is None


def test_a_lag_beyond_all_memory_is_no_fault(monologue: Samples) -> None:
    canceller = EchoMask()
    for start in range(0, RATE, BLOCK):
        block = monologue[start : start + BLOCK]
        left = canceller.cancel(block, block, None if start < RATE // 2 else 10 * RATE)
        assert len(left) == BLOCK
