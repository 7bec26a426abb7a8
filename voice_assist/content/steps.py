"""Read spoken lines and steps: the small language in which routines and protocols are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from voice_assist.content.sheet import Cell
from voice_assist.content.wording import Wording
from voice_assist.errors import did_you_mean
from voice_assist.guide.facts import plain
from voice_assist.guide.protocol import (
    ERRANDS,
    Ask,
    Breathe,
    Do,
    Goto,
    Hold,
    Learn,
    Leave,
    Loop,
    Only,
    Part,
    Rest,
    Run,
    Say,
    Step,
    Timer,
    spoken,
)
from voice_assist.samples import samples, whole_blocks

STEPS: Mapping[str, tuple[str, ...]] = {
    "say": ("short", "pause", "lasts", "because"),
    "hold": ("count", "midway"),
    "rest": (),
    "timer": ("midway",),
    "breathe": (),
    "ask": (),
    "do": (),
    "part": (),
    "run": (),
    "goto": (),
    "loop": ("times",),
    "leave": (),
    "learn": (),
}
"""What a step can do, and the fields it may have besides."""

_ANY_STEP = ("from", "when", "unless")
"""Fields that every step may have: where it comes from, and when it is taken."""

LONGEST = 3600
"""Seconds that a step may last."""

COUNTS = ("auto", "full", "short", "none")


@dataclass
class Names:
    """Names that the pack uses, to be checked once everything is read."""

    used: list[tuple[str, str, Cell]] = field(default_factory=list)
    learned: set[str] = field(default_factory=set)
    """Facts that some answer tells."""
    claims: dict[str, list[Cell]] = field(default_factory=dict)
    """Id of a source, or of an item of one, to the lines that carry it."""
    cited: dict[str, list[Cell]] = field(default_factory=dict)
    """The same, for what a whole routine or protocol rests on."""

    def use(self, cell: Cell | None, kind: str) -> str:
        """Return the name of a routine, question, part or place, and remember that it must exist."""
        if cell is None:
            return ""
        name = cell.text(f"the name of a {kind}")
        if name:
            self.used.append((kind, name, cell))
        return name

    def facts(self, cell: Cell | None, what: str, *, learned: bool = False) -> tuple[str, ...]:
        """Return a list of facts, and remember that each must be one that can be known, or that it is learned."""
        items = cell.items(what) if cell else []
        found = [(item, item.text("a fact")) for item in items]
        if learned:
            self.learned |= {plain(fact) for _, fact in found}
        else:
            self.used += [("fact", plain(fact), item) for item, fact in found if fact]
        return tuple(fact for _, fact in found if fact)

    def sources(self, cell: Cell | None, *, claim: bool = True) -> tuple[str, ...]:
        """Return a list of ids of sources, and remember that this line carries them, or only rests on them."""
        items = cell.items("from") if cell else []
        found = [(item, item.text("an id of a source")) for item in items]
        for item, name in found:
            (self.claims if claim else self.cited).setdefault(name, []).append(item)
        return tuple(name for _, name in found if name)

    def check(self, known: Mapping[str, Iterable[str]]) -> None:
        """Note every name that stands for nothing: found at load, not at night."""
        for kind, name, cell in self.used:
            if kind in known and name not in known[kind]:
                names = sorted(known[kind])
                meant = did_you_mean(name, names) or f"known are {', '.join(names) or 'none'}"
                cell.fault(f"there is no {kind} '{name}'; {meant}")


def length(cell: Cell | None) -> int | None:
    """Return a duration in seconds as samples, in whole blocks; None where the field is absent."""
    return None if cell is None else whole_blocks(samples(cell.number("a duration in seconds", 0, LONGEST)))


@dataclass(frozen=True)
class _Manner:
    """How the lines of some steps are meant."""

    command: bool
    because: str


class StepReader:
    """Reads steps by the pack's wording, noting the names they use."""

    def __init__(self, wording: Wording, names: Names) -> None:
        self.wording = wording
        self.names = names

    def steps(self, cell: Cell, what: str, *, command: bool = False, because: str = "") -> tuple[Step, ...]:
        """Read a list of steps; those with faults are left out.

        A command's lines tell what to do. `because` is why all of them must break a rule of the wording.
        """
        found = self._steps(cell, what, _Manner(command, because))
        if command:
            self.wording.unit(cell, what, tuple(spoken(found)), because=because)
        return found

    def _steps(self, cell: Cell, what: str, manner: _Manner) -> tuple[Step, ...]:
        items = cell.items(f"the steps of {what}")
        return tuple(step for item in items if (step := self._step(item, manner)) is not None)

    def _step(self, cell: Cell, manner: _Manner) -> Step | None:
        kinds = [name for name in cell.fields("a step") if name in STEPS]
        if len(kinds) != 1:
            given = ", ".join(cell.fields("a step")) or "nothing"
            cell.fault(f"a step does exactly one of {', '.join(STEPS)}; this one has {given}")
            return None
        fields = cell.form(f"the step '{kinds[0]}'", (kinds[0],), (*STEPS[kinds[0]], *_ANY_STEP))
        sources = self.names.sources(fields.get("from"))
        step = self._do(kinds[0], fields[kinds[0]], fields, manner)
        if isinstance(step, Say) and sources:
            step = replace(step, sources=sources)
        when = self.names.facts(fields.get("when"), "when")
        unless = self.names.facts(fields.get("unless"), "unless")
        return Only(step, frozenset(when), frozenset(unless)) if when or unless else step

    def _do(self, kind: str, value: Cell, fields: Mapping[str, Cell], manner: _Manner) -> Step:
        if kind == "say":
            because = fields["because"].text("because") if "because" in fields else manner.because
            text = self.wording.line(value, "a line", command=manner.command, because=because)
            short = self._short(fields.get("short"), text, manner, because)
            return Say(text, length(fields.get("pause")), length(fields.get("lasts")) or 0, short=short)
        if kind == "loop":
            times = int(fields["times"].number("times", 1)) if "times" in fields else None
            return Loop(self._steps(value, "a loop", manner), times)
        return self._timed(kind, value, fields) or self._call(kind, value)

    def _timed(self, kind: str, value: Cell, fields: Mapping[str, Cell]) -> Step | None:
        """Read a step that takes its own time; None where it takes none."""
        if kind == "hold":
            return self._hold(value, fields)
        if kind == "timer":
            value.flag("timer")
            return Timer(self._midway(fields))
        if kind == "rest":
            return Rest(length(value) or 0)
        if kind == "breathe":
            return Breathe(int(value.number("breathe", 1, 30)))
        return None

    def _call(self, kind: str, value: Cell) -> Step:
        if kind == "leave":
            value.flag("leave")
            return Leave()
        if kind == "learn":
            return Learn(self.names.facts(value, "learn", learned=True))
        if kind == "ask":
            return Ask(self.names.use(value, "question"))
        if kind == "do":
            return Do(_errand(value))
        if kind == "part":
            return Part(self.names.use(value, "part"))
        return (Run if kind == "run" else Goto)(self.names.use(value, "routine"))

    def _hold(self, cell: Cell, fields: Mapping[str, Cell]) -> Hold:
        count = fields["count"].text("count") if "count" in fields else "auto"
        if count not in COUNTS:
            fields["count"].fault(f"count is '{count}'; it is one of {', '.join(COUNTS)}")
        return Hold(int(cell.number("hold", 1, 120)), count, self._midway(fields))

    def _midway(self, fields: Mapping[str, Cell]) -> str:
        return self.wording.line(fields["midway"], "midway", command=True) if "midway" in fields else ""

    def _short(self, cell: Cell | None, text: str, manner: _Manner, because: str) -> str:
        """Read the short form of a line: the same in fewer words, which may begin with a part of the body."""
        if cell is None:
            return ""
        short = self.wording.line(cell, "a short line", command=manner.command, because=because, brief=True)
        if short and len(short.split()) >= len(text.split()):
            cell.fault(f"'{short}' has no fewer words than '{text}'; leave it out where the line is short already")
        return short


def _errand(cell: Cell) -> str:
    name = cell.text("the name of an errand")
    if name and name not in ERRANDS:
        meant = did_you_mean(name, ERRANDS) or f"known are {', '.join(sorted(ERRANDS))}"
        cell.fault(f"there is no errand '{name}'; {meant}")
    return name
