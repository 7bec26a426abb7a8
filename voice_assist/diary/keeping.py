"""What keeps the diary, and says what is in it: everything that touches its file, in the order in which it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voice_assist.content import Pack
from voice_assist.content.diary import FOLLOW_UP
from voice_assist.diary import spoken
from voice_assist.diary.entries import Entry
from voice_assist.diary.store import BrokenDiaryError, Store, diary_file, open_or_anew
from voice_assist.diary.trend import AGAIN_DAYS, Trend, trend
from voice_assist.errors import DiaryError, RenderError
from voice_assist.events import Account
from voice_assist.guide.told import Told, is_told
from voice_assist.samples import seconds

Tell = Callable[[str], None]
"""Takes one plain line for the user."""

KEPT, TREND = "kept", "trend"
"""Under these names it is kept since when there is a diary, and when somebody was told of more or worse cramps."""

ASKED_AFTER, ASKED_WITHIN = dt.timedelta(hours=1), dt.timedelta(hours=48)
"""When after a cramp it is asked how it is: not while it still settles, and within the two days in which it is sore."""

_COACHED = frozenset({"eased", "stopped", "timed_out", ""})
"""Ends after which it is asked: who was sent to get help gets no word of cold packs."""


@dataclass(frozen=True)
class News:
    """What the diary would have said from now on."""

    values: Mapping[str, str] = field(default_factory=dict)
    """What stands for placeholders of lines."""
    due: frozenset[str] = frozenset()
    """What is to be asked or told once, by the pack's names."""
    tells: Mapping[str, str] = field(default_factory=dict)
    """A spoken line to the name of what was told once it was said."""


class Keeping:
    """Keeps entries and makes sentences of them. Not for use from two threads at once; raises nothing.

    What goes wrong with the file is told in one line, once, and everything else goes on.
    """

    def __init__(
        self,
        pack: Pack,
        tell: Tell,
        prepare: Callable[[Iterable[str]], None],
        *,
        on: bool = True,
        writes: bool = True,
        file: Path | None = None,
    ) -> None:
        """Take the pack; who takes a line of trouble; what renders lines ahead; and the file, `diary_file()` if None.

        With `on` False nothing is kept, and that is said to whoever asks. Without `writes` nothing new is kept.
        """
        self._pack, self._tell, self._prepare = pack, tell, prepare
        self._on, self._writes = on, on and writes
        self._file = file or diary_file()
        self._store: Store | None = None
        self._rows: dict[int, tuple[int, float | None]] = {}
        """The samples at which the cramps of this session began, to their row and the noise then."""
        self._complained = ""

    def noted(self, account: Account, began: dt.datetime, noise: float | None) -> None:
        """Keep what is known of a cramp, which began then by the clock on the wall."""
        if not self._writes:
            return
        row, noise = self._rows.get(account.began, (0, noise))
        entry = _entry(account, began, noise)
        try:
            store = self._opened()
            if row:
                store.change(row, entry)
            else:
                self._rows[account.began] = (store.add(entry), noise)
        except DiaryError as fault:
            self._complain(fault)

    def told(self, name: str, at: dt.datetime) -> None:
        """Keep that something was told, so that it is told once."""
        if self._writes:
            try:
                self._opened().tell(name, at)
            except DiaryError as fault:
                self._complain(fault)

    def erase(self) -> str:
        """Erase the diary; return the pack's name of what is said of that."""
        try:
            # Also where none is kept any more: there may be one of before.
            if self._file.exists():
                self._opened().erase()
        except DiaryError as fault:
            self._complain(fault)
            return "not_erased"
        return "erased"

    def news(self, now: dt.datetime, erased: str = "") -> News:
        """Return what is said from now on; `erased` is what is said of an erasing, by the pack's name."""
        lines = self._pack.diary
        if not lines.sentences:
            return News()
        try:
            found = self._news(now)
        except DiaryError as fault:
            self._complain(fault)
            found = News(spoken.instead(lines, "unreadable"))
        said = {"diary_erased": lines.said(erased)} if erased else {}
        return self._rendered(News({**found.values, **said}, found.due, found.tells))

    def close(self) -> None:
        """Close the file."""
        if self._store:
            self._store.close()
            self._store = None

    def _news(self, now: dt.datetime) -> News:
        lines = self._pack.diary
        if not self._on:
            return News(spoken.instead(lines, "off"))
        if not self._writes and not self._file.exists():
            return News(spoken.answers(spoken.Diary((), Trend.UNKNOWN, now), lines))
        store = self._opened()
        since = store.told(KEPT)
        if since is None and self._writes:
            store.tell(KEPT, now)
        entries = [entry for entry in store.entries() if not entry.false_start]
        course = trend(entries, since, now)
        values = spoken.answers(spoken.Diary(entries, course, now), lines)
        due: set[str] = set()
        tells: dict[str, str] = {}
        if course.value in lines.news:
            last = store.told(TREND)
            if last is None or now - last >= dt.timedelta(days=AGAIN_DAYS):
                due.add(course.value)
            # To have asked, and been told, is to have been told.
            tells |= dict.fromkeys((lines.news[course.value], values["diary_trend"]), TREND)
        latest = next((entry for entry in reversed(entries) if entry.began <= now), None)
        values["diary_place"] = spoken.place(latest, lines) if latest else ""
        if latest and lines.follow_up and _worth_asking(latest, now):
            asked = store.told(FOLLOW_UP)
            if asked is None or asked < latest.began:
                due.add(FOLLOW_UP)
            tells |= dict.fromkeys(self._filled({"diary_place": values["diary_place"]}), FOLLOW_UP)
        return News(values, frozenset(due), tells)

    def _filled(self, values: Mapping[str, str]) -> list[str]:
        """Return every line of the pack that holds one of these placeholders, as it is said now."""
        told = Told()
        told.know(values)
        return [text for line in self._pack.guide.lines() if is_told(line) and (text := told.filled(line))]

    def _rendered(self, news: News) -> News:
        """Have the voice know all lines before anybody asks: the asking is no moment to wait."""
        try:
            self._prepare(self._filled(news.values))
        except RenderError as fault:
            self._tell(str(fault))
            return News()
        return news

    def _opened(self) -> Store:
        if self._store is None:
            self._store, told = open_or_anew(self._file)
            if told:
                self._tell(f"{told}.")
        return self._store

    def _complain(self, fault: DiaryError) -> None:
        """Tell a fault once, until another one comes. A diary that broke is set aside when it is opened again."""
        if isinstance(fault, BrokenDiaryError):
            self.close()
            self._rows.clear()
        if str(fault) != self._complained:
            self._complained = str(fault)
            self._tell(f"{fault}; all else goes on without it.")


def _entry(account: Account, began: dt.datetime, noise: float | None) -> Entry:
    lasted = None if account.until is None else seconds(account.until - account.began)
    return Entry(began, lasted, account.place, account.side, account.tried, account.felt, account.ended, noise)


def _worth_asking(entry: Entry, now: dt.datetime) -> bool:
    ended = entry.began + dt.timedelta(seconds=entry.lasted or 0.0)
    return entry.ended in _COACHED and now - ended >= ASKED_AFTER and now - entry.began <= ASKED_WITHIN
