"""The dialogue: one table from (state, event) to (state, acts), and the acts.

The machine is driven from outside by `handle` (what the person said) and `tick` (time has come). It
answers with orders: lines to speak at given samples, silence, loudness. It has no clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from voice_assist.events import Context, Intent
from voice_assist.guide import pacing
from voice_assist.guide.asking import Asking
from voice_assist.guide.course import Course
from voice_assist.guide.episode import UNKNOWN, Episode, Relief
from voice_assist.guide.facts import ATTACK, RELAPSE, UPRIGHT, Facts
from voice_assist.guide.intake import Reading, Situation, read
from voice_assist.guide.night import Night
from voice_assist.guide.orders import Hush, Loudness, Order, Speak, Unanswered
from voice_assist.guide.pacing import Length, Line, Pace
from voice_assist.guide.protocol import (
    SUSPECTED,
    Ask,
    Branch,
    Breathe,
    Goto,
    Guide,
    Hold,
    Protocol,
    Rest,
    Run,
    Say,
    Timer,
)
from voice_assist.guide.standing import Standing
from voice_assist.guide.transitions import ALARMED, ASLEEP, TABLE, Act, Event
from voice_assist.samples import whole_blocks


class IllegalTransitionError(Exception):
    """An event came in a state whose row does not know it: a fault of the table, not of the user."""


class Dialogue:
    """Decides what is said next."""

    def __init__(
        self, guide: Guide, length: Length, pace: Pace | None = None, person: Mapping[str, bool] | None = None
    ) -> None:
        """Take the pack's guide, `length`, which tells how long a line takes, and what is known of the person."""
        self.state = ASLEEP
        self.pace = pace or Pace()
        self._guide = guide
        self._length = length
        self.standing = Standing()
        self._facts = Facts(person, self.standing)
        self._course = Course(guide, self._facts)
        self._episode = Episode()
        self._relief: Relief | None = None
        self.night = Night()
        self._asking: Asking | None = None
        self._due: int | None = None
        self._now = 0
        self._reading = Reading(Event.STEP)
        self._orders: list[Order] = []
        self._follow: list[Reading] = []

    @property
    def due(self) -> int | None:
        """Sample at which `tick` has something to do; None while nothing is awaited."""
        return min((time for time in (self._due, self._overtime()) if time is not None), default=None)

    @property
    def at_rest(self) -> bool:
        """True where nothing more is said unless somebody speaks: asleep, or silent after an alarm."""
        return self.state is ASLEEP or (self.state is ALARMED and self._course.ending)

    @property
    def context(self) -> Context:
        """What an utterance is to be understood in.

        Whoever was only asked whether there is a cramp, or an emergency, may still be a television: what counts is
        an answer, or what would count asleep.
        """
        if self._asking is None:
            return Context(awake=self.state is not ASLEEP)
        return Context(awake=not self._asking.guessed, expected=self._asking.expected)

    def handle(self, intent: Intent, now: int) -> tuple[Order, ...]:
        """Take in what the person wants."""
        question = self._asking.question if self._asking else None
        facts = self._facts
        attack, upright, relief = facts.holds(ATTACK), facts.holds(UPRIGHT), self._eased_at(UNKNOWN, now)
        here = Situation(self.state, self._episode, self._course, question, attack, facts.said, upright, relief)
        reading = read(intent, self._guide, here)
        if reading is None:
            return ()
        unasked = reading.event is Event.DOUBT and self.state is ASLEEP and not self.night.may_ask(now)
        return () if unasked else self._run(reading, now)

    def unclear(self, now: int) -> tuple[Order, ...]:
        """Take in that the person said something which was not understood."""
        return self._run(Reading(Event.UNCLEAR), now)

    def voice_heard(self, now: int) -> None:
        """Give somebody who is speaking the time to end the sentence before silence counts."""
        if self._asking and self._due is not None:
            self._due = self._asking.patience(self._due, now)

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
            orders += self._run(Reading(event), now)
        return tuple(orders)

    # The machine

    def _run(self, reading: Reading, now: int) -> tuple[Order, ...]:
        self._now = now
        self._follow = [reading]
        while self._follow:
            self._reading = self._follow.pop(0)
            event = self._reading.event
            rule = TABLE[self.state].get(event)
            if rule is None:
                raise IllegalTransitionError(f"event '{event.value}' has no entry in state '{self.state.value}'")
            self.state, acts = rule
            for act in acts:
                _ACTS[act](self)
        orders, self._orders = self._orders, []
        return tuple(orders)

    def _then(self, event: Event, *targets: str) -> None:
        self._follow.append(Reading(event, targets))

    def _overtime(self) -> int | None:
        episode = self._episode
        if episode.began is None or episode.timed_out or not self._guide.clock or not self._facts.holds(ATTACK):
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
        self.night.over(self._now, cramp=self._episode.began is not None)
        self._episode = Episode()
        self._facts.forget()
        self.standing.over()
        self._course = Course(self._guide, self._facts)
        self._asking = None
        self._due = None

    def _begin(self) -> None:
        first = self._episode.began is None
        if first:
            self._episode.began = self._now
            self.night.answered()
        # The other side of what eased just now is no relapse; it comes with its own first words.
        before = self._reading.targets
        relief = None if before else self._eased_at(self._reading.place, self._now)
        self._episode.place = relief.place if relief else self._reading.place
        self._asking = None
        # Who drives, or whose leg it is, holds on when another place is named, and when the same cramp is back.
        self._facts.hear(self._reading.facts | self._facts.said | (relief.facts if relief else frozenset()))
        protocol = self._guide.protocols.get(self._episode.place)
        self._facts.mark(ATTACK, holds=protocol is not None)
        self._facts.mark(RELAPSE, holds=relief is not None)
        if protocol is None:
            self._go(self._guide.untaught)
        elif relief and self._guide.relapse:
            self._course.begin(self._guide.relapse.routine, protocol)
            self._course.helped = relief.part
            self._then(Event.STEP)
        else:
            self._start(protocol, before[0] if before else self._guide.begin if first else "")

    def _start(self, protocol: Protocol, before: str) -> None:
        """Begin a protocol, with a routine before it."""
        self._course.begin(protocol.course, protocol)
        if before:
            self._course.insert(Run(before))
        self._then(Event.STEP)

    def _eased_at(self, place: str, now: int) -> Relief | None:
        """Return how the same cramp was eased a short while before `now`, if it was."""
        within = self._guide.relapse.within if self._guide.relapse else -1
        return self._relief if self._relief and self._relief.near(place, now, within) else None

    def _doubt(self) -> None:
        self._episode = Episode(place=self._reading.place)
        self._facts.hear(self._reading.facts)
        # Who was called for is there; who said one bare word may not be.
        guessed = self._reading.event is Event.DOUBT
        if guessed:
            self.night.asked(self._now)
        self._open(self._guide.doubt, guessed=guessed)
        self._ask()

    def _confirm(self) -> None:
        question, about = self._reading.targets
        self._open(question, guessed=not self._course.root, about=about)
        self._course.again()
        self._ask()

    def _advance(self) -> None:
        self._asking = None
        step = self._course.next()
        if step is None:
            self._end()
        elif isinstance(step, Goto):
            self._go(step.routine)
        elif isinstance(step, Ask):
            self._open(step.question)
            self._then(Event.ASKS)
        else:
            self._due = self._now + self._perform(step)

    def _end(self) -> None:
        """End the course; what is wrong with us is told before, but to nobody who had a cramp or an alarm."""
        free = self.state is not ALARMED and self._episode.began is None
        if free and self.standing.pressing and self._guide.news:
            self.standing.tell()
            self._course.insert(Run(self._guide.news))
            self._then(Event.STEP)
        else:
            self._then(Event.ENDS)

    def _perform(self, step: Say | Hold | Rest | Timer | Breathe) -> int:
        """Speak a step and return how long it takes."""
        full, asked = not self._episode.counted, self._episode.asked
        lines, lasts = pacing.perform(step, self._guide, self.pace, self._length, full=full, asked=asked)
        self._say(lines, self._now)
        self._episode.counted |= isinstance(step, Hold) and step.count == "auto"
        return lasts

    def _open(self, question: str, *, guessed: bool = False, about: str = "") -> None:
        self._asking = Asking(self._guide.questions[question], guessed=guessed, about=about)

    def _ask(self) -> None:
        if self._asking:
            line = self._asking.question.say
            self._say([Line(line, 0)], self._now)
            self._due = self._asking.put(self._now + whole_blocks(self._length(line)))

    def _take_answer(self) -> None:
        if self._asking:
            self._take(self._asking.question.answers[self._reading.value])

    def _take_silence(self) -> None:
        if self._asking is None:
            return
        branch = self._asking.silence()
        if branch is None:
            self._orders.append(Unanswered())
            self._ask()
        else:
            self._take(branch)

    def _muddle(self) -> None:
        if self._asking and (branch := self._asking.muddle()) is not None:
            self._hush()
            self._take(branch)

    def _take(self, branch: Branch) -> None:
        """Go where a branch leads."""
        asked, self._asking = self._asking, None
        self._facts.learn(branch.learn)
        if branch.sleep and self._reading.event is Event.ANSWERED:
            self._end()
        elif branch.sleep:
            self._then(Event.ENDS)
        elif branch.place:
            place = self._episode.place if branch.place == "same" else branch.place
            self._follow.append(Reading(Event.BEGIN, place=place, facts=self._facts.said))
        else:
            if branch.leave:
                self._course.leave()
            goto = asked.about if asked and branch.goto == SUSPECTED else branch.goto
            self._course.insert(
                *([Say(branch.say)] if branch.say else []),
                *([Goto(goto)] if goto else []),
                *([Ask(asked.question.name)] if branch.again and asked else []),
            )
            self._then(Event.STEP)

    def _go(self, routine: str) -> None:
        """Leave everything for another routine; a safety answer changes the state too."""
        if self._guide.routines[routine].alarm:
            self._then(Event.ALARM, routine)
            return
        if self._reading.value == _BETTER or self._guide.reactions.get(_BETTER) == routine:
            self._ease()
        self._course.goto(routine)
        self._then(Event.STEP)

    def _ease(self) -> None:
        """Take note that it eased, and by what."""
        self._relief = Relief(self._episode.place, self._course.part, self._now, self._facts.said)
        self._facts.mark(ATTACK, holds=False)

    def _react(self) -> None:
        self._go(self._reading.targets[0])

    def _alarm(self) -> None:
        self._give(self._reading.targets[0])

    def _give_up(self) -> None:
        self._give(self._guide.overtime)

    def _give(self, answer: str) -> None:
        """Give a safety answer instead of coaching."""
        self._asking = None
        self._facts.mark(ATTACK, holds=False)
        self._course.begin(answer)
        self._then(Event.STEP)

    def _settle(self) -> None:
        self._course.settle()
        self._then(Event.STEP)

    def _step_aside(self) -> None:
        self._asking = None
        if self._guide.report in self._reading.targets:
            self.standing.tell()
        self._course.aside(self._reading.targets)
        self._then(Event.STEP)

    def _take_up(self) -> None:
        self._sleep()
        self._episode.asked = self._reading.seconds
        self._course.begin(self._reading.targets[0])
        self._then(Event.STEP)

    def _again(self) -> None:
        self._course.again()
        self._then(Event.STEP)

    def _back(self) -> None:
        self._course.back()
        self._then(Event.STEP)

    def _change_sides(self) -> None:
        protocol = self._course.protocol
        if protocol is None:
            self._again()
            return
        self._facts.mark(ATTACK, holds=True)
        self._start(protocol, self._guide.other_side)


_BETTER = "better"
"""The answer that ends an attack, in every pack."""

# The acts are the private methods above; the table names them, so that it can be read without them.
# ruff: noqa: SLF001
_ACTS: Mapping[Act, Callable[[Dialogue], None]] = {
    Act.HUSH: Dialogue._hush,
    Act.SLEEP: Dialogue._sleep,
    Act.TEACH: lambda dialogue: dialogue.night.taught(),
    Act.WAIT: Dialogue._wait,
    Act.BEGIN: Dialogue._begin,
    Act.DOUBT: Dialogue._doubt,
    Act.HEAR: lambda dialogue: dialogue._facts.hear(dialogue._facts.said | dialogue._reading.facts),
    Act.ADVANCE: Dialogue._advance,
    Act.ASK: Dialogue._ask,
    Act.ANSWER: Dialogue._take_answer,
    Act.SILENCE: Dialogue._take_silence,
    Act.MUDDLE: Dialogue._muddle,
    Act.REACT: Dialogue._react,
    Act.ALARM: Dialogue._alarm,
    Act.OVERTIME: Dialogue._give_up,
    Act.CONFIRM: Dialogue._confirm,
    Act.SETTLE: Dialogue._settle,
    Act.ASIDE: Dialogue._step_aside,
    Act.ACTIVITY: Dialogue._take_up,
    Act.AGAIN: Dialogue._again,
    Act.BACK: Dialogue._back,
    Act.SLOWER: lambda dialogue: dialogue.pace.change(+1),
    Act.FASTER: lambda dialogue: dialogue.pace.change(-1),
    Act.LOUDER: lambda dialogue: dialogue._orders.append(Loudness(+1)),
    Act.QUIETER: lambda dialogue: dialogue._orders.append(Loudness(-1)),
    Act.OTHER_SIDE: Dialogue._change_sides,
}
