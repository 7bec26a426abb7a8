"""Read person.yaml: what may be known of a person, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader

CONTACT = "contact"
"""The fact that holds where somebody was named who is to be called."""

MOST_LOUDER = 12.0
"""dB by which a fact of a person may make our voice louder at the most."""


@dataclass(frozen=True)
class Attribute:
    """Something that may be known of a person, told once and by day."""

    name: str
    ask: str = ""
    """The question that tells it; empty where it follows from others."""
    changes: str = ""
    """What it changes, for the reviewer."""
    any: tuple[str, ...] = ()
    """It holds if one of these does."""
    implies: tuple[str, ...] = ()
    """These hold if it does."""
    louder: float = 0.0
    """dB by which it is spoken louder to such a person."""
    pause: float = 0.0
    """Seconds of silence after a command that such a person needs at least; 0 for the usual ones."""


def read_person(sheet: Cell, steps: StepReader) -> dict[str, Attribute]:
    """Read every attribute; one that is named and not there is a fault."""
    fields = sheet.fields("person")
    found = {name: _attribute(name, cell, steps) for name, cell in fields.items()}
    for attribute in found.values():
        for other in (*attribute.any, *attribute.implies):
            if other not in found:
                fields[attribute.name].fault(f"there is no '{other}' in person.yaml; known are {', '.join(found)}")
    return found


def _attribute(name: str, cell: Cell, steps: StepReader) -> Attribute:
    fields = cell.form(name, (), ("ask", "changes", "any", "implies", "louder", "pause", "from", "because"))
    steps.names.sources(fields.get("from"))
    because = fields["because"].text("because") if "because" in fields else ""
    return Attribute(
        name,
        ask=steps.wording.line(fields["ask"], "a question", because=because) if "ask" in fields else "",
        changes=fields["changes"].text("changes") if "changes" in fields else "",
        any=fields["any"].texts("any") if "any" in fields else (),
        implies=fields["implies"].texts("implies") if "implies" in fields else (),
        louder=fields["louder"].number("louder", 0, MOST_LOUDER) if "louder" in fields else 0.0,
        pause=fields["pause"].number("pause", 1, 3) if "pause" in fields else 0.0,
    )


def follow(told: Mapping[str, bool], attributes: Mapping[str, Attribute]) -> dict[str, bool]:
    """Return what is known of a person, what follows from it included; what was told is never overruled."""
    known = dict(told)
    for attribute in attributes.values():
        if known.get(attribute.name):
            known.update({other: True for other in attribute.implies if other not in told})
    for attribute in attributes.values():
        if attribute.name not in known and attribute.any:
            parts = [known.get(other) for other in attribute.any]
            if any(parts):
                known[attribute.name] = True
            elif None not in parts:
                known[attribute.name] = False
    return known
