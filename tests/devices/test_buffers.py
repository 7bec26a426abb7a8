from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voice_assist.devices.buffers import Capture, Playback

BLOCK = 40
CUSHION, MOST, LIMIT = 2 * BLOCK, 3 * BLOCK, 20 * BLOCK


def playback() -> Playback:
    return Playback(CUSHION, MOST, LIMIT)


def test_blocks_come_out_in_order() -> None:
    capture = Capture(4)
    for block in (b"aa", b"bb", b"cc"):
        capture.put(block, 1)
    assert [capture.take(0.0) for _ in range(4)] == [(0, b"aa"), (0, b"bb"), (0, b"cc"), None]


def test_what_finds_no_room_is_counted_before_the_next_block() -> None:
    capture = Capture(2)
    for block in (b"aa", b"bb", b"cc", b"dd"):
        capture.put(block, 1)
    assert [capture.take(0.0), capture.take(0.0), capture.take(0.0)] == [(0, b"aa"), (0, b"bb"), None]
    capture.put(b"ee", 1)
    capture.put(b"ff", 1)
    assert [capture.take(0.0), capture.take(0.0)] == [(2, b"ee"), (0, b"ff")]


def test_what_the_card_lost_is_counted_before_its_block() -> None:
    capture = Capture(2)
    capture.put(b"aa", 7, lost=21)
    assert capture.take(0.0) == (21, b"aa")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=60))
def test_no_frame_of_a_microphone_is_unaccounted_for(steps: list[tuple[bool, int]]) -> None:
    capture, put, accounted = Capture(3), 0, 0
    for store, lost in steps:
        if store:
            capture.put(b"xx", 1, lost)
            put += 1 + lost
        elif (taken := capture.take(0.0)) is not None:
            accounted += 1 + taken[0]
    while (taken := capture.take(0.0)) is not None:
        accounted += 1 + taken[0]
    capture.put(b"xx", 1)
    taken = capture.take(0.0)
    assert taken is not None
    assert accounted + taken[0] == put


def test_a_loudspeaker_starts_with_its_cushion_full() -> None:
    sound = playback()
    sound.write(b"a" * BLOCK, silent=False)
    assert sound.fill(BLOCK) == bytes(BLOCK)
    sound.write(b"b" * BLOCK, silent=False)
    assert sound.fill(BLOCK) == b"a" * BLOCK
    assert sound.fill(BLOCK) == b"b" * BLOCK


def test_running_dry_gives_silence_until_the_cushion_is_full_again() -> None:
    sound = playback()
    sound.write(b"a" * CUSHION, silent=False)
    assert sound.fill(CUSHION + 8) == b"a" * CUSHION + bytes(8)
    sound.write(b"b" * BLOCK, silent=False)
    assert sound.fill(BLOCK) == bytes(BLOCK)


def test_a_fast_microphone_costs_silence_and_never_sound() -> None:
    sound, played = playback(), b""
    for turn in range(400):
        speaking = turn % 8 < 3
        block = bytes([1 + turn % 255]) * BLOCK if speaking else bytes(BLOCK)
        sound.write(block, silent=not speaking)
        played += sound.fill(BLOCK - 4)
        assert len(sound) <= MOST + 4 * BLOCK
    played += sound.fill(len(sound))
    for turn in range(400):
        if turn % 8 < 3:
            assert bytes([1 + turn % 255]) * BLOCK in played


def test_a_loudspeaker_that_nobody_plays_does_not_fill_the_memory() -> None:
    sound = playback()
    for _ in range(1_000):
        sound.write(b"a" * BLOCK, silent=False)
    assert len(sound) == LIMIT


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3 * BLOCK)), max_size=80))
def test_exactly_what_is_asked_for_is_played(steps: list[tuple[bool, int]]) -> None:
    sound = playback()
    for write, size in steps:
        if write:
            sound.write(b"a" * size, silent=False)
        else:
            assert len(sound.fill(size)) == size
