"""What is wrong with the assistant itself, and what of it nobody was told yet.

It has two parts, and each is replaced as a whole: what the last check found, and which devices are lost now. Beside
them stands what is due to be asked or told once of the person's cramps: it comes as news does, and is no fault of ours.
"""

from __future__ import annotations

from collections.abc import Iterable

STANDS = "stands "
"""What the fact of a trouble begins with."""

NEWS = "news "
"""What the fact of a trouble begins with that nobody was told of."""


class Standing:
    """Troubles by the pack's names for them: those of its check.yaml, and those of its notices.yaml."""

    def __init__(self) -> None:
        self._found: frozenset[str] = frozenset()
        self._lost: frozenset[str] = frozenset()
        self._untold: frozenset[str] = frozenset()
        self._due: frozenset[str] = frozenset()
        self._telling = False
        self._reported = False
        self.quiet = False
        """True in quiet hours: then nothing is told unasked."""
        self.night = False
        """True at night: then what is news waits for the day."""

    @property
    def facts(self) -> frozenset[str]:
        """Every trouble as a fact, and those that are news as another."""
        return frozenset({*(f"{STANDS}{name}" for name in self._all), *(f"{NEWS}{name}" for name in self._news)})

    @property
    def pressing(self) -> bool:
        """True where there is something to tell, and it may be told."""
        return bool(self._news) and not (self._telling or self.quiet or self.night)

    def found(self, troubles: Iterable[str], untold: Iterable[str] = ()) -> None:
        """Take in what a check found, in place of what the last one did; of `untold` nobody has been told."""
        self._found = frozenset(troubles)
        self._untold = (self._untold & self._lost) | frozenset(untold)

    def lack(self, devices: Iterable[str]) -> None:
        """Take in which devices are lost now, in place of those that were."""
        self._lost = frozenset(devices)
        self._untold = self._unheard

    def defer(self, device: str) -> None:
        """Take in that the loss of a device was not told in quiet hours: it is news, as long as it lasts."""
        self._untold |= {device}

    def remind(self, names: Iterable[str]) -> None:
        """Take in what is due to be asked or told once, in place of what was."""
        self._due = frozenset(names)

    def tell(self) -> None:
        """Take note that all news is being told; it is, once the episode is over."""
        self._telling = True

    def report(self) -> None:
        """Take note that all that is wrong is being told to somebody who asked: it is no news any more."""
        self._reported = True

    def over(self) -> None:
        """Take note that an episode is over: what was told in it is no news any more."""
        if self._telling or self._reported:
            self._untold = frozenset()
        if self._telling:
            self._due = frozenset()
        self._telling = self._reported = False

    @property
    def _all(self) -> frozenset[str]:
        return self._found | self._lost

    @property
    def _news(self) -> frozenset[str]:
        return self._due if self._reported else self._due | self._unheard

    @property
    def _unheard(self) -> frozenset[str]:
        return self._untold & self._all
