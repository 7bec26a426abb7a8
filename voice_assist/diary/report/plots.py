"""The plots of a report, drawn by matplotlib, which the extra `report` brings."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from voice_assist.diary.report.figures import Place
from voice_assist.diary.report.nights import Month
from voice_assist.diary.report.words import MONTHS, SIDES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NO_PLOTS = "the plots are missing, their tables are there; to have them: pip install 'voice-assist[report]'"
"""Told where there is no plotting library."""

WIDTH, HEIGHT = 5.4, 2.5
"""Inches; a plot is as wide as the page, and its text is not small on a phone."""

_LOOKS = (("#0b5394", ""), ("#f1c27d", "////"), ("#8a8a8a", "...."))
"""Colour and hatch: they differ in lightness and in pattern, too."""

# Any: what the library says of its settings changes from release to release.
_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: it is found, read and enlarged
    "svg.hashsalt": "diary",  # the same diary gives the same file
    "font.family": "sans-serif",
    "font.sans-serif": ["Liberation Sans", "Arial", "Helvetica", "DejaVu Sans"],
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "hatch.linewidth": 0.8,
}

MANY_MONTHS = 24
"""Months from which on years are named instead."""


class NoPlotsError(Exception):
    """There is no plotting library; the message says how to get one."""


def months(counted: Sequence[tuple[Month, int]]) -> str:
    """Return the SVG of how many nights of each month had a cramp. Raises NoPlotsError."""
    sheet, axes = _sheet()
    at = range(len(counted))
    axes.bar(at, [nights for _, nights in counted], color=_LOOKS[0][0], width=0.8)
    if len(counted) > MANY_MONTHS:
        named = [(number, str(year)) for number, ((year, month), _) in enumerate(counted) if month == 1]
    else:
        step = 1 if len(counted) <= MANY_MONTHS // 2 else 2
        named = [(number, _short(month)) for number, (month, _) in enumerate(counted) if number % step == 0]
    axes.set_xticks([number for number, _ in named], [name for _, name in named])
    _counts(axes, "y", "nights with a cramp")
    return _svg(sheet)


def places(counted: Sequence[tuple[str, Place]]) -> str:
    """Return the SVG of how often each place cramped, by side; each comes with its name. Raises NoPlotsError."""
    sheet, axes = _sheet(height=0.9 + 0.36 * len(counted))
    names = [name for name, _ in reversed(counted)]
    begin = [0] * len(counted)
    for number, side in enumerate(("left", "right", "")):
        values = [_on(place, side) for _, place in reversed(counted)]
        color, hatch = _LOOKS[number]
        label = SIDES.get(side, "Side not told, or both")
        axes.barh(names, values, left=begin, color=color, hatch=hatch, edgecolor="black", linewidth=0.6, label=label)
        begin = [one + more for one, more in zip(begin, values, strict=True)]
    _counts(axes, "x", "cramps")
    sheet.legend(loc="outside upper center", ncols=3, frameon=False)
    return _svg(sheet)


def bars(counted: Sequence[tuple[str, int]], named: str, every: int = 1) -> str:
    """Return the SVG of counted classes, every so many of them named below. Raises NoPlotsError."""
    sheet, axes = _sheet()
    at = range(len(counted))
    axes.bar(at, [count for _, count in counted], color=_LOOKS[0][0], width=0.8)
    axes.set_xticks([*at][::every], [name for name, _ in counted][::every])
    axes.set_xlabel(named)
    _counts(axes, "y", "cramps")
    return _svg(sheet)


def _on(place: Place, side: str) -> int:
    """Return how many cramps were on a side, by the name that the plot has for it."""
    return place.sides[side] if side else place.neither


def _short(month: Month) -> str:
    year, number = month
    return f"{MONTHS[number - 1][:3]}\n{year}"


def _sheet(height: float = HEIGHT) -> tuple[Figure, Axes]:
    try:
        # Late: it takes half a second, and only who draws needs it.
        import matplotlib as mpl  # noqa: PLC0415
        from matplotlib.figure import Figure as Sheet  # noqa: PLC0415
    except ImportError:
        raise NoPlotsError(NO_PLOTS) from None
    # What it says of fonts and of its folders is nothing that the person could or need mend.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    # No back end with a window is ever asked for, and nobody else's plots change.
    with mpl.rc_context(_STYLE):
        sheet = Sheet(figsize=(WIDTH, height), layout="constrained")
        return sheet, sheet.add_subplot()


def _counts(axes: Axes, which: str, named: str) -> None:
    """Make an axis one of whole numbers."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - see _sheet

    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axis.set_label_text(named)
    axes.grid(visible=False, axis="x" if which == "y" else "y")


def _svg(sheet: Figure) -> str:
    import matplotlib as mpl  # noqa: PLC0415 - see _sheet

    drawn = io.StringIO()
    with mpl.rc_context(_STYLE):
        sheet.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return drawn.getvalue()
