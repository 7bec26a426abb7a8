"""Read notices.yaml: what is said of a device that fails."""

from __future__ import annotations

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader
from voice_assist.errors import did_you_mean

NOTICES = ("microphone_gone", "microphone_silent", "microphone_other", "loudspeaker_other")
"""What there may be a line for. What a pack has no line for is printed, and not said."""

LOST = (*NOTICES, "loudspeaker_gone")
"""Every way in which a device may be lost; without a loudspeaker nothing can be said."""


def read_notices(sheet: Cell, steps: StepReader) -> dict[str, str]:
    """Read every notice, by name; one that nothing ever asks for is a fault."""
    found: dict[str, str] = {}
    for name, cell in sheet.fields("notices").items():
        if name not in NOTICES:
            nearest = did_you_mean(name, NOTICES) or f"there are {', '.join(NOTICES)}"
            cell.fault(f"there is no notice '{name}'; {nearest}")
        found[name] = steps.wording.line(cell, "a notice")
    return found
