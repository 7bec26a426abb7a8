"""What the dialogue asks of the voice."""

from __future__ import annotations

from dataclasses import dataclass

from voice_assist.events import Account


@dataclass(frozen=True)
class Speak:
    """Play a line at a sample of the session's clock."""

    text: str
    at: int


@dataclass(frozen=True)
class Hush:
    """Silence now; nothing that was queued is played."""


@dataclass(frozen=True)
class Loudness:
    """Go louder (+1) or quieter (-1) by one step."""

    steps: int


@dataclass(frozen=True)
class Unanswered:
    """A question is put again: speak up."""


@dataclass(frozen=True)
class Keep:
    """What an answer told of the person is to be kept, as facts."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class Perform:
    """Something is to be done outside: an errand by its name."""

    errand: str


@dataclass(frozen=True)
class Note:
    """Something new is known of a cramp."""

    account: Account


Order = Speak | Hush | Loudness | Unanswered | Keep | Perform | Note
