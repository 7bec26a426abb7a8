"""What training makes greater: how probable the sounds that were said are, among all that could have been said.

That is lattice-free MMI. A phone takes one frame to enter, with a score of its own, and any number of frames to stay.
The numerator sums over all ways in which the aligned phones may have been said, each within a few frames of where the
alignment has it; the denominator over everything that a phone trigram allows. Both passes of both recursions are
written by hand: some three times faster than to let autograd go back through them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from scripts.train_model.network import Shape
from voice_assist.models.phones import SOUNDS

Floats = npt.NDArray[np.float64]

NEVER = -1e4
"""The logarithm of a probability of nothing; finite, so that differences of it stay numbers."""


@dataclass(frozen=True)
class Trigram:
    """How likely a sound is after two others."""

    follows: Floats
    """[before, now, next]: probability of the next sound."""
    starts: Floats
    """[before, now]: probability that a cut out of the middle of speech begins in a sound, and comes from another."""


def count_trigram(sequences: Iterable[Sequence[int]]) -> Trigram:
    """Count the sounds of utterances; what was seen seldom leans on what was seen of two sounds, then of one."""
    count = len(SOUNDS)
    three, two, one = np.zeros((count, count, count)), np.zeros((count, count)), np.zeros(count)
    for sequence in sequences:
        sounds = np.asarray(sequence)
        np.add.at(one, sounds, 1)
        np.add.at(two, (sounds[:-1], sounds[1:]), 1)
        np.add.at(three, (sounds[:-2], sounds[1:-1], sounds[2:]), 1)
    alone = (one + 1) / (one + 1).sum()
    after_one = (two + 20 * alone) / (two.sum(1, keepdims=True) + 20)
    after_two = (three + 10 * after_one) / (three.sum(2, keepdims=True) + 10)
    return Trigram(after_two, (two + 1) / (two + 1).sum())


class Denominator:
    """Everything that may be said, as a dense machine whose states are pairs of sounds: the one before and this one."""

    def __init__(self, trigram: Trigram, shape: Shape, device: torch.device | None = None) -> None:
        """Take the trigram and the shape of the network whose scores are to come."""
        self.contexts = shape.contexts
        pairs = shape.pairs()
        # The class of each sound is where its row of pairs lies; the last sound is neither silence nor garbage.
        self.class_of = torch.as_tensor(pairs[:, -1] // len(SOUNDS), device=device)
        self.follows = torch.as_tensor(trigram.follows, dtype=torch.float32, device=device).transpose(0, 1).contiguous()
        """[now, before, next]."""
        self.starts = torch.as_tensor(trigram.starts, dtype=torch.float32, device=device)

    def log_total(self, scores: Tensor, frames: Tensor) -> Tensor:
        """Return [sequences]: the logarithm of the sum over all paths.

        `scores` is [sequences, frames, 2 · pairs]; `frames` says how many frames of each sequence count.
        """
        total: Tensor = _Total.apply(scores, frames, self)
        return total

    def spread(self, likely: Tensor) -> tuple[Tensor, Tensor]:
        """Turn [frames, sequences, 2 · pairs] into [frames, classes, sequences, sounds], to enter and to stay."""
        count, sequences, _ = likely.shape
        split = likely.view(count, sequences, self.contexts, len(SOUNDS), 2).permute(4, 0, 2, 1, 3).contiguous()
        split[:, :, 1:, :, :2] = split[:, :, :1, :, :2]
        return split[0], split[1]

    def gathered(self, spread: Tensor) -> Tensor:
        """Return [sequences, frames, 2 · pairs] of gradients, from [2, frames, classes, sequences, sounds]."""
        spread[:, :, 0, :, :2] += spread[:, :, 1:, :, :2].sum(2)
        spread[:, :, 1:, :, :2] = 0
        _, count, _, sequences, _ = spread.shape
        return spread.permute(3, 1, 2, 4, 0).reshape(sequences, count, -1)


class _Total(Function):
    """Forward and backward over the dense machine, in probabilities that are brought back to a sum of 1 each frame.

    States are [sounds before, sequences, sounds now]: a batch of multiplications, one for each sound that was now and
    is then the one before, carries them on.
    """

    @staticmethod
    def forward(context: Any, scores: Tensor, frames: Tensor, machine: Denominator) -> Tensor:
        count = scores.shape[1]
        greatest = scores.amax(2, keepdim=True)
        enter, stay = machine.spread((scores - greatest).clamp_(min=-30).exp_().transpose(0, 1))
        lasting = _lasting(frames, count)
        now = (enter[0] + stay[0]).index_select(0, machine.class_of) * (0.5 * machine.starts)[:, None]
        sums = [now.sum((0, 2))]
        states = [now / sums[0][:, None]]
        for at in range(1, count):
            last = states[-1]
            came = torch.bmm(last.permute(2, 1, 0), machine.follows)
            now = came.mul_(enter[at].index_select(0, machine.class_of))
            now.addcmul_(last, stay[at].index_select(0, machine.class_of))
            mass = now.sum((0, 2))
            now.div_(mass[:, None])
            if (alive := lasting[at]) is not None:
                mass = torch.where(alive, mass, 1.0)
                now = torch.where(alive[:, None], now, last)
            sums.append(mass)
            states.append(now)
        context.kept = (enter, stay, states, sums, lasting, machine)
        inside = torch.arange(count, device=frames.device) < frames[:, None]
        return torch.stack(sums).log().sum(0) + (greatest[:, :, 0] * inside).sum(1)

    @staticmethod
    @once_differentiable
    def backward(context: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        enter, stay, states, sums, lasting, machine = context.kept
        count, classes, sequences, sounds = enter.shape
        onto = torch.zeros(classes, sounds, device=slope.device)
        onto[machine.class_of, torch.arange(sounds, device=slope.device)] = 1
        gradient = torch.empty(2, count, classes, sequences, sounds, device=slope.device)
        # Everything below is linear in what comes from behind, so the slope goes in here, once.
        rest = slope[:, None].expand_as(states[-1])
        for at in range(count - 1, 0, -1):
            last = states[at - 1]
            through = rest / sums[at][:, None]
            stayed = through * stay[at].index_select(0, machine.class_of)
            in_stay = last * stayed
            in_enter = (states[at] * rest).sub_(in_stay)
            entering = through.mul_(enter[at].index_select(0, machine.class_of))
            before = torch.bmm(entering, machine.follows.transpose(1, 2)).permute(2, 1, 0).add(stayed)
            if lasting[at] is not None:
                alive = lasting[at][:, None]
                in_enter, in_stay = in_enter * alive, in_stay * alive
                before = torch.where(alive, before, rest)
            torch.mm(onto, in_enter.view(sounds, -1), out=gradient[0, at].view(classes, -1))
            torch.mm(onto, in_stay.view(sounds, -1), out=gradient[1, at].view(classes, -1))
            rest = before
        first = torch.mm(onto, (states[0] * rest).view(sounds, -1)).view(classes, sequences, sounds)
        entered = enter[0] / (enter[0] + stay[0])
        gradient[0, 0], gradient[1, 0] = first * entered, first * (1 - entered)
        return machine.gathered(gradient), None, None


def _lasting(frames: Tensor, count: int) -> list[Tensor | None]:
    """Return, for each frame, which sequences still last; None where all do."""
    shortest = int(frames.min())
    return [None if at < shortest else at < frames for at in range(count)]


@dataclass(frozen=True)
class Paths:
    """The phones of a batch of sequences, one after the other, and the frames in which each may be."""

    pairs: Tensor
    """[sequences, phones]: the pair of scores of each phone; what is behind the last phone counts for nothing."""
    first: Tensor
    """[sequences, phones]: the first frame in which it may be."""
    end: Tensor
    """[sequences, phones]: the frame after the last in which it may be."""
    count: Tensor
    """[sequences]: how many phones there are."""


def log_aligned(scores: Tensor, frames: Tensor, paths: Paths) -> Tensor:
    """Return [sequences]: the logarithm of the sum over all ways to say the phones of `paths`.

    Takes what `Denominator.log_total` takes. A sequence may begin in the middle of its first phone. Where the phones
    have no way to be said it is near NEVER or below.
    """
    total: Tensor = _Aligned.apply(scores, frames, paths)
    return total


class _Aligned(Function):
    """Forward and backward over a chain of phones, in logarithms."""

    @staticmethod
    def forward(context: Any, scores: Tensor, frames: Tensor, paths: Paths) -> Tensor:
        count = scores.shape[1]
        wanted = (2 * paths.pairs)[:, None].expand(-1, count, -1)
        times = torch.arange(count, device=scores.device)[:, None, None]
        barred = torch.where((paths.first <= times) & (times < paths.end), 0.0, NEVER)
        enter = scores.gather(2, wanted).transpose(0, 1) + barred
        stay = scores.gather(2, wanted + 1).transpose(0, 1) + barred
        lasting = _lasting(frames, count)
        now = torch.full_like(enter[0], NEVER)
        now[:, 0] = torch.logaddexp(enter[0, :, 0], stay[0, :, 0]) - math.log(2)
        states = [now]
        for at in range(1, count):
            now = torch.logaddexp(states[-1] + stay[at], _shifted(states[-1]) + enter[at])
            if (alive := lasting[at]) is not None:
                now = torch.where(alive[:, None], now, states[-1])
            states.append(now)
        total = states[-1].gather(1, paths.count[:, None] - 1)[:, 0]
        context.save_for_backward(enter, stay, torch.stack(states), total, wanted, frames, paths.count)
        context.lasting, context.width = lasting, scores.shape[2]
        return total

    @staticmethod
    @once_differentiable
    def backward(context: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        enter, stay, states, total, wanted, frames, phones = context.saved_tensors
        count = len(states)
        rest = torch.full_like(states[0], NEVER).scatter_(1, phones[:, None] - 1, 0.0)
        rests = [rest]
        for at in range(count - 1, 0, -1):
            before = torch.logaddexp(rest + stay[at], _shifted_back(rest + enter[at]))
            alive = context.lasting[at]
            rest = before if alive is None else torch.where(alive[:, None], before, rest)
            rests.append(rest)
        behind = torch.stack(rests[::-1]) - total[:, None]
        in_stay, in_enter = torch.zeros_like(enter), torch.zeros_like(enter)
        in_stay[1:] = (states[:-1] + stay[1:] + behind[1:]).exp()
        in_enter[1:] = (_shifted(states[:-1]) + enter[1:] + behind[1:]).exp()
        entered = torch.sigmoid(enter[0, :, 0] - stay[0, :, 0])
        begun = (states[0, :, 0] + behind[0, :, 0]).exp()
        in_enter[0, :, 0], in_stay[0, :, 0] = begun * entered, begun * (1 - entered)
        inside = (torch.arange(count, device=frames.device)[:, None] < frames) * slope
        gradient = torch.zeros(len(total), count, context.width, device=slope.device)
        for part, onto in ((in_enter, wanted), (in_stay, wanted + 1)):
            gradient.scatter_add_(2, onto, (part * inside[:, :, None]).transpose(0, 1))
        return gradient, None, None


def _shifted(states: Tensor) -> Tensor:
    """Return, for each phone, what was in the phone before it."""
    return torch.cat([torch.full_like(states[..., :1], NEVER), states[..., :-1]], dim=-1)


def _shifted_back(states: Tensor) -> Tensor:
    """Return, for each phone, what is in the phone after it."""
    return torch.cat([states[..., 1:], torch.full_like(states[..., :1], NEVER)], dim=-1)
