"""When a hypothesis is acted on: as soon as nothing that may follow could change it, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples

JOIN = samples(2.5)
"""Somebody drowsy pauses inside a sentence ("my … calf"): an utterance that was not understood is put
before the next one if that comes within this time."""

LOOK_FROM = samples(0.3)
"""How far before its first word a second look begins: decoders place the edge of a word badly."""

LOOK_BACK = samples(2.0)
"""How far back it begins where the words have no times: longer than anything brief takes to say."""

LOOK_BACK_A_WORD = samples(0.45)
"""The same for each word of what is longer; drowsy people say two words a second."""

LOOK_WAIT = samples(0.5)
"""How long the answer is waited for; then the first hearing counts. On a small board it takes half of that."""

LOOK_MARGIN = 2.0
"""How much less likely than the likeliest a wording of the second look may be that bears a start out, a difference of
natural logarithms: with 3, "got a man staff" bore out "god my calf"; with 2 few starts of voices to tune on were
lost. A brief one is borne out by the likeliest alone: "careful" sounds like "calves"."""

BRIEF_AMID_TALK = 3
"""A start of so many words is brief where others talk; out of the quiet `brief` of the model tells. There slang ("my
hammy's gone") is heard the second time as something else too often to be doubted."""

WORDY = 8
"""From so many words on, what is heard again where something brief is doubted is other people's talk."""

WORDIER = 4
"""How many words more than were told may be heard again where more were told than is brief."""

TALKED_OVER = samples(1.5)
"""How long a start without a place waits for another word where it never gets quiet: the place is still to come, as a
rule, and once an answer is spoken over it, it is lost."""

TALK = samples(20.0)
"""How long after an utterance that meant nothing there may be talk: a television is silent for less."""

AT_ONCE = frozenset({"stop", "pause", "sleep"})
"""Control words that are obeyed on the first partial."""

SURE = 0.9
"""Score that an emergency must have to be believed while our own voice is in the microphone."""

UNKNOWN_WORD = "[unk]"

Match = Callable[[str, Context], Intent | None]


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


@dataclass(frozen=True)
class Doubts:
    """What is believed asleep only after a second look at the sound: the recognizer hears it again, in any words.

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
    """What would only get the quiet question: it can wait, and a television should not be asked."""
    alarms: int = 0
    """Signs of danger that would only be asked about, told in at most so many words; with `talk` only within TALK of an
    utterance that meant nothing. One that is answered at once is never doubted."""

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
        there = talk or not self.talk
        return asked and there and words <= self.alarms and intent.kind in ("emergency", "urgent")

    def margin(self, intent: Intent, words: int, *, talk: bool = False) -> float:
        """Return how much less likely than the likeliest a wording of the second look may be that bears it out."""
        if intent.kind in ("emergency", "urgent"):
            return LOOK_MARGIN  # Danger has the benefit of the doubt.
        # Nobody is missed by a quiet question that is not asked. What is brief sounds like much else.
        brief = max(self.brief, BRIEF_AMID_TALK if talk else 0)
        return 0.0 if "doubt" in intent.slots or words <= brief else LOOK_MARGIN


UNCALIBRATED = Timing()
UNDOUBTED = Doubts()


@dataclass(frozen=True)
class Decision:
    """What comes of a hypothesis."""

    intent: Intent | None = None
    """What to act on now."""
    unclear: bool = False
    """True at the end of an utterance that held words but was not understood."""
    look_since: int | None = None
    """From this sample on the recognizer shall hear the sound again before anything is done; None for no need."""


NOTHING = Decision()


class Commitment:
    """Watches the hypotheses of one person and decides when each is acted on, once."""

    def __init__(self, match: Match, timing: Timing = UNCALIBRATED, doubts: Doubts = UNDOUBTED) -> None:
        self._match = match
        self._timing = timing
        self._doubts = doubts
        self._candidate: Intent | None = None
        self._since = 0
        self._grown = 0
        self._done: list[Intent] = []
        self._carried = _Told()
        self._carried_until = 0
        self._told = _Told()
        self._doubted: Intent | None = None
        self._doubted_until = 0
        self._margin = 0.0
        self._wordy = WORDY
        self._quiet = 0
        self._talk_until = 0

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

    def hear(self, heard: Hypothesis, context: Context, now: int) -> Decision:
        """Take in a changed hypothesis, or the answer to a second look."""
        if heard.again:
            return self._looked(heard)
        intent = self._understand(heard, context, now)
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
        if intent.kind == "control" and intent.slots.get("word") in AT_ONCE:
            return self._commit(intent, now)
        return self.tick(now)

    def tick(self, now: int, quiet: int | None = None) -> Decision:
        """Act on a candidate that has stood long enough, or on a doubted one that nobody looked at again.

        `quiet`: samples since a voice was last active; None while that has not changed.
        """
        self._quiet = self._quiet if quiet is None else quiet
        if self._doubted is not None and now >= self._doubted_until:
            believed, self._doubted = self._doubted, None
            return Decision(believed)
        intent = self._candidate
        if intent is None or (intent.kind == "start" and "doubt" in intent.slots):
            return NOTHING  # A doubted start waits for the utterance's end: most are the start of something else.
        if _may_begin_more(intent) and not self._quiet:
            return NOTHING
        return self._commit(intent, now) if self._stands(intent, now) else NOTHING

    def _stands(self, intent: Intent, now: int) -> bool:
        """Tell whether a candidate has stood long enough."""
        named = intent.kind == "start" and not intent.vague
        if intent.complete or (named and self._quiet >= self._timing.settled):
            return now - self._since >= self._timing.stable
        if intent.kind != "start" or named:
            return now - self._since >= self._timing.pause
        # The place is still to come, or its sound came and is not told yet.
        return now - self._grown >= (self._timing.pause if self._quiet >= self._timing.end else TALKED_OVER)

    def _understand(self, heard: Hypothesis, context: Context, now: int) -> Intent | None:
        context = replace(context, spelled=True) if heard.typed else context
        self._told = _told(heard, context, now)
        intent = self._match(heard.text, context) if heard.text else None
        if heard.echo:
            return intent if intent is not None and _believed(intent, heard) else None
        if intent is not None and "doubt" not in intent.slots:
            return intent
        if self._carried.text and now <= self._carried_until and heard.text:
            joined = self._match(f"{self._carried.text} {heard.text}", context)
            if joined is not None:
                self._told = replace(self._told, text=f"{self._carried.text} {heard.text}", since=self._carried.since)
                return joined
        return self._of_rivals(heard, context) if intent is None and heard.text else intent

    def _of_rivals(self, heard: Hypothesis, context: Context) -> Intent | None:
        """Return what another wording means. Where nothing was likelier than words, nothing was said."""
        for text, behind in heard.rivals:
            if behind <= self._doubts.rivals and (intent := self._match(text, context)) is not None:
                self._told = replace(self._told, text=text)
                return intent
        return None

    def _commit(self, intent: Intent, now: int) -> Decision:
        self._done.append(intent)
        self._candidate = None
        self._carried = _Told()
        told = self._told
        words = told.text.split()
        talk = now < self._talk_until or UNKNOWN_WORD in words
        if told.asleep and self._doubts.cover(intent, len(words), talk=talk):
            self._doubted = intent
            self._doubted_until = now + LOOK_WAIT
            self._margin = self._doubts.margin(intent, len(words), talk=talk)
            self._wordy = max(WORDY, len(words) + WORDIER)
            return Decision(look_since=told.since)
        return Decision(intent)

    def _looked(self, heard: Hypothesis) -> Decision:
        """Believe what was doubted if the same sound, heard in any words, holds the same.

        By any wording that is about as likely. What is brief, or gets the quiet question, by the likeliest alone.
        """
        doubted, self._doubted = self._doubted, None
        if doubted is None:
            return NOTHING
        # Awake: fewer words are enough there, and whoever is heard again has been heard once.
        wordings = (heard.text, *(text for text, behind in heard.rivals if behind < self._margin))
        meant = (self._match(part, Context(awake=True)) for part in _parts(wordings, self._wordy))
        borne_out = any(found is not None and _alike(doubted, found) for found in meant)
        return Decision(doubted) if borne_out else NOTHING

    def _end(self, heard: Hypothesis, intent: Intent | None, now: int) -> Decision:
        done, self._done, self._candidate = self._done, [], None
        if intent is not None and not _is_done(intent, done):
            decision = self._commit(intent, now)
            self._done = []
            return decision
        if heard.text and not done:
            self._talk_until = now + TALK
        meant = _meant(heard)
        self._carried = _Told() if done else replace(self._told, text=meant)
        self._carried_until = now + JOIN
        return Decision(unclear=not done and bool(meant))


@dataclass(frozen=True)
class _Told:
    """What was told, and where its sound is."""

    text: str = ""
    since: int = 0
    """Sample from which on it can be heard again."""
    asleep: bool = False
    """True if others may have said it: nobody is known to be awake, and nobody typed it."""


def _is_done(intent: Intent, done: list[Intent]) -> bool:
    """Tell whether an utterance was acted on as an intent; "stop" counts again once something else came of it."""
    at_once = intent.kind == "control" and intent.slots.get("word") in AT_ONCE
    return any(intent.same_as(earlier) for earlier in (done[-1:] if at_once else done))


def _told(heard: Hypothesis, context: Context, now: int) -> _Told:
    back = max(LOOK_BACK, LOOK_BACK_A_WORD * len(heard.text.split()))
    since = heard.words[0].start - LOOK_FROM if heard.words else now - back
    return _Told(heard.text, max(0, since), asleep=not (context.awake or context.expected or heard.typed))


def _may_begin_more(intent: Intent) -> bool:
    """Tell whether it is a word like "help", which may begin "help me, my leg": an answer would drown the rest."""
    return intent.kind == "control" and not intent.complete


def _parts(wordings: Iterable[str], wordy: int) -> Iterator[str]:
    """Yield every run of words of some wordings once, a wording's longest first; nothing of one of `wordy` or more."""
    yielded: set[str] = set()
    for text in wordings:
        words = text.split()
        if len(words) < wordy:
            for length in range(len(words), 0, -1):
                for start in range(len(words) - length + 1):
                    part = " ".join(words[start : start + length])
                    if part not in yielded:
                        yielded.add(part)
                        yield part


def _alike(one: Intent, other: Intent) -> bool:
    """Tell whether two intents are of the same thing, as far as both name it."""
    shared = set(one.slots.items()) & set(other.slots.items()) - {("doubt", "yes")}
    return one.name == other.name and (one.vague or other.vague or bool(shared))


def _meant(heard: Hypothesis) -> str:
    """Return the words that somebody may have said: none where they may be our own, misheard."""
    return "" if heard.echo else heard.text.replace(UNKNOWN_WORD, "").strip()


def _believed(intent: Intent, heard: Hypothesis) -> bool:
    """Tell whether an intent counts although our own voice was in the microphone."""
    if intent.kind == "control":
        return intent.slots.get("word") in AT_ONCE
    return intent.kind == "emergency" and heard.final and intent.score >= SURE and "doubt" not in intent.slots
