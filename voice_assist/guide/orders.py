"""What the dialogue asks of the voice, and of those outside."""

from __future__ import annotations

from dataclasses import dataclass

from voice_assist.events import Account, Errand, Learned, Noted


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


Outward = Keep | Perform | Note
"""What somebody outside has to do or to know."""

Order = Speak | Hush | Loudness | Unanswered | Outward


def as_action(order: Outward, at: int, noise: float | None) -> Learned | Errand | Noted:
    """Return an order as it is told to the outside at sample `at`; `noise` is the room's in dBFS, if there is one."""
    if isinstance(order, Keep):
        return Learned(at, order.facts)
    return Errand(at, order.errand) if isinstance(order, Perform) else Noted(at, order.account, noise)
