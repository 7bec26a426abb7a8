"""The acoustic network: a time-delay network from MFCC every 10 ms to scores of phones every 30 ms."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from scripts.train_model.cepstra import CEPSTRA
from voice_assist.models.phones import CLASSES, SOUNDS

STEP = 3
"""Frames of 10 ms in one frame of scores."""

NORM_EPSILON = 1e-3
"""What the batch-norm adds to the variance; the exporter folds the same number."""

PASSED_ON = 0.66
"""How much of what a factorised layer gets it adds to what it makes of it."""

_CLASS_OF = [next(n for n, sounds in enumerate(CLASSES) if sound in sounds.split()) for sound in SOUNDS]


@dataclass(frozen=True)
class Shape:
    """How wide and how deep a network is, and how far it looks.

    The first layer sees single frames of 10 ms, the second joins three of its outputs into one frame of 30 ms,
    and the later layers go on at that rate.
    """

    units: int = 384
    """Outputs of each layer."""
    first: tuple[int, ...] = (-2, -1, 0, 1, 2)
    """What the first layer sees: offsets in frames of 10 ms."""
    later: tuple[tuple[int, ...], ...] = ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1), (-2, 0, 2))
    """What each layer after the second sees: offsets in frames of 30 ms."""
    contexts: int = len(CLASSES)
    """Classes of the sound before that a phone is told apart by; 1 for none."""
    bottleneck: int = 0
    """Width of the narrow middle of each later layer, which then sees what is before in its first half and what comes
    after in its second, and adds to what it got; 0 for later layers that are one affine layer each."""

    @property
    def offsets(self) -> tuple[tuple[int, ...], ...]:
        """The offsets of all layers, in frames of 10 ms."""
        return (self.first, (-1, 0, 1), *(tuple(STEP * offset for offset in layer) for layer in self.later))

    @property
    def left(self) -> int:
        """Frames of 10 ms that it sees before the frame that it scores."""
        return -sum(min(layer) for layer in self.offsets)

    @property
    def right(self) -> int:
        """Frames of 10 ms that it sees after the frame that it scores: its delay."""
        return sum(max(layer) for layer in self.offsets)

    @property
    def scores(self) -> int:
        """Scores of a frame: for each pair of a class and a sound, score 2 · pair to enter and 2 · pair + 1 to stay."""
        return 2 * self.contexts * len(SOUNDS)

    def pairs(self) -> npt.NDArray[np.int64]:
        """Return [sounds before, sounds]: which pair scores a sound after another one."""
        return _pairs(self)

    def pair(self, before: int, sound: int) -> int:
        """Return the pair that scores `sound` after `before`; silence and garbage are the same after anything."""
        alike = self.contexts == 1 or SOUNDS[sound] in CLASSES[0].split()
        return sound if alike else _CLASS_OF[before] * len(SOUNDS) + sound


@cache
def _pairs(shape: Shape) -> npt.NDArray[np.int64]:
    sounds = range(len(SOUNDS))
    table = np.array([[shape.pair(before, sound) for sound in sounds] for before in sounds])
    table.flags.writeable = False
    return table


class Factorised(nn.Module):
    """An affine layer in two parts, with few numbers between: what was before joins in the first, what follows after.

    Povey et al., Semi-Orthogonal Low-Rank Matrix Factorization for Deep Neural Networks, 2018.
    """

    def __init__(self, offsets: Sequence[int], units: int, bottleneck: int) -> None:
        """Take which frames it sees, how wide it is, and how wide in the middle."""
        super().__init__()
        self.before, self.after = halves(offsets)
        self.narrow = nn.Linear(len(self.before) * units, bottleneck, bias=False)
        self.wide = nn.Linear(len(self.after) * bottleneck, units)

    def forward(self, frames: Tensor) -> Tensor:
        """Return [sequences, n - what is at the edges, units] of [sequences, n, units]."""
        made: Tensor = self.wide(_spliced(self.narrow(_spliced(frames, self.before)), self.after))
        return made


def halves(offsets: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return which frames the two parts of a factorised layer see: those until now, and those from now on."""
    return tuple(sorted({0, *(o for o in offsets if o < 0)})), tuple(sorted({0, *(o for o in offsets if o > 0)}))


class Network(nn.Module):
    """Affine layers with ReLU and batch-norm, and two heads: one for sequences, one for single frames."""

    def __init__(self, shape: Shape = Shape()) -> None:
        """Take its shape; the weights are drawn by PyTorch's generator."""
        super().__init__()
        self.shape = shape
        widths = [CEPSTRA] + [shape.units] * len(shape.offsets)
        joined = [len(layer) * width for layer, width in zip(shape.offsets, widths, strict=False)]
        if shape.bottleneck:
            joined = joined[:2]
        self.layers = nn.ModuleList(nn.Linear(width, shape.units) for width in joined)
        if shape.bottleneck:
            self.layers.extend(Factorised(layer, shape.units, shape.bottleneck) for layer in shape.later)
        self.norms = nn.ModuleList(
            nn.BatchNorm1d(shape.units, eps=NORM_EPSILON, momentum=0.05, affine=False) for _ in shape.offsets
        )
        self.sequence = nn.Linear(shape.units, shape.scores)
        """Scores that sequence training shapes; the exported model has this head."""
        self.frame = nn.Linear(shape.units, 2 * len(SOUNDS))
        """Scores of phones without context, for the cross-entropy beside it."""
        self.mean: Tensor
        self.scale: Tensor
        self.register_buffer("mean", torch.zeros(CEPSTRA))
        self.register_buffer("scale", torch.ones(CEPSTRA))
        self.dropout = 0.0
        """Training shakes the outputs of a layer by a factor of 1 ± 2 · dropout, the same for a whole sequence."""

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scores of both heads, [sequences, n, scores] and [sequences, n, 2 · sounds].

        `features` is [sequences, 3 · n + left + right - 2, 40].
        """
        hidden = (features - self.mean) / self.scale
        hidden = self._layer(0, _spliced(hidden, self.shape.first))
        frames = hidden.shape[1] // STEP
        hidden = self._layer(1, hidden[:, : frames * STEP].reshape(len(hidden), frames, -1))
        for number, offsets in enumerate(self.shape.later, 2):
            if self.shape.bottleneck:
                got = hidden[:, -min(0, *offsets) : hidden.shape[1] - max(0, *offsets)]
                hidden = self._layer(number, hidden) + PASSED_ON * got
            else:
                hidden = self._layer(number, _spliced(hidden, offsets))
        return self.sequence(hidden), self.frame(hidden)

    def _layer(self, number: int, joined: Tensor) -> Tensor:
        hidden: Tensor = functional.relu(self.layers[number](joined))
        rows = hidden.reshape(-1, self.shape.units)
        hidden = self.norms[number](rows).reshape(hidden.shape)
        if not (self.training and self.dropout):
            return hidden
        shaken = torch.rand(len(hidden), 1, self.shape.units, device=hidden.device, dtype=hidden.dtype)
        return hidden * (1 + self.dropout * 2 * (shaken * 2 - 1))


def _spliced(frames: Tensor, offsets: Sequence[int]) -> Tensor:
    """Return each frame beside its neighbours at `offsets`, where all of them are there."""
    first, last = min(offsets), max(offsets)
    count = frames.shape[1] - (last - first)
    return torch.cat([frames[:, offset - first : offset - first + count] for offset in offsets], dim=2)


def save(network: Network, path: Path) -> None:
    """Write the weights, the matrices in half precision, in one step."""
    weights = {name: kept.half() if kept.dim() > 1 else kept for name, kept in network.state_dict().items()}
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"shape": fields(network.shape), "weights": weights}, part)
    os.replace(part, path)  # noqa: PTH105 - in one step: a reader finds the old file or the new one, whole


def load(path: Path) -> Network:
    """Read a network that `save` wrote, or the checkpoint of the first model.

    Raises ValueError where the file holds neither.
    """
    kept = torch.load(path, map_location="cpu", weights_only=True)
    if "nctx" in kept:
        kept = _of_first_model(kept)
    if not {"shape", "weights"} <= set(kept):
        raise ValueError(f"{path}: no checkpoint of this recipe; give one that it wrote, or the first model's")
    network = Network(shape_of(kept["shape"]))
    network.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in kept["weights"].items()}
    )
    return network.eval()


def fields(shape: Shape) -> dict[str, Any]:
    """Return a shape as plain lists and numbers, which a checkpoint may hold."""
    return {**asdict(shape), "first": list(shape.first), "later": [list(layer) for layer in shape.later]}


def shape_of(kept: dict[str, Any]) -> Shape:
    """Return the shape that `fields` took apart."""
    later = tuple(tuple(layer) for layer in kept["later"])
    return Shape(kept["units"], tuple(kept["first"]), later, kept["contexts"], kept.get("bottleneck", 0))


def _of_first_model(kept: dict[str, Any]) -> dict[str, Any]:
    """Return the first model's checkpoint under the names of today; it numbers the sounds as `SOUNDS` does."""
    names = {"l": "layers", "bn": "norms", "o": "sequence", "x": "frame", "mu": "mean", "sd": "scale"}
    weights = {}
    for name, value in kept["net"].items():
        head, dot, rest = name.partition(".")
        weights[names[head] + dot + rest] = value
    return {"shape": fields(Shape(units=kept["H"], contexts=kept["nctx"])), "weights": weights}


def grows(old: Shape, shape: Shape) -> bool:
    """Tell whether a network can grow into another shape: more units, or more layers at its end.

    One with factorised layers grows into itself alone.
    """
    if old.bottleneck or shape.bottleneck:
        return old == shape
    alike = (old.first, old.contexts) == (shape.first, shape.contexts) and old.units <= shape.units
    return alike and old.later == shape.later[: len(old.later)]


def grown(network: Network, shape: Shape, seed: int = 0) -> Network:
    """Return a wider or deeper network that computes the same.

    A new unit is a copy of an old one, and what goes out of the old one is shared out between the two in unequal
    parts, so that they part ways in training. A new layer stands before the heads and passes on what it gets.
    Raises ValueError where `shape` is not the old one with more units, or with more layers at its end.
    """
    old = network.shape
    if not grows(old, shape):
        raise ValueError(f"a network of {old} cannot grow into {shape}")
    if old == shape:
        return network
    generator = torch.Generator().manual_seed(seed)
    made = Network(shape).eval()
    made.mean.copy_(network.mean)
    made.scale.copy_(network.scale)
    with torch.no_grad():
        origin = torch.arange(CEPSTRA)
        for number in range(len(old.offsets)):
            before = origin
            extra = torch.randperm(old.units, generator=generator).repeat(math.ceil(shape.units / old.units))
            origin = torch.cat([torch.arange(old.units), extra[: shape.units - old.units]])
            _copy(network.layers[number], made.layers[number], before, origin, generator)
            _copy_norm(network.norms[number], made.norms[number], origin)
        for head, grown_head in ((network.sequence, made.sequence), (network.frame, made.frame)):
            _copy(head, grown_head, origin, torch.arange(head.out_features), generator)
        for number in range(len(old.offsets), len(shape.offsets)):
            _pass_on(made, number)
    return made


def primed(network: Network, prior: npt.NDArray[np.float64]) -> Network:
    """Return a network whose head for sequences begins with what its head for frames has learned.

    `prior`, [2 · sounds], is how frequent each target of that head is: what is seldom would else score too little.
    """
    made = Network(network.shape).eval()
    made.load_state_dict(network.state_dict())
    again = network.shape.contexts
    with torch.no_grad():
        bias = network.frame.bias - torch.from_numpy(np.log(prior)).float()
        made.sequence.weight.copy_(network.frame.weight.repeat(again, 1))
        made.sequence.bias.copy_(bias.repeat(again))
    return made


def _copy(old: nn.Module, new: nn.Module, before: Tensor, origin: Tensor, generator: torch.Generator) -> None:
    """Fill an affine layer from an old one, whose inputs and outputs the new ones are copies of."""
    width = int(before.max()) + 1
    weight = old.get_parameter("weight")[origin].reshape(len(origin), -1, width)
    shares = torch.rand(len(origin), weight.shape[1], len(before), generator=generator) + 0.5
    sums = torch.zeros(weight.shape).index_add(2, before, shares)
    shared = weight[:, :, before] * shares / sums[:, :, before]
    new.get_parameter("weight").copy_(shared.reshape(len(origin), -1))
    new.get_parameter("bias").copy_(old.get_parameter("bias")[origin])


def _copy_norm(old: nn.Module, new: nn.Module, origin: Tensor) -> None:
    new.get_buffer("running_mean").copy_(old.get_buffer("running_mean")[origin])
    new.get_buffer("running_var").copy_(old.get_buffer("running_var")[origin])


def _pass_on(network: Network, number: int) -> None:
    """Make a layer undo the batch-norm before it: what comes out of its ReLU is what came out of the last one."""
    offsets = network.shape.offsets[number]
    mean = network.norms[number - 1].get_buffer("running_mean")
    spread = (network.norms[number - 1].get_buffer("running_var") + NORM_EPSILON).sqrt()
    weight = network.layers[number].get_parameter("weight")
    middle = offsets.index(0) * network.shape.units
    weight.zero_()
    weight[:, middle : middle + network.shape.units] = torch.diag(spread)
    network.layers[number].get_parameter("bias").copy_(mean)
    network.norms[number].get_buffer("running_mean").copy_(mean)
    network.norms[number].get_buffer("running_var").copy_(spread**2 - NORM_EPSILON)
