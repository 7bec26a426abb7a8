"""What the tests of the diary share: the pack that ships, and a clock that is set."""

from __future__ import annotations

import datetime as dt

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

ZONE = dt.timezone(dt.timedelta(hours=1))


class Clock:
    """A clock on the wall that stands still until it is set."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture(scope="session")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.fixture
def clock() -> Clock:
    return Clock(dt.datetime(2026, 11, 27, 3, 12, tzinfo=ZONE))
