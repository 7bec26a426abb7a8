"""The figures of hearing as pictures: small SVG files that read on a screen, on paper, and without colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import FuncFormatter

from scripts.benchmarks.figures import share
from scripts.benchmarks.hearing.conditions import CLEAN
from scripts.benchmarks.hearing.in_domain import LATEST, MEDIAN, RIGHT
from scripts.benchmarks.hearing.rejection import Rejected
from scripts.benchmarks.hearing.tradeoff import ASKS, BEGINS, Point, curve
from scripts.benchmarks.hearing.trial import Outcome
from voice_assist.understand.matcher import Matcher

Drawn = tuple[str, Sequence[Outcome], Rejected | None]
"""An engine's name, what it made of start phrases, and of what holds none."""

LOUD = "6 dB"
"""The condition in which misses are weighed against false alarms, besides CLEAN."""

LEAST_FALSE = 0.05
"""False alarms an hour that are drawn for none at all: the axis is logarithmic."""

_CHOICES: Mapping[float, tuple[str, str]] = {
    BEGINS: ("o", "what begins a protocol asleep"),
    ASKS: ("s", "what is asked about, too"),
}
"""The points at which the assistant works, by the evidence that they demand."""

_LOOKS: Mapping[int, tuple[str, str]] = dict(
    enumerate([("#0b5394", "o"), ("#b45f06", "s"), ("#38761d", "^"), ("#741b47", "D"), ("#444444", "v")])
)
"""Colour and mark of each engine in turn; they differ in lightness, too."""


@dataclass(frozen=True)
class _Look:
    color: str
    marker: str


def draw(folder: Path, drawn: Sequence[Drawn], matcher: Matcher) -> None:
    """Write the pictures of what was measured into a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    # Text stays text, and the same figures give the same file.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "hearing", "font.size": 11, "axes.grid": True})
    spoken = [one for one in drawn if one[1]]
    if spoken:
        _save(folder / "hearing-accuracy.svg", _accuracy(spoken))
        _save(folder / "hearing-latency.svg", _latency(spoken))
    if any(rejected for _, _, rejected in spoken):
        _save(folder / "hearing-tradeoff.svg", _tradeoff(spoken, matcher))


def _accuracy(drawn: Sequence[Drawn]) -> Sheet:
    """Right places by condition, beside the bars."""
    sheet, axes = _sheet("Start phrases by voices it never heard: right place")
    named = list(dict.fromkeys(one.condition for _, outcomes, _ in drawn for one in outcomes))
    for number, (name, outcomes, _) in enumerate(drawn):
        look = _look(number)
        values = [_right(outcomes, condition) for condition in named]
        axes.plot(named, values, linestyle="", marker=look.marker, markersize=8, color=look.color, label=name)
        steps = [condition for condition in named if condition == CLEAN or condition.endswith("dB")]
        axes.plot(steps, [_right(outcomes, condition) for condition in steps], color=look.color, linewidth=1)
    barred = [condition for condition in named if condition in RIGHT]
    axes.plot(
        barred, [RIGHT[one] for one in barred], linestyle="", marker="_", markersize=28, color="black", label="bar"
    )
    axes.set_ylabel("right, %")
    axes.set_ylim(0, 102)
    axes.legend(loc="lower left")
    return sheet


def _latency(drawn: Sequence[Drawn]) -> Sheet:
    """How soon after a phrase's end it was decided, in quiet."""
    sheet, axes = _sheet("From the phrase's end to the decision, in quiet")
    edges = [number / 20 for number in range(-10, 31)]
    for number, (name, outcomes, _) in enumerate(drawn):
        late = [one.commit for one in outcomes if one.condition == CLEAN and one.right and one.commit is not None]
        if late:
            held = [min(max(value, edges[0]), edges[-1]) for value in late]
            weights = [100.0 / len(held)] * len(held)
            look = _look(number)
            axes.hist(held, edges, weights=weights, histtype="step", linewidth=2, color=look.color, label=name)
    for bar, what in ((MEDIAN, "median"), (LATEST, "95th")):
        axes.axvline(bar, color="black", linestyle=":", linewidth=1)
        axes.annotate(
            f"bar, {what}", (bar, 0.97), xycoords=("data", "axes fraction"), rotation=90, va="top", ha="right"
        )
    # Room above the bars, for what is written beside the lines.
    axes.set_ylim(top=1.25 * axes.get_ylim()[1])
    axes.set_xlabel("seconds; before 0 the phrase was still being said")
    axes.set_ylabel("phrases, %")
    axes.legend(loc="upper right")
    return sheet


def _tradeoff(drawn: Sequence[Drawn], matcher: Matcher) -> Sheet:
    """Misses against false alarms, over how much evidence is demanded."""
    sheet, axes = _sheet("Misses against false alarms")
    for number, (name, outcomes, rejected) in enumerate(drawn):
        if rejected is None:
            continue
        for condition, line in ((CLEAN, "-"), (LOUD, "--")):
            own = [one for one in outcomes if one.condition == condition]
            if own:
                points = curve(matcher, own, rejected.finals, rejected.hours)
                _line(axes, points, line, _look(number), f"{name}, {condition}")
    for marker, what in _CHOICES.values():
        axes.plot([], [], marker, color="black", label=what)
    axes.set_xscale("log")
    axes.set_xlim(left=LEAST_FALSE * 0.8)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylim(-2, 102)
    axes.set_xlabel(f"false alarms an hour of other speech and noise ({LEAST_FALSE:g}: none)")
    axes.set_ylabel("start phrases missed, %")
    # Beside the axes: a line may go anywhere in them.
    sheet.legend(loc="outside right upper")
    return sheet


def _line(axes: Axes, points: Sequence[Point], line: str, look: _Look, label: str) -> None:
    axes.plot(_false(points), [point.missed for point in points], line, color=look.color, label=label)
    for demanded, (marker, _) in _CHOICES.items():
        chosen = [point for point in points if point.demanded == demanded]
        axes.plot(_false(chosen), [point.missed for point in chosen], marker, color=look.color, markersize=8)


def _false(points: Iterable[Point]) -> list[float]:
    return [max(LEAST_FALSE, point.false) for point in points]


def _right(outcomes: Sequence[Outcome], condition: str) -> float:
    own = [one for one in outcomes if one.condition == condition]
    return share(sum(one.right for one in own), len(own))


def _look(number: int) -> _Look:
    return _Look(*_LOOKS[number % len(_LOOKS)])


def _sheet(title: str) -> tuple[Sheet, Axes]:
    sheet = Sheet(figsize=(9, 4.5), layout="constrained")
    axes = sheet.subplots()
    axes.set_title(title, loc="left", fontsize=12)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    return sheet, axes


def _save(path: Path, sheet: Sheet) -> None:
    # Without the date: the same figures are the same file.
    sheet.savefig(path, metadata={"Date": None})
