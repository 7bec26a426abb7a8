"""Which output labels can come next from each state of a transducer: what OpenFst calls label reachability.

The labels are numbered so that those which come next from one state are few spans of numbers. For that each arc with
an output label is thought to lead to a leaf of that label; states that reach each other are taken as one; and the
leaves are numbered in the order in which a walk, depth first, comes upon them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

Span = tuple[int, int]
"""Numbers from the first up to, and without, the second."""

Follow = Sequence[Sequence[int]]
"""For each node, in order, the nodes that its arcs lead to."""


class Reached(NamedTuple):
    """What can come next, in numbers of labels."""

    numbers: dict[int, int]
    """The new number of each output label, from 1 on, by the old one."""
    end: int
    """The number that stands for: it may end before any label comes."""
    spans: list[tuple[Span, ...]]
    """For each state the numbers that may come next from it, in order, with gaps between the spans."""


def reach(arcs: Sequence[Sequence[tuple[int, int]]], final: Sequence[bool]) -> Reached:
    """Return what can come next from each state.

    `arcs` holds for each state its arcs, each an output label, 0 for none, and a target; `final` whether it may end
    there.
    """
    follow, leaves, end = _with_leaves(arcs, final)
    part_of = _Components(follow).found()
    parts: list[list[int]] = [[] for _ in range(max(part_of) + 1)]
    for node, targets in enumerate(follow):
        parts[part_of[node]] += [part_of[target] for target in targets if part_of[target] != part_of[node]]
    numbers, spans = _numbered(parts, part_of[-1], {part_of[leaf] for leaf in (*leaves.values(), end)})
    return Reached(
        {label: numbers[part_of[leaf]] for label, leaf in leaves.items()},
        numbers[part_of[end]],
        [spans[part_of[state]] for state in range(len(arcs))],
    )


def _with_leaves(
    arcs: Sequence[Sequence[tuple[int, int]]], final: Sequence[bool]
) -> tuple[list[list[int]], dict[int, int], int]:
    """Return the nodes that follow each node, the leaf of each label, and the leaf of the end.

    The last node leads to all that nothing leads to.
    """
    leaves: dict[int, int] = {}
    end = -1
    follow: list[list[int]] = []
    count = len(arcs)
    for leaving, ends in zip(arcs, final, strict=True):
        targets = []
        for label, target in leaving:
            if label and label not in leaves:
                leaves[label] = count
                count += 1
            targets.append(leaves[label] if label else target)
        if ends:
            if end < 0:
                end = count
                count += 1
            targets.append(end)
        follow.append(targets)
    follow += [[] for _ in range(count - len(arcs))]
    led_to = {target for targets in follow for target in targets}
    return [*follow, [node for node in range(count) if node not in led_to]], leaves, end


def _roots(follow: Follow, first: int) -> Iterator[int]:
    """Yield where a walk begins: at one node, and then wherever it has not been yet."""
    yield first
    yield from (node for node in range(len(follow)) if node != first)


class _Components:
    """Strongly connected parts, found Tarjan's way, with a stack of our own: a tree of words is deep."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow
        self._order: dict[int, int] = {}
        self._lowest: dict[int, int] = {}
        self._part_of: dict[int, int] = {}
        self._parts = 0
        self._open: list[int] = []
        self._walk: list[tuple[int, Iterator[int]]] = []

    def found(self) -> list[int]:
        """Return for each node the number of its part; no arc leads to a part with a lower number."""
        for root in _roots(self._follow, len(self._follow) - 1):
            if root not in self._order:
                self._enter(root)
            while self._walk:
                self._step()
        return [self._parts - 1 - self._part_of[node] for node in range(len(self._follow))]

    def _step(self) -> None:
        node, ahead = self._walk[-1]
        for target in ahead:
            if target not in self._order:
                self._enter(target)
                return
            if target not in self._part_of:
                self._lowest[node] = min(self._lowest[node], self._order[target])
        self._walk.pop()
        if self._walk:
            before = self._walk[-1][0]
            self._lowest[before] = min(self._lowest[before], self._lowest[node])
        if self._lowest[node] == self._order[node]:
            at = self._open.index(node)
            self._part_of |= dict.fromkeys(self._open[at:], self._parts)
            self._parts += 1
            del self._open[at:]

    def _enter(self, node: int) -> None:
        self._order[node] = self._lowest[node] = len(self._order)
        self._open.append(node)
        self._walk.append((node, iter(self._follow[node])))


def _numbered(follow: Follow, first: int, leaves: set[int]) -> tuple[dict[int, int], list[tuple[Span, ...]]]:
    """Return the number of each leaf, in the order of a walk, and the numbers that are reached from each node."""
    numbers: dict[int, int] = {}
    spans: dict[int, tuple[Span, ...]] = {}
    seen: set[int] = set()
    for root in _roots(follow, first):
        walk = [root] if root not in seen else []
        while walk:
            node = walk[-1]
            if node not in seen:
                seen.add(node)
                if node in leaves:
                    numbers[node] = len(numbers) + 1
                # The last of the stack is walked first.
                walk += [target for target in reversed(follow[node]) if target not in seen]
            else:
                walk.pop()
                if node not in spans:
                    own = [(numbers[node], numbers[node] + 1)] if node in numbers else []
                    spans[node] = _joined([*own, *(span for target in follow[node] for span in spans[target])])
    return numbers, [spans[node] for node in range(len(follow))]


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Return the same numbers in as few spans as there can be, in order."""
    found: list[Span] = []
    for start, stop in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return tuple(found)
