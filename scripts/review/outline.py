"""What happens in which order: the courses of a protocol, walked on paper.

A section is one course: the one that begins, and one for each routine that an answer or a word can lead to.
Times are seconds. Lines are taken to be spoken at WORDS_A_MINUTE, so that no voice is needed; pauses, holds
and waits are exact, in the pace of somebody who sets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from scripts.review import words
from voice_assist.guide.pacing import Pace
from voice_assist.guide.protocol import (
    HELPED,
    Ask,
    Branch,
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
    Question,
    Rest,
    Routine,
    Run,
    Say,
    Span,
    Step,
    Timer,
    every,
)
from voice_assist.samples import seconds

WORDS_A_MINUTE = 145
"""The rate of the voice itself (delivery.md section 1: 140 to 150)."""

PAUSE_S = seconds(Pace().pause)

ONWARD = "carries on"
"""Where a branch leads that leads nowhere else."""

TURNS = ("ask", "goto", "note", "leave")
"""Kinds of rows at which a course may turn."""

ENDS = "Silence, then asleep."
ALARM_ENDS = "Silence. Coaching does not go on."
LOOP_ENDS = "It goes on until an answer, a word or the ten minutes end it."
TURN_ENDS = "It goes on there."
"""What is said to come after the last row of a course."""

ANSWER_S = 2.0
"""How long an answer is taken to take, where silence would not go on."""


@dataclass(frozen=True)
class Row:
    """One thing that is said, done or asked."""

    kind: str
    """say, hold, breathe, rest, ask, goto, leave or note."""
    text: str
    lasts: float = 0.0
    """Seconds, the pause after it included; a question's is what silence takes."""
    group: str = ""
    """The part or routine that it stands in."""
    clock: float | None = None
    """Seconds after the section's start if nothing is known of the person, and every question is met with silence,
    or with the first answer that carries on where silence would not; None where that course never comes here."""
    conditions: tuple[str, ...] = ()
    """In plain words; all must be met."""
    sources: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    """The loops that it stands in, outermost first."""
    question: Question | None = None
    target: str = ""
    """The routine that a `goto` leads to."""
    brief: str = ""
    """Its text for a drawing, where that is shorter."""
    own: bool = False
    """True for what the protocol itself gives."""
    usual: bool = True
    """False for what happens only if something is known: it is not on the clock's course."""
    here: tuple[str, ...] = ()
    """What may be said here and leads elsewhere than in the rest of the section, in words."""
    via: str = ""
    """The routine that it stands in, if that is the same for every place."""


@dataclass(frozen=True)
class Section:
    """A course, from its first line to its end."""

    name: str
    """The routine; for the drawing's and the script's anchors."""
    title: str
    rows: tuple[Row, ...]
    ends: str
    """What comes after the last row."""
    begins: bool = False
    """True for the course that a protocol begins with."""
    reactions: Mapping[str, str] = field(default_factory=dict)
    """Answer value or control word to the routine that it leads to anywhere in here."""

    @property
    def own(self) -> bool:
        """Tell whether anything in it is the protocol's own; if not, it is the same for every place."""
        return any(row.own for row in self.rows)


@dataclass
class _Place:
    """Where the walk is."""

    group: str = ""
    deep: bool = False
    """True below the steps of the section's own routine: what is run from there belongs to its group."""
    conditions: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    own: bool = False
    usual: bool = True
    here: tuple[str, ...] = ()
    via: str = ""


def sections(guide: Guide, protocol: Protocol) -> list[Section]:
    """Return every course that a protocol can take, short of the safety answers; the first is the beginning."""
    walk = _Walk(guide, protocol)
    first = walk.section(protocol.course, "From the first word", begin=guide.begin)
    walk.reached += [guide.relapse.routine] if guide.relapse else []
    return [first, *walk.further({protocol.course})]


def activity(guide: Guide, routine: Routine) -> list[Section]:
    """Return a course that belongs to no protocol, and those that it leads to, short of the safety answers."""
    walk = _Walk(guide, None)
    return [walk.section(routine.name, words.title(routine.name)), *walk.further({routine.name})]


def script(guide: Guide, routine: Routine) -> list[Row]:
    """Return the rows of a routine by itself: an answer, a safety answer, an activity."""
    return list(_Walk(guide, None).section(routine.name, words.title(routine.name)).rows)


def same_everywhere(guide: Guide, name: str) -> bool:
    """Tell whether a routine has nothing in it, however deep, that a protocol gives."""
    waiting, seen = [name], {name}
    while waiting:
        for step in every(guide.routines[waiting.pop()].steps):
            if isinstance(step, Part):
                return False
            if isinstance(step, Run) and step.routine not in seen:
                seen.add(step.routine)
                waiting.append(step.routine)
    return True


def blocks(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """Yield rows that belong together; what asks or leads elsewhere on the usual course stands alone."""

    def together(row: Row) -> tuple[object, ...]:
        return (id(row) if row.kind in TURNS and row.usual else None), row.group, row.via, row.loops, row.here

    for _, block in groupby(rows, key=together):
        yield tuple(block)


def branches(question: Question) -> Iterator[tuple[str, Branch]]:
    """Yield what can be answered and where it leads; silence and a muddle too."""
    yield from question.answers.items()
    yield "silence", question.silence
    yield "unclear twice", question.silence if question.unclear is None else question.unclear


def leads(branch: Branch) -> str:
    """Return where a branch leads, in words, short of the name of its routine."""
    said = f"says “{branch.say}”; " if branch.say else ""
    if branch.goto:
        return f"{said}goes to {words.title(branch.goto)}"
    if branch.place:
        to = "the place already named" if branch.place == "same" else words.human(branch.place)
        return f"{said}begins the protocol of {to}"
    ways = {branch.sleep: "ends without a word", branch.leave: "leaves this course", branch.again: "is asked again"}
    return said + ways.get(True, ONWARD)


def noted(branch: Branch) -> str:
    """Return what an answer tells for later, in words; empty if nothing."""
    return f" (noted: {'; '.join(map(words.fact, branch.learn))})" if branch.learn else ""


def spoken_for(line: str) -> float:
    """Return about how many seconds a line takes to speak."""
    return len(line.split()) * 60 / WORDS_A_MINUTE


class _Walk:
    def __init__(self, guide: Guide, protocol: Protocol | None) -> None:
        self._guide = guide
        self._protocol = protocol
        self._clock: float | None = 0.0
        self._reactions: dict[str, str] = {}
        self._known: set[str] = set()
        """Facts that the answers on the clock's course have told."""
        self.reached: list[str] = []
        """Routines that the sections walked so far lead to."""

    def further(self, seen: set[str]) -> Iterator[Section]:
        """Walk what the sections walked so far lead to, and so on; not what is in `seen`, which grows."""
        waiting, self.reached = self.reached, []
        while waiting:
            name = waiting.pop(0)
            if name not in seen and not self._guide.routines[name].alarm:
                seen.add(name)
                yield self.section(name, words.title(name))
                waiting += self.reached
                self.reached = []

    def section(self, name: str, title: str, *, begin: str = "") -> Section:
        """Walk one routine; with `begin`, another one is run before it."""
        self._clock = 0.0
        self._known = set()
        coached = self._protocol and not self._guide.routines[name].alarm
        self._reactions = dict(self._guide.reactions) if coached else {}
        rows = [*self._run(begin, _Place())] if begin else []
        rows += self._run(name, _Place())
        self.reached += self._reactions.values()
        ends = ALARM_ENDS if self._guide.routines[name].alarm else ENDS
        if rows and rows[-1].loops[-1:] == (words.times(None),):
            ends = LOOP_ENDS
        elif rows and rows[-1].kind == "goto" and rows[-1].usual:
            ends = TURN_ENDS
        return Section(name, title, tuple(rows), ends, bool(begin), dict(self._reactions))

    def _run(self, name: str, place: _Place) -> Iterator[Row]:
        routine = self._guide.routines[name]
        if name in place.running:
            yield self._at(Row("note", f"goes on with {words.title(name)}, as above"), place)
            self._clock = None
            return
        here = place.here
        if place.running:
            # Only while it runs; the section's own stand at its head.
            self.reached += routine.reactions.values()
            here += tuple(f"“{words.human(w)}” goes to {words.title(to)}" for w, to in routine.reactions.items())
        else:
            self._reactions.update(routine.reactions)
        # The first routine on the way down that is the same for every place: it is told once for all of them.
        via = place.via or (name if place.running and self._protocol and same_everywhere(self._guide, name) else "")
        running = (*place.running, name)
        inner = replace(self._into(name, place), here=here, sources=routine.sources, running=running, via=via)
        yield from self._steps(routine.steps, inner)

    @staticmethod
    def _into(name: str, place: _Place) -> _Place:
        """Return the place inside a part or routine: what the section's routine runs directly names a group."""
        return place if place.deep else replace(place, group=words.title(name), deep=bool(place.group))

    def _steps(self, steps: tuple[Step, ...], place: _Place) -> Iterator[Row]:
        for step in steps:
            # A safety answer that has no silence of its own has one of no length.
            if step != Rest(0):
                yield from self._step(step, place)

    def _step(self, step: Step, place: _Place) -> Iterator[Row]:
        if isinstance(step, Only):
            yield from self._only(step, place)
        elif isinstance(step, Loop):
            yield from self._loop(step, place)
        elif isinstance(step, Part):
            yield from self._part(step.name, place)
        elif isinstance(step, Run):
            yield from self._run(step.routine, place)
        else:
            yield self._leaf(step, place)
            if isinstance(step, Say) and step.short:
                yield self._at(Row("note", f"in short: “{step.short}”"), place)

    def _only(self, step: Only, place: _Place) -> Iterator[Row]:
        before = self._clock
        condition = words.condition(step.when, step.unless)
        taken = step.when <= self._known and not step.unless & self._known
        usual = place.usual and taken
        yield from self._step(step.step, replace(place, conditions=(*place.conditions, condition), usual=usual))
        if not taken:
            # The clock's course does not come here.
            self._clock = before

    def _loop(self, step: Loop, place: _Place) -> Iterator[Row]:
        before = self._clock
        yield from self._steps(step.steps, replace(place, loops=(*place.loops, words.times(step.times))))
        if step.times is None or before is None or self._clock is None:
            self._clock = None
        else:
            self._clock = before + (self._clock - before) * step.times

    def _part(self, name: str, place: _Place) -> Iterator[Row]:
        parts = self._protocol.parts if self._protocol else {}
        if name == HELPED:
            yield self._at(Row("note", "the move that helped the last time, else the first one"), place)
        sources = self._protocol.sources if self._protocol else ()
        inner = replace(self._into(name, place), sources=sources, own=True)
        yield from self._steps(parts.get(name, ()), inner)

    def _leaf(
        self, step: Say | Hold | Rest | Timer | Span | Breathe | Ask | Do | Goto | Leave | Learn, place: _Place
    ) -> Row:
        if isinstance(step, Ask):
            return self._ask(self._guide.questions[step.question], place)
        if isinstance(step, Goto):
            self.reached.append(step.routine)
            row = self._at(Row("goto", f"goes to {words.title(step.routine)}", target=step.routine), place)
            self._clock = None
            return row
        if isinstance(step, Do):
            return self._at(Row("note", f"the program does: {words.title(step.errand)}"), place)
        if isinstance(step, Leave):
            return self._at(Row("leave", "ends here, and goes on with what came before"), place)
        if isinstance(step, Learn):
            return self._at(Row("note", f"from here on: {', '.join(step.facts)}"), place)
        return self._at(self._spoken(step), place)

    def _spoken(self, step: Say | Hold | Rest | Timer | Span | Breathe) -> Row:
        """Return what takes its own time, whatever is answered."""
        if isinstance(step, Say):
            pause = PAUSE_S if step.pause is None else seconds(step.pause)
            lasts = max(spoken_for(step.text) + pause, seconds(step.lasts))
            return Row("say", step.text, lasts, sources=step.sources)
        if isinstance(step, Hold):
            return Row("hold", _hold(step), step.seconds, brief=f"Hold {step.seconds} s")
        if isinstance(step, Span):
            return Row("say", step.text, seconds(step.lasts))
        if isinstance(step, Timer):
            return Row("note", f"The time that was asked for, told and then counted; “{step.midway}” at the half")
        if isinstance(step, Rest):
            return Row("rest", f"Silence, {words.seconds(seconds(step.length))}", seconds(step.length))
        breath = self._guide.breath
        breaths = f"{step.cycles} slow breath{'s' if step.cycles > 1 else ''}"
        text = f"{breaths}: “{breath.line_in}” {breath.seconds_in} s, “{breath.line_out}” "
        text += f"{breath.seconds_out} s, counted upward"
        lasts = step.cycles * (breath.seconds_in + breath.seconds_out)
        return Row("breathe", text, lasts, brief=breaths)

    def _ask(self, question: Question, place: _Place) -> Row:
        once = spoken_for(question.say) + seconds(question.wait)
        silent = question.silence
        goes_on = not (silent.goto or silent.place or silent.sleep)
        lasts = once * (2 if question.reprompt else 1) if goes_on else spoken_for(question.say) + ANSWER_S
        if place.usual and not goes_on:
            onward = (branch for branch in question.answers.values() if leads(branch) == ONWARD)
            self._known.update(next(onward, silent).learn)
        self.reached += [branch.goto for _, branch in branches(question) if branch.goto]
        return self._at(Row("ask", question.say, lasts, question=question), place)

    def _at(self, row: Row, place: _Place) -> Row:
        """Put a row where the walk is, and let its time go by."""
        placed = replace(
            row,
            group=place.group,
            clock=self._clock,
            conditions=place.conditions,
            sources=row.sources or (place.sources if row.kind == "say" else ()),
            loops=place.loops,
            own=place.own,
            usual=place.usual,
            here=place.here,
            via=place.via,
        )
        if self._clock is not None:
            self._clock += row.lasts
        return placed


def _hold(step: Hold) -> str:
    counts = {
        "auto": "counted down aloud: every number the first time, later five, two, one",
        "full": "every number counted down aloud",
        "short": "counted down aloud: five, two, one",
        "none": "not counted",
    }
    midway = f"; at the half: “{step.midway}”" if step.midway else ""
    return f"Hold {step.seconds} s, {counts[step.count]}{midway}"
