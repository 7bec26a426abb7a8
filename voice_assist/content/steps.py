"""Read spoken lines and steps: the small language in which routines and protocols are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from voice_assist.content.sheet import Cell
from voice_assist.guide.protocol import Ask, Breathe, Goto, Hold, Loop, Part, Rest, Run, Say, Step
from voice_assist.samples import samples, whole_blocks

STEPS: Mapping[str, tuple[str, ...]] = {
    "say": ("pause", "lasts"),
    "hold": ("count", "midway"),
    "rest": (),
    "breathe": (),
    "ask": (),
    "part": (),
    "run": (),
    "goto": (),
    "loop": ("times",),
}
"""What a step can do, and the fields it may have besides."""

COUNTS = ("auto", "full", "short", "none")


@dataclass(frozen=True)
class Wording:
    """The pack's rules for spoken lines, and what stands for a placeholder such as {emergency}."""

    fills: Mapping[str, str]
    banned: tuple[str, ...] = ()
    words: int = 9
    """Most words in a sentence (delivery.md section 8)."""

    def line(self, cell: Cell, what: str) -> str:
        """Return a spoken line with its placeholders filled; a line that breaks a rule is a fault."""
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
        return text.format_map(dict(self.fills)) if self.fills else text


@dataclass
class Names:
    """Names that the pack uses, to be checked once everything is read."""

    used: list[tuple[str, str, Cell]] = field(default_factory=list)

    def use(self, cell: Cell | None, kind: str) -> str:
        """Return the name of a routine, question, part or place, and remember that it must exist."""
        if cell is None:
            return ""
        name = cell.text(f"the name of a {kind}")
        if name:
            self.used.append((kind, name, cell))
        return name

    def check(self, known: Mapping[str, Iterable[str]]) -> None:
        """Note every name that stands for nothing: found at load, not at night."""
        for kind, name, cell in self.used:
            if name not in known[kind]:
                cell.fault(f"there is no {kind} '{name}'; known are {', '.join(sorted(known[kind])) or 'none'}")


def length(cell: Cell | None) -> int | None:
    """Return a duration in seconds as samples, in whole blocks; None where the field is absent."""
    return None if cell is None else whole_blocks(samples(cell.number("a duration in seconds", 0, 600)))


class StepReader:
    """Reads steps by the pack's wording, noting the names they use."""

    def __init__(self, wording: Wording, names: Names) -> None:
        self.wording = wording
        self.names = names

    def steps(self, cell: Cell, what: str) -> tuple[Step, ...]:
        """Read a list of steps; those with faults are left out."""
        return tuple(step for item in cell.items(f"the steps of {what}") if (step := self._step(item)) is not None)

    def _step(self, cell: Cell) -> Step | None:
        kinds = [name for name in cell.fields("a step") if name in STEPS]
        if len(kinds) != 1:
            given = ", ".join(cell.fields("a step")) or "nothing"
            cell.fault(f"a step does exactly one of {', '.join(STEPS)}; this one has {given}")
            return None
        fields = cell.form(f"the step '{kinds[0]}'", (kinds[0],), STEPS[kinds[0]])
        return self._do(kinds[0], fields[kinds[0]], fields)

    def _do(self, kind: str, value: Cell, fields: Mapping[str, Cell]) -> Step:
        if kind == "say":
            return Say(
                self.wording.line(value, "a line"), length(fields.get("pause")), length(fields.get("lasts")) or 0
            )
        if kind == "hold":
            return self._hold(value, fields)
        if kind == "rest":
            return Rest(length(value) or 0)
        if kind == "breathe":
            return Breathe(int(value.number("breathe", 1, 30)))
        return self._call(kind, value, fields)

    def _call(self, kind: str, value: Cell, fields: Mapping[str, Cell]) -> Step:
        if kind == "loop":
            times = int(fields["times"].number("times", 1)) if "times" in fields else None
            return Loop(self.steps(value, "a loop"), times)
        if kind == "ask":
            return Ask(self.names.use(value, "question"))
        if kind == "part":
            return Part(self.names.use(value, "part"))
        return (Run if kind == "run" else Goto)(self.names.use(value, "routine"))

    def _hold(self, cell: Cell, fields: Mapping[str, Cell]) -> Hold:
        count = fields["count"].text("count") if "count" in fields else "auto"
        if count not in COUNTS:
            fields["count"].fault(f"count is '{count}'; it is one of {', '.join(COUNTS)}")
        midway = self.wording.line(fields["midway"], "midway") if "midway" in fields else ""
        return Hold(int(cell.number("hold", 1, 120)), count, midway)
