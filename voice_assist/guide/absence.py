"""What becomes of a dialogue when the machine that it runs on was suspended."""

from __future__ import annotations

from voice_assist.events import Intent
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.orders import Hush, Order
from voice_assist.guide.transitions import ALARMED


def broken_off(dialogue: Dialogue, now: int, count: int) -> tuple[Order, ...]:
    """Break off at sample `now` what would have gone on within the `count` samples that nobody was there for.

    Nothing is said of it. What only waits for longer waits on: the timer of a cold pack, the silence after an alarm.
    """
    ended: tuple[Order, ...] = ()
    if not dialogue.at_rest and (dialogue.due or 0) <= now + count:
        dialogue.breaks_off(now)
        word = "pause" if dialogue.state is ALARMED else "stop"
        ended = dialogue.handle(Intent("control", "control", {"word": word}), now)
    return (*ended, Hush())
