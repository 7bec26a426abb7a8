# ruff: noqa: E402 - the benches are found only once the checkout is on the path
"""A person over our own voice, in sound: the real recognizer and the real voice, in a room where we are heard.

What is said here is heard today, with the voice and the lines that were chosen for it: these tests hold that it stays
so. How often it is heard with other voices over other lines is measured by `scripts/bench stop`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import sounds
from scripts.benchmarks.interruption import NIGHT_VOICE
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Action, Changed, Intent, Said, Say, Understood
from voice_assist.hear.canceller import EchoCanceller, NoCanceller
from voice_assist.samples import BLOCK, Samples, samples, seconds
from voice_assist.testing import NEAR, EchoPath, Room, looped

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices are espeak-ng's")

VOICE = "en-us+f5"

THIRD = "Push your heel away from you."
"""The third line of the calf's protocol: by then the room is known."""

INTO = 0.3
"""Seconds into a line of ours at which the person begins to speak."""

PATIENCE = 0.8
"""Seconds after the word in which it is understood."""

LONGEST = 30.0
"""Seconds in which every line that is waited for has begun."""

OURS = (
    "If it comes back, just say cramp.",
    "Say stop, and I am quiet.",
    "Say wait, repeat, slower, or louder.",
    "Say where it hurts, or better, or worse.",
    "Any chest pain, or trouble breathing?",
)
"""Lines of the pack that hold what a person would say to start, to stop, to steer and to raise the alarm."""


@pytest.fixture(scope="module")
def ears() -> Iterator[Listener]:
    with listener() as opened:
        yield opened


@dataclass(frozen=True)
class Over:
    """What came of a word that somebody said over us."""

    actions: Sequence[Action]
    """Those since the person began."""
    played: Samples
    """All that the loudspeaker played."""

    @property
    def slots(self) -> list[dict[str, str]]:
        """The slots of each intent in order."""
        return [dict(action.intent.slots) for action in self.actions if isinstance(action, Understood)]

    @property
    def silenced(self) -> bool:
        """Whether nothing of ours sounded any more once "stop" was understood."""
        at = next(
            action.at
            for action in self.actions
            if isinstance(action, Understood) and action.intent.slots.get("word") == "stop"
        )
        asleep = [action.after for action in self.actions if isinstance(action, Changed)][-1:] == ["asleep"]
        # The fade of 5 ms ends in the block that begins with the cut.
        return asleep and not self.played[at + 2 * BLOCK :].any()


def room_of(ears: Listener, against_person: float, delay: float = 0.1, canceller: EchoCanceller | None = None) -> Room:
    """Return a room in which the calf is coached and we come back so many dB louder than a person is heard."""
    session = ears.session(canceller)
    echo = EchoPath(against_person + NEAR - NIGHT_VOICE, delay)
    quiet = sounds.hiss(sounds.ROOM, samples(10.0))
    room = Room(session, echo=echo, noise=looped(quiet))
    room.run(1.0)
    session.act(Intent(ears.pack.start, "start", {"place": "calf"}))
    return room


def until(room: Room, happened: Callable[[Action], bool]) -> None:
    """Let time go by until something happened."""
    while not any(happened(action) for action in room.actions):
        room.run(seconds(BLOCK))
        assert room.now < LONGEST, describe(room.actions)


def says(text: str) -> Callable[[Action], bool]:
    return lambda action: isinstance(action, Say) and action.text == text


def has_said(text: str) -> Callable[[Action], bool]:
    return lambda action: isinstance(action, Said) and action.text == text


def over(room: Room, text: str, after: float) -> Over:
    """Have the person say something so many seconds from now."""
    begin = room.now + after
    sound = sounds.spoken(VOICE, (text,))[text]
    room.person_says(sound, begin)
    room.run(after + seconds(len(sound)) + PATIENCE)
    return Over([action for action in room.actions if action.at >= samples(begin)], np.concatenate(room.played))


@pytest.mark.parametrize("delay", [0.04, 0.25])
def test_stop_over_a_line_of_ours_is_silence(ears: Listener, delay: float) -> None:
    room = room_of(ears, -6.0, delay)
    until(room, says(THIRD))
    heard = over(room, "stop", INTO)
    # Half of it may be "wait": that is silence, too.
    assert heard.slots[-1:] == [{"word": "stop"}], describe(room.actions)
    assert heard.silenced


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("wait", {"word": "pause"}),
        ("louder", {"word": "louder"}),
        ("it's worse", {"value": "worse"}),
        ("chest pain", {"kind": "heart"}),
        ("call an ambulance", {"kind": "general"}),
    ],
)
def test_what_else_is_said_over_a_line_of_ours_is_understood(ears: Listener, text: str, slots: dict[str, str]) -> None:
    room = room_of(ears, -6.0)
    until(room, says(THIRD))
    assert over(room, text, INTO).slots == [slots], describe(room.actions)


def test_a_count_is_no_wall(ears: Listener) -> None:
    room = room_of(ears, -6.0)
    until(room, has_said("Nine."))
    heard = over(room, "stop", 0.1)
    assert heard.slots == [{"word": "stop"}], describe(room.actions)
    assert heard.silenced


@pytest.mark.parametrize(
    ("against_person", "canceller"),
    [(-6.0, None), (0.0, None), (0.0, NoCanceller())],
    ids=["-6 dB", "0 dB", "0 dB, no echo cancellation"],
)
def test_our_own_voice_alone_is_no_command(
    ears: Listener, against_person: float, canceller: EchoCanceller | None
) -> None:
    session = ears.session(canceller)
    # Paused, it waits for every command and says nothing of its own.
    session.act(Intent(ears.pack.start, "start", {"place": "calf"}))
    session.act(Intent("control", "control", {"word": "pause"}))
    echo = EchoPath(against_person + NEAR - NIGHT_VOICE, 0.1)
    room = Room(session, echo=echo, noise=lambda begin, end: sounds.hiss(sounds.ROOM, end - begin))
    room.run(0.5)
    for line in OURS:
        assert line in ears.pack.lines()
        room.run(seconds(session.say(line)) + 0.6)
    assert [action.text for action in room.actions if isinstance(action, Say)] == list(OURS)
    asked = [action.intent.kind for action in room.actions if isinstance(action, Understood)]
    assert asked == ["start", "control"], describe(room.actions)


@pytest.mark.parametrize(
    ("text", "slots", "gap"),
    [("stop", {"word": "stop"}, False), ("stop", {"word": "stop"}, True), ("chest pain", {"kind": "heart"}, False)],
    ids=["stop over a line", "stop in the gap after it", "an emergency over a line"],
)
def test_without_echo_cancellation_it_is_heard_as_well(
    ears: Listener, text: str, slots: dict[str, str], *, gap: bool
) -> None:
    room = room_of(ears, -6.0, canceller=NoCanceller())
    until(room, has_said(THIRD) if gap else says(THIRD))
    heard = over(room, text, 0.0 if gap else INTO)
    assert heard.slots == [slots], describe(room.actions)
