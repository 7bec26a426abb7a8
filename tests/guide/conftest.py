"""A dialogue on the pack that ships, and a clock that jumps from one due time to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Intent
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.orders import Hush, Order, Speak
from voice_assist.samples import samples, seconds, whole_blocks


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def length(text: str) -> int:
    """Return how long a line takes: 150 words a minute, in whole blocks."""
    return whole_blocks(samples(0.4 * len(text.split())))


@dataclass
class Evening:
    """A dialogue and a clock that jumps from one due time to the next."""

    pack: Pack
    now: int = 0
    spoken: list[tuple[float, str]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    length = staticmethod(length)

    def __post_init__(self) -> None:
        self.dialogue = Dialogue(self.pack.guide, length)

    @property
    def state(self) -> str:
        return self.dialogue.state.value

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.spoken]

    def hears(self, *kind: str, **slots: str) -> Evening:
        """Take in an intent; a second word is the slot that its kind always has."""
        slot = {"emergency": "kind", "urgent": "kind", "answer": "value", "control": "word"}.get(kind[0], "")
        if len(kind) > 1:
            slots[slot] = kind[1]
        name = {"start": "cramp"}.get(kind[0], kind[0])
        self._take(self.dialogue.handle(Intent(name, kind[0], slots), self.now))
        return self

    def until(self, text: str, most: float = 900.0) -> Evening:
        """Let time go by until a line is spoken."""
        end = self.now + samples(most)
        seen = len(self.spoken)
        while text not in self.texts[seen:]:
            due = self.dialogue.due
            assert due is not None, f"it went quiet before '{text}'; it said {self.texts[seen:]}"
            assert due <= end, f"no '{text}' in {most} s; it said {self.texts[seen:]}"
            self.now = due
            self._take(self.dialogue.tick(self.now))
        return self

    def passes(self, duration: float) -> Evening:
        """Let seconds go by."""
        end = self.now + samples(duration)
        while (due := self.dialogue.due) is not None and due <= end:
            self.now = due
            self._take(self.dialogue.tick(self.now))
        self.now = end
        return self

    def at(self, text: str) -> float:
        """Return when a line was last spoken, in seconds."""
        return max(at for at, spoken in self.spoken if spoken == text)

    def _take(self, orders: tuple[Order, ...]) -> None:
        self.orders += orders
        for order in orders:
            if isinstance(order, Hush):
                # What was queued for later is never heard.
                self.spoken = [(at, text) for at, text in self.spoken if at <= seconds(self.now)]
            elif isinstance(order, Speak):
                self.spoken.append((seconds(order.at), order.text))


@pytest.fixture
def evening(pack: Pack) -> Evening:
    return Evening(pack)
