"""What the acts of the dialogue's table do: ask, go on, leave off, give a safety answer.

An act changes what is known of the episode and where its course stands, orders what is to be said, and may add what
happens next: `follow`. Which act comes when, the table says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from voice_assist.guide import pacing
from voice_assist.guide.accounts import EASED, HOW, Accounts
from voice_assist.guide.asking import Asking
from voice_assist.guide.course import Course
from voice_assist.guide.episode import UNKNOWN, Episode, Relief
from voice_assist.guide.facts import ATTACK, RELAPSE, Facts
from voice_assist.guide.intake import Reading
from voice_assist.guide.night import Night
from voice_assist.guide.orders import Hush, Keep, Loudness, Order, Perform, Speak, Unanswered
from voice_assist.guide.pacing import Length, Line, Pace
from voice_assist.guide.protocol import (
    SUSPECTED,
    Ask,
    Branch,
    Breathe,
    Do,
    Goto,
    Guide,
    Hold,
    Protocol,
    Rest,
    Run,
    Say,
    Span,
    Timer,
)
from voice_assist.guide.standing import Standing
from voice_assist.guide.told import Told
from voice_assist.guide.transitions import ALARMED, ASLEEP, Act, Event, State
from voice_assist.samples import whole_blocks


class Acts:
    """All that a dialogue remembers, and what is done with it."""

    def __init__(
        self, guide: Guide, length: Length, pace: Pace | None = None, person: Mapping[str, bool] | None = None
    ) -> None:
        """Take the pack's guide, `length`, which tells how long a line takes, and what is known of the person."""
        self.state: State = ASLEEP
        self.pace = pace or Pace()
        self.standing = Standing()
        self.told = Told()
        self.night = Night()
        self.facts = Facts(person, self.standing)
        self.course = Course(guide, self.facts)
        self.episode = Episode()
        self.accounts = Accounts()
        self.asking: Asking | None = None
        self.due: int | None = None
        """Sample at which what is under way has taken its time; None while nothing is awaited."""
        self.now = 0
        self.reading = Reading(Event.STEP)
        """What happened."""
        self.orders: list[Order] = []
        self.follow: list[Reading] = []
        """What happens next, at the same sample."""
        self._guide = guide
        self._length = length
        self._relief: Relief | None = None

    def _then(self, event: Event, *targets: str) -> None:
        self.follow.append(Reading(event, targets))

    def _say(self, lines: Iterable[Line], start: int) -> None:
        self.orders += [Speak(line.text, start + line.offset) for line in lines if line.text]

    # Those that the table names

    def hush(self) -> None:
        """Be silent now, and wait for nothing."""
        self.orders.append(Hush())
        self.due = None

    def wait(self) -> None:
        """Leave the question that is open."""
        self.asking = None

    def sleep(self) -> None:
        """End the episode, and forget what was known of it."""
        self.accounts.close(HOW.get(self.reading.event, ""), self.now)
        self.night.over(self.now, cramp=self.episode.began is not None)
        self.episode = Episode()
        self.facts.forget()
        self.standing.over()
        self.course = Course(self._guide, self.facts)
        self.asking = None
        self.due = None

    def begin(self) -> None:
        """Begin to coach a place, or go on where the same cramp is back."""
        first = self.episode.began is None
        if first:
            self.episode.began = self.now
            self.night.answered()
        # The other side of what eased just now is no relapse; it comes with its own first words.
        before = self.reading.targets
        relief = None if before else self.eased(self.now, self.reading.place)
        self.episode.place = relief.place if relief else self.reading.place
        self.asking = None
        # Who drives, or whose leg it is, holds on when another place is named, and when the same cramp is back.
        self.facts.hear(self.reading.facts | self.facts.said | (relief.facts if relief else frozenset()))
        self.accounts.begin(self.now, self.episode.place)
        self.accounts.named(self.reading.facts, self.facts.said)
        protocol = self._guide.protocols.get(self.episode.place)
        self.facts.mark(ATTACK, holds=protocol is not None)
        self.facts.mark(RELAPSE, holds=relief is not None)
        if protocol is None:
            self._go(self._guide.untaught)
        elif relief and self._guide.relapse:
            self.course.begin(self._guide.relapse.routine, protocol)
            self.course.helped = relief.part
            self._then(Event.STEP)
        else:
            self._start(protocol, before[0] if before else self._guide.begin if first else "")

    def hear_more(self) -> None:
        """Take in more of how the cramp was named."""
        self.facts.hear(self.facts.said | self.reading.facts)
        self.accounts.named(self.reading.facts, self.facts.said)

    def _start(self, protocol: Protocol, before: str) -> None:
        """Begin a protocol, with a routine before it."""
        self.course.begin(protocol.course, protocol)
        if before:
            self.course.insert(Run(before))
        self._then(Event.STEP)

    def eased(self, now: int, place: str = UNKNOWN) -> Relief | None:
        """Return how a cramp was eased a short while before `now`, if one was: that of a place, or any."""
        relief, relapse = self._relief, self._guide.relapse
        if relief is None or relapse is None or place not in (UNKNOWN, relief.place):
            return None
        return relief if now - relief.at <= relapse.within else None

    def doubt(self) -> None:
        """Ask whether there is a cramp."""
        self.episode = Episode(place=self.reading.place)
        self.facts.hear(self.reading.facts)
        # Who was called for is there; who said one bare word may not be.
        guessed = self.reading.event is Event.DOUBT
        if guessed:
            self.night.asked(self.now)
        self._open(self._guide.doubt, guessed=guessed)
        self.ask()

    def confirm(self) -> None:
        """Ask whether it is the emergency that it may be."""
        question, about = self.reading.targets
        self._open(question, guessed=not self.course.root, about=about)
        self.course.again()
        self.ask()

    def advance(self) -> None:
        """Take the next step of the course."""
        self.asking = None
        step = self.course.next()
        self.accounts.tries(self.course.part)
        if step is None:
            self._end()
        elif isinstance(step, Goto):
            self._go(step.routine)
        elif isinstance(step, Ask):
            self._open(step.question)
            self._then(Event.ASKS)
        elif isinstance(step, Timer):
            self.course.insert(*pacing.timer(step, self.episode.asked, self._guide, self._length))
            self._then(Event.STEP)
        elif isinstance(step, Do):
            self.orders.append(Perform(step.errand))
            self._then(Event.STEP)
        else:
            self.due = self.now + self._perform(step)

    def _end(self) -> None:
        """End the course; what is wrong with us is told before, but to nobody who had a cramp or an alarm."""
        free = self.state is not ALARMED and self.episode.began is None
        if free and self.standing.pressing and self._guide.news:
            self.standing.tell()
            self.course.insert(Run(self._guide.news))
            self._then(Event.STEP)
        else:
            self._then(Event.ENDS)

    def _perform(self, step: Say | Hold | Rest | Span | Breathe) -> int:
        """Speak a step and return how long it takes: no time where there is nothing to say."""
        if isinstance(step, Say):
            step = replace(step, text=self.told.filled(step.text))
            if not step.text:
                return 0
        lines, lasts = pacing.perform(step, self._guide, self.pace, self._length, full=not self.episode.counted)
        self._say(lines, self.now)
        self.episode.counted |= isinstance(step, Hold) and step.count == "auto"
        return lasts

    def _open(self, question: str, *, guessed: bool = False, about: str = "") -> None:
        self.asking = Asking(self._guide.questions[question], guessed=guessed, about=about)

    def ask(self) -> None:
        """Put the open question; one that has nothing to say now is taken for unanswered."""
        if self.asking is None:
            return
        line = self.told.filled(self.asking.question.say)
        if not line:
            self._take(self.asking.question.silence)
        else:
            self._say([Line(line, 0)], self.now)
            self.due = self.asking.put(self.now + whole_blocks(self._length(line)))

    def take_answer(self) -> None:
        """Go where the answer leads."""
        if self.asking:
            self._take(self.asking.question.answers[self.reading.value])

    def take_silence(self) -> None:
        """Put the question once more, or go where silence leads."""
        if self.asking is None:
            return
        branch = self.asking.silence()
        if branch is None:
            self.orders.append(Unanswered())
            self.ask()
        else:
            self._take(branch)

    def muddle(self) -> None:
        """Take in that what was said is no answer."""
        if self.asking and (branch := self.asking.muddle()) is not None:
            self.hush()
            self._take(branch)

    def _take(self, branch: Branch) -> None:
        """Go where a branch leads."""
        asked, self.asking = self.asking, None
        if asked and asked.question.keep and branch.learn:
            self.facts.keep(branch.learn)
            self.orders.append(Keep(branch.learn))
        else:
            self.facts.learn(branch.learn)
        if branch.sleep and self.reading.event is Event.ANSWERED:
            self._end()
        elif branch.sleep:
            self._then(Event.ENDS)
        elif branch.place:
            place = self.episode.place if branch.place == "same" else branch.place
            self.follow.append(Reading(Event.BEGIN, place=place, facts=self.facts.said))
        else:
            if branch.leave:
                self.course.leave()
            goto = asked.about if asked and branch.goto == SUSPECTED else branch.goto
            self.course.insert(
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
        if self.reading.value == _BETTER or self._guide.reactions.get(_BETTER) == routine:
            self._ease()
        self.course.goto(routine)
        self._then(Event.STEP)

    def _ease(self) -> None:
        """Take note that it eased, and by what."""
        self._relief = Relief(self.episode.place, self.course.part, self.now, self.facts.said)
        self.facts.mark(ATTACK, holds=False)
        self.accounts.felt(_BETTER)
        self.accounts.end(EASED, self.now)

    def react(self) -> None:
        """Go where the word leads."""
        self._go(self.reading.targets[0])

    def alarm(self) -> None:
        """Give the safety answer that was called for."""
        self.accounts.end("handed_over", self.now)
        self._give(self.reading.targets[0])

    def give_up(self) -> None:
        """Give the answer for what takes too long."""
        self.accounts.end("timed_out", self.now)
        self._give(self._guide.overtime)

    def _give(self, answer: str) -> None:
        """Give a safety answer instead of coaching."""
        self.asking = None
        self.facts.mark(ATTACK, holds=False)
        self.course.begin(answer)
        self._then(Event.STEP)

    def settle(self) -> None:
        """Go to the last step of what was begun."""
        self.course.settle()
        self._then(Event.STEP)

    def step_aside(self) -> None:
        """Answer something in between."""
        self.asking = None
        if self._guide.report in self.reading.targets:
            self.standing.report()
        self.course.aside(self.reading.targets)
        self._then(Event.STEP)

    def take_up(self) -> None:
        """Begin a course of its own."""
        self.sleep()
        self.episode.asked = self.reading.seconds
        self.course.begin(self.reading.targets[0])
        self._then(Event.STEP)

    def again(self) -> None:
        """Say the last line once more."""
        self.course.again()
        self._then(Event.STEP)

    def back(self) -> None:
        """Go to the line before the last one."""
        self.course.back()
        self._then(Event.STEP)

    def change_sides(self) -> None:
        """Begin the same moves on the other side."""
        protocol = self.course.protocol
        if protocol is None:
            self.again()
            return
        self.facts.mark(ATTACK, holds=True)
        self._start(protocol, self._guide.other_side)


_BETTER = "better"
"""The answer that ends an attack, in every pack."""

ACTS: Mapping[Act, Callable[[Acts], None]] = {
    Act.HUSH: Acts.hush,
    Act.SLEEP: Acts.sleep,
    Act.TEACH: lambda acts: acts.night.taught(),
    Act.WAIT: Acts.wait,
    Act.BEGIN: Acts.begin,
    Act.DOUBT: Acts.doubt,
    Act.HEAR: Acts.hear_more,
    Act.ADVANCE: Acts.advance,
    Act.ASK: Acts.ask,
    Act.ANSWER: Acts.take_answer,
    Act.SILENCE: Acts.take_silence,
    Act.MUDDLE: Acts.muddle,
    Act.REACT: Acts.react,
    Act.ALARM: Acts.alarm,
    Act.OVERTIME: Acts.give_up,
    Act.CONFIRM: Acts.confirm,
    Act.SETTLE: Acts.settle,
    Act.ASIDE: Acts.step_aside,
    Act.ACTIVITY: Acts.take_up,
    Act.AGAIN: Acts.again,
    Act.BACK: Acts.back,
    Act.SLOWER: lambda acts: acts.pace.change(+1),
    Act.FASTER: lambda acts: acts.pace.change(-1),
    Act.LOUDER: lambda acts: acts.orders.append(Loudness(+1)),
    Act.QUIETER: lambda acts: acts.orders.append(Loudness(-1)),
    Act.OTHER_SIDE: Acts.change_sides,
}
"""What the names in the table stand for."""
