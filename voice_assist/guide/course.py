"""Where we are in a protocol: a cursor over nested steps that yields one speakable step at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voice_assist.guide.facts import BRIEF, Facts
from voice_assist.guide.protocol import (
    HELPED,
    Ask,
    Breathe,
    Do,
    Goto,
    Guide,
    Hold,
    Learn,
    Leave,
    Loop,
    Only,
    Part,
    Protocol,
    Rest,
    Routine,
    Run,
    Say,
    Span,
    Step,
    Timer,
)

Leaf = Say | Hold | Rest | Timer | Span | Breathe | Ask | Goto | Do
"""What a course yields: everything that takes time, asks something, leads elsewhere, or is done outside."""

_MEMORY = 200
"""Steps that "back" can return through: far more than anybody asks for, few enough for a night."""


@dataclass(frozen=True)
class _Frame:
    steps: tuple[Step, ...]
    index: int = 0
    left: int | None = 1
    """Passes left, this one included; None is without end."""
    routine: Routine | None = None
    moved: bool = False
    """True once this pass has yielded something: a loop over nothing must not spin."""
    aside: bool = False
    """True for what was put in between at the person's asking."""


_Cursor = tuple[_Frame, ...]


class Course:
    """The steps of one episode, in the order in which they come."""

    def __init__(self, guide: Guide, facts: Facts | None = None) -> None:
        """Take the pack's guide, and the facts that decide which steps are taken."""
        self._guide = guide
        self._facts = facts or Facts()
        self._cursor: _Cursor = ()
        self._trail: list[tuple[_Cursor, Leaf]] = []
        self.protocol: Protocol | None = None
        """The protocol whose parts are run; None where no place is coached."""
        self.root = ""
        """The routine that was begun or gone to last."""
        self.part = ""
        """The part that was run last, of those that can help."""
        self.helped = ""
        """The part that helped the last time."""
        self.cited: tuple[str, ...] = ()
        """Where the line that was yielded last comes from."""

    def begin(self, routine: str, protocol: Protocol | None = None) -> None:
        """Leave everything and stand before the first step of a routine, for a protocol or for none."""
        self.protocol = protocol
        self.part = ""
        self.goto(routine)

    def goto(self, routine: str) -> None:
        """Stand before the first step of another routine, for the same protocol."""
        self.root = routine
        self._cursor = (self._called(routine),)
        self._trail.clear()

    def insert(self, *steps: Step) -> None:
        """Put steps before whatever comes next."""
        self._cursor = (*self._cursor, _Frame(steps))

    def aside(self, routines: Iterable[str]) -> None:
        """Put routines in between, in place of an earlier aside; then the last line comes again."""
        asides = [index for index, frame in enumerate(self._cursor) if frame.aside]
        if asides:
            self._cursor = self._cursor[: asides[0]]
        else:
            self.again()
        self._cursor = (*self._cursor, _Frame(tuple(map(Run, routines)), aside=True))

    def leave(self) -> None:
        """End the innermost routine."""
        while self._cursor:
            frame = self._cursor[-1]
            self._cursor = self._cursor[:-1]
            if frame.routine:
                return

    @property
    def ending(self) -> bool:
        """True once the last step has been yielded."""
        return all(frame.index >= len(frame.steps) for frame in self._cursor)

    def settle(self) -> None:
        """Stand before the last step of the routine that was begun."""
        if self._cursor:
            frame = self._cursor[0]
            self._cursor = (replace(frame, index=max(0, len(frame.steps) - 1)),)

    def next(self) -> Leaf | None:
        """Step forward; None at the end of the course."""
        while self._cursor:
            before = self._cursor
            frame = before[-1]
            if frame.index >= len(frame.steps):
                self._cursor = self._close(before)
                continue
            step = frame.steps[frame.index]
            self._cursor = (*before[:-1], replace(frame, index=frame.index + 1))
            if isinstance(step, Only):
                if not self._facts.allow(step):
                    continue
                step = step.step
            if isinstance(step, Leave):
                self.leave()
            elif isinstance(step, Learn):
                self._facts.learn(step.facts)
            elif isinstance(step, Part | Run | Loop | Only):
                self._cursor = (*self._cursor, self._open(step))
            else:
                self._yielded(before, step)
                return self._worded(step)
        return None

    def again(self) -> None:
        """Stand before the line that was spoken last, so that `next` yields it and what followed."""
        while self._trail:
            before, leaf = self._trail.pop()
            self._cursor = before
            if isinstance(leaf, Say | Ask | Timer):
                return

    def back(self) -> None:
        """Stand before the line that came before the last one."""
        self.again()
        self.again()

    def reaction(self, word: str) -> str:
        """Return the routine that an answer or a control word leads to in what runs here, empty if none does."""
        for frame in reversed(self._cursor):
            if frame.routine and word in frame.routine.reactions:
                return frame.routine.reactions[word]
        return ""

    def _worded(self, leaf: Leaf) -> Leaf:
        brief = isinstance(leaf, Say) and leaf.short and self._facts.holds(BRIEF)
        return replace(leaf, text=leaf.short) if isinstance(leaf, Say) and brief else leaf

    def _yielded(self, before: _Cursor, leaf: Leaf) -> None:
        self._cursor = tuple(replace(one, moved=True) for one in self._cursor)
        self._trail = [*self._trail[1 - _MEMORY :], (before, leaf)]
        if isinstance(leaf, Say):
            self.cited = leaf.sources or self._sources(before) or self.cited

    def _sources(self, cursor: _Cursor) -> tuple[str, ...]:
        """Return where the innermost routine that says so has its lines from, or else the protocol."""
        for frame in reversed(cursor):
            if frame.routine and frame.routine.sources:
                return frame.routine.sources
        return self.protocol.sources if self.protocol else ()

    def _called(self, routine: str) -> _Frame:
        found = self._guide.routines[routine]
        return _Frame(found.steps, routine=found)

    def _open(self, step: Part | Run | Loop | Only) -> _Frame:
        if isinstance(step, Loop):
            return _Frame(step.steps, left=step.times)
        if isinstance(step, Run):
            return self._called(step.routine)
        if isinstance(step, Only):
            return _Frame((step,))
        return _Frame(self._steps_of(step.name))

    def _steps_of(self, part: str) -> tuple[Step, ...]:
        """Return the steps of a part of the protocol; a part that can help is remembered."""
        parts = self.protocol.parts if self.protocol else {}
        helpful = self._guide.relapse.parts if self._guide.relapse else ()
        if part == HELPED:
            part = self.helped or next(iter(helpful), "")
        if part in helpful and parts.get(part):
            self.part = part
        return parts.get(part, ())

    @staticmethod
    def _close(cursor: _Cursor) -> _Cursor:
        """End a pass: begin the next one, or go back to what surrounds it."""
        frame = cursor[-1]
        left = None if frame.left is None else frame.left - 1
        if left == 0 or not frame.moved:
            return cursor[:-1]
        return (*cursor[:-1], replace(frame, index=0, left=left, moved=False))
