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
    sources: tuple[str, ...] = ()
    """Ids of where the line comes from."""
    short: str = ""
    """The same in the fewest words, for somebody to whom lines are kept brief; empty where it is short already."""


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
class Timer:
    """The time that somebody asked for: it is told, then counted in silence, and its last seconds aloud."""

    midway: str = ""
    """A line spoken at the half, where that is long enough."""


@dataclass(frozen=True)
class Span:
    """A piece of a timer that runs, exact to the sample; no pack writes it down."""

    text: str
    """Spoken at its first sample; may be empty."""
    lasts: int


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


ERRANDS = frozenset({"erase_diary", "erase_person", "begin_setup", "end_setup", "begin_practice", "end_practice"})
"""What a pack can have done outside the dialogue."""


@dataclass(frozen=True)
class Do:
    """Have something done outside, and go on at once."""

    errand: str
    """One of ERRANDS."""


@dataclass(frozen=True)
class Leave:
    """End the innermost routine that was run; what ran it goes on."""


@dataclass(frozen=True)
class Learn:
    """Take note of facts, as if an answer had told them."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class Only:
    """A step that is taken only where the facts allow it; see `facts.Facts`."""

    step: Step
    when: frozenset[str] = frozenset()
    """All of these must hold."""
    unless: frozenset[str] = frozenset()
    """None of these may hold."""


Step = Say | Hold | Rest | Timer | Span | Breathe | Ask | Do | Part | Run | Goto | Loop | Leave | Learn | Only


@dataclass(frozen=True)
class Routine:
    """A course of steps."""

    name: str
    steps: tuple[Step, ...]
    alarm: bool = False
    """True for emergency and urgent answers: coaching never goes on after one."""
    reactions: Mapping[str, str] = field(default_factory=dict)
    """Answer value or control word to the routine that it leads to while this one runs; before the guide's own."""
    sources: tuple[str, ...] = ()
    """Ids of where its lines come from, unless a line names its own."""


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
    leave: bool = False
    """True ends the innermost routine that was run."""
    again: bool = False
    """True asks once more, from the start."""
    learn: tuple[str, ...] = ()
    """Facts that the answer tells."""


SUSPECTED = "suspected"
"""The name of the routine that stands for the safety answer which a question is about."""

OTHERWISE = "otherwise"
"""The entry of `Guide.confirm` that holds for every emergency without one of its own."""


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
    keep: bool = False
    """True where what its answers tell holds for good, and is kept outside."""


TIERS = ("guided", "gentle", "screened", "comfort", "never")
"""How much a place may be coached, the most careful last (protocols.md section 1)."""


@dataclass(frozen=True)
class Protocol:
    """What to do for one place or several."""

    name: str
    places: tuple[str, ...]
    course: str
    """The routine that it runs."""
    parts: Mapping[str, tuple[Step, ...]]
    tier: str = TIERS[0]
    sources: tuple[str, ...] = ()
    title: str = ""
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a reviewer must know and nobody is told aloud: position, opposite muscle, forbidden moves, red flags,
    evidence."""


@dataclass(frozen=True)
class Relapse:
    """What happens when the same cramp comes back soon."""

    within: int
    """Samples after relief."""
    routine: str
    parts: tuple[str, ...]
    """Parts of a protocol that can have helped; the first is taken if none is known."""


HELPED = "helped"
"""The name of the part that stands for whichever helped the last time."""


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
    """Answer value or control word to routine, wherever it is said while a protocol runs."""
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
    activities: Mapping[str, str] = field(default_factory=dict)
    """`question.TOPIC` to a routine that is a course of its own, not for the midst of a cramp."""
    later: str = ""
    """Routine spoken where an activity is asked for in the midst of a cramp."""
    confirm: Mapping[str, str] = field(default_factory=dict)
    """`emergency.KIND`, or OTHERWISE, to the question that is asked once where the words leave a doubt."""
    relapse: Relapse | None = None
    """None where a cramp that comes back is a new one."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Id of a source to the routine that names it aloud."""
    unsourced: str = ""
    """Routine spoken where no source is known."""
    news: str = ""
    """Routine that tells what is wrong with the assistant itself, once and unasked."""
    report: str = ""
    """Routine that tells the same to whoever asks."""
    spans: Mapping[int, str] = field(default_factory=dict)
    """Seconds that a timer can run to the line that tells them."""

    def lines(self) -> tuple[str, ...]:
        """Return every line that can ever be spoken, each once, in a fixed order."""
        found: dict[str, None] = {}
        for routine in self.routines.values():
            found.update(dict.fromkeys(spoken(routine.steps, brief=True)))
        for protocol in self.protocols.values():
            for steps in protocol.parts.values():
                found.update(dict.fromkeys(spoken(steps, brief=True)))
        for question in self.questions.values():
            found[question.say] = None
            branches = [*question.answers.values(), question.silence, question.unclear]
            found.update(dict.fromkeys(branch.say for branch in branches if branch and branch.say))
        found.update(dict.fromkeys((self.breath.line_in, self.breath.line_out, *self.numbers, *self.spans.values())))
        return tuple(found)


def every(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield all steps, those inside loops and conditions too, without the loops and conditions themselves."""
    for step in steps:
        if isinstance(step, Loop):
            yield from every(step.steps)
        elif isinstance(step, Only):
            yield from every((step.step,))
        else:
            yield step


def spoken(steps: tuple[Step, ...], *, brief: bool = False) -> Iterator[str]:
    """Yield the lines of steps, those inside loops and conditions too; where `brief`, their short forms as well."""
    for step in every(steps):
        if isinstance(step, Say):
            yield step.text
            if brief and step.short:
                yield step.short
        elif isinstance(step, Hold | Timer) and step.midway:
            yield step.midway
