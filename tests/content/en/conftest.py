"""The English words, read once, and a walk through a routine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.person import follow
from voice_assist.content.sheet import Faults
from voice_assist.guide.course import Course
from voice_assist.guide.facts import Facts
from voice_assist.guide.protocol import Ask, Breathe, Do, Goto, Hold, Rest, Say, Span, Timer
from voice_assist.samples import RATE
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    faults = Faults()
    lexicon = read_lexicon(content_folder() / "en", faults)
    assert not faults.found
    return lexicon


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> Matcher:
    return Matcher(lexicon)


Walk = Callable[..., list[str]]
"""`walk(routine, facts, answers)`: what is said and asked by a routine that nobody interrupts."""


@pytest.fixture(scope="session")
def walk() -> Walk:
    """Return a walker: lines as they are spoken, questions as "? name", a rest and a hold by their seconds.

    `told` are the facts that hold. `answers` gives the answer to a question by its name, "" for none; a question
    that it does not name is answered with "no", and `more` with "yes".
    """
    pack = content.load(content_folder() / "en")

    def walk(routine: str, told: Iterable[str] = (), answers: Mapping[str, str] | None = None) -> list[str]:
        facts = Facts(follow({fact: True for fact in told if fact in pack.person}, pack.person))
        facts.learn(fact for fact in told if fact not in pack.person)
        course = Course(pack.guide, facts)
        course.begin(routine)
        heard: list[str] = []
        while (step := course.next()) is not None:
            if isinstance(step, Goto):
                course.goto(step.routine)
            elif isinstance(step, Ask):
                heard.append(f"? {step.question}")
                question = pack.guide.questions[step.question]
                value = {"more": "yes", **(answers or {})}.get(step.question, "no")
                branch = question.answers[value] if value else question.silence
                facts.learn(branch.learn)
                if branch.leave:
                    course.leave()
                if branch.goto:
                    course.insert(Goto(branch.goto))
            elif isinstance(step, Do):
                heard.append(f"do {step.errand}")
            elif isinstance(step, Timer | Span):
                heard.append("timer")
            else:
                heard.append(_heard(step))
        return heard

    return walk


def _heard(step: Say | Hold | Rest | Breathe) -> str:
    if isinstance(step, Say):
        return step.text
    if isinstance(step, Breathe):
        return f"breathe {step.cycles}"
    return f"hold {step.seconds}" if isinstance(step, Hold) else f"rest {step.length // RATE}"
