"""What goes into the core and what comes out of it: frozen, validated when made.

Every time is a sample count on the session's clock (`voice_assist.samples.RATE` a second, 0 at the
session's first sample), never a clock on the wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

CONTROLS = (
    "stop",
    "pause",
    "resume",
    "repeat",
    "back",
    "next",
    "slower",
    "faster",
    "louder",
    "quieter",
    "why",
    "how_long",
    "other_side",
    "help",
    "another_way",
    "source",
    "sleep",
    "nothing",
    "wake",
)
"""The control words every subject shares; a content pack gives their spoken forms."""

KINDS = ("start", "control", "answer", "emergency", "urgent", "question")
"""What an intent does to the dialogue. Its *name* belongs to the content (`cramp` is a start)."""


@dataclass(frozen=True)
class Word:
    """One recognized word."""

    text: str
    start: int
    """First sample."""
    end: int
    """One past the last sample."""
    confidence: float = 1.0
    """0 to 1, where an engine says it; vosk, asked for whole wordings, says none. No threshold uses it."""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"word {self.text!r} ends at {self.end}, before its start {self.start}")


@dataclass(frozen=True)
class Hypothesis:
    """What a recognizer takes the utterance to be, so far (partial) or at its end (final)."""

    text: str
    """Lower case, words separated by one space; `[unk]` stands for what is not in the grammar."""
    final: bool
    words: tuple[Word, ...] = ()
    """The words of `text` with their times; empty where the source has none (a keyboard)."""
    typed: bool = False
    """True if it was typed: spelled exactly, and never our own voice."""
    echo: bool = False
    """True if our own voice was in the microphone meanwhile, or may have been: little of it can be believed."""
    again: bool = False
    """True if it is the answer to a second look: the same sound, heard without the list of what to expect."""
    barge_in: bool = False
    """True if it was heard, beside all else, in the few words that are said over our voice."""
    over_us: bool = False
    """True if it was said over our voice: half of it is hidden, so what is brief is heard twice."""
    rivals: tuple[tuple[str, float], ...] = ()
    """Other wordings of a final, the likeliest first, each with how much less likely it is: a difference of natural
    logarithms."""

    def later(self, by: int) -> Hypothesis:
        """Return it with its words so many samples later: counted from elsewhere."""
        if not by or not self.words:
            return self
        words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in self.words)
        return replace(self, words=words)


@dataclass(frozen=True)
class Context:
    """What the dialogue is ready to hear; the matcher weighs an utterance against it."""

    awake: bool = False
    """False while asleep: only whole start phrases and emergencies count then, and what an open question expects."""
    expected: frozenset[str] = frozenset()
    """Answers that the open question waits for: answer values, and its own words such as `front`."""
    spelled: bool = False
    """True for typed text: exact words, so forgiving near forms are not needed."""


@dataclass(frozen=True)
class Intent:
    """What the person wants, in the content's names."""

    name: str
    """`cramp`, `control`, `answer`, `emergency`, `urgent`, `question` in the English cramp pack."""
    kind: str
    """One of KINDS."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """For example `place`, `side`, `word`, `value`, `kind`, `topic`; ids of the content."""
    score: float = 1.0
    """0 to 1: how much of the utterance is explained, and how well."""
    complete: bool = True
    """True if nothing that could still follow would change it: a stable partial may commit it."""
    vague: bool = False
    """True if something in it is not named yet, such as the place of a cramp."""
    lone: bool = False
    """True if a place was named, and neither a word of a cramp nor a cry was beside it."""
    unnamed: Mapping[str, str] = field(default_factory=dict, compare=False)
    """The slots as they would be if nothing had been named that may stay vague, such as the place."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"intent {self.name!r} is of unknown kind {self.kind!r}; one of {', '.join(KINDS)}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"intent {self.name!r} has score {self.score}, outside 0 to 1")
        object.__setattr__(self, "slots", MappingProxyType(dict(self.slots)))

    @property
    def named(self) -> frozenset[tuple[str, str]]:
        """What it names that might have stayed vague: slots with their values."""
        return frozenset((slot, value) for slot, value in self.slots.items() if self.unnamed.get(slot, value) != value)

    def same_as(self, other: Intent | None) -> bool:
        """Tell whether `other` asks for the same thing, however sure either is."""
        return other is not None and (self.name, dict(self.slots)) == (other.name, dict(other.slots))


@dataclass(frozen=True)
class Heard:
    """The recognizer's hypothesis changed or ended."""

    at: int
    hypothesis: Hypothesis


@dataclass(frozen=True)
class Understood:
    """An utterance was committed to an intent."""

    at: int
    intent: Intent


@dataclass(frozen=True)
class Say:
    """The first sample of an utterance of ours was played."""

    at: int
    utterance: int
    """Number of the utterance, counted from 1 in a session."""
    text: str


@dataclass(frozen=True)
class Said:
    """An utterance of ours ended."""

    at: int
    utterance: int
    text: str
    cut: bool
    """True if it was silenced before its end."""


@dataclass(frozen=True)
class Changed:
    """The dialogue went from one state to another."""

    at: int
    before: str
    after: str


@dataclass(frozen=True)
class Trouble:
    """Something does not work as it should; the edge says it, prints it, journals it."""

    at: int
    what: str


@dataclass(frozen=True)
class Unclear:
    """A typed line means nothing here. Whoever typed it is told; what is only heard may be anybody's talk."""

    at: int


@dataclass(frozen=True)
class Learned:
    """An answer told of the person what is to be kept."""

    at: int
    facts: tuple[str, ...]
    """By the pack's names; `no NAME` where it was denied."""


@dataclass(frozen=True)
class Errand:
    """The course came to a step that somebody outside has to do."""

    at: int
    name: str
    """One of `voice_assist.guide.protocol.ERRANDS`."""


@dataclass(frozen=True)
class Account:
    """What is known of one cramp so far: of what was said only what it was understood as."""

    began: int
    """Sample of its first word."""
    until: int | None = None
    """Sample at which it had eased, or ended otherwise; None while it goes on."""
    place: str = "unknown"
    """Of several the one that was named last."""
    side: str = ""
    """`left` or `right`; empty where nobody said."""
    tried: tuple[str, ...] = ()
    """Parts of its protocol that can have helped, in the order in which they came."""
    felt: str = ""
    """The last answer to how it felt: `better`, `same`, `worse`; empty where there was none."""
    ended: str = ""
    """How it ended, one of `voice_assist.diary.entries.ENDS`; empty while it goes on, or where nobody ended it."""


@dataclass(frozen=True)
class Noted:
    """Something new is known of a cramp."""

    at: int
    account: Account
    """All that is known of it now; what has the same `began` is the same cramp."""
    noise: float | None = None
    """Noise of the room now, dBFS at the microphone; None where there is none to be heard."""


Action = Heard | Understood | Unclear | Say | Said | Changed | Trouble | Learned | Errand | Noted
"""What a session tells the outside, in the order in which it happened."""
