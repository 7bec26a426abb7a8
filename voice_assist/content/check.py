"""Read check.yaml: what is said of a self-test, and of what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_assist.content.notices import LOST
from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader
from voice_assist.guide import standing
from voice_assist.guide.protocol import Only, Routine, Say, Step

FINDINGS = ("unheard", "softer", "mute", "soft", "clipped", "noisy", "misheard", "unfitted", "broken")
"""What may be wrong: our voice is not heard, or is much softer than before; the microphone gives zeros, is too soft,
or is cut off at the top; the room is too noisy; a test phrase was not understood; the night's loudness could not be
fitted to the room, and stays as it was; a part, such as the recognizer, does not work at all."""

MOVED = "moved"
"""The finding of the clock, not of a check: the time zone is not that in which the emergency number was confirmed. A
pack may leave it out."""

ALL_RIGHT, NEWS = "check.all_right", "check.news"
"""The routines that answer "are you all right?", and that tell of what was found since."""


@dataclass(frozen=True)
class CheckLines:
    """What is said of a self-test; empty where the pack has no check.yaml."""

    phrase: str = ""
    """What another voice says, to see whether it is understood; it must mean nothing asleep."""
    listen: str = ""
    """What our own voice says, to see whether the microphone hears it."""
    all_right: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    """One of FINDINGS, or MOVED, to what is said of it."""

    def routines(self, notices: Mapping[str, str]) -> dict[str, Routine]:
        """Return the answer to "are you all right?" and the news, by name; none where there are no lines.

        `notices` is what is said of each device that is lost: they are told beside what a check found.
        """
        if not self.all_right:
            return {}
        # With a device lost that there is no line for, all is not right either.
        unless = frozenset(f"{standing.STANDS}{name}" for name in (*FINDINGS, MOVED, *LOST))
        well: Step = Only(Say(self.all_right), unless=unless)
        lines = {**self.findings, **notices}
        found = {ALL_RIGHT: (well, *_told(lines, standing.STANDS)), NEWS: _told(lines, standing.NEWS)}
        return {name: Routine(name, steps) for name, steps in found.items()}


def _told(lines: Mapping[str, str], fact: str) -> tuple[Step, ...]:
    return tuple(Only(Say(line), when=frozenset({f"{fact}{name}"})) for name, line in lines.items())


def read_check(sheet: Cell, steps: StepReader) -> CheckLines:
    """Read the lines; a finding that has none, or that there is not, is a fault."""
    if not sheet.fields("check.yaml"):
        return CheckLines()
    fields = sheet.form("check.yaml", ("phrase", "listen", "all_right", "findings"), ("because",))
    findings = fields["findings"].form("findings", FINDINGS, (MOVED,)) if "findings" in fields else {}
    because = fields["because"].text("because") if "because" in fields else ""
    return CheckLines(
        phrase=fields["phrase"].text("phrase") if "phrase" in fields else "",
        listen=steps.wording.line(fields["listen"], "a line") if "listen" in fields else "",
        all_right=steps.wording.line(fields["all_right"], "a line", because=because) if "all_right" in fields else "",
        findings={
            name: steps.wording.line(findings[name], "a line") for name in (*FINDINGS, MOVED) if name in findings
        },
    )
