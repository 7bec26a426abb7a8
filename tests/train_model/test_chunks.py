"""Utterances become chunks without losing a sound, and chunks become batches."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from scripts.train_model.chunks import (
    GARBAGE,
    LONGEST,
    SILENCE,
    TOLERANCE,
    Run,
    batches,
    cut,
    stacked,
    tiled,
    with_garbage,
)
from scripts.train_model.network import Shape
from scripts.train_model.store import Example

K, AE, F = 20, 3, 15
SEGMENTS = np.array(
    [(SILENCE, 0, 30, -1), (K, 30, 39, 0), (AE, 39, 60, 0), (F, 60, 72, 0), (K, 72, 90, 1), (SILENCE, 90, 120, -1)],
    np.int32,
)


def chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nothing here is secret


def test_a_word_becomes_one_garbage_sound_or_stays() -> None:
    assert with_garbage(SEGMENTS, 0.0, chance(1)) == [tuple(row[:3]) for row in SEGMENTS.tolist()]
    assert with_garbage(SEGMENTS, 1.0, chance(1)) == [
        (SILENCE, 0, 30),
        (GARBAGE, 30, 72),
        (GARBAGE, 72, 90),
        (SILENCE, 90, 120),
    ]
    some = [with_garbage(SEGMENTS, 0.5, chance(seed)) for seed in range(20)]
    assert any((GARBAGE, 30, 72) in runs and (K, 72, 90) in runs for runs in some)


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_sounds_tile_the_frames(offset: int) -> None:
    runs = tiled([(sound, start, end) for sound, start, end, _ in SEGMENTS.tolist()], offset, 40)
    assert runs[0][1] == 0
    assert runs[-1][2] == 40
    assert all(left[2] == right[1] for left, right in pairwise(runs))
    assert [sound for sound, _, _ in runs] == [SILENCE, K, AE, F, K, SILENCE]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([(K, 0, 1), (AE, 1, 2), (F, 2, 30)], [(K, 0, 1), (AE, 1, 2), (F, 2, 10)], id="short sounds"),
        pytest.param([(K, 6, 30)], [(SILENCE, 0, 2), (K, 2, 10)], id="nothing before"),
        pytest.param([(K, 0, 15)], [(K, 0, 5), (SILENCE, 5, 10)], id="nothing after"),
        pytest.param([(K, 0, 9), (F, 15, 30)], [(K, 0, 5), (F, 5, 10)], id="a gap between"),
        pytest.param([(K, 0, 15), (SILENCE, 15, 16), (F, 16, 30)], [(K, 0, 5), (F, 5, 10)], id="a pause of no length"),
        pytest.param([(SILENCE, 0, 9), (SILENCE, 9, 30)], [(SILENCE, 0, 10)], id="silence twice"),
        pytest.param([(K, 0, 24), (F, 24, 60), (AE, 60, 90)], [(K, 0, 8), (F, 8, 10)], id="longer than the sound"),
    ],
)
def test_what_is_not_tidy_is_made_so(runs: list[Run], expected: list[Run]) -> None:
    assert tiled(runs, 0, 10) == expected


def example(frames: int) -> Example:
    features = np.arange(frames, dtype=np.float16)[:, None].repeat(40, 1)
    rows = [(K + at % 3, at, min(at + 9, frames), at // 27) for at in range(0, frames, 9)]
    return Example("u", "s", features, np.array(rows, np.int32))


@pytest.mark.parametrize("frames", [20, 149, 150, 151, 400, 1000])
def test_chunks_cover_an_utterance_and_know_where_their_phones_are(frames: int) -> None:
    chunks = list(cut(example(frames), Shape(), 0.0, chance(3)))
    covered = {chunk.start // 3 + at for chunk in chunks for at in range(len(chunk.targets))}
    assert covered == set(range(len(covered)))
    assert len(covered) in (frames // 3, frames // 3 + 1)
    for chunk in chunks:
        assert len(chunk.targets) == min(LONGEST, len(covered))
        pair, first, end = chunk.phones.T
        assert first[0] == 0
        assert end[-1] == len(chunk.targets)
        # Each frame's target is the sound of a phone that may be there.
        for at, target in enumerate(chunk.targets):
            allowed = pair[(first <= at) & (at < end)]
            assert target // 2 in allowed % 41
        assert (end - first <= 9 / 3 + 1 + 2 * TOLERANCE).all()


def test_a_batch_holds_chunks_of_about_one_length_and_each_but_a_few_comes_once() -> None:
    chunks = [chunk for frames in (60, 90, 150) * 40 for chunk in cut(example(frames), Shape(), 0.0, chance(3))]
    made = batches(chunks, 8, chance(1))
    lengths = [{len(chunk.targets) for chunk in batch} for batch in made]
    assert all(max(each) - min(each) < 10 for each in lengths)
    counted = [id(chunk) for batch in made for chunk in batch]
    assert len(counted) == len(set(counted))
    assert len(counted) > 0.9 * len(chunks)
    # As much sound in each, about.
    sizes = [sum(len(chunk.targets) for chunk in batch) for batch in made]
    assert max(sizes) < 2.5 * min(sizes)


def test_a_batch_repeats_the_frames_at_the_ends() -> None:
    shape = Shape()
    short, long = (next(cut(example(frames), shape, 0.0, chance(3))) for frames in (99, 120))
    batch = stacked([short, long], shape)
    longest = max(len(short.targets), len(long.targets))
    assert batch.features.shape == (2, 3 * longest + shape.left + shape.right - 2, 40)
    assert batch.frames.tolist() == [len(short.targets), len(long.targets)]
    frames = batch.features[0, :, 0]
    assert (frames[: shape.left - short.start + 1] == 0).all()
    assert frames[shape.left] == short.start
    assert frames[-1] == 98
    assert (batch.targets[0, len(short.targets) :] == -1).all()
    assert batch.paths.count.tolist() == [len(short.phones), len(long.phones)]


def test_the_same_seed_gives_the_same_chunks() -> None:
    def drawn(seed: int) -> list[Any]:
        random = chance(seed)
        made = [chunk for _ in range(5) for chunk in cut(example(300), Shape(), 0.3, random)]
        return [chunk.phones.tolist() for chunk in made]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
