"""False starts: what it takes for a command in speech and noise that hold none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.listening import Listener, is_start, listener
from voice_assist.events import Changed, Heard, Intent, Understood
from voice_assist.guide.transitions import ALARMED
from voice_assist.samples import RATE, Samples, seconds, silence

HOUR = 3600.0
STOP = Intent("control", "control", {"word": "stop"})
SETTLE = RATE
"""Silence after a recording, so that its last utterance ends."""

KINDS = {
    "start": "protocols begun",
    "doubt": "quiet questions",
    "alarm": "safety answers",
    "other": "other intents",
}


@dataclass
class Tally:
    """What happened in so much sound."""

    heard: int = 0
    """Samples."""
    counts: Counter[str] = field(default_factory=Counter)
    """By the keys of KINDS."""
    events: list[tuple[str, str]] = field(default_factory=list)
    """What was taken for what, and where."""
    finals: list[str] = field(default_factory=list)
    """What was heard at each utterance's end, the first time."""


def kind_of(intent: Intent) -> str:
    """Return under which of KINDS an intent counts."""
    if is_start(intent):
        return "start"
    # A timer that is doubted is for somebody who is up and about: at night nothing comes of it.
    if "doubt" in intent.slots and intent.kind != "question":
        return "doubt"
    return "alarm" if intent.kind in {"emergency", "urgent"} else "other"


def measure(*, quick: bool) -> Iterator[Figure]:
    """Stream all shared speech and noise through one session each, put to sleep after every mistake."""
    with listener() as ears:
        for folder in ("speech", "noise"):
            recordings = sounds.shared_audio(folder)
            tally = streamed(ears, recordings[:: max(1, len(recordings) // 3)] if quick else recordings)
            yield from _figures(folder, tally)


def streamed(ears: Listener, recordings: Sequence[Path], most: int | None = None) -> Tally:
    """Stream recordings, `most` samples of each, through one session, put to sleep after every mistake."""
    tally = Tally()
    session = ears.session()
    for path in recordings:
        where = f"{path.parent.name}/{path.stem}"
        pcm = sounds.load(path)[:most]
        begin = session.now
        last_heard = ""
        for piece in _seconds(pcm):
            session.hear(piece)
            stopping = False
            for action in session.actions():
                place = f"{where} at {seconds(action.at - begin):.1f} s"
                if isinstance(action, Heard):
                    last_heard = action.hypothesis.text
                    tally.finals += [last_heard] * (action.hypothesis.final and not action.hypothesis.again)
                elif isinstance(action, Understood):
                    kind = kind_of(action.intent)
                    # A safety answer counts when it is given: a sign may be asked back first.
                    tally.counts[kind] += kind != "alarm"
                    slots = dict(action.intent.slots)
                    tally.events.append((place, f"'{last_heard}' taken for {action.intent.name} {slots}"))
                    stopping = stopping or kind == "start"
                elif isinstance(action, Changed) and action.after == ALARMED.value:
                    tally.counts["alarm"] += 1
                    tally.events.append((place, "a safety answer is given"))
                    stopping = True
            if stopping:
                session.act(STOP)
                session.actions()
        tally.heard += len(pcm)
    return tally


def _seconds(pcm: Samples) -> Iterator[Samples]:
    for start in range(0, len(pcm), RATE):
        yield pcm[start : start + RATE]
    yield silence(SETTLE)


def _figures(folder: str, tally: Tally) -> Iterator[Figure]:
    hours = seconds(tally.heard) / HOUR
    for kind, name in KINDS.items():
        count = tally.counts[kind]
        details = tally.events if kind == "start" else ()
        yield Figure(
            f"{name}, {folder}", count / hours, "an hour", basis=f"{count} in {60 * hours:.0f} minutes", details=details
        )
