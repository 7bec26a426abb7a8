"""The simulated room: what is played is heard again, late, coloured, cut, and on another clock."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice_assist.errors import DeviceError
from voice_assist.events import Action, Say
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence
from voice_assist.testing import (
    NEAR,
    EchoPath,
    Reply,
    Room,
    at_level,
    looped,
    recorded,
    response_of,
    voiced_level,
)


class Loudspeaker:
    """A session that plays what it is given and keeps what it hears."""

    def __init__(self, sound: Samples, *happened: Action) -> None:
        self._sound = sound
        self._happened = list(happened)
        self.blocks: list[Samples | None] = []
        """What was heard; None where it was lost."""

    @property
    def heard(self) -> Samples:
        return np.concatenate([silence(BLOCK) if block is None else block for block in self.blocks])

    def hear(self, pcm: Samples) -> None:
        self.blocks.append(pcm)

    def gap(self, count: int) -> None:
        assert count == BLOCK
        self.blocks.append(None)

    def speak(self, count: int) -> Samples:
        played, self._sound = self._sound[:count], self._sound[count:]
        return np.concatenate((played, silence(count - len(played))))

    def actions(self) -> tuple[Action, ...]:
        now = len(self.blocks) * BLOCK
        told = tuple(action for action in self._happened if action.at < now)
        self._happened = [action for action in self._happened if action.at >= now]
        return told


def click(at: float, *, lasts: float) -> Samples:
    sound = silence(samples(lasts))
    sound[samples(at)] = 20000
    return sound


def hum(lasts: float, hertz: float = 250.0) -> Samples:
    wave = 10000 * np.sin(2 * np.pi * hertz * np.arange(samples(lasts)) / RATE)
    return wave.astype(np.int16)


def heard(sound: Samples, path: EchoPath | None, lasts: float = 1.0, **around: float) -> Samples:
    session = Loudspeaker(sound)
    Room(session, echo=path, **around).run(lasts)  # type: ignore[arg-type]
    return session.heard


def test_with_headphones_nothing_of_ours_is_heard() -> None:
    assert not heard(hum(0.5), None).any()


@pytest.mark.parametrize("delay", [0.02, 0.08, 0.3])
def test_what_is_played_is_heard_late_and_softer(delay: float) -> None:
    sound = heard(click(0.1, lasts=0.2), EchoPath(level=-20.0, delay=delay))
    assert np.flatnonzero(sound).tolist() == [samples(0.1 + delay)]
    assert sound.max() == pytest.approx(2000, abs=1)


def test_a_room_colours_it_and_leaves_it_as_loud() -> None:
    response = np.zeros(samples(0.2))
    response[[0, samples(0.05), samples(0.15)]] = (1.0, -0.5, 0.25)
    echoed = heard(click(0.1, lasts=0.2), EchoPath(level=0.0, delay=0.05, response=response)).astype(float)
    at = [samples(0.1 + 0.05 + late) for late in (0.0, 0.05, 0.15)]
    assert np.flatnonzero(echoed).tolist() == at
    assert (echoed[at] / echoed[at[0]]).tolist() == pytest.approx([1.0, -0.5, 0.25], abs=1e-3)
    assert np.sqrt(np.square(echoed).sum()) == pytest.approx(20000, rel=1e-3)


@pytest.mark.parametrize(("drift", "earlier"), [(200.0, 32), (-200.0, -32), (0.0, 0)])
def test_clocks_that_drift_bring_it_earlier_or_later(drift: float, earlier: int) -> None:
    """200 millionths of ten seconds are 32 samples."""
    sound = heard(click(10.0, lasts=10.1), EchoPath(level=0.0, delay=0.1, drift=drift), 10.5)
    assert int(np.abs(sound.astype(int)).argmax()) == pytest.approx(samples(10.1) - earlier, abs=1)


@pytest.mark.parametrize("drift", [5000.0, -5000.0])
def test_a_buffer_that_is_empty_or_full_begins_anew(drift: float) -> None:
    lasts = 120.0
    path = EchoPath(level=0.0, delay=0.1, drift=drift)
    sounds = [click(at + 0.5, lasts=1.0) for at in np.zeros(int(lasts))]
    sound = np.abs(heard(np.concatenate(sounds), path, lasts).astype(int))
    late = [int(second.argmax()) - samples(0.5) for second in sound.reshape(-1, RATE)[:-1]]
    assert max(late) <= samples(0.3) + 1
    assert min(late) >= BLOCK - 1
    turns = np.diff(late)
    assert (np.sign(turns) == np.sign(drift)).sum() >= 1, "it began anew"
    assert (np.sign(turns) == -np.sign(drift)).sum() > 100


def test_the_microphone_has_a_level_and_is_cut() -> None:
    loud = heard(hum(0.5), EchoPath(level=0.0), gain=6.0)
    assert loud.max() == pytest.approx(20000, rel=0.01)
    cut = heard(hum(0.5), EchoPath(level=0.0), gain=6.0, clipping=-6.0)
    assert (cut.max(), cut.min()) == (16422, -16422)


def test_a_loudspeaker_cuts_what_is_played_before_the_room_makes_it_softer() -> None:
    whole = heard(hum(0.5), EchoPath(level=-20.0))
    assert whole.max() == pytest.approx(1000, abs=1)
    cut = heard(hum(0.5), EchoPath(level=-20.0, clipping=-20.0))
    assert (cut.max(), cut.min()) == (pytest.approx(327, abs=1), pytest.approx(-327, abs=1))


def test_what_is_lost_is_a_gap_and_time_goes_on() -> None:
    session = Loudspeaker(silence(0))
    room = Room(session, lost=[(0.2, 0.3)])
    room.person_says(hum(1.0), 0.0)
    room.run(1.0)
    assert [number * BLOCK for number, block in enumerate(session.blocks) if block is None] == list(
        range(samples(0.2), samples(0.3), BLOCK)
    )
    assert room.now == 1.0
    assert np.array_equal(session.heard[samples(0.3) :], hum(1.0)[samples(0.3) :])


def test_the_person_answers_a_line_each_time_with_the_next_reply() -> None:
    asked = [Say(samples(at), number, "Better?") for number, at in enumerate((0.2, 1.2))]
    session = Loudspeaker(silence(0), *asked)
    one, other = hum(0.1), hum(0.1, 500.0)
    room = Room(session, replies={"Better?": [Reply(one, after=0.3), Reply(other, after=0.1)]})
    room.run(2.0)
    assert np.array_equal(session.heard[samples(0.5) : samples(0.6)], one)
    assert np.array_equal(session.heard[samples(1.3) : samples(1.4)], other)
    assert np.count_nonzero(session.heard) == np.count_nonzero(one) + np.count_nonzero(other)


def test_it_is_the_same_every_time() -> None:
    path = EchoPath(level=-3.0, delay=0.12, response=np.array([1.0, 0.3, -0.2]), drift=150.0)
    assert np.array_equal(heard(hum(0.9), path), heard(hum(0.9), path))


# What is put into it


def test_a_recording_of_any_rate_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "noise.wav"
    soundfile.write(path, np.stack([hum(3.0)] * 2, axis=1), RATE // 2)
    assert len(recorded(path)) == pytest.approx(2 * samples(3.0), abs=BLOCK)
    with pytest.raises(DeviceError, match=r"none\.wav"):
        recorded(tmp_path / "none.wav")


def test_a_level_is_that_of_the_voice_not_of_the_silence_around_it() -> None:
    around = silence(samples(1.0))
    placed = at_level(np.concatenate((around, hum(0.4), around)))
    assert voiced_level(placed) == pytest.approx(NEAR, abs=0.1)
    assert voiced_level(at_level(placed, -40.0)) == pytest.approx(-40.0, abs=0.1)


def test_silence_has_no_level_and_stays_silence() -> None:
    assert voiced_level(silence(RATE)) == -np.inf
    assert np.array_equal(at_level(silence(RATE)), silence(RATE))


def test_a_noise_begins_anew_for_ever_wherever_it_is_cut() -> None:
    noise = looped(np.arange(700, dtype=np.int16))
    pieces = [noise(begin, begin + BLOCK) for begin in range(0, 7 * BLOCK, BLOCK)]
    assert np.array_equal(np.concatenate(pieces), np.resize(np.arange(700), 7 * BLOCK))
    with pytest.raises(ValueError, match="no sample"):
        looped(silence(0))


def test_a_rooms_response_begins_with_its_direct_sound() -> None:
    recording = silence(RATE)
    recording[[30, 500, 900]] = (40, -20000, 5000)
    response = response_of(recording)
    assert len(response) == RATE - 500
    assert response[[0, 400]].tolist() == [1.0, -0.25]
    with pytest.raises(ValueError, match="silent"):
        response_of(silence(RATE))
