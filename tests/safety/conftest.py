"""A night in which somebody types or speaks to the whole session, with the pack that ships."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from voice_assist import content
from voice_assist.config import content_folder, models_folder
from voice_assist.content import Pack
from voice_assist.content.fills import emergency_number
from voice_assist.events import Action, Changed, Say, Understood
from voice_assist.guide.protocol import Loop, Only, Step, spoken
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero
from voice_assist.hear.worker import open_recognizer
from voice_assist.samples import BLOCK, Samples, samples, seconds, whole_blocks
from voice_assist.session import Session
from voice_assist.testing import Reply, Room, Tones, scripted_session
from voice_assist.understand.grammar import sentences


@dataclass(frozen=True)
class Script:
    """What the pack can say."""

    pack: Pack

    def lines(self, routine: str) -> list[str]:
        """Return what a routine says to everybody, whatever is known of them, in order."""
        return list(spoken(tuple(for_all(self.pack.guide.routines[routine].steps))))

    def asks(self, question: str) -> str:
        """Return the words of a question."""
        return self.pack.guide.questions[question].say

    def moves(self, *places: str) -> set[str]:
        """Return every line of the places' own protocols."""
        parts = [steps for place in places for steps in self.pack.guide.protocols[place].parts.values()]
        return {line for steps in parts for line in spoken(steps)}

    def part(self, place: str, name: str) -> set[str]:
        """Return every line of one part of a place's protocol."""
        return set(spoken(self.pack.guide.protocols[place].parts[name]))


def for_all(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield the steps that are taken whatever is known."""
    for step in steps:
        if isinstance(step, Loop):
            yield replace(step, steps=tuple(for_all(step.steps)))
        elif not (isinstance(step, Only) and step.when):
            yield step


class Told:
    """What came of it."""

    actions: Sequence[Action]

    @property
    def says(self) -> list[Say]:
        return [action for action in self.actions if isinstance(action, Say)]

    @property
    def texts(self) -> list[str]:
        return [say.text for say in self.says]

    @property
    def questions(self) -> list[str]:
        return [text for text in self.texts if text.endswith("?")]

    @property
    def states(self) -> list[str]:
        """The dialogue's states, in the order in which they came."""
        return [action.after for action in self.actions if isinstance(action, Changed)]

    @property
    def meant(self) -> list[Mapping[str, str]]:
        """What was understood: name and slots in one mapping each."""
        return [{"name": a.intent.name, **a.intent.slots} for a in self.actions if isinstance(a, Understood)]


@dataclass
class Night(Told):
    """A session, whole, to which somebody types."""

    pack: Pack
    person: Mapping[str, bool] = field(default_factory=dict)
    """What is known of the person."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question to what is answered a second after it was asked, each time."""
    otherwise: str = ""
    """What is answered to any other question; empty is silence."""

    def __post_init__(self) -> None:
        self.session: Session = scripted_session(self.pack, person=self.person)
        self.actions: list[Action] = []

    def types(self, text: str) -> Night:
        """Let somebody type a sentence, now."""
        self.session.type(text)
        return self

    def passes(self, duration: float, until: str = "") -> Night:
        """Let seconds go by, answering what is asked; end early with the block in which a line begins."""
        end = self.session.now + samples(duration)
        replies: dict[int, str] = {}
        while self.session.now < end:
            self.session.gap(BLOCK)
            self.session.speak(BLOCK)
            new = self.session.actions()
            self.actions += new
            for say in (action for action in new if isinstance(action, Say)):
                if say.text.endswith("?") and (answer := self.answers.get(say.text, self.otherwise)):
                    replies[whole_blocks(say.at + len(Tones().sound(say.text)) + samples(1.0))] = answer
                if until and say.text == until:
                    return self
            if self.session.now in replies:
                self.session.type(replies.pop(self.session.now))
        return self

    def after(self, seen: int) -> list[Say]:
        """Return what was said after so many lines."""
        return self.says[seen:]


@dataclass(frozen=True)
class Heard(Told):
    """What came of being spoken to."""

    actions: Sequence[Action]
    state: str


class Ears:
    """The engine and the model that ship, loaded once. The voice is of tones: nobody listens to it here."""

    def __init__(self, pack: Pack, person: Callable[[str], Samples]) -> None:
        self._pack = pack
        self._person = person
        self.recognizer: Recognizer = open_recognizer(
            models_folder() / "en-small", sentences(pack.lexicon), patient=True
        )

    def hear(self, *said: tuple[float, str], lasts: float, replies: Mapping[str, Sequence[str]] | None = None) -> Heard:
        """Let somebody speak at seconds from the start, and reply to lines of ours after they end."""
        self.recognizer.reset()
        session = Session(self._pack, self.recognizer, Tones(), Silero())
        answers = {
            line: [Reply(self._person(text), after=seconds(len(Tones().sound(line))) + 0.5) for text in texts]
            for line, texts in (replies or {}).items()
        }
        room = Room(session, replies=answers, noise=_quiet_room)
        for at, text in said:
            room.person_says(self._person(text), at)
        room.run(lasts)
        return Heard(room.actions, session.state)


_NOISE = np.random.default_rng(1).normal(0, 8, samples(4.0)).astype(np.int16)


def _quiet_room(begin: int, end: int) -> Samples:
    """Return the noise of a quiet room: no room is digitally silent."""
    noise: Samples = _NOISE[np.arange(begin, end) % len(_NOISE)]
    return noise


@pytest.fixture(scope="session")
def pack() -> Pack:
    return content.load(content_folder() / "en", {"emergency": emergency_number("112"), "advice": "a doctor"})


@pytest.fixture(scope="session")
def script(pack: Pack) -> Script:
    return Script(pack)


@pytest.fixture
def night(pack: Pack) -> Callable[..., Night]:
    """Return what begins a night; it takes what a Night takes, by name."""
    return lambda **about: Night(pack, **about)


@pytest.fixture(scope="module")
def ears(pack: Pack, person: Callable[[str], Samples]) -> Iterator[Ears]:
    ears = Ears(pack, person)
    yield ears
    ears.recognizer.close()
