"""The microphone and the loudspeaker: opened, looked after, and opened anew beside the session.

What the sound system is asked for may take seconds, or never come back. It is asked in a thread, so that the session
goes on: who is guided through a cramp hears the next sentence, whatever becomes of the microphone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from voice_assist.devices.portaudio import CLOSE_S, Kind, Loudspeaker, Microphone, listed_anew, restart
from voice_assist.errors import DeviceError

SUSPECT_S = 1.5
"""Seconds without a call from a device after which it is opened anew: a busy machine rarely makes it wait so long, and
then little is lost by it."""

FIRST_S = 6.0
"""The same in the first seconds after opening: a sound server may take two to its first block, and, for
a loudspeaker, two more to the next."""

HUNG_S = 20.0
"""Seconds that the sound system may take to open devices anew. After that only a new start of ours can help."""

LOOK_S = 15.0
"""Seconds between two looks for a device in whose place another is used; each takes a third of a second of a core."""

_OPEN: dict[Kind, Callable[[str], Microphone | Loudspeaker]] = {"microphone": Microphone, "loudspeaker": Loudspeaker}

Devices = dict[Kind, Microphone | Loudspeaker]


class Pair:
    """Both devices by name, or part of it; empty is the system's default, and later the one that it was."""

    def __init__(self, microphone: str, loudspeaker: str) -> None:
        self._names: dict[Kind, str] = {"microphone": microphone, "loudspeaker": loudspeaker}
        self._devices: Devices = {}
        self._opened: Devices = {}
        """What was opened beside us, and is not in use yet."""
        self.instead: dict[Kind, str] = {}
        """The name of a device that is used in the place of the one that is wanted, which is not there."""
        self._seen: set[Kind] = set()
        """Devices that are wanted, another is used, and they are there again."""
        self._look: threading.Thread | None = None
        self._looked = 0.0
        self._work: threading.Thread | None = None
        self._began = 0.0

    @property
    def microphone(self) -> Microphone | None:
        """The microphone, unless it is gone or just being opened."""
        device = self._devices.get("microphone")
        return device if isinstance(device, Microphone) else None

    @property
    def loudspeaker(self) -> Loudspeaker | None:
        """The loudspeaker, unless it is gone or just being opened."""
        device = self._devices.get("loudspeaker")
        return device if isinstance(device, Loudspeaker) else None

    def open(self) -> None:
        """Open both. Raises DeviceError, in one line with the cure, where one is missing; then neither is open."""
        try:
            for kind in self._names:
                self._devices[kind] = _OPEN[kind](self._names[kind])
        except BaseException:
            self.close()
            raise
        self._remember()

    def close(self) -> None:
        """Close both. Safe to call twice."""
        if self._work is not None:
            self._work.join(CLOSE_S)
        for device in (*self._devices.values(), *self._opened.values()):
            device.close()
        self._devices, self._opened = {}, {}

    def absent(self, kind: Kind) -> bool:
        """Tell whether a device is not open, or has ended by itself."""
        device = self._devices.get(kind)
        return device is None or not device.active

    def still(self, kind: Kind, since: float) -> bool:
        """Tell whether a device has not called for too long, counted from `since` (time.monotonic) at the earliest."""
        device = self._devices.get(kind)
        if device is None:
            return False
        now = time.monotonic()
        return now - max(device.beat, since) > (SUSPECT_S if now - device.opened > FIRST_S else FIRST_S)

    def works(self, kind: Kind) -> bool:
        """Tell whether a device is open and has called."""
        device = self._devices.get(kind)
        return device is not None and device.started

    @property
    def mending(self) -> bool:
        """True while devices are opened beside us. Raises DeviceError where the sound system does not come back."""
        if self._work is None:
            return False
        if self._work.is_alive():
            if time.monotonic() - self._began > HUNG_S:
                raise DeviceError("the computer's sound system does not answer; start again")
            return True
        self._work = None
        self._devices |= self._opened
        self._opened = {}
        self._remember()
        return False

    def _remember(self) -> None:
        """Prefer from now on what the system's default was, and note what is not as it is preferred."""
        self.instead = {}
        for kind, device in self._devices.items():
            self._names[kind] = self._names[kind] or device.name
            if self._names[kind].casefold() not in device.name.casefold():
                self.instead[kind] = device.name

    def came_back(self) -> set[Kind]:
        """Return the kinds of which the wanted device is there again, while another is used in its place.

        PortAudio sees new devices only when it is started anew, which would cut off the one in use: another process
        looks, now and then.
        """
        self._seen &= self.instead.keys()
        idle = self._look is None or not self._look.is_alive()
        if self.instead and idle and time.monotonic() - self._looked > LOOK_S:
            self._looked = time.monotonic()
            self._look = threading.Thread(target=self._see, daemon=True)
            self._look.start()
        return self._seen

    def _see(self) -> None:
        for kind in tuple(self.instead):
            if any(self._names[kind].casefold() in name.casefold() for name in listed_anew(kind)):
                self._seen.add(kind)

    def mend(self, *kinds: Kind, anew: bool) -> None:
        """Open devices beside us; with `anew` both, by a PortAudio that sees what was plugged in meanwhile."""
        wanted = tuple(self._names) if anew else kinds
        self._seen = set()
        old = [device for kind in wanted if (device := self._devices.pop(kind, None)) is not None]
        self._began = time.monotonic()
        self._work = threading.Thread(target=self._open_beside, args=(old, wanted, anew), daemon=True)
        self._work.start()

    def _open_beside(self, old: list[Microphone | Loudspeaker], wanted: tuple[Kind, ...], anew: bool) -> None:  # noqa: FBT001 - a thread's arguments have no names
        for device in old:
            device.let_go()
        if anew:
            restart()
        for kind in wanted:
            # Rather any device than none: whoever has a cramp does not mind which it is.
            for name in dict.fromkeys((self._names[kind], "")):
                try:
                    self._opened[kind] = _OPEN[kind](name)
                    break
                except DeviceError:
                    continue  # still missing: that is told when it is gone for long
