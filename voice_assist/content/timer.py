"""Read timer.yaml: how long a timer can run, and how each length is told."""

from __future__ import annotations

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import LONGEST, StepReader


def read_timer(sheet: Cell, steps: StepReader) -> dict[int, str]:
    """Read every length in whole seconds, with its line; a length that is no such number is a fault."""
    found: dict[int, str] = {}
    for name, cell in sheet.fields("timer").items():
        if not (name.isdecimal() and 1 <= int(name) <= LONGEST):
            cell.fault(f"'{name}' is no length of a timer; it is a number of seconds from 1 to {LONGEST}")
            continue
        found[int(name)] = steps.wording.line(cell, "the length of a timer")
    return found
