"""The objective is what it says: a sum over all paths, and its slope is that sum's slope."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from scripts.train_model.network import Shape
from scripts.train_model.objective import (
    NEVER,
    Denominator,
    Paths,
    Trigram,
    count_trigram,
    log_aligned,
)
from voice_assist.models.phones import SOUNDS

USED = (0, 5, 12)
"""The few sounds that there are in the tests, so that every path can be listed."""
Path = list[tuple[int, int, int]]
"""Per frame: the sound before, the sound, and 0 to enter or 1 to stay."""


def small_trigram() -> Trigram:
    rng = np.random.default_rng(3)
    follows, starts = np.zeros((41, 41, 41)), np.zeros((41, 41))
    for before in USED:
        for now in USED:
            starts[before, now] = rng.random()
            follows[before, now, list(USED)] = rng.dirichlet(np.ones(len(USED)))
    return Trigram(follows, starts / starts.sum())


def all_paths(trigram: Trigram, frames: int) -> Iterator[tuple[Path, float]]:
    """Yield each path with its probability."""
    open_paths: list[tuple[Path, float]] = [
        ([(before, now, kind)], 0.5 * trigram.starts[before, now]) for before in USED for now in USED for kind in (0, 1)
    ]
    for _ in range(frames - 1):
        longer = []
        for path, chance in open_paths:
            before, now, _ = path[-1]
            longer.append(([*path, (before, now, 1)], chance))
            longer += [([*path, (now, after, 0)], chance * trigram.follows[before, now, after]) for after in USED]
        open_paths = longer
    yield from open_paths


def listed_total(scores: torch.Tensor, trigram: Trigram, shape: Shape) -> torch.Tensor:
    """Return [1]: the logarithm of the sum over all paths, by listing them; `scores` is [frames, scores]."""
    logs = [
        torch.tensor(math.log(chance))
        + sum(scores[at, 2 * shape.pair(before, now) + kind] for at, (before, now, kind) in enumerate(path))
        for path, chance in all_paths(trigram, len(scores))
    ]
    return torch.logsumexp(torch.stack(logs), 0)


@pytest.mark.parametrize("contexts", [1, 10])
def test_the_denominator_is_the_sum_over_all_paths_and_so_is_its_slope(contexts: int) -> None:
    shape, trigram = Shape(contexts=contexts), small_trigram()
    torch.manual_seed(1)
    # Sounds that are not used must not matter, however well they score.
    scores = (2 * torch.randn(3, 5, shape.scores)).requires_grad_()
    frames = torch.tensor([5, 3, 4])
    weights = torch.tensor([1.0, -2.0, 0.5])
    total = Denominator(trigram, shape).log_total(scores, frames)
    (found,) = torch.autograd.grad(total @ weights, scores)
    listed = torch.stack([listed_total(scores[row, :count], trigram, shape) for row, count in enumerate(frames)])
    (expected,) = torch.autograd.grad(listed @ weights, scores)
    assert torch.allclose(total, listed, atol=1e-4)
    assert torch.allclose(found, expected, atol=1e-5)
    assert found[1, 3:].abs().max() == 0


def test_the_numerator_is_the_sum_over_all_ways_within_the_bounds_and_so_is_its_slope() -> None:
    torch.manual_seed(2)
    scores = (2 * torch.randn(2, 6, 82)).requires_grad_()
    paths = Paths(
        torch.tensor([[3, 7, 7], [9, 0, 0]]),
        torch.tensor([[0, 1, 2], [0, 0, 0]]),
        torch.tensor([[3, 5, 6], [4, 0, 0]]),
        torch.tensor([3, 1]),
    )
    frames = torch.tensor([6, 4])
    total = log_aligned(scores, frames, paths)
    (found,) = torch.autograd.grad(total.sum(), scores)
    three = [
        (first, second)
        for first in range(1, 5)
        for second in range(first + 1, 6)
        # Each phone begins within its bounds, and the one before ends within its own.
        if first <= 3 and second <= 5
    ]
    listed = torch.stack(
        [
            torch.logsumexp(torch.stack([way(scores[0], [3, 7, 7], [0, *cuts, 6]) for cuts in three]), 0),
            way(scores[1], [9], [0, 4]),
        ]
    )
    (expected,) = torch.autograd.grad(listed.sum(), scores)
    assert torch.allclose(total, listed, atol=1e-4)
    assert torch.allclose(found, expected, atol=1e-5)


def way(scores: torch.Tensor, pairs: list[int], bounds: list[int]) -> torch.Tensor:
    """Return the score of phones between bounds; the first may have been entered before the cut."""
    first = torch.logaddexp(scores[0, 2 * pairs[0]], scores[0, 2 * pairs[0] + 1]) - math.log(2)
    parts = [first]
    for pair, start, end in zip(pairs, bounds, bounds[1:], strict=False):
        parts += [scores[start, 2 * pair]] if start else []
        parts += [scores[at, 2 * pair + 1] for at in range(start + 1, end)]
    return torch.stack(parts).sum()


def test_phones_that_do_not_fit_into_the_time_have_no_way() -> None:
    paths = Paths(torch.tensor([[1, 2, 3]]), torch.tensor([[0, 0, 0]]), torch.tensor([[2, 2, 2]]), torch.tensor([3]))
    assert log_aligned(torch.randn(1, 2, 82), torch.tensor([2]), paths).item() < NEVER / 2


def test_the_trigram_is_a_probability_and_prefers_what_was_seen() -> None:
    trigram = count_trigram([[0, 5, 12, 0], [0, 5, 12, 5, 0]])
    assert np.allclose(trigram.follows.sum(2), 1)
    assert np.isclose(trigram.starts.sum(), 1)
    assert trigram.follows[0, 5].argmax() == 12
    # What was never seen is possible all the same.
    assert trigram.follows.min() > 0
    assert len(SOUNDS) == len(trigram.starts)
