"""What an intent means here: from the words of the content to an event of the dialogue.

The same word asks for different things in different states: "help" wakes the sleeping and is answered
in a protocol, "cramp" begins one and is old news while it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_assist.events import Intent
from voice_assist.guide.course import Course
from voice_assist.guide.episode import UNKNOWN, Episode, Relief
from voice_assist.guide.facts import SEVERAL
from voice_assist.guide.protocol import OTHERWISE, TIERS, Guide, Question
from voice_assist.guide.transitions import ALARMED, ASLEEP, DOUBTING, Event, State

_CONTROLS: Mapping[str, Event] = {
    event.value: event
    for event in (
        Event.STOP,
        Event.SLEEP,
        Event.NOTHING,
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

NO_FACTS = frozenset({"place", "places", "maybe", "doubt", "value"})
"""Slots of a start whose value is not a fact. `value` is an answer that it gives besides: "yes, my calf"."""

WHERE = "where"
"""The slot of a start that tells where somebody is: in the water, at the wheel."""


SECONDS = "seconds"
"""The slot of a question that tells how long a timer is to run."""


@dataclass(frozen=True)
class Reading:
    """An event, and what the act that follows it needs to know."""

    event: Event
    targets: tuple[str, ...] = ()
    """Routines to go to or to run; or a question, and the safety answer that it is about."""
    value: str = ""
    """The answer that was given."""
    place: str = UNKNOWN
    facts: frozenset[str] = field(default=frozenset())
    """What the way in which a cramp was named tells of it."""
    seconds: int = 0
    """How long a timer is to run."""


@dataclass(frozen=True)
class Situation:
    """Where the dialogue stands when something is said."""

    state: State
    episode: Episode
    course: Course
    question: Question | None
    attack: bool
    """True while a cramp is coached that has not eased."""
    said: frozenset[str]
    """How the cramp was named so far."""
    upright: bool = False
    """True where somebody is up and about: nobody sleeps there."""
    relief: Relief | None = None
    """The cramp that eased some minutes ago, if one did."""


def read(intent: Intent, guide: Guide, now: Situation) -> Reading | None:
    """Return what an intent means in this situation; None if nothing."""
    slots = intent.slots
    if intent.kind in ("emergency", "urgent"):
        return _alarm(f"{intent.kind}.{slots.get('kind', '')}", guide, now, doubt="doubt" in slots)
    if intent.kind == "control":
        return _control(slots.get("word", ""), guide, now)
    if intent.kind == "question":
        return _topic(slots, guide, now)
    if intent.kind == "answer":
        return _answer(slots.get("value", ""), guide, now)
    return _start(slots, guide, now)


def _alarm(target: str, guide: Guide, now: Situation, *, doubt: bool) -> Reading | None:
    if target not in guide.routines or (now.state is ALARMED and now.course.root == target):
        return None
    question = guide.confirm.get(target) or guide.confirm.get(OTHERWISE, "") if doubt else ""
    asked_already = now.question is not None and now.question.name == question
    if question and now.state is not ALARMED and not asked_already:
        return Reading(Event.CONFIRM, (question, target))
    return Reading(Event.ALARM, (target,))


def _control(word: str, guide: Guide, now: Situation) -> Reading | None:
    # "Help!" is what we tell people to shout once an emergency was answered.
    if (word == "wake" and now.state in (ASLEEP, ALARMED)) or (word == "help" and now.state is ASLEEP):
        return Reading(Event.CALLED)
    if word == "source":
        return _aside(_sources(guide, now))
    if word in guide.asides:
        return _aside((now.course.reaction(word) or guide.asides[word],))
    if reaction := _reaction(word, guide, now):
        return Reading(Event.REACTED, (reaction,))
    event = _CONTROLS.get(word)
    if event is Event.OTHER_SIDE and now.state is ASLEEP and now.relief:
        return Reading(Event.BEGIN, (guide.other_side,), place=now.relief.place, facts=now.relief.facts)
    return Reading(event) if event else None


def _sources(guide: Guide, now: Situation) -> tuple[str, ...]:
    """Return the routines that name where the last line comes from: two at most, nobody takes in more."""
    named = dict.fromkeys(guide.sources[cited] for cited in map(_source_of, now.course.cited) if cited in guide.sources)
    return tuple(named)[:2] or ((guide.unsourced,) if guide.unsourced else ())


def _source_of(claim: str) -> str:
    """Return the source that a claim belongs to: `000-32` is item 32 of source 000."""
    return claim.partition("-")[0]


def _topic(slots: Mapping[str, str], guide: Guide, now: Situation) -> Reading | None:
    # What only may be meant for us counts where nobody sleeps.
    if "doubt" in slots and now.state is ASLEEP and not now.upright:
        return None
    name = f"question.{slots.get('topic', '')}"
    if name not in guide.activities:
        return _aside((guide.asides[name],) if name in guide.asides else ())
    if now.attack:
        return _aside((guide.later,) if guide.later else ())
    return Reading(Event.ACTIVITY, (guide.activities[name],), seconds=int(slots.get(SECONDS, 0)))


def _aside(routines: tuple[str, ...]) -> Reading | None:
    return Reading(Event.ASIDE, routines) if routines else None


def _answer(value: str, guide: Guide, now: Situation) -> Reading | None:
    if now.state is ALARMED:
        return Reading(Event.ACKNOWLEDGED) if value == "yes" else None
    if now.question and value in now.question.answers:
        return Reading(Event.ANSWERED, value=value)
    # Asked whether it is an emergency, nothing but an answer leads away from it.
    suspected = now.question is not None and now.question.name in guide.confirm.values()
    if not suspected and (reaction := _reaction(value, guide, now)):
        return Reading(Event.REACTED, (reaction,), value=value)
    return Reading(Event.IGNORED_ANSWER)


def _reaction(word: str, guide: Guide, now: Situation) -> str:
    """Return the routine that a word leads to here; the guide's own hold only while a place is coached."""
    return now.course.reaction(word) or (guide.reactions.get(word, "") if now.course.protocol else "")


def _start(slots: Mapping[str, str], guide: Guide, now: Situation) -> Reading | None:
    named = slots.get("places", "").split()
    place = place_of(slots, guide)
    known = now.episode
    facts = {value for slot, value in slots.items() if slot not in NO_FACTS}
    if now.attack and place in (UNKNOWN, known.place):
        # They say again what is being done already, or more of it. Where they are comes before everything.
        news = Reading(Event.BEGIN if WHERE in slots else Event.TOLD, place=known.place, facts=frozenset(facts))
        return None if facts <= now.said else news
    if now.state is DOUBTING and "doubt" in slots and place not in (UNKNOWN, known.place):
        return None  # Two bare words that have nothing to do with each other: somebody talks.
    # "It's back" or "yes, a cramp": the place that was named before still holds.
    return Reading(
        Event.DOUBT if "doubt" in slots else Event.BEGIN,
        place=known.place if place == UNKNOWN else place,
        facts=frozenset(facts | {SEVERAL}) if len(named) > 1 else frozenset(facts),
    )


def place_of(slots: Mapping[str, str], guide: Guide) -> str:
    """Return the place that a start is about: of several the one that may be coached least, of equal ones the first.

    What it only may be counts where it is never coached: what may be a chest is no leg that nobody has placed.
    """

    def care(place: str) -> int:
        protocol = guide.protocols.get(place)
        return TIERS.index(protocol.tier) if protocol else len(TIERS)

    maybe = (place for place in slots.get("maybe", "").split() if care(place) >= TIERS.index("never"))
    return max([*(slots.get("places", "").split() or [slots.get("place", UNKNOWN)]), *maybe], key=care)
