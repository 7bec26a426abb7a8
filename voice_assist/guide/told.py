"""What is told at run time: placeholders in spoken lines, and their values, which come from outside beforehand."""

from __future__ import annotations

import re
from collections.abc import Mapping

TOLD = frozenset(
    {
        "call_name",
        "diary_erased",
        "diary_last",
        "diary_month",
        "diary_night",
        "diary_place",
        "diary_trend",
        "diary_week",
        "number",
        "setup_country",
        "setup_line",
        "setup_number",
    }
)
"""The placeholders that a pack's lines may have, besides those that are filled when it is loaded."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def is_told(line: str) -> bool:
    """Tell whether a line has a placeholder that is filled when it is spoken: such a line is not rendered ahead."""
    return any(name in TOLD for name in _PLACEHOLDER.findall(line))


class Told:
    """The values that are known now."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def know(self, values: Mapping[str, str]) -> None:
        """Take in values, in place of earlier ones of the same names; an empty one is none.

        Raises ValueError for a name that is not in TOLD.
        """
        if unknown := sorted(values.keys() - TOLD):
            raise ValueError(f"no placeholder is called '{unknown[0]}'; there are {', '.join(sorted(TOLD))}")
        self._values.update(values)

    def filled(self, line: str) -> str:
        """Return a line as it is spoken: empty where it holds a placeholder without a value."""
        if not is_told(line):
            return line
        names = _PLACEHOLDER.findall(line)
        if not all(self._values.get(name) for name in names):
            return ""
        return _PLACEHOLDER.sub(lambda found: self._values[found[1]], line)
