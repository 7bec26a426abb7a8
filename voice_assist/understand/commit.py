"""When a hypothesis is acted on: as soon as nothing that may follow could change it, and not before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples
from voice_assist.understand.second_look import (
    AT_ONCE,
    BRIEF_AMID_TALK,
    DANGERS,
    LOOK_BACK,
    LOOK_BACK_A_WORD,
    LOOK_FROM,
    LOOK_WAIT,
    TALK,
    UNDOUBTED,
    WAVER_WAIT,
    Doubted,
    Doubts,
    Look,
    Match,
    Named,
    asked_about,
)

JOIN = samples(2.5)
"""Somebody drowsy pauses inside a sentence ("my … calf"): an utterance that was not understood is put
before the next one if that comes within this time."""

TALKED_OVER = samples(1.5)
"""How long a start without a place waits for another word where it never gets quiet: the place is still to come, as a
rule, and once an answer is spoken over it, it is lost."""

SURE = 0.9
"""Score that an emergency must have to be believed while our own voice is in the microphone."""

PLAIN = 0.75
"""Score that an order must have in the few words that are said over our voice. They make "i thing came have enough" of
"I think I'm having a stroke", and "stop" of that; of what voices to tune on said no order is lost by it."""

HUSH_BEHIND = 5.0
"""How much less likely than the likeliest wording "stop" may be over our voice, a difference of natural logarithms:
whoever is silenced by mistake says "cramp" again. Of 60 sentences that people read over our voice at -6 dB as many are
taken for "stop" with 3 as with 5; of 135 "stop" at -6 dB two are heard with 5 that were missed with 3."""

UNKNOWN_WORD = "[unk]"


@dataclass(frozen=True)
class Timing:
    """How long an utterance is waited for, in samples. The defaults are for a model that nobody calibrated."""

    stable: int = samples(0.12)
    """A partial must stand this long: decoders take back a word now and then within a tenth of a second."""
    pause: int = samples(0.6)
    """An utterance that could still go on ("my calf …") is acted on once nothing new came for so long. As a rule
    its end comes first, after a shorter time of quiet; but in noise there is no quiet."""
    settled: int = samples(0.30)
    """Quiet after which a start whose place is named is acted on all the same, while the utterance goes on: a mouth
    that shuts for a consonant is quiet for less. What is added later corrects it."""
    quick_end: int = samples(0.30)
    """Quiet after which an utterance is over that means something, all of it named: only more of the same could
    follow. The decoder then answers at once instead of waiting for its own 0.5 s."""
    end: int = samples(0.30)
    """The same for one of which something is still unnamed ("a cramp …"), or of which nothing is known yet."""
    late_end: int = samples(0.60)
    """Quiet after which any utterance is over: a pause for breath inside a sentence is shorter."""


UNCALIBRATED = Timing()


@dataclass(frozen=True)
class Decision:
    """What comes of a hypothesis."""

    intent: Intent | None = None
    """What to act on now."""
    unclear: bool = False
    """True at the end of an utterance that held words but was not understood."""
    look: Look | None = None
    """What the recognizer shall hear again before anything is done; None for no need."""


NOTHING = Decision()


class Commitment:
    """Watches the hypotheses of one person and decides when each is acted on, once."""

    def __init__(self, match: Match, timing: Timing = UNCALIBRATED, doubts: Doubts = UNDOUBTED) -> None:
        self._match = match
        self._timing = timing
        self._doubts = self._calibrated = doubts
        self._candidate: Intent | None = None
        self._since = 0
        self._grown = 0
        self._done: list[Intent] = []
        self._carried = _Told()
        self._carried_until = 0
        self._told = _Told()
        self._doubted: Doubted | None = None
        self._said: list[str] = []
        self._taken_back = 0
        self._named: dict[str, Named] = {}
        self._quiet = 0
        self._talk_until = 0

    def taught(self, false_alarms: int) -> None:
        """Take in how often it was said in this room that there was nothing: starts are doubted more."""
        self._doubts = self._calibrated.after(false_alarms)

    @property
    def candidate(self) -> Intent | None:
        """What the utterance seems to mean so far, not yet acted on."""
        return self._candidate

    def ends_after(self, *, heard: bool) -> int:
        """Return the samples of quiet after which the utterance is over, given whether any word of it was `heard`."""
        if self._candidate is None or (_may_begin_more(self._candidate) and self._told.asleep):
            return self._timing.late_end if heard else self._timing.end
        named = not self._candidate.vague and "doubt" not in self._candidate.slots
        return self._timing.quick_end if named else self._timing.end

    def done(self, intent: Intent) -> None:
        """Note that the utterance was acted on as an intent: another ear heard it sooner."""
        self._done.append(intent)
        if intent.same_as(self._candidate):
            self._candidate = None

    def forget(self) -> None:
        """Forget what was heard and not acted on yet: it was long ago."""
        self._begin_anew()
        self._carried, self._doubted = _Told(), None

    def hear(self, heard: Hypothesis, context: Context, now: int) -> Decision:
        """Take in a changed hypothesis, or the answer to a second look."""
        if heard.again:
            return self._looked(heard, now)
        if not heard.typed:
            self._watch(heard.text)
        intent = self._understand(heard, context, now)
        if intent is not None and self._told.asleep and self._doubts.ignore(intent, talk=now < self._talk_until):
            intent = None
        if heard.final:
            return self._end(heard, intent, now)
        if intent is None or _is_done(intent, self._done):
            self._candidate = None
            return NOTHING
        if not intent.same_as(self._candidate):
            self._since = self._grown = now
        elif not heard.text.endswith(UNKNOWN_WORD):
            self._grown = now
        self._candidate = intent
        if _is_at_once(intent):
            return self._commit(intent, now)
        return self.tick(now)

    def tick(self, now: int, quiet: int | None = None) -> Decision:
        """Act on a candidate that has stood long enough, or on a doubted one that nobody looked at again.

        `quiet`: samples since a voice was last active; None while that has not changed.
        """
        self._quiet = self._quiet if quiet is None else quiet
        if self._doubted is not None and now >= self._doubted.until:
            believed, self._doubted = self._doubted, None
            return Decision(believed.intent)
        intent = self._candidate
        if intent is None or (intent.kind == "start" and "doubt" in intent.slots):
            return NOTHING  # A doubted start waits for the utterance's end: most are the start of something else.
        if _may_begin_more(intent) and not self._quiet:
            return NOTHING
        return self._commit(intent, now) if self._stands(intent, now) else NOTHING

    def _stands(self, intent: Intent, now: int) -> bool:
        """Tell whether a candidate has stood long enough."""
        named = intent.kind == "start" and not intent.vague
        # Half a word sounds like another one at any speed: what wavers is heard again once all of it is there.
        whole = intent.complete and not self._wavers(intent)
        if whole or (named and self._quiet >= self._timing.settled):
            return now - self._since >= self._timing.stable
        if intent.kind != "start" or named:
            return now - self._since >= self._timing.pause
        # The place is still to come, or its sound came and is not told yet.
        return now - self._grown >= (self._timing.pause if self._quiet >= self._timing.end else TALKED_OVER)

    def _understand(self, heard: Hypothesis, context: Context, now: int) -> Intent | None:
        context = replace(context, spelled=True) if heard.typed else context
        self._told = _told(heard, context, now)
        intent = self._meant(heard.text, heard, context)
        if heard.echo:
            return intent if intent is not None and _believed(intent, heard) else None
        if intent is not None and "doubt" not in intent.slots:
            return intent
        if self._carried.text and now <= self._carried_until and heard.text:
            joined = self._meant(f"{self._carried.text} {heard.text}", heard, context)
            if joined is not None:
                self._told = replace(self._told, text=f"{self._carried.text} {heard.text}", since=self._carried.since)
                return joined
        if intent is None and heard.barge_in:
            return self._hush_of_rivals(heard, context)
        return self._of_rivals(heard, context) if intent is None and heard.text else intent

    def _meant(self, text: str, heard: Hypothesis, context: Context) -> Intent | None:
        """Return what words mean that were heard in this way."""
        intent = self._match(text, context) if text else None
        return None if intent and heard.barge_in and intent.score < PLAIN else intent

    def _hush_of_rivals(self, heard: Hypothesis, context: Context) -> Intent | None:
        """Return "stop" where it is another wording of what was said over our voice; the likeliest may be no words."""
        meant = (self._meant(text, heard, context) for text, behind in heard.rivals if behind <= HUSH_BEHIND)
        return next((intent for intent in meant if intent and _is_at_once(intent)), None)

    def _of_rivals(self, heard: Hypothesis, context: Context) -> Intent | None:
        """Return what another wording means. Where nothing was likelier than words, nothing was said."""
        for text, behind in heard.rivals:
            if behind <= self._doubts.rivals and (intent := self._match(text, context)) is not None:
                self._told = replace(self._told, text=text)
                # What is not the likeliest wording must not call for help at night.
                unsure = self._told.asleep and intent.kind in DANGERS
                return (asked_about(intent) or intent) if unsure else intent
        return None

    def _watch(self, text: str) -> None:
        """Note the words that are heard otherwise than a moment ago, and the places that were named meanwhile."""
        words = text.split()
        kept = takewhile(lambda pair: pair[0] == pair[1], zip(words, self._said, strict=False))
        self._taken_back += len(self._said) - len([*kept])
        self._said = words
        # Awake: half a sentence is enough.
        found = self._match(text, Context(awake=True)) if text else None
        if found is not None and found.named:
            self._named[text] = found.named

    def _wavers(self, intent: Intent) -> bool:
        """Tell whether the place of an intent may be another one."""
        most = self._doubts.wavers
        if self._told.typed or not most or intent.kind != "start" or not intent.named or "doubt" in intent.slots:
            return False
        if "places" in intent.slots:
            return False  # Of several, one may be never coached: none may be dropped.
        # "The back" that became "the back of my thigh" was not taken back.
        others = (text for text, named in self._named.items() if named != intent.named)
        return self._taken_back >= most or any(not self._told.text.startswith(text) for text in others)

    def _commit(self, intent: Intent, now: int, *, ended: bool = False) -> Decision:
        self._done.append(intent)
        self._candidate = None
        self._carried = _Told()
        words = self._told.text.split()
        talk = now < self._talk_until or UNKNOWN_WORD in words
        looks = []
        over_us = self._told.over_us and intent.kind == "start" and len(words) <= BRIEF_AMID_TALK
        if over_us or (self._told.asleep and self._doubts.cover(intent, len(words), talk=talk)):
            looks.append(Look(self._told.since))
        if self._wavers(intent):
            looks.append(Look(self._told.since, expected=True))
        if not looks:
            if self._doubted is not None and self._doubted.intent.kind == intent.kind:
                self._doubted = None  # What is sure has taken its place.
            return Decision(intent)
        margin = self._doubts.margin(intent, len(words), talk=talk)
        wait = WAVER_WAIT if looks[0].expected else LOOK_WAIT
        self._doubted = Doubted(intent, tuple(looks), now + wait, len(words), margin, ended, talk)
        return Decision(look=looks[0])

    def _looked(self, heard: Hypothesis, now: int) -> Decision:
        """Take in what the sound of something doubted was the second time."""
        doubted, self._doubted = self._doubted, None
        if doubted is None:
            return NOTHING
        look, *others = doubted.looks
        left = (doubted.heard_as if look.expected else doubted.borne_out)(heard, self._match)
        if left is None:
            return NOTHING
        if left is not doubted.intent and not doubted.ended:
            self._done.remove(doubted.intent)  # Its utterance goes on: more of it may tell.
            return NOTHING
        if left is not doubted.intent or not others:
            return Decision(left)
        self._doubted = replace(doubted, looks=tuple(others), until=now + WAVER_WAIT)
        return Decision(look=others[0])

    def _end(self, heard: Hypothesis, intent: Intent | None, now: int) -> Decision:
        if self._doubted is not None:
            self._doubted = replace(self._doubted, ended=True)
        if intent is not None and not _is_done(intent, self._done):
            decision = self._commit(intent, now, ended=True)
            self._begin_anew()
            return decision
        done = self._begin_anew()
        if heard.text and not done:
            self._talk_until = now + TALK
        meant = _meant(heard)
        self._carried = _Told() if done else replace(self._told, text=meant)
        self._carried_until = now + JOIN
        return Decision(unclear=not done and bool(meant))

    def _begin_anew(self) -> list[Intent]:
        """Forget the utterance; return what was acted on."""
        done, self._done, self._candidate = self._done, [], None
        self._said, self._taken_back, self._named = [], 0, {}
        return done


@dataclass(frozen=True)
class _Told:
    """What was told, and where its sound is."""

    text: str = ""
    since: int = 0
    """Sample from which on it can be heard again."""
    asleep: bool = False
    """True if others may have said it: nobody is known to be awake, and nobody typed it."""
    typed: bool = False
    over_us: bool = False


def _is_done(intent: Intent, done: list[Intent]) -> bool:
    """Tell whether an utterance was acted on as an intent; "stop" counts again once something else came of it."""
    return any(intent.same_as(earlier) for earlier in (done[-1:] if _is_at_once(intent) else done))


def steers(intent: Intent) -> bool:
    """Tell whether an intent only steers what is said: it neither begins anything, nor ends it, nor raises an alarm."""
    return intent.kind in {"control", "answer"} and not _is_at_once(intent)


def _is_at_once(intent: Intent) -> bool:
    return intent.kind == "control" and intent.slots.get("word") in AT_ONCE


def _told(heard: Hypothesis, context: Context, now: int) -> _Told:
    back = max(LOOK_BACK, LOOK_BACK_A_WORD * len(heard.text.split()))
    since = heard.words[0].start - LOOK_FROM if heard.words else now - back
    asleep = not (context.awake or context.expected or heard.typed)
    return _Told(heard.text, max(0, since), asleep=asleep, typed=heard.typed, over_us=heard.over_us)


def _may_begin_more(intent: Intent) -> bool:
    """Tell whether it is a word like "help", which may begin "help me, my leg": an answer would drown the rest."""
    return intent.kind == "control" and not intent.complete


def _meant(heard: Hypothesis) -> str:
    """Return the words that somebody may have said: none where they may be our own, misheard."""
    return "" if heard.echo else heard.text.replace(UNKNOWN_WORD, "").strip()


def _believed(intent: Intent, heard: Hypothesis) -> bool:
    """Tell whether an intent counts although our own voice was in the microphone."""
    sure = heard.final and intent.score >= SURE and "doubt" not in intent.slots
    return _is_at_once(intent) or (intent.kind == "emergency" and sure)
