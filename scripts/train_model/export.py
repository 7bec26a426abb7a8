"""A trained network as the files that Vosk reads: `am/final.mdl` and those of `conf/`.

The file is Kaldi's own binary form. Batch-norm and the scaling of the features are folded into the affine layers, so
that affine layers, ReLU, and what is passed on beside them are all that is left.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scripts.train_model.cepstra import CEPSTRA
from scripts.train_model.network import NORM_EPSILON, PASSED_ON, STEP, Network, Shape, halves
from voice_assist.models.phones import CLASSES, SOUNDS, Phones

Array = npt.NDArray[np.float64]

SMALL = 4096
"""A matrix with no more numbers than this is stored as it is."""

MFCC = """\
--use-energy=false
--sample-frequency=16000
--num-mel-bins=40
--num-ceps=40
--low-freq=20
--high-freq=-400
--allow-upsample=true
--allow-downsample=true
--dither=0.0
"""
"""No dither: then the same sound gives the same words."""

DECODING = """\
--min-active=200
--max-active=1000
--beam=13.0
--acoustic-scale=1.0
--frame-subsampling-factor=3
--frames-per-chunk=12
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""
"""Scores of sequence training need no scale. Few frames in a chunk: a partial result comes soon; with 9 it comes 30 ms
sooner and costs a quarter more. Few paths at once: half the work in noise, and nothing was heard worse."""

LIVE = "--lattice-beam=2.0\n"
"""Besides, where a graph of our own is listened with (`models.ngram`). A narrow lattice: what is heard stays the same,
the end of an utterance costs a fraction, and long noise takes less memory."""

AGAIN = "--lattice-beam=6.0\n"
"""Besides, for a second look: the more wordings it tells, the seldomer is a command doubted that was meant."""

PHONES = ("SIL", "SPN", *(f"{sound}_{place}" for sound in SOUNDS[2:] for place in "BEIS"))
"""The phones of the graph: each sound where a word begins, ends, goes on, or as a word by itself."""


@dataclass(frozen=True)
class Layer:
    """An affine layer, perhaps with a ReLU behind it."""

    offsets: tuple[int, ...]
    """Which frames it sees, in frames of 10 ms."""
    weight: Array
    """[outputs, offsets · inputs]."""
    bias: Array
    """[outputs]."""
    rectified: bool = True
    adds: bool = False
    """Adds a share of what the layer before it got, PASSED_ON, to what comes out."""


def folded(network: Network) -> list[Layer]:
    """Return the layers of a network up to the head for sequences, with all scaling folded in.

    A factorised layer is two. A network that tells phones apart without context gets the scores of a phone once for
    each context.
    """
    weights = {name: value.detach().cpu().double().numpy() for name, value in network.state_dict().items()}
    shape = network.shape
    # What comes out of the layers so far, times `scale` and plus `shift`, is what the network has there.
    scale, shift = 1 / weights["scale"], -weights["mean"] / weights["scale"]
    layers: list[Layer] = []
    for number, offsets in enumerate(shape.offsets):
        # The scale of a batch-norm is above nothing, so it may as well stand before the ReLU.
        spread = 1 / np.sqrt(weights[f"norms.{number}.running_var"] + NORM_EPSILON)
        middle = -weights[f"norms.{number}.running_mean"] * spread
        if f"layers.{number}.narrow.weight" in weights:
            before, after = halves(offsets)
            narrow, wide = weights[f"layers.{number}.narrow.weight"], weights[f"layers.{number}.wide.weight"]
            bias = weights[f"layers.{number}.wide.bias"]
            layers.append(Layer(before, *_scaled(narrow, np.zeros(len(narrow)), scale, shift), rectified=False))
            layers.append(Layer(after, wide * spread[:, None], bias * spread, adds=True))
            shift = middle + PASSED_ON * shift
            continue
        weight, bias = _scaled(weights[f"layers.{number}.weight"], weights[f"layers.{number}.bias"], scale, shift)
        layers.append(Layer(offsets, weight, bias))
        scale, shift = spread, middle
        if shape.bottleneck and number == 1:
            layers[-1] = Layer(offsets, weight * spread[:, None], bias * spread)
            scale = np.ones(shape.units)
    weight, bias = _scaled(weights["sequence.weight"], weights["sequence.bias"], scale, shift)
    again = len(CLASSES) // shape.contexts
    return [*layers, Layer((0,), np.tile(weight, (again, 1)), np.tile(bias, again), rectified=False)]


def _scaled(weight: Array, bias: Array, scale: Array, shift: Array) -> tuple[Array, Array]:
    """Return an affine layer that takes its inputs, of any number of frames, before they are scaled and shifted."""
    times = weight.shape[1] // len(scale)
    return weight * np.tile(scale, times), bias + weight @ np.tile(shift, times)


def scores(layers: Sequence[Layer], features: npt.NDArray[np.floating]) -> Array:
    """Return what Vosk computes from MFCC, [frames of 10 ms, 40]: the scores of every third frame.

    It takes the first frame again for what is before it, and the last for what is after it.
    """
    left, right = _reach(layers)
    around = np.clip(np.arange(-left, len(features) + right), 0, len(features) - 1)
    hidden = features[around].astype(np.float64)
    passed = [(hidden, 0)]
    at = 0
    for layer in layers:
        first, last = min(layer.offsets), max(layer.offsets)
        count = len(hidden) - (last - first)
        seen = np.concatenate([hidden[offset - first : offset - first + count] for offset in layer.offsets], axis=1)
        hidden, at = seen @ layer.weight.T + layer.bias, at - first
        if layer.rectified:
            hidden = np.maximum(hidden, 0)
        if layer.adds:
            got, begun = passed[-2]
            hidden += PASSED_ON * got[at - begun : at - begun + count]
        passed.append((hidden, at))
    return hidden[::STEP]


def _reach(layers: Sequence[Layer]) -> tuple[int, int]:
    """Return how many frames of 10 ms the layers see before and after the one that they score."""
    return -sum(min(layer.offsets) for layer in layers), sum(max(layer.offsets) for layer in layers)


def write_model(network: Network, folder: Path, bits: Sequence[int] | int = 8) -> None:
    """Write `am/final.mdl`, `conf/mfcc.conf`, `conf/model.conf` and `conf/live.conf` into a model's folder.

    `bits` says how many each weight is stored in, 8, 16 or 32: one number for all layers, or one for each, the head
    being the last. Raises ValueError where there are not as many numbers as layers, or another number of bits.
    """
    layers = folded(network)
    stored = [bits] * len(layers) if isinstance(bits, int) else list(bits)
    if len(stored) != len(layers) or not set(stored) <= {8, 16, 32}:
        raise ValueError(f"{len(layers)} layers need as many numbers of bits, each 8, 16 or 32, not {bits}")
    files = {
        "am/final.mdl": _model(layers, stored),
        "conf/mfcc.conf": MFCC.encode(),
        "conf/model.conf": (DECODING + AGAIN).encode(),
        "conf/live.conf": (DECODING + LIVE).encode(),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write_phones(folder: Path) -> None:
    """Write what the graph folder of a model says about phones and transitions."""
    places = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
    kinds = ["nonword", "singleton", *(places[name[-1]] for name in PHONES[2:])]
    (folder / "graph" / "phones").mkdir(parents=True, exist_ok=True)
    files = {
        "phones.txt": "".join(f"{name} {number}\n" for number, name in enumerate(PHONES, 1)),
        "phones/word_boundary.int": "".join(f"{number} {kind}\n" for number, kind in enumerate(kinds, 1)),
        # A label that nothing else has: Vosk wants one, though our graphs have no use for it.
        "disambig_tid.int": f"{Phones(PHONES).transitions + 1}\n",
    }
    for name, content in files.items():
        (folder / "graph" / name).write_text(content, encoding="utf-8")


def _model(layers: Sequence[Layer], bits: Sequence[int]) -> bytes:
    config = [f"input-node name=input dim={CEPSTRA}"]
    components: list[tuple[str, bytes]] = []
    sources = ["input"]
    for number, (layer, stored) in enumerate(zip(layers, bits, strict=True)):
        source = sources[-1]
        parts = [f"Offset({source}, {offset})" if offset else source for offset in layer.offsets]
        joined = parts[0] if len(parts) == 1 else f"Append({', '.join(parts)})"
        for kind, content in _components(layer, stored):
            name = f"l{number}.{kind}"
            if kind == "sum":
                joined = f"Sum({joined}, Scale({PASSED_ON}, {sources[-2]}))"
            config.append(f"component-node name={name} component={name} input={joined}")
            components.append((name, content))
            joined = name
        sources.append(joined)
    config.append(f"output-node name=output input={sources[-1]} objective=linear")
    left, right = _reach(layers)
    parts_of_file = [
        b"\0B",
        _transitions(),
        _token("<Nnet3>") + b"\n" + "\n".join(config).encode() + b"\n\n",
        _token("<NumComponents>") + _int(len(components)),
        *(_token("<ComponentName>") + _token(name) + content for name, content in components),
        _token("</Nnet3>"),
        _token("<LeftContext>") + _int(left) + _token("<RightContext>") + _int(right),
        # A network that has learned sequences needs no priors.
        _token("<Priors>") + _floats(np.zeros(0)),
    ]
    return b"".join(parts_of_file)


def _components(layer: Layer, bits: int) -> Iterator[tuple[str, bytes]]:
    affine = _token("<LinearParams>") + _matrix(layer.weight, bits) + _token("<BiasParams>") + _floats(layer.bias)
    yield "affine", _token("<FixedAffineComponent>") + affine + _token("</FixedAffineComponent>")
    size = _token("<Dim>") + _int(len(layer.bias))
    if layer.rectified:
        statistics = _token("<ValueAvg>") + _floats(np.zeros(0)) + _token("<DerivAvg>") + _floats(np.zeros(0))
        count = _token("<Count>") + b"\x08" + struct.pack("<d", 0.0)
        name = "RectifiedLinearComponent"
        yield "relu", _token(f"<{name}>") + size + statistics + count + _token(f"</{name}>")
    if layer.adds:
        yield (
            "sum",
            _token("<NoOpComponent>") + size + _token("<BackpropScale>") + _float(1) + _token("</NoOpComponent>"),
        )


def _transitions() -> bytes:
    """Return the transition model: a state for each phone in each context, with a score to enter and one to stay."""
    phones = range(1, len(PHONES) + 1)
    emitting = _int(0) + _int(1) + _int(2) + _int(0) + _float(0.5) + _int(1) + _float(0.5)
    final = _int(-1) + _int(-1) + _int(0)
    # -1: forward and self-loop have classes of their own; then one entry, of two states.
    topology = _ints(list(phones)) + _ints([-1] + [0] * len(PHONES)) + _int(-1) + _int(1) + _int(2) + emitting + final
    tuples = list(_tuples())
    rows = b"".join(_int(phone) + _int(0) + _int(2 * pair) + _int(2 * pair + 1) for phone, pair in tuples)
    even = np.full(2 * len(tuples) + 1, math.log(0.5))
    even[0] = 0
    return b"".join(
        [
            _token("<TransitionModel>"),
            _token("<Topology>") + topology + _token("</Topology>"),
            _token("<Tuples>") + _int(len(tuples)) + rows + _token("</Tuples>"),
            _token("<LogProbs>") + _floats(even) + _token("</LogProbs>"),
            _token("</TransitionModel>"),
        ]
    )


def _tuples() -> Iterator[tuple[int, int]]:
    """Yield each phone with each pair of scores that it may have, in order."""
    shape = Shape()
    for phone, name in enumerate(PHONES, 1):
        sound = SOUNDS.index(name.split("_")[0])
        before = (SOUNDS.index(sounds.split()[0]) for sounds in CLASSES)
        for pair in dict.fromkeys(shape.pair(other, sound) for other in before):
            yield phone, pair


def _token(text: str) -> bytes:
    return text.encode() + b" "


def _int(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def _float(value: float) -> bytes:
    return b"\x04" + struct.pack("<f", value)


def _ints(values: Sequence[int]) -> bytes:
    return b"\x04" + struct.pack("<i", len(values)) + np.asarray(values, "<i4").tobytes()


def _floats(values: Array) -> bytes:
    return b"FV " + _int(len(values)) + values.astype("<f4").tobytes()


def _matrix(values: Array, bits: int) -> bytes:
    """Return a matrix in single precision, or in fewer bits: 16 part its range evenly, 8 the range of each column."""
    rows, columns = values.shape
    single = values.astype("<f4")
    if bits == 32 or values.size <= SMALL:  # noqa: PLR2004 - no fewer bits than a float has
        return b"FM " + _int(rows) + _int(columns) + single.tobytes()
    least, reach = float(single.min()), float(np.ptp(single)) or 1.0
    head = struct.pack("<ffii", least, reach, rows, columns)
    if bits == 16:  # noqa: PLR2004 - the other kind
        return _token("CM2") + head + _evenly(single, least, reach).astype("<u2").tobytes()
    return _token("CM") + head + _by_column(values, least, reach)


def _evenly(values: npt.NDArray[np.floating], least: float, reach: float) -> Array:
    return np.asarray(np.clip(np.rint((values - least) / reach * 65535), 0, 65535))


def _by_column(values: Array, least: float, reach: float) -> bytes:
    """Return Kaldi's eight bits with a head for each column: where it begins, its quartiles, and where it ends.

    Half of the values lie between the quartiles and get half of the numbers. Columns, and the ends of one, differ by
    far in how large they are: to part the range of the whole matrix evenly loses seven times as much.
    """
    bounds = _evenly(np.percentile(values, [0, 25, 75, 100], axis=0), least, reach)
    steps = np.arange(4)[:, None]
    # Kaldi wants each bound above the one before.
    bounds = np.minimum(np.maximum.accumulate(bounds - steps, axis=0) + steps, 65532 + steps)
    low, lower, upper, high = least + reach / 65535 * bounds
    codes = np.select(
        [values < lower, values < upper],
        [64 * (values - low) / (lower - low), 64 + 128 * (values - lower) / (upper - lower)],
        192 + 63 * (values - upper) / (high - upper),
    )
    heads, numbers = bounds.T.astype("<u2"), np.clip(np.rint(codes), 0, 255).T.astype("u1")
    return bytes(heads.tobytes() + numbers.tobytes())
