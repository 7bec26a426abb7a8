"""What is believed only after a second look at the same sound, and what of that look bears it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import exp

from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples

LOOK_FROM = samples(0.3)
"""How far before its first word a second look begins: decoders place the edge of a word badly."""

LOOK_BACK = samples(2.0)
"""How far back it begins where the words have no times: longer than anything brief takes to say."""

LOOK_BACK_A_WORD = samples(0.45)
"""The same for each word of what is longer; drowsy people say two words a second."""

LOOK_WAIT = samples(0.5)
"""How long the answer is waited for; then the first hearing counts. On a small board it takes half of that."""

WAVER_WAIT = samples(1.0)
"""The same where a place wavers: it is heard again more than once."""

LOOK_MARGIN = 2.0
"""How much less likely than the likeliest a wording of the second look may be that bears a start out, a difference of
natural logarithms: with 3, "got a man staff" bore out "god my calf"; with 2 few starts of voices to tune on were
lost. A brief one is borne out by the likeliest alone: "careful" sounds like "calves"."""

ALARM_MARGIN = 6.0
"""The same for a sign of danger in more words than are brief amid talk. Of 96 signs of any length by voices to tune on
6 are lost so; if all had to keep to LOOK_MARGIN, 13. A brief one must: "for the future" nearly holds a fit."""

BRIEF_AMID_TALK = 3
"""A start of so many words is brief where others talk; out of the quiet `brief` of the model tells. There slang ("my
hammy's gone") is heard the second time as something else too often to be doubted."""

BEARING = 0.4
"""How much of what is likely must bear a start out amid talk, beside a wording that is likely enough: of thirty ones of
other people's talk one holds a leg. Of 52 minutes of talk behind a wall to tune on 10 starts came without it, with
0.2 and 0.3 two, with 0.4 none; of 160 starts by voices to tune on, as if amid talk, one is lost. Out of the quiet it
is not asked for: of 200 starts by voices to test on 6 were lost by what is asked amid talk."""

ENOUGH, MOST = 0.5, 2 / 3
"""How much of a wording must be the words that bear something out amid talk; the second for a start that names no
place. Of those 160 starts none is lost by it; by two thirds for all, 11."""

LIGHT = 3.0
"""How much less likely than the likeliest a wording is that counts for nothing there: to weigh all thirty takes a third
of a second."""

SHARE, OTHER_SHARE = 0.5, 0.7
"""How much of what is likely must name the place that was told when it is heard again, and how much another one that
counts instead. Slower and faster are half of it each: two hearings of three are enough for the one, and both of the
second look are needed for the other."""

MAYBE_SHARE = 0.5
"""How much of it another place needs that is told as one that it may be. One of less is not worth a call for help: the
place is asked for, and who is asked can tell."""

MAYBE = "maybe"
"""The slot of a start whose place is in doubt: every place that it may be, parted by spaces."""

WORDY = 8
"""From so many words on, what is heard again where something brief is doubted is other people's talk."""

WORDIER = 4
"""How many words more than were told may be heard again where more were told than is brief."""

FALSE_ALARMS = 2
"""False alarms in a room after which starts in one word more are doubted there: one alone is an accident."""

MOST_TAUGHT = 2
"""Words more than the model's `brief` that a room may teach at most. Of starts by voices to test on, right with none,
one and two more: in quiet 199, 199 and 199 of 200; at 6 dB 65, 64 and 64 of 67; at 0 dB 58, 57 and 56 of 67 ("my
hammy's gone" is lost first). The median of their decisions is 0.02 and 0.07 s later in quiet, 0.02 and 0.26 at 6 dB."""

TALK = samples(20.0)
"""How long after an utterance that meant nothing there may be talk: a television is silent for less."""

DANGERS = ("emergency", "urgent")
"""Kinds of intents that tell a danger."""

AT_ONCE = frozenset({"stop", "pause", "sleep"})
"""Control words that are obeyed on the first partial."""

Match = Callable[[str, Context], Intent | None]

Named = frozenset[tuple[str, str]]
"""See `Intent.named`."""


@dataclass(frozen=True)
class Doubts:
    """What is believed only after a second look at the sound: the recognizer hears it again, asleep in any words.

    The defaults are for a model that nobody calibrated: all is believed at once.
    """

    brief: int = 0
    """A start that was told in at most so many words: what talk is mistaken for is seldom longer. Where it is not 0, a
    place alone is as brief as it gets, in however many words: "my achilles tendon"."""
    vague: bool = False
    """A start whose place is not named: more talk sounds like "I have a cramp" than like a place as well."""
    talk: bool = False
    """Any start within TALK of an utterance that meant nothing, and any "help" that would wake us: where others speak,
    more of it is theirs; who cries out of the quiet means us, and need not wait."""
    rivals: float = 0.0
    """Where an utterance in its likeliest wording means nothing, another one is believed that is less likely by at most
    so much: a difference of natural logarithms."""
    questions: bool = False
    """What would only get the quiet question: it can wait, and a television should not be asked. With `talk` it is not
    asked at all within TALK of an utterance that meant nothing."""
    alarms: int = 0
    """Signs of danger that would only be asked about, told in at most so many words; with `talk` only within TALK of an
    utterance that meant nothing. One that would be answered at once is heard twice with `talk` within that time, in
    however many words; where it is not there the second time it is asked about."""
    wavers: int = 0
    """A start that names its place, awake as well, after another place was heard in the same utterance ("my thigh", "my
    palm") or at least so many words were taken back: it is heard again in the words that are expected, and what counts
    is the place that is there. 0 for never."""

    def after(self, false_alarms: int) -> Doubts:
        """Return what is doubted in a room where somebody said so often that there was nothing.

        Starts in more words are heard twice there; signs of danger are believed as ever, and so is all that is said
        to a model of which nobody knows how it hears the second time (`brief` is 0).
        """
        return replace(self, brief=self.brief + taught_words(false_alarms)) if self.brief else self

    def cover(self, intent: Intent, words: int, *, talk: bool = False) -> bool:
        """Tell whether an intent that was told in so many words, perhaps in `talk`, wants a second look."""
        asked = "doubt" in intent.slots
        if intent.kind == "start" and not asked:
            brief = words <= self.brief or (intent.lone and self.brief > 0)
            return brief or (self.vague and intent.vague) or (self.talk and talk)
        if intent.kind == "start":
            return self.questions
        if intent.kind == "control":
            return self.talk and talk and intent.slots.get("word") not in AT_ONCE
        if intent.kind not in DANGERS:
            return False
        return (talk or not self.talk) and words <= self.alarms if asked else self.talk and talk

    def ignore(self, intent: Intent, *, talk: bool) -> bool:
        """Tell whether nothing is to come of an intent: where others talk, one bare word is theirs."""
        return self.talk and self.questions and talk and intent.kind == "start" and "doubt" in intent.slots

    def margin(self, intent: Intent, words: int, *, talk: bool = False) -> float:
        """Return how much less likely than the likeliest a wording of the second look may be that bears it out."""
        if intent.kind in DANGERS:
            return LOOK_MARGIN if words <= BRIEF_AMID_TALK else ALARM_MARGIN
        # Nobody is missed by a quiet question that is not asked. What is brief sounds like much else.
        brief = max(self.brief, BRIEF_AMID_TALK if talk else 0)
        return 0.0 if "doubt" in intent.slots or words <= brief else LOOK_MARGIN


UNDOUBTED = Doubts()


def taught_words(false_alarms: int) -> int:
    """Return in how many words more a start is doubted after so many false alarms."""
    return min(MOST_TAUGHT, false_alarms // FALSE_ALARMS)


@dataclass(frozen=True)
class Look:
    """What the recognizer shall do."""

    since: int
    """Hear all from this sample on once more."""
    expected: bool = False
    """In the words that are expected, rather than in any."""


@dataclass(frozen=True)
class Doubted:
    """An intent that nothing is done about before it was heard again."""

    intent: Intent
    looks: tuple[Look, ...]
    """Those that are still to come, at least one; the first was asked for."""
    until: int
    """Sample at which the answer is no longer waited for."""
    words: int
    """In how many it was told."""
    margin: float
    """See `Doubts.margin`."""
    ended: bool = False
    """True where its utterance is over."""
    talk: bool = False
    """True where others talk: then more is needed to bear it out."""

    def borne_out(self, heard: Hypothesis, match: Match) -> Intent | None:
        """Return the intent if the same sound, heard in any words, holds the same by a wording about as likely.

        Else None; but a danger that would have been answered at once is asked about then.
        """
        wordy = max(WORDY, self.words + WORDIER)
        share = (MOST if self.intent.vague else ENOUGH) if self.talk else 0.0

        @cache
        def is_same(part: str) -> bool:
            # Awake: fewer words are enough there, and whoever is heard again has been heard once.
            found = match(part, Context(awake=True))
            return found is not None and _alike(self.intent, found, strictly=self.talk)

        def bears_out(text: str) -> bool:
            return len(text.split()) < wordy and any(map(is_same, _parts(text, share)))

        near = (heard.text, *(text for text, behind in heard.rivals if behind < self.margin))
        likely = any(map(bears_out, near))
        if self.intent.kind in DANGERS:
            return self.intent if likely else asked_about(self.intent)
        if self.intent.kind != "start" or not self.talk:
            return self.intent if likely else None
        weighty = ((heard.text, 0.0), *(rival for rival in heard.rivals if rival[1] < LIGHT))
        enough = BEARING * sum(exp(-behind) for _, behind in weighty)
        borne = likely and sum(exp(-behind) for text, behind in weighty if bears_out(text)) >= enough
        return self.intent if borne else None

    def heard_as(self, heard: Hypothesis, match: Match) -> Intent:
        """Return the intent with the place that was heard again in the words that are expected, or without one.

        Unless it is the place that was told, the slot MAYBE has every other one that it may be: the guide must know if
        one of them is never coached.
        """
        shares = self._shares(heard, match)
        if shares.get(self.intent.named, 0.0) >= SHARE:
            return self.intent
        sure = next((named for named, share in shares.items() if share >= OTHER_SHARE), None)
        likely = (named for named, share in shares.items() if share >= MAYBE_SHARE)
        maybe = dict.fromkeys(value for named in (self.intent.named, *likely) for _, value in sorted(named))
        slots = {**self.intent.unnamed, **dict(sure or ()), MAYBE: " ".join(maybe)}
        return replace(self.intent, slots=slots, vague=sure is None)

    def _shares(self, heard: Hypothesis, match: Match) -> dict[Named, float]:
        """Return each place that is named, with its share of what is likely of all that names one: 0 to 1."""
        likely: dict[Named, float] = {}
        for text, behind in ((heard.text, 0.0), *heard.rivals):
            found = match(text, Context(awake=True))
            if found is not None and found.name == self.intent.name and found.named:
                likely[found.named] = likely.get(found.named, 0.0) + exp(-behind)
        return {named: value / sum(likely.values()) for named, value in likely.items()}


def asked_about(intent: Intent) -> Intent | None:
    """Return a danger as one that is asked about before it calls for help; None where it was one already."""
    return None if "doubt" in intent.slots else replace(intent, slots={**intent.slots, "doubt": "yes"})


def _parts(text: str, share: float) -> Iterator[str]:
    """Yield every run of words that is at least so much of a wording, its longest first."""
    words = text.split()
    for length in range(len(words), 0, -1):
        if length >= share * len(words):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])


def _alike(one: Intent, other: Intent, *, strictly: bool) -> bool:
    """Tell whether another intent bears out one: as far as both name it, or strictly, all that the one names."""
    if one.name != other.name:
        return False
    shared = set(one.slots.items()) & set(other.slots.items()) - {("doubt", "yes")}
    if not strictly or not one.vague:
        # A cramp somewhere is not borne out by a part of the body alone: talk is full of "everything" and "back".
        unnamed = other.vague or (one.vague and not other.lone)
        return bool(shared) or (unnamed and not strictly)
    told = {*other.slots.items(), *other.unnamed.items()}
    return told.issuperset(one.slots.items()) and not other.lone
