"""The whole set-up, typed and by ear: how many come to the end, in how many minutes, with how many prompts."""

from __future__ import annotations

import statistics
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, share
from voice_assist import config
from voice_assist.assembly import Assistant, assemble, assemble_typing, spoken
from voice_assist.config import Settings
from voice_assist.content import SETUP, Pack
from voice_assist.events import Action, Intent, Said, Say
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds
from voice_assist.setup.interview import Interview
from voice_assist.setup.sittings import setup_pack
from voice_assist.setup.typed import TypedSetup
from voice_assist.testing import EchoPath, EchoSound

PATIENCE_S = 1200.0
"""Seconds of the session after which a set-up by ear has not come to its end."""

THINKS = 0.6
"""Seconds after a question in which a person begins to answer it."""

ECHO = 3.0
"""dB of our voice in the microphone against what we play: of the night's soft voice, 6 dB under the person's."""


@dataclass(frozen=True)
class Somebody:
    """Somebody who sets up."""

    name: str
    answers: Mapping[str, Sequence[str]]
    """By the name of a question of the pack, what is said to it, once after the other; "no" where it is not named."""
    kept: Mapping[str, object]
    """What must stand in the settings afterwards."""
    facts: frozenset[str]
    """What must be known to hold of the person afterwards, and nothing else."""


PEOPLE = (
    Somebody(
        "65, blood thinners, hearing aids out",
        # Asked for where the country is not understood.
        {"country": ["germany"], "dial": ["one one two"], "over_65": ["yes"], "blood_thinners_taken": ["yes"],
         "medicines_taken": ["yes"], "statin": ["yes"], "hard_of_hearing": ["yes"], "whom": ["my daughter"]},
        {"emergency_number": "112", "country": "DE", "call_name": "your daughter"},
        frozenset({"over_65", "blood_thinners", "statin", "hard_of_hearing"}),
    ),
    Somebody(
        "runner",
        {"country": ["the united states"], "dial": ["nine one one"], "stands_safely": ["yes"], "phone_near": ["yes"],
         "whom": ["nobody"]},
        {"emergency_number": "911", "country": "US", "call_name": ""},
        frozenset({"stands_safely", "phone_near"}),
    ),
    Somebody(
        "blind, lives alone, another number than the table's",
        {"country": ["england"], "dial": ["one one two"], "advice_right": ["yes"],
         "feet": ["yes"], "diabetes": ["yes"], "lives_alone": ["yes"], "phone_near": ["yes"], "whom": ["my neighbour"]},
        {"emergency_number": "112", "country": "GB", "advice_line": "111", "call_name": "your neighbour"},
        frozenset({"diabetes", "lives_alone", "phone_near"}),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a set-up went."""

    who: str
    voice: str
    """Whose voice it was; empty where it was typed."""
    ended: bool
    minutes: float
    """Of the session's time: what was said and what was waited for."""
    prompts: int
    """Lines that were said."""
    wrong: tuple[str, ...]
    """What is kept otherwise than it was told."""
    said: tuple[str, ...]


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure set-ups by keyboard, and by ear with synthetic voices in a quiet room."""
    yield from _figures("typed", [held(somebody, "") for somebody in PEOPLE])
    voices = sounds.VOICES[:1] if quick else sounds.VOICES
    yield from _figures("by ear", [held(somebody, voice) for somebody, voice in product(PEOPLE, voices)])


def _figures(way: str, outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    ended = [outcome for outcome in outcomes if outcome.ended]
    right = [outcome for outcome in ended if not outcome.wrong]
    basis = f"{len(outcomes)} set-ups"
    yield Figure(f"{way}: to the end", share(len(ended), len(outcomes)), "%", 100.0, at_least=True, basis=basis)
    yield Figure(
        f"{way}: all kept as it was told", share(len(right), len(outcomes)), "%", basis=basis, details=outcomes
    )
    for what, values in (
        ("minutes", [outcome.minutes for outcome in ended]),
        ("prompts", [float(outcome.prompts) for outcome in ended]),
    ):
        if values:
            basis = f"{min(values):.1f} to {max(values):.1f}, of those that came to the end"
            yield Figure(f"{way}: {what}, median", statistics.median(values), "", basis=basis)


def held(somebody: Somebody, voice: str) -> Outcome:
    """Hold a set-up with somebody, from an empty file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "settings.toml"
        settings = Settings()

        def silent(_line: str) -> None:
            pass

        assistant = (
            assemble(settings, silent, patient=True, load=setup_pack)
            if voice
            else assemble_typing(settings, silent, setup_pack)
        )
        with closing(assistant.session):
            taken = Interview(assistant.session, assistant.pack, file, settings)
            assistant.session.act(Intent("question", "question", {"topic": SETUP}))
            actions = (_by_ear if voice else _typed)(assistant, taken, somebody, voice)
        kept = config.load(file) if file.exists() else Settings()
    says = [action for action in actions if isinstance(action, Say)]
    minutes = seconds(says[-1].at if says else 0) / 60
    wrong = _wrong(somebody, kept)
    return Outcome(somebody.name, voice, taken.ended, minutes, len(says), wrong, tuple(say.text for say in says))


def _wrong(somebody: Somebody, kept: Settings) -> tuple[str, ...]:
    values = [f"{name}: {getattr(kept, name)}" for name, value in somebody.kept.items() if getattr(kept, name) != value]
    holds = {name for name, known in kept.person.items() if known}
    return (*values, *sorted(f"{name}: {name in holds}" for name in holds ^ somebody.facts))


class _Answers:
    """What somebody says to each question, once after the other."""

    def __init__(self, pack: Pack, somebody: Somebody) -> None:
        self._names = {question.say: question.name for question in pack.guide.questions.values()}
        self._number, self._before = spoken(str(somebody.kept["emergency_number"]), pack), ""
        self._left = {name: list(texts) for name, texts in somebody.answers.items()}

    def to(self, line: str) -> str:
        """Return the answer to a line of ours; empty if it asks nothing."""
        name = self._names.get(line)
        before, self._before = self._before, line if name is None else self._before
        if name is None:
            return ""
        if name == "number_right":
            # Whoever hears another number says so.
            return "yes" if self._number in before else "no"
        left = self._left.get(name)
        # Asked once more, they say once more what they said.
        return "no" if left is None else left.pop(0) if len(left) > 1 else left[0]


def _by_ear(assistant: Assistant, taken: Interview, somebody: Somebody, voice: str) -> list[Action]:
    """Let somebody answer what is asked, in a quiet room in which we hear ourselves a little."""
    session, answers = assistant.session, _Answers(assistant.pack, somebody)
    room, echo = sounds.hiss(sounds.ROOM, RATE), EchoSound(EchoPath(ECHO))
    coming: deque[Samples] = deque()
    actions: list[Action] = []
    for block in range(samples(PATIENCE_S) // BLOCK):
        heard = room[block * BLOCK % (RATE - BLOCK) :][:BLOCK] + echo.block()
        heard = heard + (coming.popleft() if coming else 0)
        session.hear(np.clip(heard, -32768, 32767).astype(np.int16))
        happened = session.actions()
        echo.push(session.speak(BLOCK))
        for action in happened:
            taken(action)
            if isinstance(action, Said) and (text := answers.to(action.text)):
                sound = sounds.surrounded(sounds.spoken(voice, (text,))[text], THINKS, seconds(BLOCK))
                coming = deque(sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK))
        actions += happened
        if session.idle:
            break
    return actions


def _typed(assistant: Assistant, taken: Interview, somebody: Somebody, voice: str) -> list[Action]:
    del voice
    answers, actions, asked = _Answers(assistant.pack, somebody), list[Action](), [""]

    class Typing:
        """Types the answer to what was asked last."""

        def wait(self, timeout_s: float) -> str:
            """Return the next line."""
            del timeout_s
            return asked[-1]

    def on_action(action: Action) -> None:
        taken(action)
        actions.append(action)
        if isinstance(action, Say):
            asked.append(answers.to(action.text))

    session = assistant.session
    TypedSetup(session, assistant.pack, taken, on_action, print).run(Typing(), lambda: session.idle)
    return actions
