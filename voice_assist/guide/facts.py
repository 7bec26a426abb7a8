"""What is known while an episode lasts, and whether a step may be taken by it.

A fact is a name, or `no NAME` where it is known to be false; of what is unknown neither holds. So a step
can wait for a "no" that was really given: nobody's leg is rubbed before the clot question was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voice_assist.guide.protocol import Only
from voice_assist.guide.standing import Standing

ATTACK = "attack"
"""A cramp is being coached and has not eased."""

RELAPSE = "relapse"
"""The same cramp has come back."""

SEVERAL = "several"
"""More than one place was named."""

BRIEF = "brief"
"""Lines are said in their short form."""

UPRIGHT = "upright"
"""Somebody is up and about, on a floor and not in a bed."""

OWN = frozenset({ATTACK, RELAPSE, SEVERAL, BRIEF, UPRIGHT})
"""Facts that the dialogue knows by itself, or by its profile, in every pack."""

_NOT = "no "


def plain(fact: str) -> str:
    """Return the name of a fact, whether it is said to hold or not."""
    return fact.removeprefix(_NOT)


class Facts:
    """Five layers: the person, what the episode's answers told, how the cramp was named, where we are, how we are."""

    def __init__(self, person: Mapping[str, bool] | None = None, standing: Standing | None = None) -> None:
        """Take what is known of the person, for good, and what is wrong with the assistant itself."""
        self._person = {_written(name, holds=holds) for name, holds in (person or {}).items()}
        self._learned: set[str] = set()
        self._said: frozenset[str] = frozenset()
        self._own: set[str] = set()
        self._standing = standing or Standing()

    @property
    def said(self) -> frozenset[str]:
        """How the cramp was named."""
        return self._said

    def learn(self, facts: Iterable[str]) -> None:
        """Take in what an answer told; the last answer counts."""
        for fact in facts:
            self._learned.discard(_opposite(fact))
            self._learned.add(fact)

    def keep(self, facts: Iterable[str]) -> None:
        """Take in what is known of the person from now on; what follows from it by the pack is not worked out anew."""
        for fact in facts:
            self._person.discard(_opposite(fact))
            self._person.add(fact)
            self._learned.discard(_opposite(fact))

    def hear(self, facts: Iterable[str]) -> None:
        """Take in how a cramp was named, in place of how the last one was."""
        self._said = frozenset(facts)

    def forget_person(self) -> None:
        """Forget what is known of the person, and what answers told."""
        self._person.clear()
        self._learned.clear()

    def mark(self, fact: str, *, holds: bool) -> None:
        """Set a fact of the dialogue's own."""
        (self._own.add if holds else self._own.discard)(fact)

    def forget(self) -> None:
        """End the episode: only the person stays, and what is wrong with us."""
        self._learned.clear()
        self._said = frozenset()
        self._own.clear()

    def holds(self, fact: str) -> bool:
        """Tell whether a fact, or `no NAME`, is known to be so."""
        if fact in self._learned or fact in self._said or fact in self._own | self._standing.facts:
            return True
        # What an answer has told tonight outweighs what was told once.
        return fact in self._person and _opposite(fact) not in self._learned

    def allow(self, step: Only) -> bool:
        """Tell whether a step may be taken."""
        return all(map(self.holds, step.when)) and not any(map(self.holds, step.unless))


def _written(name: str, *, holds: bool) -> str:
    return name if holds else f"{_NOT}{name}"


def _opposite(fact: str) -> str:
    return plain(fact) if fact.startswith(_NOT) else f"{_NOT}{fact}"
