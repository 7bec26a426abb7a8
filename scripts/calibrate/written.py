"""What a calibration comes to: the file for the model's folder, with the figures it was chosen on, and a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure as Sheet

from scripts.calibrate.choice import MOST_FALSE, Choice, Outcome, Point
from voice_assist.models.calibration import Calibration
from voice_assist.samples import seconds

NAMES = {"start": "protocols begun", "doubt": "quiet questions", "alarm": "signs of danger"}

_COLOURS = {"start": "#0b5394", "doubt": "#b45f06", "alarm": "#741b47"}


def toml(choice: Choice, before: Calibration, basis: str) -> str:
    """Return the text of `calibration.toml`; `basis` says what it was chosen on.

    What is not chosen is taken over from `before`.
    """
    weights, timing, doubts = before.weights, choice.timing, choice.doubts
    ngram = vars(before.ngram) if before.ngram else {}
    lines = [
        f"# Chosen by scripts/calibrate on {basis}.",
        f"# {row('before', choice.before)}.",
        f"# {row('as chosen', choice.outcome)}.",
        "",
        "[grammar]  # how often each is listed",
        f"decoys = {weights.decoys}",
        f"alarms = {weights.alarms}",
        f"unknown = {weights.unknown}",
        "",
        *(["[ngram]  # a graph of our own in place of the list", *map(_value_of, ngram.items()), ""] if ngram else []),
        "[timing]  # seconds",
        *(f"{name} = {seconds(value):g}" for name, value in vars(timing).items()),
        "",
        "[doubts]  # what is believed only when it is heard twice: asleep, but for wavers",
        f"brief = {doubts.brief}  # starts of so many words or fewer, and places alone",
        f"vague = {str(doubts.vague).lower()}  # starts that name no place",
        f"talk = {str(doubts.talk).lower()}  # any start soon after an utterance that meant nothing",
        f"rivals = {doubts.rivals:g}  # wordings less likely by so much, where the likeliest means nothing",
        f"questions = {str(doubts.questions).lower()}",
        f"alarms = {doubts.alarms}  # of danger, only asked about, told in so few words; with talk only amid talk",
        f"wavers = {doubts.wavers}  # places named after another, or after so many words taken back",
    ]
    return "\n".join(lines) + "\n"


def _value_of(named: tuple[str, float]) -> str:
    name, value = named
    return f"{name} = {value:g}"


def table(choice: Choice) -> list[str]:
    """Return the figures as plain lines: before, as chosen, and each value that was tried."""
    lines = [row("before", choice.before), row("as chosen", choice.outcome)]
    for name, points in choice.swept.items():
        lines += [row(f"{name} = {point.value:g}", point.outcome) for point in points]
    return lines


def row(name: str, outcome: Outcome) -> str:
    """Return one line of figures."""
    by_ratio = " / ".join(f"{missed:.1f}" for missed in outcome.missed_by_ratio.values())
    ratios = " / ".join("quiet" if ratio is None else f"{ratio:g} dB" for ratio in outcome.missed_by_ratio)
    false = ", ".join(f"{outcome.false[kind]:.1f} {title}" for kind, title in NAMES.items())
    return (
        f"{name}: missed {by_ratio} % ({ratios}), wrong place {outcome.wrong:.1f} %, danger unheard "
        f"{outcome.unheard:.1f} %; an hour of talk and noise: {false}; "
        f"{outcome.median:.2f} s, nineteen of twenty in {outcome.late:.2f} s"
    )


def picture(path: Path, choice: Choice) -> None:
    """Draw what is missed against what is false, for each kind of intent, as SVG."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "calibrate", "font.size": 11})
    sheet = Sheet(figsize=(12.0, 4.2), layout="constrained")
    panels: Sequence[tuple[str, str, Callable[[Outcome], float], str]] = (
        ("brief", "start", lambda one: one.missed, "starts missed, %"),
        ("questions", "doubt", lambda one: one.missed, "starts missed, %"),
        ("alarms", "alarm", lambda one: one.unheard, "signs of danger unheard, %"),
    )
    for axes, (swept, kind, missed, label) in zip(sheet.subplots(1, len(panels)), panels, strict=True):
        points = choice.swept[swept]
        axes.plot(
            [point.outcome.false[kind] for point in points],
            [missed(point.outcome) for point in points],
            marker="o",
            color=_COLOURS[kind],
        )
        for point in points:
            axes.annotate(
                _value(swept, point),
                (point.outcome.false[kind], missed(point.outcome)),
                xytext=(6, 4),
                textcoords="offset points",
            )
        axes.axvline(MOST_FALSE[kind], linestyle=":", color="#444444")
        axes.set(title=NAMES[kind], xlabel="false, an hour", ylabel=label, ylim=(0, None))
    sheet.savefig(path, format="svg", metadata={"Date": None})


def _value(swept: str, point: Point) -> str:
    if swept in ("vague", "talk", "questions"):
        return "heard twice" if point.value else "heard once"
    return f"up to {point.value:g} words"
