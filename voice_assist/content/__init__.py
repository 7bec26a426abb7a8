"""Load and validate a content pack. The loader is the validator: there is no second schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voice_assist.content.guide import read_guide
from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.sheet import Faults
from voice_assist.errors import ContentError, Fault
from voice_assist.guide.dialogue import UNKNOWN
from voice_assist.guide.protocol import Guide
from voice_assist.understand.lexicon import Lexicon

FILLS: Mapping[str, str] = {"emergency": "your local emergency number", "advice": "a doctor"}
"""What stands for a number that the user has not set (safety.md section 7)."""


@dataclass(frozen=True)
class Pack:
    """A subject: what is understood, and how it is guided."""

    folder: Path
    lexicon: Lexicon
    guide: Guide

    @property
    def start(self) -> str:
        """The intent that begins a protocol, by the pack's name for it."""
        return next(rule.intent for rule in self.lexicon.rules if rule.kind == "start")

    def lines(self) -> tuple[str, ...]:
        """Return every line that can be spoken."""
        return self.guide.lines()


def load(folder: Path, fills: Mapping[str, str] = FILLS) -> Pack:
    """Read a pack; raise ContentError with every fault in it, each with file, line and reason."""
    if not folder.is_dir():
        raise ContentError([Fault(str(folder), 0, "there is no such folder; name the folder of a content pack")])
    faults = Faults()
    pack = Pack(folder, read_lexicon(folder, faults), read_guide(folder, faults, fills))
    if not faults.unreadable:
        _check_together(pack, faults)
    if faults.found:
        raise ContentError(faults.found)
    return pack


def _check_together(pack: Pack, faults: Faults) -> None:
    """Check what only both halves can tell: what is guided must be understood."""
    if not any(rule.kind == "start" for rule in pack.lexicon.rules):
        faults.add("intents.yaml", 0, "no rule is of kind start; nothing could ever begin")
    heard = pack.lexicon.values("place") | {UNKNOWN}
    for place, protocol in pack.guide.protocols.items():
        if place not in heard:
            faults.add(
                f"protocols/{protocol.name}.yaml",
                0,
                f"no rule ever gives the place '{place}'; known are {', '.join(sorted(heard))}",
            )


def spoken_number(number: str) -> str:
    """Return a telephone number as it is spoken: digit by digit (delivery.md section 1, R116)."""
    return ", ".join(digit for digit in number if digit.isdigit())
