"""What a pack lacks against another one of its subject, as a translation against its original: no fault, a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voice_assist.content import Pack
from voice_assist.events import KINDS

_SAFETY = ("emergency", "urgent", "guarded")
"""Groups of safety answers, as content/en names them; other packs may have others."""

_VALUES = {
    "places that are understood": "place",
    "control words": "word",
    "answers that are understood": "value",
    "signs of danger that are understood": "kind",
    "topics that are understood": "topic",
}
"""What is told of a slot's values."""


def lacks(pack: Pack, against: Pack) -> list[str]:
    """Return plain lines, one for each kind of thing of which `pack` lacks some that `against` has."""
    ours, theirs = _parts(pack), _parts(against)
    found = {what: [name for name in theirs[what] if name not in ours[what]] for what in theirs}
    lines = [
        f"{what}: {len(names)} of {len(theirs[what])} lacking: {', '.join(names)}"
        for what, names in found.items()
        if names
    ]
    return [*lines, *_counted(pack, against)]


def _parts(pack: Pack) -> Mapping[str, list[str]]:
    """Return the names of all that a pack has, by what they are."""
    guide, lexicon = pack.guide, pack.lexicon
    alarms = {name for name in guide.routines if name.partition(".")[0] in _SAFETY}
    answers = {name for name in guide.routines if name.startswith("answer.")}
    own = {name for name in guide.routines if "." not in name}
    kinds = {rule.kind for rule in lexicon.rules}
    return {
        "places that are coached or answered": sorted(guide.protocols),
        "safety answers": sorted(alarms),
        **{what: sorted(lexicon.values(slot)) for what, slot in _VALUES.items()},
        "kinds of intents": [kind for kind in KINDS if kind in kinds],
        "questions": sorted(guide.questions),
        "answers to questions": sorted(name.partition(".")[2] for name in answers),
        "activities": sorted(name.partition(".")[2] for name in guide.activities),
        "routines": sorted(own),
        "facts of a person": sorted(pack.person),
        "notices of devices": sorted(pack.notices),
        "findings of the self-test": sorted(pack.check.findings),
        "sources that are spoken": sorted(guide.sources),
        "numbers of a count": [str(number) for number in range(1, len(guide.numbers) + 1)],
    }


def _counted(pack: Pack, against: Pack) -> Iterable[str]:
    """Return what is told by numbers alone: words have no counterpart in another language."""
    pairs = {
        "sentences to expect": (len(pack.lexicon.templates), len(against.lexicon.templates)),
        "decoys": (len(pack.lexicon.decoys), len(against.lexicon.decoys)),
        "orders over our voice": (len(pack.lexicon.barge_in), len(against.lexicon.barge_in)),
    }
    return [f"{what}: {ours}, against {theirs}" for what, (ours, theirs) in pairs.items() if ours < theirs]
