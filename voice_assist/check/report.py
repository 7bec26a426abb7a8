"""What a check found: a line each, for people, for programs, and for the voice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from voice_assist.check.measure import in_words
from voice_assist.room import QuietCheck, RoomMemory
from voice_assist.understand.second_look import taught_words


@dataclass(frozen=True)
class Finding:
    """One line of a report."""

    part: str
    """`content`, `voice`, `recognizer`, `microphone`, `loudspeaker`, `loudness`, `number` or `room`."""
    what: str
    """What is right, or what is wrong and what to do, in plain words."""
    ok: bool = True
    """False where something does not work."""
    name: str = ""
    """The pack's name for it (check.yaml), where it is one that is said aloud."""

    def __str__(self) -> str:
        return f"{self.part}: {'' if self.ok else 'NOT RIGHT: '}{self.what}"


@dataclass(frozen=True)
class Report:
    """All that a check found, and what is kept of the room now."""

    findings: tuple[Finding, ...]
    room: RoomMemory = field(default_factory=RoomMemory)

    @property
    def ok(self) -> bool:
        """True where everything works."""
        return all(finding.ok for finding in self.findings)

    @property
    def names(self) -> tuple[str, ...]:
        """What is to be said aloud, by the pack's names, each once."""
        return tuple(dict.fromkeys(finding.name for finding in self.findings if finding.name))

    def as_json(self) -> str:
        """Return it as one JSON object."""
        told = {"ok": self.ok, "findings": [asdict(one) for one in self.findings], "room": asdict(self.room)}
        return json.dumps(told, ensure_ascii=False)


def kept(room: RoomMemory) -> Sequence[str]:
    """Return what is kept of a room, in plain words."""
    if room == RoomMemory():
        return ("nothing is kept of this room yet",)
    lines = [f"measured on {room.measured}" if room.measured else "never measured"]
    if room.noise is not None:
        lines.append(f"noise {room.noise:.0f} dBFS ({in_words(room.noise)})")
    if room.echo_level is not None and room.echo_delay is not None:
        lines.append(f"our voice comes back at {room.echo_level:.0f} dB, {1000 * room.echo_delay:.0f} ms late")
    if room.volume is not None:
        lines.append(f"voice of the night {room.volume:+.0f} dB")
    lines.append(f"false alarms: {room.false_alarms}{_taught(room.false_alarms)}")
    if room.unanswered:
        lines.append(f"asked for a cramp that nobody had: {room.unanswered}, last at {room.asked}")
    return (", ".join(lines), *_nightly(room.quiet_check))


def _taught(false_alarms: int) -> str:
    words = taught_words(false_alarms)
    more = "one word more" if words == 1 else f"{words} words more"
    return f" (a start in {more} is heard twice before it is believed)" if words else ""


def _nightly(quiet: QuietCheck) -> Sequence[str]:
    if not quiet.at:
        return ()
    return (f"the last check, {quiet.at}: {', '.join(quiet.findings) or 'all is well'}",)
