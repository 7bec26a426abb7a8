"""Pace and loudness: how a step is laid out in time, sample by sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_assist.guide.protocol import Breath, Breathe, Guide, Hold, Rest, Say, Span, Timer
from voice_assist.samples import RATE, samples, whole_blocks

Length = Callable[[str], int]
"""How many samples a line takes when spoken."""

_FACTORS = (0.5, 0.7, 1.0, 1.4, 2.0)
"""Slower and faster change the silence between sentences, never the words (slowing a synthesizer made
words harder to recognize: delivery.md section 1, R117) and never a hold: ten seconds are ten seconds."""


@dataclass(frozen=True)
class Line:
    """One line of a step."""

    text: str
    offset: int
    """Samples after the step's start."""


@dataclass
class Pace:
    """How much silence there is between sentences."""

    pause: int = samples(1.5)
    """After a command, before the next one (delivery.md section 1: 1.5 s, 1 to 3)."""
    setting: int = _FACTORS.index(1.0)

    def change(self, steps: int) -> None:
        """Go slower (+1) or faster (-1), within bounds."""
        self.setting = min(max(self.setting + steps, 0), len(_FACTORS) - 1)

    def stretch(self, length: int) -> int:
        """Return a silence at the present pace, in whole blocks."""
        return whole_blocks(round(length * _FACTORS[self.setting]))


def count(hold: Hold, numbers: tuple[str, ...], short: tuple[int, ...], length: Length, *, full: bool) -> list[Line]:
    """Lay out a hold: its numbers fall on whole seconds and end at one (delivery.md section 4).

    A hold is as long as it is at any rate: its line at the half takes the place of the numbers that it would hold
    up, and is left out where it would outlast the hold.
    """
    spoken: dict[int, str] = {}
    if hold.count != "none":
        whole = hold.count == "full" or (hold.count == "auto" and full)
        wanted = range(1, hold.seconds + 1) if whole else short
        spoken = {hold.seconds - n: numbers[n - 1] for n in wanted if n <= min(hold.seconds, len(numbers))}
    half = hold.seconds // 2
    over = half + _seconds(length(hold.midway)) if hold.midway else half
    if half < over <= hold.seconds:
        spoken = {second: text for second, text in spoken.items() if not half <= second < over}
        spoken[half] = hold.midway
    return [Line(text, second * RATE) for second, text in sorted(spoken.items())]


LAST = 3
"""Seconds of a timer that are counted aloud, at its end."""

HALF = 10
"""Seconds that a half of a timer must last for a word between them: else it would run into the count."""


def timer(step: Timer, asked: int, guide: Guide, length: Length) -> tuple[Span | Hold, ...]:
    """Return the pieces of a timer of `asked` seconds, which begin where they have been told.

    Nothing is laid out far ahead: meanwhile we are silent, and ready to say something else.
    """
    told = guide.spans.get(asked, "")
    counted = min(LAST, asked)
    first = asked // 2 if step.midway and asked // 2 >= HALF else asked - counted
    pieces = [Span(told, whole_blocks(length(told)) + first * RATE)]
    if first < asked - counted:
        pieces.append(Span(step.midway, (asked - counted - first) * RATE))
    return (*pieces, Hold(counted, "full")) if counted else tuple(pieces)


def breathe(step: Breathe, breath: Breath, numbers: tuple[str, ...], length: Length) -> tuple[list[Line], int]:
    """Lay out slow breaths, counted upward on whole seconds; return the lines and the step's length.

    Where the words of a breath take longer than the breath, it lasts until they are over.
    """
    lines: list[Line] = []
    start = 0
    for _ in range(step.cycles):
        for words, lasts in ((breath.line_in, breath.seconds_in), (breath.line_out, breath.seconds_out)):
            lines.append(Line(words, start))
            over = length(words)
            for second in range(1, min(lasts, len(numbers))):
                # Numbers begin once the words are over: "two" after one second, as a rule. One that they hold up
                # is said where it still ends within its second.
                at = max(second * RATE, over)
                if at + length(numbers[second]) <= (second + 1) * RATE:
                    lines.append(Line(numbers[second], start + at))
            start += max(lasts, _seconds(over)) * RATE
    return lines, start


def _seconds(length: int) -> int:
    """Return the whole seconds that hold so many samples."""
    return -(-length // RATE)


def perform(
    step: Say | Hold | Rest | Span | Breathe, guide: Guide, pace: Pace, length: Length, *, full: bool
) -> tuple[list[Line], int]:
    """Return the lines of a step, and how many samples it takes; `full` is for a hold that counts as it likes."""
    if isinstance(step, Say):
        pause = pace.pause if step.pause is None else step.pause
        return [Line(step.text, 0)], max(whole_blocks(length(step.text)) + pace.stretch(pause), step.lasts)
    if isinstance(step, Hold):
        return count(step, guide.numbers, guide.short_count, length, full=full), step.seconds * RATE
    if isinstance(step, Span):
        return [Line(step.text, 0)], step.lasts
    if isinstance(step, Breathe):
        return breathe(step, guide.breath, guide.numbers, length)
    return [], pace.stretch(step.length)
