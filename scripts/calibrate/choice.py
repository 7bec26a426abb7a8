"""Which values are best: what is missed and what is false with each, and the rule that chooses.

The rule, for each kind of intent in turn. Of all values by which no more is false than MOST_FALSE, the one that misses
least, then the one that names the fewest wrong places, then the one that looks at most: an hour of talk shows little of
what a year brings. Where none comes so low, the one by which least is false. But no value counts by which more than
MOST_LOST of the signs of danger are lost. Last, of other wordings so many are believed that most is heard, and no more
is false than without them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from scripts.benchmarks.figures import quantile, share
from scripts.benchmarks.listening import is_start
from scripts.calibrate.material import DANGER, hours
from scripts.calibrate.takes import RIVALS, Act, Take, replay
from voice_assist.events import Intent
from voice_assist.guide.episode import UNKNOWN
from voice_assist.samples import samples, seconds
from voice_assist.understand.commit import Timing
from voice_assist.understand.second_look import Doubts, Match

WORDS = (0, 1, 2, 3, 4)
"""Words up to which a start, or a sign of danger, is heard twice; to hear more twice takes too long."""

WAITS: Mapping[str, Sequence[float]] = {"stable": (0.06, 0.12, 0.2, 0.3), "settled": (0.1, 0.14, 0.2, 0.3)}
"""Seconds that a partial must stand; seconds of quiet in which what could still go on is acted on."""

MOST_LOST = 2.0
"""Percent of the signs of danger that a second look may lose: to miss one is the worst mistake there is."""

MOST_FALSE: Mapping[str, float] = {"start": 0.1, "doubt": 0.25, "alarm": 0.25}
"""Times an hour that may be taken for a start, for what is asked about quietly, for a danger. Asleep a danger is
as a rule asked about, too: of both together there may be one question in two hours."""

SOON, LATEST = 0.20, 0.45
"""Seconds from a phrase's end in which half of all, and nineteen of twenty, must be acted on."""

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What comes of all takes with certain values."""

    missed: float
    """Percent of start phrases that begin no protocol, or in the end not the right one."""
    missed_by_ratio: Mapping[float | None, float]
    """The same in quiet (None) and by dB over the noise."""
    wrong: float
    """Percent that begin a protocol for another place."""
    unheard: float
    """Percent of the signs of danger of which nothing comes."""
    false: Mapping[str, float]
    """Times an hour of talk and noise that each kind of MOST_FALSE is heard."""
    median: float
    """Seconds from a phrase's end to what is done, in quiet."""
    late: float
    """The same: nineteen of twenty are sooner."""


@dataclass(frozen=True)
class Point:
    """One value and what comes of it."""

    value: float
    outcome: Outcome


@dataclass(frozen=True)
class Choice:
    """The values that were chosen, and between which."""

    timing: Timing
    doubts: Doubts
    outcome: Outcome
    before: Outcome
    """With nothing doubted, and the times as they were."""
    swept: Mapping[str, Sequence[Point]]
    """By what was changed: the names of WAITS, `vague`, `talk`, `brief`, `questions`, `alarms` and `rivals`."""


def choose(takes: Sequence[Take], match: Match, timing: Timing) -> Choice:
    """Return the best values for a model that made these takes; of `timing` only those of WAITS are chosen."""

    def outcome(at: Timing, doubts: Doubts) -> Outcome:
        return weighed([(one, replay(one, match, at, doubts)) for one in takes])

    swept: dict[str, Sequence[Point]] = {}
    doubts = Doubts()
    before = outcome(timing, doubts)
    # First the times: what talk is taken for in haste needs no second look when there is less of it.
    for name, values in WAITS.items():
        swept[name] = [Point(value, outcome(_waiting(timing, name, value), doubts)) for value in values]
        timing = _waiting(timing, name, _quickest(swept[name], seconds(getattr(timing, name))))
    heard_once = outcome(timing, doubts)

    def doubted(value: float, doubts: Doubts) -> Point:
        return Point(value, outcome(timing, doubts))

    swept["vague"] = [doubted(value, replace(doubts, vague=value)) for value in (False, True)]
    doubts = replace(doubts, vague=bool(_best(swept["vague"], "start", lambda one: one.missed).value))
    swept["talk"] = [doubted(value, replace(doubts, talk=value)) for value in (False, True)]
    doubts = replace(doubts, talk=bool(_best(swept["talk"], "start", lambda one: one.missed).value))
    swept["brief"] = [doubted(value, replace(doubts, brief=value)) for value in WORDS]
    doubts = replace(doubts, brief=int(_best(swept["brief"], "start", lambda one: one.missed).value))
    swept["questions"] = [doubted(value, replace(doubts, questions=value)) for value in (False, True)]
    doubts = replace(doubts, questions=bool(_best(swept["questions"], "doubt", lambda one: one.missed).value))
    # What it costs where others talk, though in the material nobody does; what it saves is all in talk.
    swept["alarms"] = [doubted(value, replace(doubts, talk=False, alarms=value)) for value in WORDS]
    # With no such sign in the material the shares are no numbers, and nothing is lost.
    heard = [point for point in swept["alarms"] if not point.outcome.unheard > heard_once.unheard + MOST_LOST]
    doubts = replace(doubts, alarms=int(_best(heard, "alarm", lambda one: one.unheard).value))
    swept["rivals"] = [doubted(value, replace(doubts, rivals=value)) for value in RIVALS]
    doubts = replace(doubts, rivals=_most_heard(swept["rivals"]))
    return Choice(timing, doubts, outcome(timing, doubts), before, swept)


def _waiting(timing: Timing, name: str, value: float) -> Timing:
    return replace(timing, **{name: samples(value)})


def _quickest(points: Sequence[Point], usual: float) -> float:
    """Return the time to wait that is soon enough and does least harm; what makes no difference stays as it is.

    The wrong place is the worst that haste can do; then what others said and nobody meant; then what is missed.
    """
    in_time = [point for point in points if point.outcome.median <= SOON and point.outcome.late <= LATEST]

    def harm(point: Point) -> tuple[float, ...]:
        outcome = point.outcome
        return outcome.wrong, outcome.false["start"], outcome.missed, abs(point.value - usual)

    return min(in_time or points, key=harm).value


def _most_heard(points: Sequence[Point]) -> float:
    """Return the value with which most is heard, of those that bring no more that is false than the first one does."""
    usual = points[0].outcome.false
    harmless = [
        point
        for point in points
        if all(point.outcome.false[kind] <= max(usual[kind], most) for kind, most in MOST_FALSE.items())
    ]

    def lost(point: Point) -> tuple[float, ...]:
        # With no sign of danger in the material its share is no number.
        unheard = 0.0 if math.isnan(point.outcome.unheard) else point.outcome.unheard
        return point.outcome.wrong + point.outcome.missed + unheard, point.value

    return min(harmless, key=lost).value


def _best(points: Sequence[Point], kind: str, missed: Callable[[Outcome], float]) -> Point:
    """Return the point that the rule chooses."""
    few = [point for point in points if point.outcome.false[kind] <= MOST_FALSE[kind]]
    if few:
        return min(few, key=lambda point: (missed(point.outcome), point.outcome.wrong, -point.value))
    return min(points, key=lambda point: point.outcome.false[kind])


def weighed(replayed: Sequence[tuple[Take, Sequence[Act]]]) -> Outcome:
    """Return what was missed, wrong, false and late."""
    others = [(one, acts) for one, acts in replayed if not one.piece.wanted]
    length = hours([len(one.piece.pcm) for one, _ in others])
    starts = [(one, acts) for one, acts in replayed if one.piece.wanted not in ("", DANGER)]
    dangers = [acts for one, acts in replayed if one.piece.wanted == DANGER]
    missed = [(one.piece.ratio, not _right(one, acts)) for one, acts in starts]
    quiet = [(one, acts) for one, acts in starts if one.piece.ratio is None and _right(one, acts)]
    late = [seconds(_began(acts)[-1].at - one.piece.end) for one, acts in quiet]
    heard = [_kind(act.intent) for _, acts in others for act in acts]
    return Outcome(
        missed=_percent(wrong for _, wrong in missed),
        missed_by_ratio={
            ratio: _percent(wrong for here, wrong in missed if here == ratio)
            for ratio in dict.fromkeys(ratio for ratio, _ in missed)
        },
        wrong=_percent(_elsewhere(one, acts) for one, acts in starts),
        unheard=_percent(not any(act.intent.kind == "emergency" for act in acts) for acts in dangers),
        false={kind: _count(heard, kind) / length if length else 0.0 for kind in MOST_FALSE},
        median=quantile(late, 0.5),
        late=quantile(late, 0.95),
    )


def _kind(intent: Intent) -> str:
    """Return under which of MOST_FALSE an intent counts; empty for what nobody minds asleep."""
    if intent.kind in ("emergency", "urgent"):
        return "alarm"
    if intent.kind != "start":
        return ""
    return "start" if is_start(intent) else "doubt"


def _count(heard: Sequence[str], kind: str) -> int:
    return sum(one == kind for one in heard)


def _percent(found: Iterable[bool]) -> float:
    listed = list(found)
    return share(sum(listed), len(listed))


def _began(acts: Sequence[Act]) -> list[Act]:
    return [act for act in acts if _kind(act.intent) == "start"]


def _right(one: Take, acts: Sequence[Act]) -> bool:
    began = _began(acts)
    return bool(began) and began[-1].intent.slots.get("place", UNKNOWN) == one.piece.wanted


def _elsewhere(one: Take, acts: Sequence[Act]) -> bool:
    places = {act.intent.slots.get("place", UNKNOWN) for act in _began(acts)}
    return not places <= {one.piece.wanted, UNKNOWN}
