"""Transducers, and the files of OpenFst 1.7.9 in which libvosk reads them: written here, with no program of theirs.

A file of type `const` is a header, the states, the arcs. A file of type `olabel_lookahead` is a header, a whole `const`
file, and for each state which output labels may come next from it: so libvosk composes words with a list of phrases at
run time, and does not try what leads nowhere. Everything is little-endian. What is written here is, byte for byte, what
OpenFst's `fstarcsort` and `fstconvert` write.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from voice_assist.errors import ModelError
from voice_assist.models.lookahead import Span, reach

EPSILON = 0
"""The label of an arc that takes in, or gives out, nothing."""

CONST, LOOK_AHEAD = "const", "olabel_lookahead"

_MAGIC = 2125659606
_ADD_ON_MAGIC = 446681434
_ARC_TYPE = b"standard"

_STATES = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("in_eps", "<u4"), ("out_eps", "<u4")])
_ARCS = np.dtype([("label", "<i4"), ("word", "<i4"), ("cost", "<f4"), ("target", "<i4")])

_ACCEPTOR, _DETERMINISTIC_IN, _DETERMINISTIC_OUT = 0x10000, 0x40000, 0x100000
_EPSILONS, _EPSILONS_IN, _EPSILONS_OUT = 0x400000, 0x1000000, 0x4000000
_SORTED_IN, _SORTED_OUT = 0x10000000, 0x40000000
"""Properties that a header tells of. What does not hold is told, too: that bit is the double of this one."""
_SHAPE = 0x65A5_0000_0001
"""Weighted, in cycles too; cyclic, but not through the start; states in no order; each of them on some way from the
start to an end; no single string: so is every graph of ours. (And the file tells the number of its states.)"""


class Arc(NamedTuple):
    """One arc of a transducer."""

    source: int
    target: int
    label: int
    """What goes in; EPSILON for nothing."""
    word: int
    """What comes out; EPSILON for nothing."""
    cost: float = 0.0


class Fst(NamedTuple):
    """A transducer; the source of its first arc is where it begins. Its states are numbered from 0 on."""

    arcs: Sequence[Arc]
    final: Mapping[int, float]
    """The states in which it may end, with their costs."""


def read(path: Path) -> Fst:
    """Read a file of either type. Raises ModelError where it is none of them, or damaged."""
    data = path.read_bytes()
    try:
        kind, at = _read_header(data, 0)
        if kind == LOOK_AHEAD:  # the magic number of what is added comes first, then the transducer
            kind, at = _read_header(data, at + 4)
        if kind != CONST:
            raise ModelError(f"{path}: a transducer of the type {kind}, which no model of ours has")
        start, n_states, n_arcs = struct.unpack_from("<qqq", data, at - 24)
        states = np.frombuffer(data, _STATES, n_states, at)
        arcs = np.frombuffer(data, _ARCS, n_arcs, at + states.nbytes)
    except (struct.error, ValueError):
        raise ModelError(f"{path}: is damaged; fetch or copy the model again") from None
    return _as_fst(states, arcs, start)


def const_file(fst: Fst) -> bytes:
    """Return a transducer as a file of type `const`, the arcs of each state in the order of their input labels."""
    states, arcs = _arrays(fst, ("label", "word"))
    return _const(states, arcs, fst.arcs[0].source)


def look_ahead_file(fst: Fst) -> tuple[bytes, dict[int, int]]:
    """Return a transducer as a file of type `olabel_lookahead`, and the new number of each output label.

    The labels are numbered anew, so that those which are reached together stand together.
    """
    states, arcs = _arrays(fst, ("word", "label"))
    follow = np.split(np.stack((arcs["word"], arcs["target"]), axis=1), states["first"][1:])
    found = reach([pairs.tolist() for pairs in follow], np.isfinite(states["final"]).tolist())
    renumbered = fst._replace(arcs=[arc._replace(word=found.numbers.get(arc.word, EPSILON)) for arc in fst.arcs])
    states, arcs = _arrays(renumbered, ("word", "label"))
    parts = [
        _header(LOOK_AHEAD, 1, _properties(states, arcs), -1, 0, 0),
        struct.pack("<i", _ADD_ON_MAGIC),
        _const(states, arcs, fst.arcs[0].source),
        # There is something to add (1), of the input labels nothing (0), of the output labels this (1): it is not of
        # the input (0), the old numbers are not kept (0), what "it may end here" has for a number, and all states.
        struct.pack("<5Biq", 1, 0, 1, 0, 0, found.end, len(states)),
        *map(_spans, found.spans),
    ]
    return b"".join(parts), found.numbers


def _as_fst(states: npt.NDArray[np.void], arcs: npt.NDArray[np.void], start: int) -> Fst:
    source = np.repeat(np.arange(len(states)), states["arcs"])
    columns = (source, arcs["target"], arcs["label"], arcs["word"], arcs["cost"])
    listed = [Arc(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    final = {int(state): float(states["final"][state]) for state in np.flatnonzero(np.isfinite(states["final"]))}
    return Fst(sorted(listed, key=lambda arc: arc.source != start), final)


def _arrays(fst: Fst, order: tuple[str, str]) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:
    """Return the states and the arcs as they lie in a file, each state's arcs in the order of two of their fields."""
    source = np.array([arc.source for arc in fst.arcs])
    arcs = np.zeros(len(fst.arcs), _ARCS)
    for name in _ARCS.names or ():
        arcs[name] = [getattr(arc, name) for arc in fst.arcs]
    by = np.lexsort((arcs[order[1]], arcs[order[0]], source))
    source, arcs = source[by], arcs[by]
    states = np.zeros(1 + max(source.max(), arcs["target"].max()), _STATES)
    states["final"] = np.inf
    for state, cost in fst.final.items():
        states["final"][state] = cost
    states["arcs"] = np.bincount(source, minlength=len(states))
    states["first"][1:] = np.cumsum(states["arcs"])[:-1]
    states["in_eps"] = np.bincount(source[arcs["label"] == EPSILON], minlength=len(states))
    states["out_eps"] = np.bincount(source[arcs["word"] == EPSILON], minlength=len(states))
    return states, arcs


def _const(states: npt.NDArray[np.void], arcs: npt.NDArray[np.void], start: int) -> bytes:
    header = _header(CONST, 2, _properties(states, arcs), start, len(states), len(arcs))
    return header + states.tobytes() + arcs.tobytes()


def _properties(states: npt.NDArray[np.void], arcs: npt.NDArray[np.void]) -> int:
    source = np.repeat(np.arange(len(states)), states["arcs"])
    label, word = arcs["label"], arcs["word"]
    same = source[1:] == source[:-1]
    holds = {
        _ACCEPTOR: bool(np.all(label == word)),
        _DETERMINISTIC_IN: _distinct(source, label),
        _DETERMINISTIC_OUT: _distinct(source, word),
        _EPSILONS: bool(np.any((label == EPSILON) & (word == EPSILON))),
        _EPSILONS_IN: bool(np.any(label == EPSILON)),
        _EPSILONS_OUT: bool(np.any(word == EPSILON)),
        _SORTED_IN: bool(np.all((label[1:] >= label[:-1])[same])),
        _SORTED_OUT: bool(np.all((word[1:] >= word[:-1])[same])),
    }
    return _SHAPE | sum(bit if true else 2 * bit for bit, true in holds.items())


def _distinct(source: npt.NDArray[Any], label: npt.NDArray[Any]) -> bool:
    """Tell whether no two arcs of one state have the same label."""
    return len(np.unique(np.stack((source, label)), axis=1).T) == len(label)


def _header(kind: str, version: int, properties: int, start: int, states: int, arcs: int) -> bytes:
    name = kind.encode()
    names = struct.pack(f"<i{len(name)}si{len(_ARC_TYPE)}s", len(name), name, len(_ARC_TYPE), _ARC_TYPE)
    # No symbols are in the file, and nothing is aligned: no flags.
    return struct.pack("<i", _MAGIC) + names + struct.pack("<iiQqqq", version, 0, properties, start, states, arcs)


def _read_header(data: bytes, at: int) -> tuple[str, int]:
    """Return the type of the transducer whose header is at `at`, and where the header ends."""
    magic, length = struct.unpack_from("<ii", data, at)
    if magic != _MAGIC:
        raise ValueError
    kind = data[at + 8 : at + 8 + length].decode("ascii")
    (length_of_arc,) = struct.unpack_from("<i", data, at + 8 + length)
    return kind, at + 12 + length + length_of_arc + struct.calcsize("<iiQqqq")


def _spans(spans: Iterable[Span]) -> bytes:
    flat = [number for span in spans for number in span]
    members = sum(flat[1::2]) - sum(flat[::2])
    return struct.pack(f"<q{len(flat)}ii", len(flat) // 2, *flat, members)
