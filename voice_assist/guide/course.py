"""Where we are in a protocol: a cursor over nested steps that yields one speakable step at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voice_assist.guide.protocol import (
    Ask,
    Breathe,
    Goto,
    Guide,
    Hold,
    Loop,
    Part,
    Protocol,
    Rest,
    Routine,
    Run,
    Say,
    Step,
)

Leaf = Say | Hold | Rest | Breathe | Ask | Goto
"""What a course yields: everything that takes time, asks something, or leads elsewhere."""

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


_Cursor = tuple[_Frame, ...]


class Course:
    """The steps of one episode, in the order in which they come."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._protocol: Protocol | None = None
        self._cursor: _Cursor = ()
        self._trail: list[tuple[_Cursor, Leaf]] = []
        self.root = ""
        """The routine that was begun or gone to last."""

    def begin(self, routine: str, protocol: Protocol | None = None) -> None:
        """Leave everything and stand before the first step of a routine."""
        if protocol is not None:
            self._protocol = protocol
        found = self._guide.routines[routine]
        self.root = routine
        self._cursor = (_Frame(found.steps, routine=found),)
        self._trail.clear()

    def insert(self, *steps: Step) -> None:
        """Put steps before whatever comes next."""
        self._cursor = (*self._cursor, _Frame(steps))

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
            if isinstance(step, Part | Run | Loop):
                self._cursor = (*self._cursor, self._open(step))
                continue
            self._cursor = tuple(replace(one, moved=True) for one in self._cursor)
            self._trail = [*self._trail[1 - _MEMORY :], (before, step)]
            return step
        return None

    def again(self) -> None:
        """Stand before the line that was spoken last, so that `next` yields it and what followed."""
        while self._trail:
            before, leaf = self._trail.pop()
            self._cursor = before
            if isinstance(leaf, Say | Ask):
                return

    def back(self) -> None:
        """Stand before the line that came before the last one."""
        self.again()
        self.again()

    def reaction(self, value: str) -> str:
        """Return the routine that an answer leads to here, empty if none does."""
        for frame in reversed(self._cursor):
            if frame.routine and value in frame.routine.reactions:
                return frame.routine.reactions[value]
        return self._guide.reactions.get(value, "")

    def _open(self, step: Part | Run | Loop) -> _Frame:
        if isinstance(step, Loop):
            return _Frame(step.steps, left=step.times)
        if isinstance(step, Run):
            routine = self._guide.routines[step.routine]
            return _Frame(routine.steps, routine=routine)
        parts = self._protocol.parts if self._protocol else {}
        return _Frame(parts.get(step.name, ()))

    @staticmethod
    def _close(cursor: _Cursor) -> _Cursor:
        """End a pass: begin the next one, or go back to what surrounds it."""
        frame = cursor[-1]
        left = None if frame.left is None else frame.left - 1
        if left == 0 or not frame.moved:
            return cursor[:-1]
        return (*cursor[:-1], replace(frame, index=0, left=left, moved=False))
