"""What systemd is told: that we listen, and that sound still goes through.

The watch is fed with samples, never by a timer: a program whose timer runs and whose sound stands still is dead to
somebody with a cramp. Samples that are known to be lost count: then a device is looked for. Protocol: sd_notify(3), one
datagram to a local socket whose path is in NOTIFY_SOCKET.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

from voice_assist.samples import samples

FEEDS = 3
"""How often the watch is fed in the time after which it would bite."""


class Watch:
    """Tells whoever started us, if they want to know; else it does nothing."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):  # systemd's way to write an abstract socket
            self._address = "\0" + self._address[1:]
        microseconds = int(environment.get("WATCHDOG_USEC", "0") or 0)
        self._every = samples(microseconds / 1e6) // FEEDS
        self._passed = 0

    def ready(self) -> None:
        """Tell that we listen."""
        self._tell(b"READY=1")

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by, heard or lost."""
        self._passed += count
        if self._every and self._passed >= self._every:
            self._passed = 0
            self._tell(b"WATCHDOG=1")

    def _tell(self, what: bytes) -> None:
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        # Nobody hears it: then nobody waits for it, and to stop listening would be worse.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(what, self._address)
