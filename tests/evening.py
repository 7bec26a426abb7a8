"""An evening with the pack that ships: a dialogue, and a clock that jumps from one due time to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from voice_assist.content import Pack
from voice_assist.content.person import follow
from voice_assist.events import Intent
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.orders import Hush, Order, Speak
from voice_assist.samples import samples, seconds, whole_blocks

SAFE: Mapping[str, str] = {
    "Is it thigh muscle, or pain in the groin?": "thigh",
    "One hand, or both hands?": "one",
    "Can your child stand and walk?": "yes",
    "Have you stopped?": "yes",
    "Are you out of the water?": "yes",
    "Shin, in your leg?": "yes",
    "Toes, on your foot?": "yes",
    "Is it your thigh, front or back?": "front",
    "Hip, where your leg joins?": "yes",
    "Leg or spine?": "spine",
    "Buttock, or bottom of your leg?": "other",
    "Muscle cramp, tummy, or period pain?": "muscle",
    "Did it start while exercising?": "yes",
    "Can you open and close your mouth?": "yes",
    "Is it the back or the front?": "back",
    "Where is it? Back of leg, or front?": "",
    "Better, same, or worse?": "same",
    "Do you have a cramp?": "yes",
}
"""The answers that let the coaching go on, by the question's words; to any other question it is "no"."""


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
    person: Mapping[str, bool] = field(default_factory=dict)

    length = staticmethod(length)

    def __post_init__(self) -> None:
        person = follow(self.person, self.pack.person)
        self.dialogue = Dialogue(self.pack.guide, length, person=person)

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

    @property
    def question(self) -> str:
        """The words of the question that is open, empty if none is."""
        asking = self.dialogue.asking
        return asking.question.say if asking else ""

    def lives(self, *, most: float = 900.0, answers: Mapping[str, str] | None = None, **how: Iterable[str]) -> Evening:
        """Let the night go on until it is quiet, answering every question: by `answers`, else so that it goes on.

        An answer "" is silence. `how` gives the answers to "Better, same, or worse?" in their order, as `feels`;
        the last one is given again and again.
        """
        said = {**SAFE, **(answers or {})}
        feels = list(how.get("feels", ["same"]))
        end = self.now + samples(most)
        while (due := self.dialogue.due) is not None and due <= end:
            if (open_ := self.question) and (value := said.get(open_, "no")):
                if open_ == "Better, same, or worse?":
                    value = feels.pop(0) if len(feels) > 1 else feels[0]
                self.now += samples(1)
                self.hears("answer", value=value)
                continue
            self.now = due
            self._take(self.dialogue.tick(self.now))
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
