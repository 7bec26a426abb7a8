"""The one transition table of the dialogue.

Rules that the table keeps, and that the tests hold it to:

1. Every state has an entry for every event. What is to be ignored is written down as ignored.
2. From every state, `stop` and `sleep` lead to ASLEEP with a HUSH.
3. From ASLEEP only a start, a doubt, a call, a question and an alarm lead anywhere.
4. From ALARMED nothing leads back to coaching: only silence, and then a new start phrase or a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class State(Enum):
    """Where the dialogue stands."""

    ASLEEP = "asleep"
    """Listening for a start phrase, saying nothing."""
    DOUBTING = "doubting"
    """One bare word was heard; the quiet question is open."""
    GUIDING = "guiding"
    """Steps run by themselves."""
    ASKING = "asking"
    """A question is open; silence carries on."""
    PAUSED = "paused"
    """Waiting for "go on"."""
    ALARMED = "alarmed"
    """An emergency or urgent answer is given instead of coaching."""


class Event(Enum):
    """What can happen to the dialogue."""

    BEGIN = "begin"
    """A start phrase, or another place named on the way."""
    TOLD = "told"
    """More of the cramp that is being coached: whose it is, that it came after a run."""
    DOUBT = "doubt"
    """One bare word that may be the start of a cramp."""
    ALARM = "alarm"
    """An emergency or urgent sign."""
    CONFIRM = "confirm"
    """Words that may be such a sign, or no more than a scream."""
    ANSWERED = "answered"
    """An answer that the open question waits for."""
    REACTED = "reacted"
    """An answer without its question, to which the protocol has a reaction: "worse!"."""
    IGNORED_ANSWER = "ignored answer"
    """An answer that means nothing here."""
    ACKNOWLEDGED = "acknowledged"
    """ "Yes" to an alarm."""
    UNCLEAR = "unclear"
    """Something was said and not understood."""
    ASIDE = "aside"
    """A question of the person's: why, how long, help, quinine."""
    ACTIVITY = "activity"
    """A course of its own is wanted: the bedtime stretch, a cold pack."""
    CALLED = "called"
    """ "Help" or "wake up" with nothing else, asleep; "wake up" after an alarm."""
    STOP = "stop"
    SLEEP = "sleep"
    NOTHING = "nothing"
    """ "That was nothing": nobody had called."""
    PAUSE = "pause"
    RESUME = "resume"
    REPEAT = "repeat"
    BACK = "back"
    NEXT = "next"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    OTHER_SIDE = "other_side"
    DUE = "due"
    """The step's or the question's time is over."""
    OVERTIME = "overtime"
    """The episode's clock ran out."""
    STEP = "step"
    """From an act: go on with the course."""
    ASKS = "asks"
    """From an act: the course has come to a question."""
    ENDS = "ends"
    """From an act: the course is over."""


class Act(Enum):
    """What the dialogue does on the way."""

    HUSH = "hush"
    SLEEP = "fall asleep"
    TEACH = "be harder to wake"
    WAIT = "drop the question"
    BEGIN = "begin the protocol"
    DOUBT = "ask quietly"
    HEAR = "take note"
    ADVANCE = "next step"
    ASK = "ask"
    ANSWER = "take the answer"
    SILENCE = "take silence"
    MUDDLE = "count a muddle"
    REACT = "go where the answer leads"
    ALARM = "give the safety answer"
    CONFIRM = "ask once whether it is so"
    SETTLE = "say no more"
    OVERTIME = "give the overtime answer"
    ASIDE = "answer, then the same again"
    ACTIVITY = "begin the activity"
    AGAIN = "back to the last line"
    BACK = "back to the line before"
    SLOWER = "longer pauses"
    FASTER = "shorter pauses"
    LOUDER = "louder"
    QUIETER = "quieter"
    OTHER_SIDE = "same moves, other side"


ASLEEP, DOUBTING, GUIDING, ASKING, PAUSED, ALARMED = State

Rule = tuple[State, tuple[Act, ...]]
Row = Mapping[Event, Rule]


def _ignoring(state: State) -> dict[Event, Rule]:
    """Return a row in which everything is ignored, for the rest of the row to be written over."""
    return dict.fromkeys(Event, (state, ()))


# What may be said at any time, but for an alarm that is under way.
_ANY_TIME: Row = {
    Event.ASIDE: (GUIDING, (Act.HUSH, Act.ASIDE)),
    Event.ACTIVITY: (GUIDING, (Act.HUSH, Act.ACTIVITY)),
    Event.CONFIRM: (ASKING, (Act.HUSH, Act.CONFIRM)),
}

# Wherever the assistant is awake.
_AWAKE: Row = {
    Event.STOP: (ASLEEP, (Act.HUSH, Act.SLEEP)),
    Event.SLEEP: (ASLEEP, (Act.HUSH, Act.SLEEP)),
    Event.NOTHING: (ASLEEP, (Act.HUSH, Act.SLEEP, Act.TEACH)),
    Event.ENDS: (ASLEEP, (Act.SLEEP,)),
    Event.ALARM: (ALARMED, (Act.HUSH, Act.ALARM)),
}

# Wherever a protocol runs, a question of its own or a pause included.
_COACHING: Row = {
    **_AWAKE,
    **_ANY_TIME,
    Event.BEGIN: (GUIDING, (Act.HUSH, Act.BEGIN)),
    Event.REACTED: (GUIDING, (Act.HUSH, Act.REACT)),
    Event.PAUSE: (PAUSED, (Act.HUSH, Act.WAIT)),
    Event.REPEAT: (GUIDING, (Act.HUSH, Act.AGAIN)),
    Event.BACK: (GUIDING, (Act.HUSH, Act.BACK)),
    Event.NEXT: (GUIDING, (Act.HUSH, Act.ADVANCE)),
    # Somebody who asks for slower or louder has missed the line: it comes again.
    Event.SLOWER: (GUIDING, (Act.HUSH, Act.SLOWER, Act.AGAIN)),
    Event.LOUDER: (GUIDING, (Act.HUSH, Act.LOUDER, Act.AGAIN)),
    Event.OTHER_SIDE: (GUIDING, (Act.HUSH, Act.OTHER_SIDE)),
    Event.OVERTIME: (ALARMED, (Act.HUSH, Act.OVERTIME)),
    Event.STEP: (GUIDING, (Act.ADVANCE,)),
}

TABLE: Mapping[State, Row] = {
    ASLEEP: {
        **_ignoring(ASLEEP),
        **_ANY_TIME,
        Event.BEGIN: (GUIDING, (Act.BEGIN,)),
        Event.DOUBT: (DOUBTING, (Act.DOUBT,)),
        Event.CALLED: (DOUBTING, (Act.DOUBT,)),
        Event.ALARM: (ALARMED, (Act.HUSH, Act.ALARM)),
        Event.STOP: (ASLEEP, (Act.HUSH, Act.SLEEP)),
        Event.SLEEP: (ASLEEP, (Act.HUSH, Act.SLEEP)),
    },
    DOUBTING: {
        **_ignoring(DOUBTING),
        **_AWAKE,
        **_ANY_TIME,
        Event.BEGIN: (GUIDING, (Act.HUSH, Act.BEGIN)),
        # A second bare word is no accident.
        Event.DOUBT: (GUIDING, (Act.HUSH, Act.BEGIN)),
        Event.ANSWERED: (DOUBTING, (Act.HUSH, Act.ANSWER)),
        Event.PAUSE: (ASLEEP, (Act.HUSH, Act.SLEEP)),
        Event.DUE: (DOUBTING, (Act.SILENCE,)),
        Event.STEP: (GUIDING, (Act.ADVANCE,)),
        Event.LOUDER: (DOUBTING, (Act.LOUDER,)),
        Event.QUIETER: (DOUBTING, (Act.QUIETER,)),
    },
    GUIDING: {
        **_ignoring(GUIDING),
        **_COACHING,
        Event.DUE: (GUIDING, (Act.ADVANCE,)),
        Event.ASKS: (ASKING, (Act.ASK,)),
        Event.TOLD: (GUIDING, (Act.HEAR,)),
        Event.FASTER: (GUIDING, (Act.FASTER,)),
        Event.QUIETER: (GUIDING, (Act.QUIETER,)),
    },
    ASKING: {
        **_ignoring(ASKING),
        **_COACHING,
        Event.ASKS: (ASKING, (Act.ASK,)),
        Event.ANSWERED: (ASKING, (Act.HUSH, Act.ANSWER)),
        Event.UNCLEAR: (ASKING, (Act.MUDDLE,)),
        Event.DUE: (ASKING, (Act.SILENCE,)),
        Event.TOLD: (ASKING, (Act.HEAR,)),
        Event.FASTER: (ASKING, (Act.FASTER,)),
        Event.QUIETER: (ASKING, (Act.QUIETER,)),
    },
    PAUSED: {
        **_ignoring(PAUSED),
        **_COACHING,
        Event.RESUME: (GUIDING, (Act.AGAIN,)),
        Event.PAUSE: (PAUSED, ()),
        Event.TOLD: (PAUSED, (Act.HEAR,)),
        Event.FASTER: (PAUSED, (Act.FASTER,)),
        Event.QUIETER: (PAUSED, (Act.QUIETER,)),
    },
    ALARMED: {
        **_ignoring(ALARMED),
        **_AWAKE,
        # The line is kept clear for the telephone.
        Event.ACKNOWLEDGED: (ALARMED, (Act.HUSH, Act.SETTLE)),
        Event.PAUSE: (ALARMED, (Act.HUSH, Act.SETTLE)),
        Event.CALLED: (DOUBTING, (Act.HUSH, Act.SLEEP, Act.DOUBT)),
        Event.REPEAT: (ALARMED, (Act.HUSH, Act.AGAIN)),
        Event.LOUDER: (ALARMED, (Act.HUSH, Act.LOUDER, Act.AGAIN)),
        Event.QUIETER: (ALARMED, (Act.QUIETER,)),
        Event.DUE: (ALARMED, (Act.ADVANCE,)),
        Event.STEP: (ALARMED, (Act.ADVANCE,)),
    },
}
