"""The playout queue: exact in time, smooth in level, silent when hushed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist.samples import BLOCK, Samples
from voice_assist.speak.playout import CEILING, FADE, RAMP, Ended, Playout, Started

Mark = Started | Ended

sounds = st.builds(
    lambda count, peak, seed: np.random.default_rng(seed).integers(-peak, peak, count, endpoint=True).astype(np.int16),
    st.integers(1, 1500),
    st.sampled_from([0, 1, 300, 20_000, 32_767]),
    st.integers(0, 99),
)
cues = st.lists(st.tuples(sounds, st.integers(0, 4000)), max_size=5)
cuts = st.lists(st.integers(1, 900), max_size=12)
gains = st.floats(-60, 30)


def played(playout: Playout, count: int, at_once: list[int] | None = None) -> tuple[Samples, list[Mark]]:
    """Play `count` samples in pieces of the given sizes, the rest in one."""
    pieces: list[Samples] = []
    marks: list[Mark] = []
    for size in [*(at_once or []), count]:
        pcm, new = playout.play(min(size, count))
        count -= len(pcm)
        pieces.append(pcm)
        marks += new
    return np.concatenate(pieces), marks


def tone(count: int, peak: int = 10_000) -> Samples:
    wave: Samples = np.rint(peak * np.sin(np.arange(count) * 2 * np.pi * 200 / 16_000)).astype(np.int16)
    return wave


@given(cues=cues)
def test_utterances_sound_unchanged_where_they_were_scheduled(cues: list[tuple[Samples, int]]) -> None:
    playout = Playout()
    expected = np.zeros(20_000, dtype=np.int64)
    starts: list[int] = []
    for number, (pcm, at) in enumerate(cues):
        start = playout.say(number, pcm, at)
        assert start == max(at, starts[-1] + len(cues[number - 1][0]) if starts else 0)
        starts.append(start)
        expected[start : start + len(pcm)] = np.rint(pcm * min(1.0, CEILING / max(1, np.abs(pcm.astype(int)).max())))
    end = playout.end
    heard, marks = played(playout, len(expected))
    assert np.array_equal(heard, expected)
    assert end == (starts[-1] + len(cues[-1][0]) if cues else 0)
    assert not playout.busy
    ends = [start + len(pcm) for start, (pcm, _) in zip(starts, cues, strict=True)]
    assert marks == [
        mark
        for number, (start, stop) in enumerate(zip(starts, ends, strict=True))
        for mark in (Started(number, start), Ended(number, stop, cut=False))
    ]


@given(cues=cues, cuts=cuts, gain=gains, before=st.integers(0, 3000), hush=st.booleans())
def test_how_the_sound_is_cut_into_blocks_changes_nothing(
    cues: list[tuple[Samples, int]], cuts: list[int], gain: float, before: int, *, hush: bool
) -> None:
    def run(at_once: list[int]) -> tuple[Samples, list[Mark]]:
        playout = Playout()
        for number, (pcm, at) in enumerate(cues):
            playout.say(number, pcm, at)
        first, marks = played(playout, before, at_once)
        playout.set_gain(gain)
        if hush:
            playout.hush()
        rest, more = played(playout, 15_000, at_once)
        return np.concatenate((first, rest)), marks + more

    whole, marks = run([])
    pieces, same_marks = run(cuts)
    assert np.array_equal(whole, pieces)
    assert marks == same_marks


@given(cues=cues, gain=gains)
def test_it_never_clips(cues: list[tuple[Samples, int]], gain: float) -> None:
    playout = Playout()
    playout.set_gain(gain)
    for number, (pcm, at) in enumerate(cues):
        playout.say(number, pcm, at)
    heard, _ = played(playout, 20_000)
    assert np.abs(heard.astype(int)).max(initial=0) <= np.ceil(CEILING)


@given(cues=cues, before=st.integers(0, 6000))
def test_hush_is_silence_after_five_milliseconds(cues: list[tuple[Samples, int]], before: int) -> None:
    playout = Playout()
    for number, (pcm, at) in enumerate(cues):
        playout.say(number, pcm, at)
    _, marks = played(playout, before)
    sounding = playout.current
    dropped = playout.hush()
    heard, after = playout.block()
    assert not heard[FADE:].any()
    assert not played(playout, 10_000)[0].any()
    assert [mark.utterance for mark in after if isinstance(mark, Ended) and mark.cut] == (
        [] if sounding is None else [sounding]
    )
    begun = [mark.utterance for mark in marks if isinstance(mark, Started)]
    assert sorted(begun + dropped) == list(range(len(cues)))


@given(before=st.integers(0, 2500), gain=gains, hush_at=st.integers(0, 2500))
def test_neither_a_new_gain_nor_hush_makes_a_click(before: int, gain: float, hush_at: int) -> None:
    source = tone(6000)
    playout = Playout()
    playout.say(1, source)
    first, _ = played(playout, before)
    playout.set_gain(gain)
    second, _ = played(playout, hush_at)
    playout.hush()
    heard = np.concatenate((first, second, played(playout, 1000)[0])).astype(float)
    loudest = np.abs(heard).max()
    most = CEILING / np.abs(source.astype(int)).max()
    factor = max(1.0, min(10 ** (gain / 20), most))
    own = np.abs(np.diff(source.astype(float))).max() * factor
    ramp = loudest * (10 ** (RAMP / 20) - 1)
    assert np.abs(np.diff(heard)).max(initial=0) <= own + ramp + loudest / FADE + 2


def test_the_gain_arrives_and_moves_slowly() -> None:
    playout = Playout()
    playout.say(1, np.full(16_000, 8000, dtype=np.int16))
    playout.block()
    playout.set_gain(-6)
    ramp, _ = playout.play(2000)
    assert ramp[0] == 8000
    assert np.all(np.diff(ramp.astype(int)) <= 0)
    assert ramp[-1] == round(8000 * 10 ** (-6 / 20))
    assert playout.gain == -6


def test_the_first_gain_is_there_from_the_first_sample() -> None:
    playout = Playout(gain=-6)
    playout.say(1, np.full(BLOCK, 8000, dtype=np.int16))
    assert set(playout.block()[0]) == {round(8000 * 10 ** (-6 / 20))}


def test_a_gain_changed_half_way_goes_on_from_where_it_is() -> None:
    playout = Playout()
    playout.say(1, np.full(16_000, 8000, dtype=np.int16))
    playout.set_gain(-40)
    before, _ = playout.play(1000)
    playout.set_gain(0)
    after, _ = playout.play(1)
    assert abs(int(before[-1]) - int(after[0])) < 10


def test_what_is_said_begins_with_the_next_sample() -> None:
    playout = Playout()
    playout.play(1000)
    assert playout.say(7, tone(400), at=20) == 1000
    pcm, marks = playout.block()
    assert marks == [Started(7, 1000)]
    assert playout.current == 7
    assert np.array_equal(pcm, tone(400)[:BLOCK])


def test_what_is_said_after_hush_begins_when_the_fade_is_over() -> None:
    playout = Playout()
    playout.say(1, tone(5000))
    playout.say(2, tone(5000))
    playout.block()
    assert playout.hush() == [2]
    assert playout.hush() == []
    assert playout.say(3, tone(5000)) == BLOCK + FADE
    _, marks = playout.block()
    assert marks == [Ended(1, BLOCK + FADE, cut=True), Started(3, BLOCK + FADE)]


def test_hush_when_nothing_sounds_is_nothing() -> None:
    playout = Playout()
    assert playout.hush() == []
    assert (playout.busy, playout.current, playout.end) == (False, None, 0)


def test_an_utterance_that_ends_with_the_block_is_reported_in_it() -> None:
    playout = Playout()
    playout.say(1, tone(BLOCK))
    assert playout.block()[1] == [Started(1, 0), Ended(1, BLOCK, cut=False)]


def test_what_cannot_be_played_is_refused() -> None:
    with pytest.raises(ValueError, match="utterance 4 holds no sound"):
        Playout().say(4, tone(0))
    with pytest.raises(ValueError, match="cannot be played"):
        Playout().set_gain(float("-inf"))
