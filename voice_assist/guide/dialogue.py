"""The dialogue: one table from (state, event) to (state, acts), and the acts.

The machine is driven from outside by `handle` (what the person said) and `tick` (time has come). It
answers with orders: lines to speak at given samples, silence, loudness. It has no clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from voice_assist.events import Context, Intent
from voice_assist.guide import pacing
from voice_assist.guide.course import Course
from voice_assist.guide.orders import Hush, Loudness, Order, Speak
from voice_assist.guide.pacing import Length, Line, Pace
from voice_assist.guide.protocol import Ask, Branch, Breathe, Goto, Guide, Hold, Question, Rest, Run, Say
from voice_assist.guide.transitions import ALARMED, ASLEEP, TABLE, Act, Event
from voice_assist.samples import RATE, samples, whole_blocks

ANSWERING = samples(1.2)
"""A question waits at least this long after a word was last heard: slow, sleepy speakers are not cut off
(end-of-speech silence of about 1.2 s is customary: delivery.md section 5, R145)."""

MUDDLES = 2
"""So many utterances that are no answer count as an unclear answer (safety.md section 1, rule 3)."""

UNKNOWN = "unknown"
"""The place of a cramp that nobody has placed yet."""


class IllegalTransitionError(Exception):
    """An event came in a state whose row does not know it: a fault of the table, not of the user."""


@dataclass
class _Episode:
    """One cramp, from its first word to relief."""

    place: str = UNKNOWN
    began: int | None = None
    """Sample of its first word; None before it begins."""
    counted: bool = False
    """True once a hold was counted in full."""
    timed_out: bool = False


@dataclass
class _Asking:
    """The question that is open."""

    question: Question
    prompts: int = 1
    muddles: int = 0


class Dialogue:
    """Decides what is said next."""

    def __init__(self, guide: Guide, length: Length, pace: Pace | None = None) -> None:
        """Take the pack's guide and `length`, which tells how many samples a spoken line takes."""
        self.state = ASLEEP
        self.pace = pace or Pace()
        self._guide = guide
        self._length = length
        self._course = Course(guide)
        self._episode = _Episode()
        self._asking: _Asking | None = None
        self._due: int | None = None
        self._now = 0
        # Set by whatever raises an event, for the act that follows it.
        self._place = UNKNOWN
        self._target = ""
        self._value = ""
        self._orders: list[Order] = []
        self._follow: list[Event] = []

    @property
    def due(self) -> int | None:
        """Sample at which `tick` has something to do; None while nothing is awaited."""
        return min((time for time in (self._due, self._overtime()) if time is not None), default=None)

    @property
    def context(self) -> Context:
        """What an utterance is to be understood in."""
        expected = frozenset(self._asking.question.answers) if self._asking else frozenset()
        return Context(awake=self.state is not ASLEEP, expected=expected)

    def handle(self, intent: Intent, now: int) -> tuple[Order, ...]:
        """Take in what the person wants."""
        event = self._event(intent)
        return () if event is None else self._run(event, now)

    def unclear(self, now: int) -> tuple[Order, ...]:
        """Take in that the person said something which was not understood."""
        return self._run(Event.UNCLEAR, now)

    def voice_heard(self, now: int) -> None:
        """Give somebody who is speaking the time to end the sentence before silence counts."""
        if self._asking and self._due is not None:
            self._due = max(self._due, whole_blocks(now + ANSWERING))

    def tick(self, now: int) -> tuple[Order, ...]:
        """Do what is due by now; `now` never goes back."""
        orders: list[Order] = []
        while (due := self.due) is not None and due <= now:
            overtime = self._overtime()
            event = Event.DUE
            if overtime is not None and overtime <= now:
                event, self._episode.timed_out = Event.OVERTIME, True
            else:
                self._due = None
            orders += self._run(event, now)
        return tuple(orders)

    # What an intent means here

    def _event(self, intent: Intent) -> Event | None:
        slots = intent.slots
        if intent.kind in ("emergency", "urgent"):
            self._target = f"{intent.kind}.{slots.get('kind', '')}"
            said_already = self.state is ALARMED and self._course.root == self._target
            return Event.ALARM if self._target in self._guide.routines and not said_already else None
        if intent.kind == "control":
            return self._control(slots.get("word", ""))
        if intent.kind == "question":
            return self._aside(f"question.{slots.get('topic', '')}")
        if intent.kind == "answer":
            return self._answer(slots.get("value", ""))
        return self._start(slots.get("place", UNKNOWN), doubt="doubt" in slots)

    def _control(self, word: str) -> Event | None:
        if word in ("help", "wake") and self.state is ASLEEP:
            self._place = UNKNOWN
            return Event.CALLED
        if word in self._guide.asides:
            return self._aside(word)
        return _CONTROLS.get(word)

    def _aside(self, name: str) -> Event | None:
        self._target = self._guide.asides.get(name, "")
        return Event.ASIDE if self._target else None

    def _answer(self, value: str) -> Event | None:
        self._value = value
        if self.state is ALARMED:
            return Event.ACKNOWLEDGED if value == "yes" else None
        if self._asking and value in self._asking.question.answers:
            return Event.ANSWERED
        self._target = self._course.reaction(value)
        return Event.REACTED if self._target else Event.IGNORED_ANSWER

    def _start(self, place: str, *, doubt: bool) -> Event | None:
        known = self._episode
        if known.began is not None and place in (UNKNOWN, known.place) and not self._relieved():
            return None  # They say again what is being done already.
        # "It's back" or "yes, a cramp": the place that was named before still holds.
        self._place = known.place if place == UNKNOWN else place
        return Event.DOUBT if doubt else Event.BEGIN

    def _relieved(self) -> bool:
        """Tell whether the course is in the aftercare, where "cramp" means that it is back."""
        return self._course.root == self._guide.reactions.get("better")

    # The machine

    def _run(self, event: Event, now: int) -> tuple[Order, ...]:
        self._now = now
        self._follow = [event]
        while self._follow:
            current = self._follow.pop(0)
            rule = TABLE[self.state].get(current)
            if rule is None:
                raise IllegalTransitionError(f"event '{current.value}' has no entry in state '{self.state.value}'")
            self.state, acts = rule
            for act in acts:
                _ACTS[act](self)
        orders, self._orders = self._orders, []
        return tuple(orders)

    def _overtime(self) -> int | None:
        episode = self._episode
        if episode.began is None or episode.timed_out or not self._guide.clock:
            return None
        return episode.began + self._guide.clock

    def _say(self, lines: Iterable[Line], start: int) -> None:
        self._orders += [Speak(line.text, start + line.offset) for line in lines if line.text]

    # The acts

    def _hush(self) -> None:
        self._orders.append(Hush())
        self._due = None

    def _wait(self) -> None:
        self._asking = None

    def _sleep(self) -> None:
        self._episode = _Episode()
        self._course = Course(self._guide)
        self._asking = None
        self._due = None

    def _begin(self) -> None:
        first = self._episode.began is None
        if first:
            self._episode.began = self._now
        self._episode.place = self._place
        self._asking = None
        protocol = self._guide.protocols.get(self._place)
        if protocol is None:
            self._go(self._guide.untaught)
            return
        self._course.begin(protocol.course, protocol)
        if first:
            self._course.insert(Run(self._guide.begin))
        self._follow.append(Event.STEP)

    def _doubt(self) -> None:
        self._episode = _Episode(place=self._place)
        self._open(self._guide.questions[self._guide.doubt])
        self._ask()

    def _advance(self) -> None:
        self._asking = None
        step = self._course.next()
        if step is None:
            self._follow.append(Event.ENDS)
        elif isinstance(step, Goto):
            self._go(step.routine)
        elif isinstance(step, Ask):
            self._open(self._guide.questions[step.question])
            self._follow.append(Event.ASKS)
        else:
            self._due = self._now + self._perform(step)

    def _perform(self, step: Say | Hold | Rest | Breathe) -> int:
        """Speak a step and return how long it takes."""
        if isinstance(step, Say):
            self._say([Line(step.text, 0)], self._now)
            pause = self.pace.pause if step.pause is None else step.pause
            return max(whole_blocks(self._length(step.text)) + self.pace.stretch(pause), step.lasts)
        if isinstance(step, Hold):
            full = not self._episode.counted
            self._say(pacing.count(step, self._guide.numbers, self._guide.short_count, full=full), self._now)
            self._episode.counted = self._episode.counted or step.count == "auto"
            return step.seconds * RATE
        if isinstance(step, Breathe):
            lines, lasts = pacing.breathe(step, self._guide.breath, self._guide.numbers, self._length)
            self._say(lines, self._now)
            return lasts
        return self.pace.stretch(step.length)

    def _open(self, question: Question) -> None:
        self._asking = _Asking(question)

    def _ask(self) -> None:
        if self._asking:
            question = self._asking.question
            self._say([Line(question.say, 0)], self._now)
            self._due = self._now + whole_blocks(self._length(question.say)) + question.wait

    def _take_answer(self) -> None:
        if self._asking:
            self._take(self._asking.question.answers[self._value])

    def _take_silence(self) -> None:
        if self._asking is None:
            return
        if self._asking.question.reprompt and self._asking.prompts == 1:
            self._asking.prompts += 1
            self._ask()
        else:
            self._take(self._asking.question.silence)

    def _muddle(self) -> None:
        if self._asking is None:
            return
        self._asking.muddles += 1
        if self._asking.muddles >= MUDDLES and self._asking.question.unclear is not None:
            self._hush()
            self._take(self._asking.question.unclear)

    def _take(self, branch: Branch) -> None:
        """Go where a branch leads."""
        self._asking = None
        if branch.sleep:
            self._follow.append(Event.ENDS)
            return
        if branch.place:
            self._place = self._episode.place if branch.place == "same" else branch.place
            self._follow.append(Event.BEGIN)
            return
        self._course.insert(
            *([Say(branch.say)] if branch.say else []),
            *([Goto(branch.goto)] if branch.goto else []),
        )
        self._follow.append(Event.STEP)

    def _go(self, routine: str) -> None:
        """Leave everything for another routine; a safety answer changes the state too."""
        if self._guide.routines[routine].alarm:
            self._target = routine
            self._follow.append(Event.ALARM)
        else:
            self._course.begin(routine)
            self._follow.append(Event.STEP)

    def _react(self) -> None:
        self._go(self._target)

    def _alarm(self) -> None:
        self._asking = None
        self._course.begin(self._target)
        self._follow.append(Event.STEP)

    def _give_up(self) -> None:
        self._target = self._guide.overtime
        self._alarm()

    def _step_aside(self) -> None:
        self._course.again()
        self._course.insert(Run(self._target))
        self._follow.append(Event.STEP)

    def _again(self) -> None:
        self._course.again()
        self._follow.append(Event.STEP)

    def _back(self) -> None:
        self._course.back()
        self._follow.append(Event.STEP)

    def _change_sides(self) -> None:
        protocol = self._guide.protocols[self._episode.place]
        self._course.begin(protocol.course, protocol)
        self._course.insert(Run(self._guide.other_side))
        self._follow.append(Event.STEP)


_CONTROLS: Mapping[str, Event] = {
    event.value: event
    for event in (
        Event.STOP,
        Event.SLEEP,
        Event.PAUSE,
        Event.RESUME,
        Event.REPEAT,
        Event.BACK,
        Event.NEXT,
        Event.SLOWER,
        Event.FASTER,
        Event.LOUDER,
        Event.QUIETER,
        Event.OTHER_SIDE,
    )
}

# The acts are the private methods above; the table names them, so that it can be read without them.
# ruff: noqa: SLF001
_ACTS: Mapping[Act, Callable[[Dialogue], None]] = {
    Act.HUSH: Dialogue._hush,
    Act.SLEEP: Dialogue._sleep,
    Act.WAIT: Dialogue._wait,
    Act.BEGIN: Dialogue._begin,
    Act.DOUBT: Dialogue._doubt,
    Act.ADVANCE: Dialogue._advance,
    Act.ASK: Dialogue._ask,
    Act.ANSWER: Dialogue._take_answer,
    Act.SILENCE: Dialogue._take_silence,
    Act.MUDDLE: Dialogue._muddle,
    Act.REACT: Dialogue._react,
    Act.ALARM: Dialogue._alarm,
    Act.OVERTIME: Dialogue._give_up,
    Act.ASIDE: Dialogue._step_aside,
    Act.AGAIN: Dialogue._again,
    Act.BACK: Dialogue._back,
    Act.SLOWER: lambda dialogue: dialogue.pace.change(+1),
    Act.FASTER: lambda dialogue: dialogue.pace.change(-1),
    Act.LOUDER: lambda dialogue: dialogue._orders.append(Loudness(+1)),
    Act.QUIETER: lambda dialogue: dialogue._orders.append(Loudness(-1)),
    Act.OTHER_SIDE: Dialogue._change_sides,
}
