"""The account of a cramp, as it goes: where it is, what was tried, how it felt, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from voice_assist.events import Account
from voice_assist.guide.episode import UNKNOWN
from voice_assist.guide.transitions import Event

SIDES = ("left", "right")
"""The facts that tell the side, in every pack."""

FELT = frozenset({"better", "same", "worse"})
"""The answers that tell how it feels, in every pack."""

EASED, BROKEN_OFF, FALSE_START = "eased", "broken_off", "false_start"

HOW = {Event.STOP: "stopped", Event.SLEEP: "stopped", Event.NOTHING: FALSE_START}
"""How an episode ended that somebody ended. Where the course just came to its end nobody knows."""


class Accounts:
    """Keeps the account of the cramp that is coached, or was last. Its first end counts: what has eased has eased."""

    def __init__(self) -> None:
        self._now: Account | None = None
        self._told: Account | None = None
        self._closed = False

    def begin(self, now: int, place: str) -> None:
        """Take note that a cramp is told of: another one, or, while one goes on, another place of it."""
        account = self._now if self._now and self._now.until is None else Account(now)
        self._now = replace(account, place=account.place if place == UNKNOWN else place)

    def named(self, now: Iterable[str], before: Iterable[str]) -> None:
        """Take note of how it is named now, and was before: of that, the side. What was named last counts."""
        if self._now:
            self._now = replace(self._now, side=_side(now) or self._now.side or _side(before))

    def tries(self, part: str) -> None:
        """Take note of the part that is under way; empty for none."""
        if self._now and part and self._now.tried[-1:] != (part,) and self._now.until is None:
            self._now = replace(self._now, tried=(*self._now.tried, part))

    def felt(self, answer: str) -> None:
        """Take note of an answer, if it tells how the cramp feels."""
        if self._now and answer in FELT:
            self._now = replace(self._now, felt=answer)

    def end(self, how: str, now: int) -> None:
        """Take note that it is over. That there was none is believed until it has eased."""
        if self._now and (self._now.until is None or (how == FALSE_START and self._now.ended != EASED)):
            self._now = replace(self._now, ended=how, until=now)

    def close(self, how: str, now: int) -> None:
        """Take note that it is over, and that nothing more can come of it: we sleep."""
        self.end(how, now)
        self._closed = True

    def news(self) -> Account | None:
        """Return what is known, if that is more than it was the last time."""
        news = None if self._now == self._told else self._now
        self._told = self._now
        if self._closed:
            self._now, self._told, self._closed = None, None, False
        return news


def _side(facts: Iterable[str]) -> str:
    return next((side for side in SIDES if side in facts), "")
