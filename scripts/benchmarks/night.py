"""A whole night through one session: nothing may begin, nothing may be kept, and it must cost next to nothing."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.listening import listener
from scripts.benchmarks.nights import BUSY, QUIET, Night, compose
from scripts.benchmarks.programs import memory_megabytes, processor_seconds
from scripts.benchmarks.touched import Touched, watched
from voice_assist.events import Action, Changed, Heard, Intent, Say, Trouble, Understood
from voice_assist.guide.transitions import ALARMED, ASLEEP, DOUBTING
from voice_assist.hear.child import give_back_memory
from voice_assist.samples import RATE, Samples
from voice_assist.session import Session

QUICK = 1 / 16
"""The part of a night that is measured with --quick."""

HOURS = 8
"""Parts into which a night is cut to look at the memory after the first and after the last."""

STOP = Intent("control", "control", {"word": "stop"})

FASTER = 100.0
"""Times as fast as real time the quiet night must be on one core, at least: a hundredth of it at most."""


@dataclass
class Happened:
    """What came of a night."""

    counts: Counter[str] = field(default_factory=Counter)
    """Protocols ("start"), quiet questions ("doubt"), safety answers ("alarm"), lines spoken ("line"), utterances."""
    events: list[tuple[str, str, str]] = field(default_factory=list)
    """When, what sounded, and what happened."""
    last_heard: str = ""
    """The newest hypothesis of a first hearing."""
    memory: list[float] = field(default_factory=list)
    """Megabytes of this process with its children after each hour, or what stands for one."""
    processor: float = 0.0
    """Seconds of processor that this process and its children took."""
    touched: Touched = field(default_factory=Touched)
    """What this process reached for."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Let one session hear a night of noises, and another a quiet one."""
    part = QUICK if quick else 1.0
    audio = sounds.SHARED / "audio"
    busy, quiet = compose(BUSY, audio, part), compose(QUIET, audio, part)
    with listener() as ears:
        yield from _busy_figures(busy, spend(ears, busy))
        yield from _quiet_figures(quiet, spend(ears, quiet))


class Sessions(Protocol):
    """Makes sessions: a `Listener`, or a fake."""

    def session(self) -> Session:
        """Return a new session."""
        ...


def spend(ears: Sessions, night: Night) -> Happened:
    """Let a new session hear a night; put it to sleep after every mistake."""
    happened = Happened()
    session = ears.session()
    before = processor_seconds(os.getpid())
    # The last hour ends with the night.
    hours = {night.seconds * hour // HOURS for hour in range(1, HOURS + 1)}
    with watched() as happened.touched:
        for second, pcm in enumerate(night.sound()):
            _hear(session, pcm, happened, night)
            if second + 1 in hours:
                happened.memory.append(_memory_held())
    happened.processor = processor_seconds(os.getpid()) - before
    return happened


def _hear(session: Session, pcm: Samples, happened: Happened, night: Night) -> None:
    session.hear(pcm)
    session.speak(len(pcm))
    for action in session.actions():
        what = _told(action, happened)
        if what:
            second = action.at // RATE
            clock = f"{second // 3600}:{second // 60 % 60:02d}:{second % 60:02d}"
            happened.events.append((clock, night.sounding(second), what))
    if session.state not in (ASLEEP.value, DOUBTING.value):
        session.act(STOP)
        session.actions()


def _memory_held() -> float:
    """Return megabytes of this process with its children, without what it has let go of.

    To make the night's sound leaves up to 15 MB of the heap free but not given back: more than is looked for.
    """
    give_back_memory()
    return memory_megabytes(os.getpid())


def _told(action: Action, happened: Happened) -> str:
    """Count an action, and return it in words; nothing for what is only heard."""
    counts = happened.counts
    match action:
        case Heard(hypothesis=hypothesis):
            if not hypothesis.again:
                happened.last_heard = hypothesis.text
            counts["utterance"] += hypothesis.final and not hypothesis.again
            return ""
        case Understood(intent=intent):
            return f"'{happened.last_heard}' taken for {intent.name} {dict(intent.slots)}"
        case Say(text=text):
            counts["line"] += 1
            return f"says '{text}'"
        case Changed(before=before, after=after):
            counts[_kind(before, after)] += 1
            return f"{before} becomes {after}"
        case Trouble(what=what):
            return what
    return ""


def _kind(before: str, after: str) -> str:
    """Return what a change of state counts as."""
    if after == ALARMED.value:
        return "alarm"
    if after in (ASLEEP.value, DOUBTING.value):
        return "doubt" if after == DOUBTING.value else "rest"
    return "start" if before in (ASLEEP.value, DOUBTING.value) else "course"


def _busy_figures(night: Night, happened: Happened) -> Iterator[Figure]:
    counts, touched = happened.counts, happened.touched
    basis = f"{_length(night)}, {len(night.pieces)} sounds, television included; no snores, there are no recordings"
    yield Figure("protocols begun in a night", counts["start"], "", 0.0, basis=basis, details=happened.events)
    yield Figure("quiet questions", counts["doubt"], "", 1.0, basis=f"{counts['utterance']} utterances were heard")
    yield Figure("safety answers", counts["alarm"], "", 0.0)
    yield Figure("lines spoken", counts["line"], "")
    by = "by this process, as Python's audit tells"
    yield Figure("sockets opened", len(touched.sockets), "", 0.0, basis=by, details=touched.sockets)
    yield Figure("files written", len(touched.files), "", 0.0, basis=by, details=touched.files)
    first, last = happened.memory[0], happened.memory[-1]
    yield Figure(
        f"memory, hour {HOURS} against hour 1",
        last - first,
        "MB",
        8.0,
        basis=f"{first:.0f} to {last:.0f}; an hour is {night.seconds / HOURS / 60:g} min of sound",
        details=happened.memory,
    )
    yield Figure("audio per processor", night.seconds / happened.processor, "times", basis=_cost(happened))


def _quiet_figures(night: Night, happened: Happened) -> Iterator[Figure]:
    basis = f"{_length(night)} of hiss at {sounds.ROOM:g} dBFS, {len(night.pieces)} small sounds; {_cost(happened)}"
    speed = night.seconds / happened.processor
    yield Figure("audio per processor, quiet night", speed, "times", FASTER, at_least=True, basis=basis)
    yield Figure("lines spoken, quiet night", happened.counts["line"], "", 0.0, details=happened.events)


def _length(night: Night) -> str:
    return f"{night.seconds / 3600:.2f} h"


def _cost(happened: Happened) -> str:
    return f"{happened.processor:.0f} s of processor"
