"""The check by day in the simulated room: it finds us where we are heard, and is silent while somebody speaks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.events import Intent
from voice_assist.hear.quiet_check import LEVELS, Probed, QuietCheck
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, Samples, samples
from voice_assist.session import Session
from voice_assist.testing import EchoPath, Quiet, Room, Tones


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(Settings())


def hiss(level: float) -> Callable[[int, int], Samples]:
    """Return a room's noise at a level in dBFS."""

    def noise(begin: int, end: int) -> Samples:
        return np.random.default_rng(begin).normal(0, 32768 * 10 ** (level / 20), end - begin).astype(np.int16)

    return noise


def in_room(
    pack: Pack, echo: EchoPath | None, noise: Callable[[int, int], Samples] | None
) -> tuple[Room, list[Probed]]:
    told: list[Probed] = []
    check = QuietCheck(lambda: not told, told.append)
    session = Session(pack, JournalRecognizer(()), Tones(), Quiet(), self_check=check)
    return Room(session, echo=echo, noise=noise), told


@pytest.mark.parametrize(
    ("level", "delay", "noise"), [(-10.0, 0.08, -60.0), (-20.0, 0.25, -55.0), (-25.0, 0.04, -60.0), (0.0, 0.3, -50.0)]
)
def test_our_sound_is_found_with_its_level_and_delay(pack: Pack, level: float, delay: float, noise: float) -> None:
    room, told = in_room(pack, EchoPath(level=level, delay=delay), hiss(noise))
    room.run(70.0)
    (probed,) = told
    assert probed.echo is not None
    assert probed.echo.level == pytest.approx(level, abs=4.0)
    # The session hears a block after it is played.
    assert probed.echo.delay == pytest.approx(delay, abs=0.03)
    # It is softer than the voice of the night by far.
    assert max(np.abs(block).max(initial=0) for block in room.played) < 32768 * 10 ** (-30 / 20)


def test_a_dead_loudspeaker_is_found_out(pack: Pack) -> None:
    room, told = in_room(pack, None, hiss(-60.0))
    room.run(75.0)
    assert told == [Probed(None, mute=False, level=LEVELS[-1])]


def test_a_mute_microphone_is_found_out_with_the_softest_probe(pack: Pack) -> None:
    room, told = in_room(pack, None, None)
    room.run(45.0)
    assert told == [Probed(None, mute=True, level=LEVELS[0])]


def test_it_plays_nothing_until_the_room_was_quiet_for_half_a_minute(pack: Pack) -> None:
    room, _ = in_room(pack, None, hiss(-60.0))
    room.run(29.0)
    assert not any(block.any() for block in room.played)
    room.run(4.0)
    assert any(block.any() for block in room.played)


def test_in_an_alarms_silence_and_in_quiet_hours_it_plays_nothing_and_hears_nothing_wrong(pack: Pack) -> None:
    told: list[Probed] = []
    check = QuietCheck(lambda: True, told.append)
    session = Session(pack, JournalRecognizer(()), Tones(), Quiet(), self_check=check)
    session.act(Intent("emergency", "emergency", {"kind": "heart"}))
    room = Room(session, noise=hiss(-60.0))
    while not session.idle:
        room.run(1.0)
    assert session.state == "alarmed"
    room.run(40.0)
    assert not check.probing
    session.act(Intent("control", "control", {"word": "stop"}))
    room.run(33.0)
    assert check.probing
    session.quiet_hours(on=True)
    room.run(40.0)
    assert not check.probing
    assert told == []


def test_it_falls_silent_in_the_very_block_in_which_a_voice_comes() -> None:
    check = QuietCheck(lambda: True, lambda _: None)
    rest, heard = np.zeros(BLOCK, dtype=np.int16), np.ones(BLOCK, dtype=np.int16)
    while not check.probing:
        check.block(heard, rest, free=True)
    check.block(heard, rest, free=True)
    assert check.block(heard, rest, free=True).any()
    line = np.full(BLOCK, 700, dtype=np.int16)
    assert np.array_equal(check.block(heard, line, free=False), line)
    assert not check.probing
    # Who was disturbed is left alone for longer.
    for _ in range(samples(59.0) // BLOCK):
        assert not check.block(heard, rest, free=True).any()


def test_when_it_is_not_due_nothing_is_played() -> None:
    check = QuietCheck(lambda: False, lambda _: None)
    rest = np.zeros(BLOCK, dtype=np.int16)
    assert not any(check.block(rest, rest, free=True).any() for _ in range(samples(60.0) // BLOCK))
