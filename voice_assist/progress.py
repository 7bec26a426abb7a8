"""How far long work has come, in sparse lines: a bar that is drawn anew is read out again and again."""

from __future__ import annotations

from collections.abc import Callable


class Quarters:
    """Tells a line when a quarter, a half, and three quarters of the work are done."""

    def __init__(self, whole: int, tell: Callable[[str], None]) -> None:
        """Take how much there is to do, and who takes a line."""
        self._whole, self._tell = whole, tell
        self._told = 0

    def done(self, part: int) -> None:
        """Take note of how much is done, in all."""
        quarter = min(3, 4 * part // self._whole) if self._whole else 0
        if part < self._whole and quarter > self._told:
            self._told = quarter
            self._tell(f"{25 * quarter} percent")
