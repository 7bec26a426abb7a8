"""Our own voice is taken out of the microphone's sound, and a person's is left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist.assembly import echo_canceller
from voice_assist.config import Settings
from voice_assist.events import Action
from voice_assist.hear.canceller import LINGERS, EchoCanceller, NoCanceller, WebRtc
from voice_assist.hear.echo_meter import level
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence
from voice_assist.testing import EchoPath, Room

if TYPE_CHECKING:
    from tests.hear.conftest import Say

pytest.importorskip("pywebrtc_audio", reason="no echo canceller is built for this machine: pywebrtc-audio")

LEARNT = samples(3.0)


class Speaker:
    """A session that says one thing and keeps what it hears through a canceller."""

    def __init__(self, canceller: EchoCanceller, sound: Samples) -> None:
        self._canceller = canceller
        self._sound = sound
        self._playing = silence(BLOCK)
        self.blocks: list[Samples] = []

    def hear(self, pcm: Samples) -> None:
        self.blocks.append(self._canceller.cancel(pcm, self._playing))

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


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("drift", [0.0, 200.0, -200.0])
def test_our_voice_is_gone_after_a_few_words_however_late_it_comes(
    monologue: Samples, delay: float, drift: float
) -> None:
    left: dict[bool, Samples] = {}
    for cancelled in (False, True):
        speaker = Speaker(WebRtc() if cancelled else NoCanceller(), monologue)
        Room(speaker, echo=EchoPath(0.0, delay, room_response(), drift)).run(len(monologue) / RATE)
        left[cancelled] = np.concatenate(speaker.blocks)[LEARNT:]
    assert level(left[True]) < level(left[False]) - 20.0


def test_somebody_who_speaks_meanwhile_is_left(monologue: Samples, say: Say) -> None:
    stop = say("stop")
    speaker = Speaker(WebRtc(), monologue)
    room = Room(speaker, echo=EchoPath(-6.0, 0.1, room_response()))
    room.person_says(stop, LEARNT / RATE)
    room.run(len(monologue) / RATE)
    heard = np.concatenate(speaker.blocks)[LEARNT : LEARNT + len(stop)]
    assert level(heard) == pytest.approx(level(stop), abs=4.0)


def test_it_rests_where_nothing_is_played() -> None:
    """What is heard in a quiet night goes through untouched, and costs nothing."""
    canceller = WebRtc()
    heard = np.full(BLOCK, 1000, dtype=np.int16)
    assert canceller.cancel(heard, silence(BLOCK)) is heard
    canceller.cancel(heard, heard)
    at_work = 0
    while canceller.cancel(heard, silence(BLOCK)) is not heard:
        at_work += BLOCK
    assert at_work == LINGERS - BLOCK


def test_the_settings_turn_it_on() -> None:
    told: list[str] = []
    assert isinstance(echo_canceller(Settings(), told.append), NoCanceller)
    assert isinstance(echo_canceller(Settings(echo_cancellation=True), told.append), WebRtc)
    assert not told


def test_a_machine_without_one_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pywebrtc_audio", None)
    told: list[str] = []
    tell: Callable[[str], None] = told.append
    assert isinstance(echo_canceller(Settings(echo_cancellation=True), tell), NoCanceller)
    [line] = told
    assert "no echo canceller" in line
