"""The network sees what its shape says, keeps what is saved, and grows without changing its mind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from scripts.train_model.network import STEP, Network, Shape, grown, load, primed, save
from voice_assist.models.phones import SOUNDS

FIRST_MODEL = Path(__file__).resolve().parents[3] / "shared" / "training" / "checkpoint" / "bi2.pt"

SMALL = Shape(units=16, later=((-1, 0, 1), (-2, 0, 2)))


def some_network(shape: Shape = SMALL) -> Network:
    """Return a network whose batch-norms have seen something."""
    torch.manual_seed(4)
    network = Network(shape)
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(3 * torch.randn(8, frames_for(shape, 5), 40) + 1)
    return network.eval()


def frames_for(shape: Shape, scores: int) -> int:
    return STEP * scores + shape.left + shape.right - 2


FACTORISED = Shape(units=16, later=((-1, 0, 1), (-2, 0), (0,)), bottleneck=6)


@pytest.mark.parametrize("shape", [SMALL, FACTORISED, Shape(units=8, later=((-2, -1, 0),), contexts=1)])
def test_a_score_depends_on_the_frames_of_its_context_and_on_no_others(shape: Shape) -> None:
    network = some_network(shape)
    features = torch.randn(1, frames_for(shape, 7), 40)
    scores = network(features)[0]
    assert scores.shape == (1, 7, shape.scores)
    for frame in range(features.shape[1]):
        changed = features.clone()
        changed[0, frame] += 5
        moved = {int(row) for row in (network(changed)[0] - scores)[0].abs().amax(1).nonzero()}
        # Score n is about frame 3 · n of the sound, which is frame 3 · n + left of these.
        seen = {row for row in range(7) if -shape.left <= frame - (STEP * row + shape.left) <= shape.right}
        assert moved == seen


def test_silence_and_garbage_are_the_same_after_anything_and_other_sounds_are_not() -> None:
    pairs = Shape().pairs()
    for sound in (SOUNDS.index("SIL"), SOUNDS.index("SPN")):
        assert len(set(pairs[:, sound])) == 1
    assert len(set(pairs[:, SOUNDS.index("K")])) == 10
    assert len(set(Shape(contexts=1).pairs().ravel())) == len(SOUNDS)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    network = some_network()
    save(network, tmp_path / "deep" / "network.pt")
    read = load(tmp_path / "deep" / "network.pt")
    features = torch.randn(2, frames_for(SMALL, 4), 40)
    assert read.shape == SMALL
    # Matrices are kept in half precision.
    assert torch.allclose(read(features)[0], network(features)[0], atol=0.01)


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    torch.save({"weights": {}}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match=r"other\.pt: no checkpoint of this recipe"):
        load(tmp_path / "other.pt")


@pytest.mark.skipif(not FIRST_MODEL.exists(), reason="needs ../shared/training")
def test_the_first_models_checkpoint_is_read() -> None:
    network = load(FIRST_MODEL)
    assert network.shape == Shape(units=384)
    assert network(torch.randn(1, frames_for(network.shape, 2), 40))[1].shape == (1, 2, 82)


@pytest.mark.parametrize(
    "shape",
    [
        Shape(units=23, later=SMALL.later),
        Shape(units=40, later=SMALL.later),
        Shape(units=23, later=(*SMALL.later, (-2, -1, 0), (-1, 0, 1))),
    ],
)
def test_a_network_that_grew_computes_the_same(shape: Shape) -> None:
    network = some_network()
    larger = grown(network, shape, seed=2)
    features = torch.randn(2, frames_for(shape, 6), 40)
    before, after = shape.left - SMALL.left, shape.right - SMALL.right
    seen_by_old = features[:, before : features.shape[1] - after]
    for old, new in zip(network(seen_by_old), larger(features), strict=True):
        assert torch.allclose(old, new, atol=1e-4)


def test_copies_of_a_unit_part_ways() -> None:
    larger = grown(some_network(), Shape(units=32, later=SMALL.later))
    outgoing = larger.sequence.weight
    assert not torch.allclose(outgoing[:, :16], outgoing[:, 16:])


@pytest.mark.parametrize("shape", [Shape(units=15, later=SMALL.later), Shape(units=16), Shape(16, contexts=1)])
def test_a_network_cannot_grow_into_any_shape(shape: Shape) -> None:
    with pytest.raises(ValueError, match="cannot grow into"):
        grown(some_network(), shape)


def test_a_primed_head_scores_as_the_head_for_frames_less_the_prior() -> None:
    network = some_network()
    prior = np.random.default_rng(1).dirichlet(np.ones(82))
    features = torch.randn(1, frames_for(SMALL, 3), 40)
    sequence, frame = primed(network, prior)(features)
    expected = frame - torch.from_numpy(np.log(prior)).float()
    assert torch.allclose(sequence[..., -82:], expected, atol=1e-4)
    assert torch.allclose(sequence[..., :82], expected, atol=1e-4)
