"""The diary beside a session: it is told what happens, and the session what the diary would have said.

Nothing here waits for a disk: what touches the file runs in a thread of its own, in order, and the session takes in
what came of it with the next block. Where there is no sound to keep up with, it may run at once instead.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from voice_assist.clocks import WallClock, wall
from voice_assist.diary.keeping import Keeping, News
from voice_assist.duty.hours import LOOK
from voice_assist.events import Action, Changed, Errand, Noted, Say
from voice_assist.samples import samples, seconds

CLOSING_S = 5.0
"""Seconds for which the last writing is waited for: a disk that hangs must not keep us from ending."""

SOON = samples(2.0)
"""Samples after the errand within which the cramp begins that is practised: the edge begins it at once."""

Job = Callable[[], None]


class Told(Protocol):
    """Who is told what the diary would have said: a session."""

    def know(self, values: Mapping[str, str]) -> None:
        """Take in what stands for placeholders in lines."""
        ...

    def remind(self, names: Iterable[str]) -> None:
        """Take in what is due to be asked or told once."""
        ...


class Beside:
    """A thread that does one job after the other."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="diary", daemon=True)
        self._thread.start()

    def __call__(self, job: Job) -> None:
        """Have a job done, after those that wait."""
        self._jobs.put(job)

    def close(self) -> bool:
        """Have the last job done; False where that takes too long."""
        self._jobs.put(None)
        self._thread.join(CLOSING_S)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def at_once(job: Job) -> None:
    """Do a job now: for typing, where nobody's sound waits."""
    job()


class Practice:
    """Tells a cramp that is practised from one that is felt: it begins with the practice, and ends when we sleep."""

    def __init__(self) -> None:
        self._begun: int | None = None
        self._going = False
        self._practised: set[int] = set()

    def begins(self, at: int) -> None:
        """Take note that a cramp is about to be practised, at a sample."""
        self._begun = at

    def sleeps(self) -> None:
        """Take note that we sleep: a practice that goes on is over, one that was just begun is not."""
        self._going = False

    def holds(self, began: int) -> bool:
        """Tell whether the cramp that began at a sample is practised."""
        if self._begun is not None:
            self._going = began - self._begun <= SOON
            self._begun = None
        if self._going:
            self._practised.add(began)
        return began in self._practised


class DiaryListener:
    """Keeps the diary of a session, action by action."""

    def __init__(self, session: Told, keeping: Keeping, run: Callable[[Job], None], clock: WallClock = wall) -> None:
        """Take the session, what keeps the diary, what runs its jobs (`Beside` or `at_once`), and the clock."""
        self._session, self._keeping, self._run, self._clock = session, keeping, run, clock
        self._news: deque[News] = deque()
        self._tells: Mapping[str, str] = {}
        self._began: dict[int, dt.datetime] = {}
        self._practice = Practice()
        self._hour = ""
        self._until_look = 0
        self._look()
        self._take_in()

    def __call__(self, action: Action) -> None:
        """Take in what happened."""
        if isinstance(action, Noted):
            self._note(action)
        elif isinstance(action, Changed) and action.after == "asleep":
            self._practice.sleeps()
        elif isinstance(action, Say) and action.text in self._tells:
            name, at = self._tells[action.text], self._clock()
            self._run(lambda: self._keeping.told(name, at))
            self._refresh()
        elif isinstance(action, Errand):
            self._errand(action)
        self._take_in()

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by: with a new hour "yesterday" may be another day."""
        self._until_look -= count
        if self._until_look <= 0:
            self._look()
        self._take_in()

    def _note(self, noted: Noted) -> None:
        account, now = noted.account, self._clock()
        began = self._began.setdefault(account.began, now - dt.timedelta(seconds=seconds(noted.at - account.began)))
        if self._practice.holds(account.began):
            return
        self._run(lambda: self._keeping.noted(account, began, noted.noise))
        if account.until is not None:
            self._refresh()

    def _errand(self, errand: Errand) -> None:
        if errand.name == "begin_practice":
            self._practice.begins(errand.at)
        elif errand.name == "erase_diary":
            # What was said of the last time is not said of this one.
            self._session.know({"diary_erased": ""})
            now = self._clock()

            def erase() -> None:
                self._news.append(self._keeping.news(now, self._keeping.erase()))

            self._run(erase)

    def _look(self) -> None:
        self._until_look = LOOK
        hour = f"{self._clock():%Y-%m-%d %H}"
        if hour != self._hour:
            self._hour = hour
            self._refresh()

    def _refresh(self) -> None:
        now = self._clock()

        self._run(lambda: self._news.append(self._keeping.news(now)))

    def _take_in(self) -> None:
        while self._news:
            news = self._news.popleft()
            self._tells = news.tells
            self._session.know(news.values)
            self._session.remind(news.due)
