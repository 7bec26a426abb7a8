"""Read the protocols: one file each place, for the one who knows that place to find and to sign."""

from __future__ import annotations

from pathlib import Path

from voice_assist.content.sheet import Cell, Faults, read, yaml_files
from voice_assist.content.steps import StepReader
from voice_assist.guide.protocol import TIERS, Protocol, spoken

FIRST = "move"
"""The part whose commands are heard before any other: it names what moves (delivery.md section 8, rule 4)."""

NOTES = ("position", "opposite", "never", "red_flags", "evidence", "notes")
"""What is there for a reviewer and never spoken."""

_OPTIONAL = ("title", "tier", "sources", *NOTES)


def read_protocols(folder: Path, steps: StepReader, faults: Faults) -> dict[str, Protocol]:
    """Read every protocol of a pack; return them by place."""
    files = list(yaml_files(folder / "protocols"))
    if not files:
        faults.add("protocols", 0, "holds no protocol; put one .yaml file a protocol there")
    found: dict[str, Protocol] = {}
    taken: dict[str, str] = {}
    for file in files:
        cell = read(file, folder, faults)
        protocol = _protocol(cell, steps)
        for place in protocol.places:
            if place in taken:
                cell.fault(f"place '{place}' has a protocol already, in {taken[place]}")
            taken[place] = cell.file
            found[place] = protocol
    return found


def _protocol(cell: Cell, steps: StepReader) -> Protocol:
    fields = cell.form("a protocol", ("protocol", "places", "course", "parts"), _OPTIONAL)
    name = fields["protocol"].text("protocol") if "protocol" in fields else ""
    parts = fields["parts"].fields("parts") if "parts" in fields else {}
    tier = fields["tier"].text("tier") if "tier" in fields else TIERS[0]
    if tier not in TIERS:
        fields["tier"].fault(f"tier is '{tier}'; it is one of {', '.join(TIERS)}")
        tier = TIERS[0]
    found = {part: steps.steps(cell, f"{name}, part {part}", command=True) for part, cell in parts.items()}
    if FIRST in found:
        steps.wording.named(parts[FIRST], f"{name}, part {FIRST}", spoken(found[FIRST]))
    return Protocol(
        name,
        places=fields["places"].texts("places") if "places" in fields else (),
        course=steps.names.use(fields.get("course"), "routine"),
        parts=found,
        tier=tier,
        sources=steps.names.sources(fields.get("sources"), claim=False),
        title=fields["title"].text("title") if "title" in fields else name,
        notes={note: _note(fields[note], note) for note in NOTES if note in fields},
    )


def _note(cell: Cell, name: str) -> tuple[str, ...]:
    """Return a note as lines: a text, a list of them, or named ones."""
    if isinstance(cell.value, list):
        return cell.texts(name)
    if isinstance(cell.value, dict):
        return tuple(f"{key}: {value.text(key)}" for key, value in cell.value.items())
    return (cell.text(name),)
