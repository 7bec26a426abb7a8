"""What the tests of the commitment share: a few utterances with their meanings, and somebody who waits for them."""

from __future__ import annotations

from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.understand.commit import Commitment, Timing
from voice_assist.understand.second_look import Doubts

TIMING = Timing(stable=1920, pause=9600, settled=3200, quick_end=2240, end=4800, late_end=9000)
STABLE, PAUSE, SETTLED, END = TIMING.stable, TIMING.pause, TIMING.settled, TIMING.end

CALF = Intent("cramp", "start", {"place": "calf", "who": "them"}, unnamed={"place": "unknown", "who": "them"})
HAMSTRING = Intent("cramp", "start", {"place": "hamstring"}, unnamed={"place": "unknown"})
OPEN = Intent("cramp", "start", {"place": "unknown"}, complete=False, vague=True)
DOUBT = Intent("cramp", "start", {"place": "calf", "doubt": "yes"}, complete=False)
ALONE = Intent("cramp", "start", {"place": "calf"}, complete=False, lone=True, unnamed={"place": "unknown"})
FAINT = Intent("emergency", "emergency", {"kind": "heart", "doubt": "yes"})
STOP = Intent("control", "control", {"word": "stop"})
WAIT = Intent("control", "control", {"word": "pause"})
HELP = Intent("control", "control", {"word": "help"}, complete=False)
NEXT = Intent("control", "control", {"word": "next"})

MEANINGS = {
    "calf cramp": CALF,
    "cramp in the hamstring": HAMSTRING,
    "cramp": OPEN,
    "cramp in the": OPEN,
    "cramp in the [unk]": OPEN,
    "calf": DOUBT,
    "my calf": ALONE,
    "this poor calf": ALONE,
    "faint": FAINT,
    "stop": STOP,
    "wait": WAIT,
    "help": HELP,
    "next": NEXT,
    "my calf cramp": CALF,
}
AWAKE, ASLEEP = Context(awake=True), Context()


def commitment(doubts: Doubts | None = None) -> Commitment:
    return Commitment(lambda text, _: MEANINGS.get(text), TIMING, doubts or Doubts())


def partial(text: str) -> Hypothesis:
    return Hypothesis(text, final=False)


def final(text: str) -> Hypothesis:
    return Hypothesis(text, final=True)


def again(text: str, *rivals: str) -> Hypothesis:
    return Hypothesis(text, final=True, again=True, rivals=tuple((rival, 0.3) for rival in rivals))
