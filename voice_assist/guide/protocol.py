"""What a content pack says about guiding: steps, routines, questions and protocols, as plain data.

A *protocol* belongs to a place and gives its own moves (parts); a *routine* is a course of steps that
protocols share, and calls those parts by name. Durations are samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Say:
    """Speak one line, then leave a pause."""

    text: str
    pause: int | None = None
    """Silence after it; None takes the pace of the profile."""
    lasts: int = 0
    """The step takes at least this long from its first sample on, the line included."""


@dataclass(frozen=True)
class Hold:
    """A paced hold: the count is the metronome, one number a second, downward."""

    seconds: int
    count: str = "auto"
    """`full`, `short` (five, two, one), `none`, or `auto`: full the first time in an episode, then short."""
    midway: str = ""
    """A line spoken at the half."""


@dataclass(frozen=True)
class Rest:
    """Silence."""

    length: int


@dataclass(frozen=True)
class Breathe:
    """Slow breaths, counted upward: in for four, out for six."""

    cycles: int


@dataclass(frozen=True)
class Ask:
    """Put a question; silence carries on."""

    question: str


@dataclass(frozen=True)
class Part:
    """The steps that the running protocol has under this name; none where it has no such part."""

    name: str


@dataclass(frozen=True)
class Run:
    """Run a routine, then come back here."""

    routine: str


@dataclass(frozen=True)
class Goto:
    """Leave everything and run this routine instead."""

    routine: str


@dataclass(frozen=True)
class Loop:
    """Run steps several times."""

    steps: tuple[Step, ...]
    times: int | None = None
    """None means until something ends it: an answer, a word, the clock."""


Step = Say | Hold | Rest | Breathe | Ask | Part | Run | Goto | Loop


@dataclass(frozen=True)
class Routine:
    """A course of steps."""

    name: str
    steps: tuple[Step, ...]
    alarm: bool = False
    """True for emergency and urgent answers: coaching never goes on after one."""
    reactions: Mapping[str, str] = field(default_factory=dict)
    """Answer value to the routine that it leads to while this one runs; before the guide's own."""


@dataclass(frozen=True)
class Branch:
    """Where an answer leads."""

    say: str = ""
    """A line spoken first."""
    goto: str = ""
    """Routine to go to; empty goes on with the next step."""
    place: str = ""
    """Place whose protocol begins instead; `same` is the place that was named already."""
    sleep: bool = False
    """True ends the episode without a word."""


@dataclass(frozen=True)
class Question:
    """A question and what each answer, no answer, and a muddle leads to."""

    name: str
    say: str
    answers: Mapping[str, Branch]
    """Answer value, or a word of the question's own such as `front`, to its branch."""
    silence: Branch = field(default_factory=Branch)
    unclear: Branch | None = None
    """Taken after two utterances that are no answer; None takes them for silence."""
    wait: int = 64_000
    """How long to wait for an answer; four seconds (delivery.md section 5)."""
    reprompt: bool = False
    """True says the question once more before silence counts."""


@dataclass(frozen=True)
class Protocol:
    """What to do for one place or several."""

    name: str
    places: tuple[str, ...]
    course: str
    """The routine that it runs."""
    parts: Mapping[str, tuple[Step, ...]]


@dataclass(frozen=True)
class Breath:
    """How a breath is paced aloud."""

    line_in: str
    seconds_in: int
    line_out: str
    seconds_out: int


@dataclass(frozen=True)
class Guide:
    """Everything that a pack says about guiding."""

    protocols: Mapping[str, Protocol]
    """By place."""
    routines: Mapping[str, Routine]
    questions: Mapping[str, Question]
    reactions: Mapping[str, str]
    """Answer value to routine, wherever it is said while a protocol runs."""
    asides: Mapping[str, str]
    """Control word or `question.TOPIC` to a routine that is spoken, after which the step is repeated."""
    begin: str
    """Routine before a protocol's first move."""
    doubt: str
    """Question asked when one bare word was heard in the night."""
    untaught: str
    """Routine for a place that has no protocol."""
    other_side: str
    """Routine before the same moves on the other side."""
    clock: int
    """Samples from the first word of an episode to `overtime`."""
    overtime: str
    """Routine that ends an episode that takes too long."""
    numbers: tuple[str, ...]
    """Spoken numbers from one upward."""
    short_count: tuple[int, ...]
    """Which numbers a short count speaks."""
    breath: Breath

    def lines(self) -> tuple[str, ...]:
        """Return every line that can ever be spoken, each once, in a fixed order."""
        found: dict[str, None] = {}
        for routine in self.routines.values():
            found.update(dict.fromkeys(spoken(routine.steps)))
        for protocol in self.protocols.values():
            for steps in protocol.parts.values():
                found.update(dict.fromkeys(spoken(steps)))
        for question in self.questions.values():
            found[question.say] = None
            branches = [*question.answers.values(), question.silence, question.unclear]
            found.update(dict.fromkeys(branch.say for branch in branches if branch and branch.say))
        found.update(dict.fromkeys((self.breath.line_in, self.breath.line_out, *self.numbers)))
        return tuple(found)


def spoken(steps: tuple[Step, ...]) -> Iterator[str]:
    """Yield the lines of steps, those inside loops too."""
    for step in steps:
        if isinstance(step, Say):
            yield step.text
        elif isinstance(step, Hold) and step.midway:
            yield step.midway
        elif isinstance(step, Loop):
            yield from spoken(step.steps)
