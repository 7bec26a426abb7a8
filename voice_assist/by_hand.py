"""What is done by hand while it listens: lines that are typed, a key, a switch, an order from elsewhere, claps.

Nothing here needs a voice. A switch for people with disabilities acts as a keyboard: one press of Enter is all it
takes.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import IO

from voice_assist.content import Pack
from voice_assist.devices.keyboard import Console, Lines
from voice_assist.duty.call_button import CallButton
from voice_assist.errors import DeviceError
from voice_assist.events import Intent
from voice_assist.guide.episode import UNKNOWN
from voice_assist.guide.transitions import ASLEEP, DOUBTING
from voice_assist.hear.clap import Claps
from voice_assist.samples import Samples, samples
from voice_assist.session import Session

CRAMP, STOP, PRESS = "cramp", "stop", "press"
"""The orders: a cramp, with a place after it if one is known; silence; one press of the only switch there is."""

APART = samples(2.0)
"""Samples in which no other press must have come before one that counts: a hand that trembles or hammers, and a key
that repeats, press once."""

LOOK = samples(0.1)
"""Samples between two looks for an order from elsewhere."""

Tell = Callable[[str], None]


class ByHand:
    """Looks, as sound goes by, for what was typed and pressed, and has the session do it."""

    def __init__(
        self, session: Session, pack: Pack, tell: Tell, *, keys: Lines | None = None, button: CallButton | None = None
    ) -> None:
        """Take who does it, its subject, who is told what no longer works, the keyboard, and the call button."""
        self._session, self._pack, self._tell = session, pack, tell
        self._keys, self._button = keys, button
        self._pressed: int | None = None
        self._until_look = 0

    def passed(self, count: int) -> None:
        """Take note that `count` samples went by."""
        self._read_keys()
        self._until_look -= count
        if self._button is not None and self._until_look <= 0:
            self._until_look = LOOK
            if order := self._button.order():
                self._obey(order)

    def press(self) -> None:
        """Take in a press of the only switch there is: it begins, or ends what goes on."""
        now, before = self._session.now, self._pressed
        self._pressed = now
        if before is not None and now - before < APART:
            return
        sleeps = self._session.state in (ASLEEP.value, DOUBTING.value)
        self._session.act(self._begin(UNKNOWN) if sleeps else _stop())

    def _read_keys(self) -> None:
        """Take in the lines that were typed since; an empty one is a press."""
        while self._keys is not None:
            try:
                line = self._keys.wait(0)
            except EOFError:
                self._keys = None
                self._tell("No more is read from the keyboard; the voice is still heard.")
                return
            except DeviceError as fault:
                self._session.trouble(str(fault))
                continue
            if line is None:
                return
            if text := line.strip():
                self._session.type(text)
            else:
                self.press()

    def _obey(self, order: str) -> None:
        what, _, place = order.partition(" ")
        if what == STOP:
            self._session.act(_stop())
        elif what == PRESS:
            self.press()
        elif what == CRAMP:
            if place and place not in self._pack.guide.protocols:
                # Asked for in need: it helps all the same, and asks where it is.
                self._session.trouble(f"'{place}' has no protocol; it begins without a place")
                place = ""
            self._session.act(self._begin(place or UNKNOWN))
        else:
            self._session.trouble("an order from elsewhere is not one that is known; use: voice-assist cramp")

    def _begin(self, place: str) -> Intent:
        return Intent(self._pack.start, "start", {"place": place}, vague=place == UNKNOWN)


class ClapCall:
    """Has the session ask quietly for a cramp where somebody claps twice; claps again are the yes to it."""

    def __init__(self, session: Session, pack: Pack) -> None:
        """Take who asks, and its subject."""
        self._session = session
        # As a bare word: it begins nothing, asks once a night, and silence answers it.
        self._doubt = Intent(pack.start, "start", {"place": UNKNOWN, "doubt": "yes"}, vague=True)
        self._claps = Claps()

    def heard(self, pcm: Samples, spoken: Samples) -> None:
        """Take in a block of the microphone, and what was spoken in it."""
        clapped = self._claps.push(pcm, ours=bool(spoken.any()))
        if clapped and self._session.state in (ASLEEP.value, DOUBTING.value):
            self._session.act(self._doubt)


def keyboard_of(stream: IO[str]) -> Console | None:
    """Return the keyboard of a terminal; None where there is none: a service has no keys, and a pipe is no keyboard."""
    if not stream.isatty():
        return None
    if hasattr(signal, "SIGTTIN"):
        # In the background of a shell whoever reads the keyboard is stopped; listening must go on.
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    return Console(stream)


def _stop() -> Intent:
    return Intent("control", "control", {"word": "stop"})
