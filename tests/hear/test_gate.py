from __future__ import annotations

import csv
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_assist.hear.gate import HANG_OVER, LIMIT, LONGEST, PRE_ROLL, Gate, Passed
from voice_assist.hear.voice_activity import Silero
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[3] / "shared"))
Hiss = Callable[[float, float], Samples]


@dataclass
class Constant:
    """A detector of one opinion. With 0, what passes, passes by its loudness."""

    probability: float = 0.0

    def push(self, _: Samples) -> float:
        return self.probability


@dataclass
class Heard:
    """What came through the gate."""

    utterances: list[tuple[int, Samples]] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def through(gate: Gate, pcm: Samples, gaps: dict[int, int] | None = None) -> Heard:
    """Push whole blocks, each after the gap noted for its number; gather utterances as the session does."""
    heard = Heard()
    parts: list[Samples] = []
    start = 0
    is_open = False
    for number, at in enumerate(range(0, len(pcm) - BLOCK + 1, BLOCK)):
        if gaps and number in gaps:
            gate.gap(gaps[number])
        passed = gate.push(pcm[at : at + BLOCK])
        heard.passed.append(passed)
        assert not (passed.opened and is_open), "opened twice"
        assert is_open or passed.opened or not len(passed.pcm), "sound outside an utterance"
        if passed.opened:
            is_open, start, parts = True, passed.start, []
        if len(passed.pcm):
            assert passed.start == start + sum(map(len, parts))
            parts.append(passed.pcm)
        if passed.closed:
            assert is_open, "closed while shut"
            heard.utterances.append((start, np.concatenate(parts)))
            is_open = False
    if is_open:
        heard.utterances.append((start, np.concatenate(parts)))
    return heard


def loud(count: int, level: float = -20.0) -> Samples:
    """Give a tone of 500 Hz."""
    return (32768 * 10 ** (level / 20) * np.sin(np.arange(count) * 2 * np.pi * 500 / RATE)).astype(np.int16)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 120)), min_size=1, max_size=8),
    st.dictionaries(st.integers(0, 400), st.integers(1, 5 * RATE), max_size=3),
)
@settings(max_examples=40, deadline=None)
def test_an_utterance_is_a_slice_of_what_went_in(stretches: list[tuple[bool, int]], gaps: dict[int, int]) -> None:
    # A ramp tells every sample from its neighbours, so that a slice can be known again.
    pcm = np.concatenate([loud(n * BLOCK) if on else silence(n * BLOCK) for on, n in stretches])
    pcm = pcm + (np.arange(len(pcm)) % 31).astype(np.int16)
    clock = np.concatenate(
        [np.arange(at, at + BLOCK) + sum(gap for number, gap in gaps.items() if number * BLOCK <= at)
         for at in range(0, len(pcm), BLOCK)]
    )  # fmt: skip
    sound_at = dict(zip(clock.tolist(), pcm.tolist(), strict=True))
    for start, utterance in through(Gate(Constant()), pcm, gaps).utterances:
        assert [sound_at.get(start + i) for i in range(len(utterance))] == utterance.tolist()


@given(st.integers(60, 300), st.integers(5, 100))
@settings(max_examples=20, deadline=None)
def test_what_is_loud_passes_with_a_second_before_and_after(before: int, length: int) -> None:
    pcm = np.concatenate((silence(before * BLOCK), loud(length * BLOCK), silence(samples(2.0))))
    [(start, utterance)] = through(Gate(Constant()), pcm).utterances
    assert start <= (before - PRE_ROLL + 3) * BLOCK
    assert start + len(utterance) >= (before + length) * BLOCK + HANG_OVER - 3 * BLOCK


@pytest.mark.parametrize(
    ("probability", "pause", "longest"),
    [
        pytest.param(0.0, 0.3, LONGEST + RATE, id="at a lull"),
        pytest.param(1.0, 0.14, LIMIT, id="without a lull"),
    ],
)
def test_noise_without_end_is_cut_but_nothing_of_it_is_lost(probability: float, pause: float, longest: int) -> None:
    beat = np.concatenate((loud(samples(0.5)), silence(samples(pause))))
    pcm = np.tile(beat, samples(70.0) // len(beat))
    pcm = pcm[: len(pcm) // BLOCK * BLOCK]
    utterances = through(Gate(Constant(probability)), pcm).utterances
    assert len(utterances) >= 3
    assert LONGEST <= max(len(utterance) for _, utterance in utterances) <= longest
    begin = utterances[0][0]
    assert begin <= 3 * BLOCK
    assert np.array_equal(np.concatenate([utterance for _, utterance in utterances]), pcm[begin:])


def test_after_a_gap_the_utterance_goes_on_as_a_new_one() -> None:
    pcm = loud(100 * BLOCK)
    first, second = through(Gate(Constant()), pcm, {50: samples(3.0)}).utterances
    assert first[0] + len(first[1]) == 50 * BLOCK
    assert second[0] == 50 * BLOCK + samples(3.0)
    assert len(second[1]) == 50 * BLOCK


def test_a_fan_is_learnt_and_a_voice_over_it_passes(hiss: Hiss) -> None:
    fan = hiss(20.0, -45)
    gate = Gate(Silero())
    assert not len(through(gate, fan).passed[-1].pcm)
    fan[samples(5.0) : samples(6.0)] += loud(samples(1.0), -30)
    assert [start // RATE for start, _ in through(gate, fan).utterances] == [24]


def test_ten_seconds_of_scream_do_not_become_the_room(hiss: Hiss) -> None:
    scream = loud(samples(10.0), -15)
    pcm = np.concatenate((hiss(15.0, -60), scream, hiss(3.0, -60)))
    *_, (start, utterance) = through(Gate(Constant()), pcm).utterances
    assert start <= samples(14.1)
    assert start + len(utterance) >= samples(25.0)


def test_digital_silence_is_shut() -> None:
    assert not through(Gate(Silero()), silence(samples(30.0))).utterances


def test_quiet_counts_from_the_last_voice(hiss: Hiss) -> None:
    heard = through(Gate(Constant()), np.concatenate((hiss(15.0, -65), loud(samples(1.0)), hiss(0.8, -65))))
    quiet = [passed.quiet for passed in heard.passed]
    assert 0 in quiet[750:800]
    assert quiet[-1] >= samples(0.7)


def test_the_same_sound_gives_the_same(hiss: Hiss) -> None:
    pcm = np.concatenate((hiss(2.0, -50), loud(samples(0.5), -35), hiss(2.0, -55)))
    once, again = (through(Gate(Silero()), pcm) for _ in range(2))
    assert [(p.start, p.opened, p.closed, p.quiet, p.soft) for p in once.passed] == [
        (p.start, p.opened, p.closed, p.quiet, p.soft) for p in again.passed
    ]


def test_only_whole_blocks() -> None:
    with pytest.raises(ValueError, match="320 samples, not 100"):
        Gate(Constant()).push(silence(100))


@pytest.mark.parametrize(
    ("noise", "level"), [("moodist/places_office.opus", -60.0), ("gsc_background/pink_noise.opus", -53.0)]
)
def test_quiet_speech_over_a_room_loses_nothing(noise: str, level: float) -> None:
    soundfile = pytest.importorskip("soundfile")
    soxr = pytest.importorskip("soxr")
    if not (SHARED / "audio").is_dir():
        pytest.skip("the recordings of human speech are not here; VOICE_ASSIST_SHARED names their folder")

    def at_level(path: Path, wanted: float, **part: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        pcm, rate = soundfile.read(path, always_2d=True, **part)
        pcm = soxr.resample(pcm[:, 0], rate, RATE)
        return np.asarray(pcm * 10 ** (wanted / 20) / np.sqrt(np.square(pcm).mean()))

    with (SHARED / "audio/speech/SEGMENTS.tsv").open(encoding="utf-8") as table:
        segments = list(csv.DictReader(table, delimiter="\t"))[::130]
    for segment in segments:
        path = SHARED / "audio" / segment["file"]
        rate = soundfile.info(path).samplerate
        begin, end = (int(float(segment[edge]) * rate) for edge in ("start", "end"))
        speech = at_level(path, -45.0, start=begin, stop=end)
        blocks = speech[: len(speech) // BLOCK * BLOCK].reshape(-1, BLOCK)
        voiced = np.sqrt(np.square(blocks).mean(axis=1)) > 10 ** ((-45 - 20) / 20)
        # The room is learnt first: in the first seconds everything passes anyway.
        learnt = samples(13.0)
        room = np.resize(at_level(SHARED / "audio/noise" / noise, level), learnt + len(speech) + RATE)
        room[learnt : learnt + len(speech)] += speech
        passed = np.zeros(len(room) + BLOCK, dtype=bool)
        for start, utterance in through(Gate(Silero()), (room * 32768).astype(np.int16)).utterances:
            passed[start : start + len(utterance)] = True
        whole = passed[learnt : learnt + blocks.size].reshape(-1, BLOCK).all(axis=1)
        assert voiced.any()
        assert not (voiced & ~whole).sum(), segment["text"]


def test_it_tells_how_loud_the_room_is_once_it_has_heard_of_it() -> None:
    gate = Gate(Constant())
    assert gate.room is None
    for block in np.split(
        np.random.default_rng(1).normal(0, 100, samples(14.0) // BLOCK * BLOCK), samples(14.0) // BLOCK
    ):
        gate.push(block.astype(np.int16))
    # 100 of 32768 is -50.3 dBFS; half of it lies where voices are, and the softest of twelve seconds is a little less.
    assert gate.room is not None
    assert -56.3 < gate.room < -53.3
    for _ in range(samples(14.0) // BLOCK):
        gate.push(silence(BLOCK))
    assert gate.room is None
