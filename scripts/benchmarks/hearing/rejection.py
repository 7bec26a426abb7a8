"""Speech and noise that hold no command, through whole sessions: what is begun, what is asked, what else is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.benchmarks import mistakes, sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.hearing.engines import Engine
from scripts.benchmarks.listening import Listener
from scripts.benchmarks.mistakes import HOUR, KINDS, Tally
from voice_assist.samples import samples, seconds

BARS: Mapping[str, float] = {"start": 0.0, "doubt": 0.5}
"""By the kinds of mistakes: protocols begun, and quiet questions an hour."""

QUICK: Mapping[str, int] = {"speech": 1, "noise": 8}
"""Folders of the shared audio, and how many recordings of each a quick run hears about."""

QUICK_MOST = samples(90.0)
"""What a quick run hears of one recording."""


@dataclass(frozen=True)
class Rejected:
    """What an engine made of each kind of sound."""

    tallies: Mapping[str, Tally]
    """By the folders of the shared audio."""

    @property
    def hours(self) -> float:
        """How long it listened."""
        return sum(seconds(tally.heard) for tally in self.tallies.values()) / HOUR

    @property
    def finals(self) -> list[str]:
        """All that was heard at the end of an utterance."""
        return [text for tally in self.tallies.values() for text in tally.finals]

    def count(self, kind: str) -> int:
        """Return how often a mistake of a kind was made."""
        return sum(tally.counts[kind] for tally in self.tallies.values())


def streamed(engine: Engine, ears: Listener, *, quick: bool) -> Rejected:
    """Stream all shared speech and noise, or the engine's sample of it. Raises SkippedError without recordings."""
    tallies = {}
    for folder in QUICK:
        recordings = sounds.shared_audio(folder)
        step = max(1, len(recordings) // QUICK[folder]) if quick else engine.sample
        tallies[folder] = mistakes.streamed(ears, recordings[::step], QUICK_MOST if quick else None)
    return Rejected(tallies)


def figures(name: str, rejected: Rejected, *, bars: bool) -> Iterator[Figure]:
    """Yield the mistakes: protocols begun as a count, all others by the hour."""
    for kind, title in KINDS.items():
        count = rejected.count(kind)
        parts = ", ".join(f"{tally.counts[kind]} in {folder}" for folder, tally in rejected.tallies.items())
        events = [event for tally in rejected.tallies.values() for event in tally.events]
        starts = kind == "start"
        yield Figure(
            f"{name}: {title}, speech and noise",
            count if starts else count / rejected.hours,
            "" if starts else "an hour",
            BARS.get(kind) if bars else None,
            basis=f"{parts}; {60 * rejected.hours:.0f} minutes, asleep",
            details=events if starts else (),
        )
