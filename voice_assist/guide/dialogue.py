"""The dialogue: one table from (state, event) to (state, acts); `acts` are what the table names.

The machine is driven from outside by `handle` (what the person said) and `tick` (time has come). It
answers with orders: lines to speak at given samples, silence, loudness. It has no clock of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from voice_assist.events import Context, Intent
from voice_assist.guide.accounts import BROKEN_OFF
from voice_assist.guide.acts import ACTS, Acts
from voice_assist.guide.asking import Asking
from voice_assist.guide.facts import ATTACK, UPRIGHT
from voice_assist.guide.intake import Reading, Situation, read
from voice_assist.guide.night import Night
from voice_assist.guide.orders import Note, Order
from voice_assist.guide.pacing import Length, Pace
from voice_assist.guide.protocol import Guide
from voice_assist.guide.standing import Standing
from voice_assist.guide.told import Told
from voice_assist.guide.transitions import ALARMED, ASLEEP, TABLE, Event, State


class IllegalTransitionError(Exception):
    """An event came in a state whose row does not know it: a fault of the table, not of the user."""


class Dialogue:
    """Decides what is said next."""

    def __init__(
        self, guide: Guide, length: Length, pace: Pace | None = None, person: Mapping[str, bool] | None = None
    ) -> None:
        """Take the pack's guide, `length`, which tells how long a line takes, and what is known of the person."""
        self._guide = guide
        self._acts = Acts(guide, length, pace, person)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._acts.state

    @property
    def asking(self) -> Asking | None:
        """The question that is open."""
        return self._acts.asking

    @property
    def night(self) -> Night:
        """What is counted from evening to morning."""
        return self._acts.night

    @property
    def standing(self) -> Standing:
        """What is wrong with the assistant itself."""
        return self._acts.standing

    @property
    def told(self) -> Told:
        """What is told at run time."""
        return self._acts.told

    @property
    def due(self) -> int | None:
        """Sample at which `tick` has something to do; None while nothing is awaited."""
        return min((time for time in (self._acts.due, self._overtime()) if time is not None), default=None)

    @property
    def at_rest(self) -> bool:
        """True where nothing more is said unless somebody speaks: asleep, or silent after an alarm."""
        return self.state is ASLEEP or (self.state is ALARMED and self._acts.course.ending)

    @property
    def context(self) -> Context:
        """What an utterance is to be understood in.

        Whoever was only asked whether there is a cramp, or an emergency, may still be a television: what counts is
        an answer, or what would count asleep.
        """
        if self.asking is None:
            return Context(awake=self.state is not ASLEEP)
        return Context(awake=not self.asking.guessed, expected=self.asking.expected)

    def handle(self, intent: Intent, now: int) -> tuple[Order, ...]:
        """Take in what the person wants."""
        if intent.kind == "answer":
            self._acts.accounts.felt(intent.slots.get("value", ""))
        question = self.asking.question if self.asking else None
        acts, facts = self._acts, self._acts.facts
        situation = Situation(
            acts.state,
            acts.episode,
            acts.course,
            question,
            attack=facts.holds(ATTACK),
            said=facts.said,
            upright=facts.holds(UPRIGHT),
            relief=acts.eased(now),
        )
        reading = read(intent, self._guide, situation)
        if reading is None:
            return ()
        unasked = reading.event is Event.DOUBT and self.state is ASLEEP and not self.night.may_ask(now)
        return () if unasked else self._run(reading, now)

    def unclear(self, now: int) -> tuple[Order, ...]:
        """Take in that the person said something which was not understood."""
        return self._run(Reading(Event.UNCLEAR), now)

    def voice_heard(self, now: int) -> None:
        """Give somebody who is speaking the time to end the sentence before silence counts."""
        if self.asking and self._acts.due is not None:
            self._acts.due = self.asking.patience(self._acts.due, now)

    def forget_person(self) -> None:
        """Forget what is known of the person."""
        self._acts.facts.forget_person()

    def tick(self, now: int) -> tuple[Order, ...]:
        """Do what is due by now; `now` never goes back."""
        orders: list[Order] = []
        while (due := self.due) is not None and due <= now:
            overtime = self._overtime()
            event = Event.DUE
            if overtime is not None and overtime <= now:
                event, self._acts.episode.timed_out = Event.OVERTIME, True
            else:
                self._acts.due = None
            orders += self._run(Reading(event), now)
        return tuple(orders)

    def breaks_off(self, now: int) -> None:
        """Take note that what goes on now is about to be broken off, because nobody was there for it."""
        self._acts.accounts.end(BROKEN_OFF, now)

    # The machine

    def _run(self, reading: Reading, now: int) -> tuple[Order, ...]:
        self._acts.now = now
        self._acts.follow = [reading]
        while self._acts.follow:
            self._acts.reading = self._acts.follow.pop(0)
            event = self._acts.reading.event
            rule = TABLE[self.state].get(event)
            if rule is None:
                raise IllegalTransitionError(f"event '{event.value}' has no entry in state '{self.state.value}'")
            self._acts.state, acts = rule
            for act in acts:
                ACTS[act](self._acts)
        if account := self._acts.accounts.news():
            self._acts.orders.append(Note(account))
        orders, self._acts.orders = self._acts.orders, []
        return tuple(orders)

    def _overtime(self) -> int | None:
        episode = self._acts.episode
        if episode.began is None or episode.timed_out or not self._guide.clock or not self._acts.facts.holds(ATTACK):
            return None
        return episode.began + self._guide.clock
