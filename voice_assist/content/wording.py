"""The pack's rules for spoken lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voice_assist.content.fills import filled
from voice_assist.content.sheet import Cell


@dataclass(frozen=True)
class Wording:
    """The pack's rules for spoken lines, and what stands for a placeholder such as {emergency}."""

    fills: Mapping[str, str]
    banned: tuple[str, ...] = ()
    words: int = 9
    """Most words in a sentence (delivery.md section 8)."""

    def unit(self, cell: Cell, what: str, lines: Iterable[str], because: str = "") -> None:
        """Check lines that are heard together."""
        del cell, what, lines, because

    def line(self, cell: Cell, what: str, *, command: bool = False, because: str = "") -> str:
        """Return a spoken line with its placeholders filled; a line that breaks a rule is a fault."""
        del command, because
        text = cell.text(what)
        unknown = [name for name in re.findall(r"\{(.*?)\}", text) if name not in self.fills]
        if unknown:
            cell.fault(f"'{text}' has the placeholder {{{unknown[0]}}}; known are {', '.join(sorted(self.fills))}")
            return ""
        for sentence in re.split(r"(?<=[.?!])\s+", text):
            if len(sentence.split()) > self.words:
                cell.fault(f"'{sentence}' has more than {self.words} words; somebody in pain takes in no more at once")
        for phrase in self.banned:
            if re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE):
                cell.fault(f"'{text}' uses the banned words '{phrase}'; say it in other words")
        return filled(text, self.fills)

    def finish(self) -> None:
        """Check what only the whole pack can tell."""


def read_wording(cell: Cell | None, fills: Mapping[str, str]) -> Wording:
    """Read the rules of a pack."""
    fields = cell.form("wording", (), ("most_words", "banned")) if cell else {}
    return Wording(
        fills,
        banned=fields["banned"].texts("banned") if "banned" in fields else (),
        words=int(fields["most_words"].number("most_words", 1)) if "most_words" in fields else 9,
    )
