"""The clocks outside the session: how much time goes by, which nobody can set, and the time of day, which anybody can.

The session's own clock is the samples heard. This is for what happens around it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

WallClock = Callable[[], dt.datetime]
"""Tells what time it is, by the clock on the wall. It may jump: a Raspberry Pi without a battery for its clock begins
anywhere, until a network or a person sets it."""

_COUNTS_SLEEP = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
"""What counts the time that the machine is suspended, too: clock_getres(2) of Linux, clock_gettime(3) of macOS.
`time.monotonic` leaves it out on both; on Windows it counts it (GetTickCount64, QueryPerformanceCounter)."""

_CLOCK: int | None = getattr(time, _COUNTS_SLEEP.get(sys.platform, ""), None)


def elapsed() -> float:
    """Return seconds since some moment: never set, never back, and the time counts that the machine is suspended."""
    return time.monotonic() if _CLOCK is None or sys.platform == "win32" else time.clock_gettime(_CLOCK)


def wall() -> dt.datetime:
    """Return the time of day, by the clock on the wall."""
    return dt.datetime.now().astimezone()


def zone(link: Path = Path("/etc/localtime")) -> str:
    """Return the time zone that this machine is set to, such as `Europe/London`; the same in summer and in winter.

    Where the system does not name it so, its two names for winter and summer time stand for it: `GMT/BST`.
    """
    if named := os.environ.get("TZ", "").lstrip(":"):
        return named
    try:
        target = link.readlink().as_posix()
    except OSError:
        target = ""
    _, found, name = target.partition("zoneinfo/")
    return name if found else "/".join(time.tzname)
