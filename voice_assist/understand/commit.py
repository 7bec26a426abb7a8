"""When a hypothesis is acted on: as soon as nothing that may follow could change it, and not before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples

JOIN = samples(2.5)
"""Somebody drowsy pauses inside a sentence ("my … calf"): an utterance that was not understood is put
before the next one if that comes within this time."""

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


NOTHING = Decision()


class Commitment:
    """Watches the hypotheses of one person and decides when each is acted on, once."""

    def __init__(self, match: Match, timing: Timing = UNCALIBRATED) -> None:
        self._match = match
        self._timing = timing
        self._candidate: Intent | None = None
        self._since = 0
        self._done: list[Intent] = []
        self._carried = ""
        self._carried_until = 0

    @property
    def candidate(self) -> Intent | None:
        """What the utterance seems to mean so far, not yet acted on."""
        return self._candidate

    def ends_after(self, *, heard: bool) -> int:
        """Return the samples of quiet after which the utterance is over, given whether any word of it was `heard`."""
        if self._candidate is None:
            return self._timing.late_end if heard else self._timing.end
        named = not self._candidate.vague and "doubt" not in self._candidate.slots
        return self._timing.quick_end if named else self._timing.end

    def hear(self, heard: Hypothesis, context: Context, now: int) -> Decision:
        """Take in a changed hypothesis."""
        intent = self._understand(heard, context, now)
        if heard.final:
            return self._end(heard, intent, now)
        if intent is None or any(intent.same_as(done) for done in self._done):
            self._candidate = None
            return NOTHING
        if not intent.same_as(self._candidate):
            self._since = now
        self._candidate = intent
        if intent.kind == "control" and intent.slots.get("word") in AT_ONCE:
            return self._commit(intent)
        return self.tick(now)

    def tick(self, now: int) -> Decision:
        """Act on a candidate that has stood long enough."""
        intent = self._candidate
        if intent is None or (intent.kind == "start" and "doubt" in intent.slots):
            return NOTHING  # A doubted start waits for the utterance's end: most are the start of something else.
        if now - self._since < (self._timing.stable if intent.complete else self._timing.pause):
            return NOTHING
        return self._commit(intent)

    def _understand(self, heard: Hypothesis, context: Context, now: int) -> Intent | None:
        context = replace(context, spelled=True) if heard.typed else context
        intent = self._match(heard.text, context) if heard.text else None
        if heard.echo:
            return intent if intent is not None and _believed(intent, heard) else None
        if intent is not None and "doubt" not in intent.slots:
            return intent
        if self._carried and now <= self._carried_until and heard.text:
            return self._match(f"{self._carried} {heard.text}", context) or intent
        return intent

    def _commit(self, intent: Intent) -> Decision:
        self._done.append(intent)
        self._candidate = None
        self._carried = ""
        return Decision(intent)

    def _end(self, heard: Hypothesis, intent: Intent | None, now: int) -> Decision:
        done, self._done, self._candidate = self._done, [], None
        if intent is not None and not any(intent.same_as(earlier) for earlier in done):
            decision = self._commit(intent)
            self._done = []
        else:
            decision = Decision(unclear=not done and bool(_meant(heard)))
        understood = done or decision.intent is not None
        self._carried = "" if understood else _meant(heard)
        self._carried_until = now + JOIN
        return decision


def _meant(heard: Hypothesis) -> str:
    """Return the words that somebody may have said: none where they may be our own, misheard."""
    return "" if heard.echo else heard.text.replace(UNKNOWN_WORD, "").strip()


def _believed(intent: Intent, heard: Hypothesis) -> bool:
    """Tell whether an intent counts although our own voice was in the microphone."""
    if intent.kind == "control":
        return intent.slots.get("word") in AT_ONCE
    return intent.kind == "emergency" and heard.final and intent.score >= SURE and "doubt" not in intent.slots
