"""What a report tells of the person: only what the person chose, and nothing unless something was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voice_assist.content.person import Attribute
from voice_assist.errors import did_you_mean

GROUPS: Mapping[str, tuple[str, ...]] = {
    "person": (
        *("over_65", "stands_safely", "hard_of_hearing", "lives_alone", "pregnant", "pregnant_late", "immobile"),
        *("phone_near", "long_trip", "child"),
    ),
    "medicines": ("blood_thinners", "statin", "diuretic", "inhaler", "oestrogen"),
    "conditions": (
        *("diabetes", "numb_feet", "poor_circulation", "past_clot", "recent_surgery", "cancer"),
        *("kidney_disease", "heart_failure", "low_salt", "hip_replacement", "knee_replacement", "fracture"),
        *("osteoporosis", "spine_disease", "sickle_cell", "high_pressure", "eye_surgery", "hernia"),
    ),
}
"""Facts that are chosen together, by the name of their group. A pack's other facts are chosen one by one."""

NONE = "none"
"""Chooses nothing."""


@dataclass(frozen=True)
class Told:
    """Something that the person told of themselves."""

    asked: str
    """The question, as it was asked."""
    holds: bool
    """The answer: yes or no."""


def chosen(include: Iterable[str], known: Mapping[str, bool], attributes: Mapping[str, Attribute]) -> Sequence[Told]:
    """Return what is known of the person of what they chose: names of groups and of facts, or `none`.

    Only what was asked and answered is told, not what follows from it. Raises ValueError for a name that is none.
    """
    asked = {name: attribute.ask for name, attribute in attributes.items() if attribute.ask}
    wanted: set[str] = set()
    for name in include:
        if name in GROUPS:
            wanted.update(GROUPS[name])
        elif name in asked:
            wanted.add(name)
        elif name != NONE:
            choices = (*GROUPS, NONE, *asked)
            cure = did_you_mean(name, choices) or f"there are {', '.join(choices)}"
            raise ValueError(f"there is no '{name}'; {cure}")
    return tuple(Told(question, known[name]) for name, question in asked.items() if name in wanted and name in known)
