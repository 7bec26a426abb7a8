"""What ends the program, told: by hand at once, and by a service in a way that can go on for months.

A service is started again whenever it ends. So that a fault that lasts neither speaks all night nor keeps the processor
busy, it is said once and never in quiet hours, and each start in a row that fails waits longer before it ends. What is
kept for that is one small file, `faults.json`; a start that listens for long enough deletes it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click

from voice_assist import config
from voice_assist.clocks import WallClock, wall
from voice_assist.config import Settings
from voice_assist.duty.aloud import say_fault
from voice_assist.duty.hours import within
from voice_assist.duty.vigil import runtime_folder
from voice_assist.errors import OnDutyError, VoiceAssistError
from voice_assist.output import complain, tell_fault
from voice_assist.samples import samples

FILE = "faults.json"

PROVEN = samples(600.0)
"""Samples that must go by before a fault counts as over: what comes back sooner is the same, and was said."""

MOST_SAID = 5
"""Different faults that are said in a row: more is one whose line changes each time."""

LONGEST_S = 300.0
"""Seconds that a start waits at most before it ends: a mended setting is tried within five minutes."""

OTHER_S = 30.0
"""Seconds that it waits where another one listens: it must be there soon after that one ends."""


@contextmanager
def faults_aloud(settings: Settings | None = None, *, service: bool = False) -> Iterator[None]:
    """Print a fault of the block, say it through the loudspeaker too, and exit.

    Without settings those are taken that can still be read. With `service` it is said as `Restarts` allows.
    """
    try:
        yield
    except VoiceAssistError as fault:
        tell_fault(fault)
        known = settings or config.salvaged()
        if service:
            Restarts().failed(fault, known)
        elif not isinstance(fault, OnDutyError):
            say_fault(fault, known)
        raise click.exceptions.Exit(fault.exit_code) from None


@dataclass(frozen=True)
class Failures:
    """What is kept from one start to the next."""

    starts: int = 0
    """How many in a row ended before they listened."""
    said: tuple[str, ...] = ()
    """SHA-256 of each printed fault that was said aloud."""


def folders() -> Sequence[Path]:
    """Return where it may be kept: with the user's data, or, where that disk takes nothing, until the next boot."""
    return config.data_folder(), runtime_folder()


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


class Restarts:
    """Keeps count of starts that failed, and of what was said of it."""

    def __init__(self, clock: WallClock = wall, wait: Callable[[float], None] = _wait) -> None:
        """Take the clock on the wall, for the quiet hours, and what waits so many seconds."""
        self._clock, self._wait = clock, wait
        self._passed = 0

    def failed(self, fault: VoiceAssistError, settings: Settings) -> None:
        """Take in the fault that ends a service: say it if it may be said, and wait."""
        if isinstance(fault, OnDutyError):
            self._wait(OTHER_S)
            return
        before = _read()
        after = replace(before, starts=before.starts + 1)
        mark = hashlib.sha256(str(fault).encode("utf-8", "replace")).hexdigest()
        news = mark not in before.said and len(before.said) < MOST_SAID
        kept = _keep(after)
        if news and not kept:
            complain("not said aloud: it would be at every start, because no folder can be written")
        elif news and not self._quiet(settings):
            # Kept first: whatever happens in the middle of it is no reason to say it again.
            _keep(replace(after, said=(*before.said, mark)))
            if not say_fault(fault, settings):
                _keep(after)
        self._wait(min(2.0 ** min(before.starts, 10), LONGEST_S) if kept else LONGEST_S)

    def listens(self) -> None:
        """Take in that this start listens."""
        before = _read()
        if before.starts:
            _keep(replace(before, starts=0))

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by; once they are enough, what was said is forgotten."""
        due = self._passed < PROVEN <= self._passed + count
        self._passed += count
        if due:
            _delete(folders())

    def _quiet(self, settings: Settings) -> bool:
        return bool(settings.quiet_hours) and within(settings.quiet_hours, f"{self._clock():%H:%M}")


def _read() -> Failures:
    """Return what is kept, of all folders together: one that takes nothing any more may hold what was."""
    found = [_read_file(folder / FILE) for folder in folders()]
    said = dict.fromkeys(mark for one in found for mark in one.said)
    return Failures(max(one.starts for one in found), tuple(said))


def _read_file(file: Path) -> Failures:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        return Failures(max(0, int(table["starts"])), tuple(map(str, table["said"])))
    except (OSError, ValueError, TypeError, KeyError):
        # Not there, or half written when the power went: nothing is known.
        return Failures()


def _keep(failures: Failures) -> bool:
    """Keep it in the first folder that takes it, and there alone; tell whether one does."""
    for number, folder in enumerate(folders()):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / FILE).write_text(json.dumps(asdict(failures)), encoding="utf-8")
            _delete(folders()[number + 1 :])
            return True
    return False


def _delete(where: Iterable[Path]) -> None:
    for folder in where:
        with suppress(OSError):
            (folder / FILE).unlink()
