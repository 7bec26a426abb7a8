"""How a set-up runs: what of it is still to be asked, and what is listened for meanwhile."""

from __future__ import annotations

from dataclasses import replace

from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.guide.facts import plain
from voice_assist.guide.protocol import Ask, Only, Question, Step

NUMBER, ADVICE, WHOM, PERSON = "setup_number", "setup_advice", "setup_whom", "setup_person"
"""The routines of a pack's part `setup` that ask something; what they ask for is known outside."""


def remaining(pack: Pack, settings: Settings) -> Pack:
    """Return a pack whose set-up asks only what the settings do not tell yet."""
    known = {
        NUMBER: bool(settings.emergency_number),
        ADVICE: bool(settings.emergency_number),
        WHOM: bool(settings.call_name),
    }
    routines = dict(pack.guide.routines)
    for name, routine in pack.guide.routines.items():
        if known.get(name):
            routines[name] = replace(routine, steps=())
        elif name == PERSON:
            steps = (step for step in routine.steps if not _answered(step, pack, settings))
            routines[name] = replace(routine, steps=tuple(steps))
    return replace(pack, guide=replace(pack.guide, routines=routines))


def unhurried(pack: Pack) -> Pack:
    """Return a pack with no list of the few words that are said over our voice: "stop" is heard among all the others.

    By day nobody need answer in haste, and short answers right after a question fared badly with such a list: a "no"
    was taken for "next", and "my daughter" for "stop".
    """
    return replace(pack, lexicon=replace(pack.lexicon, barge_in=()))


def _answered(step: Step, pack: Pack, settings: Settings) -> bool:
    """Tell whether a step asks for nothing that is not known."""
    inner = step.step if isinstance(step, Only) else step
    if not isinstance(inner, Ask):
        return False
    asked = asks_for(pack.guide.questions[inner.question], pack)
    return bool(asked) and asked <= settings.person.keys()


def asks_for(question: Question, pack: Pack) -> frozenset[str]:
    """Return the facts of a person that a question's answers tell, for good."""
    told = (fact for branch in question.answers.values() for fact in branch.learn) if question.keep else ()
    return frozenset(name for name in map(plain, told) if name in pack.person)
