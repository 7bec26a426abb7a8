"""What a measurement comes to: figures with their bars, as a plain table and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


class SkippedError(Exception):
    """Something cannot be measured here; the message says why, and what to do."""


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    """What it must reach; None if it is only reported."""
    at_least: bool = False
    """True if the bar is a lower bound."""
    basis: str = ""
    """What it was measured on, such as the number of phrases."""
    details: Sequence[Any] = field(default_factory=tuple)
    """What lies behind the number, for JSON: the single misses, what was heard instead."""

    @property
    def met(self) -> bool | None:
        """Whether the bar is reached; None without one. A value that is not a number reaches none."""
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def share(part: int, whole: int) -> float:
    """Return a part in percent of the whole; not a number where there is nothing to share."""
    return 100.0 * part / whole if whole else math.nan


def quantile(values: Iterable[float], fraction: float) -> float:
    """Return the smallest value that at least `fraction` (0 to 1) of all values do not exceed.

    Not a number where there are none.
    """
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(fraction * len(ordered)) - 1)]


def row(figure: Figure) -> str:
    """Return a figure as one plain line, readable aloud."""
    bar = ""
    if figure.bar is not None:
        bar = f"{'at least' if figure.at_least else 'at most'} {figure.bar:g}, {'met' if figure.met else 'NOT met'}"
    value = f"{figure.value:.2f} {figure.unit}".rstrip()
    return f"{figure.name:<58} {value:>14}  {bar:<24} {figure.basis}".rstrip()


def as_json(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON knows it: what is not a number becomes null."""
    entry = asdict(figure) | {"met": figure.met}
    if not math.isfinite(figure.value):
        entry["value"] = None
    return entry
