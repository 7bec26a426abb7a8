"""Training: passes over the features that the preparation leaves, until the schedule ends.

Whatever is drawn by chance depends on the seed and the number of the step alone, so that a training that was cut off
goes on as if it had not been.
"""

from __future__ import annotations

import math
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from scripts.train_model import network as networks
from scripts.train_model.chunks import SILENCE, Batch, batches, stacked, with_garbage
from scripts.train_model.feed import Cutting, Feed
from scripts.train_model.network import Network, Shape
from scripts.train_model.objective import NEVER, Denominator, Trigram, count_trigram, log_aligned
from scripts.train_model.spectral import Augmenter
from scripts.train_model.store import Example, read_examples

HELD_OUT = 40
"""One speaker in so many is kept for development."""
PATIENCE = 5.0
"""Seconds between two looks for the next pass."""

REACHED = "reached.txt"
"""In the work folder: how many files were learned from so far."""

Report = Callable[[str], None]


@dataclass(frozen=True)
class TrainSettings:
    """How to train."""

    passes: int = 6
    """Passes over the data; the schedule ends with the last."""
    parts: int = 1
    """In how many files a pass comes, each with a share of the utterances."""
    files: int = 0
    """How many files are prepared; then it begins again with the first. 0: as many as there are."""
    again: int = 1
    """How many times in a row each file is learned from, changed in the mel spectrum in another way each time."""
    feeders: int = 0
    """Processes that make batches ahead of the training; 0 for none, where it is slower than one that makes them."""
    shape: Shape | None = None
    """Of the network; None for that of the start, or for the default."""
    sequences: bool = True
    """Lattice-free MMI; without it, cross-entropy of single frames alone, as a start from nothing needs."""
    batch: int = 64
    """Chunks of 1.5 s in a batch."""
    rate: float = 1e-3
    """Learning rate at its highest."""
    warm_up: int = 200
    """Steps in which the learning rate rises."""
    minutes: float = math.inf
    """The schedule ends at this time after the start, even if there are passes left."""
    frame_weight: float = 0.1
    """How much cross-entropy counts beside MMI."""
    output_weight: float = 5e-4
    """How much the mean square of the scores counts."""
    dropout: float = 0.1
    strength: float = 0.7
    """Of augmentation while training: see `spectral`."""
    garbage: float = 0.1
    """Share of the words that are learned as garbage."""
    averaging: float = 0.998
    """What each step keeps of the averaged weights."""
    save_every: float = 300.0
    """Seconds between two checkpoints."""
    threads: int = 1
    """Of PyTorch, on a processor. One leaves the other core of two to the preparation: see the README."""
    device: str = "cpu"
    seed: int = 1


def train(
    work: Path,
    start: Path | None,
    settings: TrainSettings,
    report: Report | None = None,
    wait: Callable[[Path], None] | None = None,
) -> Path:
    """Train on `work/passes/NNN.npz` and return the checkpoint of the averaged weights, `work/network.pt`.

    Begins with the network of `start`, or with none; goes on where a training in this folder was cut off. Waits for a
    pass that is not there yet, by `wait`. Lines for the log go to `report`: after each pass, also how well it does on
    speakers held out, and on `work/passes/development.npz` where that is there.
    """
    torch.set_num_threads(settings.threads)
    torch.set_flush_denormal(True)
    try:
        _Trainer(work, start, settings, report or _printed, wait or wait_for).run()
    finally:
        # It holds for the whole process, and others count on the smallest numbers.
        torch.set_flush_denormal(False)
    return work / "network.pt"


def wait_for(path: Path) -> None:
    """Return as soon as a file is there."""
    while not path.exists():
        time.sleep(PATIENCE)


def standing(work: Path) -> int:
    """Return how many files a training in this folder is done with as it was last kept; 0 where there is none."""
    path = work / "training.pt"
    done: int = torch.load(path, map_location="cpu", weights_only=True, mmap=True)["at"][0] if path.exists() else 0
    return done


def reached(work: Path) -> int:
    """Return how many files a training in this folder has learned from, kept or not."""
    path = work / REACHED
    return int(path.read_text(encoding="ascii")) if path.exists() else standing(work)


def _note(work: Path, files: int) -> None:
    part = work / f"{REACHED}.part"
    part.write_text(f"{files}", encoding="ascii")
    os.replace(part, work / REACHED)  # noqa: PTH105 - in one step: a reader finds a number


def is_held_out(speaker: str) -> bool:
    """Return whether a speaker is kept for development; always the same for the same name."""
    return zlib.crc32(speaker.encode()) % HELD_OUT == 0


def is_learned(example: Example) -> bool:
    """Return whether an example is learned from."""
    return not is_held_out(example.speaker)


def speech_trigram(examples: Iterable[Example], garbage: float, random: Random) -> Trigram:
    """Count the sounds of examples, as they are learned: between silences, some words being garbage."""
    sequences = []
    for example in examples:
        sounds = [sound for sound, _, _ in with_garbage(example.segments, garbage, random)]
        bounded = [SILENCE, *sounds, SILENCE]
        merged = [now for last, now in zip([-1, *bounded], bounded, strict=False) if not last == now == SILENCE]
        sequences.append(merged)
    return count_trigram(sequences)


def _printed(line: str) -> None:
    print(line, flush=True)


class _Trainer:
    """One training: the network, its optimiser, its averaged weights, and where it stands."""

    def __init__(
        self, work: Path, start: Path | None, settings: TrainSettings, report: Report, wait: Callable[[Path], None]
    ) -> None:
        self._work, self._settings, self._report, self._wait = work, settings, report, wait
        self._device = torch.device(settings.device)
        self._development = work / "passes" / "development.npz"
        self._file = self._step = self._at = 0
        self._spent = 0.0
        kept = self._kept()
        begun = networks.load(start) if start and not kept else None
        torch.manual_seed(settings.seed)
        shape = settings.shape or (begun.shape if begun else Shape())
        if kept:
            shape = kept["shape"]
        self._network = Network(shape)
        if begun:
            self._network.load_state_dict(networks.grown(begun, shape, settings.seed).state_dict())
        self._fresh = not begun and not kept
        self._network.to(self._device)
        self._network.dropout = settings.dropout
        self._optimiser = torch.optim.AdamW(self._network.parameters(), lr=settings.rate, weight_decay=1e-3, fused=True)
        self._averaged = {name: value.clone() for name, value in self._network.state_dict().items()}
        self._machine: Denominator | None = None
        self._trigram: Trigram | None = None
        if kept:
            self._resume(kept)
        self._cutting = Cutting(shape, settings.batch, settings.garbage, is_learned)
        self._feed = Feed(self._cutting, self._path, settings.seed, settings.feeders)
        self._begun = self._saved = time.monotonic()
        self._sums: list[Tensor] = []

    def run(self) -> None:
        """Train until the schedule ends."""
        while self._file < self._files and self._progress(0.0) < 1:
            path = self._next_file()
            if self._machine is None:
                self._look_at(read_examples(path))
            for line in self._learned(self._feed.batches(self._file)):
                self._report(line)
            ends = (self._file + 1) % (self._settings.parts * self._settings.again) == 0
            if ends:
                self._judge(path)
            self._file, self._at = self._file + 1, 0
            _note(self._work, self._file)
            if ends:
                self._save()
        self._feed.close()
        self._save()

    def _learned(self, made: Sequence[Callable[[], Batch]]) -> Iterator[str]:
        """Train on the batches of one file, and yield what there is to log."""
        settings = self._settings
        since, frames = time.monotonic(), 0
        while self._at < len(made):
            progress = self._progress(self._at / len(made))
            if progress >= 1:
                return
            batch = made[self._at]()
            frames += int(batch.frames.sum())
            self._learn(batch, self._rate(progress))
            self._at += 1
            if self._step % 50 == 0:
                now = time.monotonic()
                yield self._line(progress, 0.03 * frames / (now - since))
                since, frames = now, 0
                self._feed.look_ahead(self._file + 1)
            if time.monotonic() - self._saved > settings.save_every:
                self._save()

    def _learn(self, batch: Batch, rate: float) -> None:
        """Make one step."""
        settings, network = self._settings, self._network
        torch.manual_seed(settings.seed * 1_000_003 + self._step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        network.train()
        batch = batch.to(self._device)
        features = Augmenter(network.mean, settings.strength)(batch.features.float())
        loss, parts = self._loss(features, batch)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        self._optimiser.step()
        self._step += 1
        # Young weights are soon forgotten; the average is never more than a tenth of the training behind.
        kept = min(settings.averaging, self._step / (self._step + 10))
        with torch.no_grad():
            for name, value in network.state_dict().items():
                if value.is_floating_point():
                    self._averaged[name].lerp_(value, 1 - kept)
        self._sums.append(parts)

    def _loss(self, features: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """Return what is made smaller, and [3]: MMI and cross-entropy per frame, share of the frames right."""
        settings = self._settings
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            scores, frame_scores = (head.float() for head in self._network(features))
        counted = batch.targets >= 0
        chosen, wanted = frame_scores[counted], batch.targets[counted]
        cross = functional.cross_entropy(chosen, wanted)
        right = (chosen.argmax(1) // 2 == wanted // 2).float().mean()
        if not settings.sequences:
            return cross, torch.stack([torch.zeros_like(cross), cross, right]).detach()
        if self._machine is None:
            raise RuntimeError("the denominator is made from the first pass, before the first step")
        aligned = log_aligned(scores, batch.frames, batch.paths)
        # A chunk that has no way through its phones teaches nothing.
        gains = (aligned - self._machine.log_total(scores, batch.frames)) * (aligned > NEVER / 2)
        gain = gains.sum() / batch.frames.sum()
        square = torch.linalg.vector_norm(scores).square() / scores.numel()
        loss = settings.frame_weight * cross + settings.output_weight * square - gain
        return loss, torch.stack([gain, cross, right]).detach()

    def _judge(self, path: Path) -> None:
        """Report how well it does on those of a file who are held out, and on the voices to tune with."""
        self._report(self._judged("held out", [one for one in read_examples(path) if is_held_out(one.speaker)]))
        if self._development.exists():
            self._report(self._judged("development", read_examples(self._development)))

    def _judged(self, name: str, examples: Sequence[Example]) -> str:
        """Return a line about examples that it did not learn from, by the averaged weights."""
        random = Random(0)  # noqa: S311 - the same cuts each time
        chunks = self._cutting.chunks(iter(examples), random)
        plan = batches(chunks, min(self._settings.batch, 32), random, least=0)
        if not plan:
            return f"pass {self._pass}, {name}: nobody speaks"
        learning = {name: value.clone() for name, value in self._network.state_dict().items()}
        self._network.load_state_dict(self._averaged)
        self._network.eval()
        with torch.no_grad():
            made = (stacked(chunks, self._network.shape).to(self._device) for chunks in plan)
            found = [(self._loss(batch.features.float(), batch)[1], batch.frames.sum()) for batch in made]
        self._network.load_state_dict(learning)
        frames = sum(count for _, count in found)
        gain, cross, right = torch.stack([parts * (count / frames) for parts, count in found]).sum(0).tolist()
        return f"pass {self._pass}, {name}: MMI {gain:.4f} CE {cross:.4f} right {100 * right:.1f} %"

    @property
    def _files(self) -> int:
        return self._settings.passes * self._settings.parts * self._settings.again

    @property
    def _pass(self) -> int:
        """The pass it is at."""
        return self._file // (self._settings.parts * self._settings.again)

    def _path(self, number: int) -> Path:
        """Return where the file is that is learned from as the `number`th."""
        files = self._settings.files or self._settings.passes * self._settings.parts
        return self._work / "passes" / f"{number // self._settings.again % files:03}.npz"

    def _next_file(self) -> Path:
        path = self._path(self._file)
        if not path.exists():
            self._report(f"pass {self._pass}: waiting for {path}")
            self._save()
            self._wait(path)
        return path

    def _look_at(self, examples: Sequence[Example]) -> None:
        """Take from the first examples how sounds follow each other, and how features lie if nobody knows yet."""
        settings = self._settings
        if self._trigram is None:
            self._trigram = speech_trigram(examples, settings.garbage, Random(settings.seed))  # noqa: S311 - as above
        self._machine = Denominator(self._trigram, self._network.shape, self._device)
        if self._fresh:
            some = torch.cat([torch.from_numpy(example.features) for example in examples[::10]]).float()
            for name, value in (("mean", some.mean(0)), ("scale", some.std(0))):
                self._network.get_buffer(name).copy_(value)
                self._averaged[name].copy_(value)

    def _progress(self, share: float) -> float:
        """Return how much of the schedule is over: 0 to 1."""
        by_files = (self._file + share) / self._files
        return max(by_files, self._elapsed() / (60 * self._settings.minutes))

    def _elapsed(self) -> float:
        return self._spent + time.monotonic() - self._begun

    def _rate(self, progress: float) -> float:
        rising = min(1.0, (self._step + 1) / self._settings.warm_up)
        return self._settings.rate * rising * (0.02 + 0.98 * (1 + math.cos(math.pi * progress)) / 2)

    def _line(self, progress: float, speed: float) -> str:
        gain, cross, right = torch.stack(self._sums).mean(0).tolist()
        self._sums.clear()
        return (
            f"pass {self._pass} step {self._step} {100 * progress:.1f} %: MMI {gain:.4f} CE {cross:.4f} "
            f"right {100 * right:.1f} %, {speed:.0f} s of sound a second, {self._elapsed() / 60:.1f} min"
        )

    def _save(self) -> None:
        """Write what is needed to go on, and the averaged weights for whoever wants to export them meanwhile."""
        averaged = Network(self._network.shape)
        averaged.load_state_dict(self._averaged)
        networks.save(averaged, self._work / "network.pt")
        state = {
            "shape": networks.fields(self._network.shape),
            "weights": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "averaged": self._averaged,
            "trigram": None
            if self._trigram is None
            else [torch.from_numpy(part) for part in vars(self._trigram).values()],
            "at": [self._file, self._at, self._step, self._elapsed()],
        }
        part = self._work / "training.pt.part"
        torch.save(state, part)
        os.replace(part, self._work / "training.pt")  # noqa: PTH105 - in one step
        self._saved = time.monotonic()

    def _kept(self) -> dict[str, Any]:
        path = self._work / "training.pt"
        if not path.exists():
            return {}
        kept: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        return kept | {"shape": networks.shape_of(kept["shape"])}

    def _resume(self, kept: dict[str, Any]) -> None:
        self._network.load_state_dict(kept["weights"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._averaged = {name: value.to(self._device) for name, value in kept["averaged"].items()}
        if kept["trigram"]:
            self._trigram = Trigram(*(part.numpy() for part in kept["trigram"]))
        self._file, self._at, self._step, self._spent = kept["at"]
        self._report(f"goes on at pass {self._pass}, step {self._step}")
