"""The machine is suspended while a session is on the line: nothing goes on hours later, and it listens at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import pytest

from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.devices.edge import Together
from voice_assist.devices.line import AWAY_S, Line
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.events import Action, Intent, Say, Trouble, Understood
from voice_assist.hear.quiet_check import Probed, QuietCheck
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds
from voice_assist.session import Session
from voice_assist.testing import Quiet, Tones, said

NIGHT_S = 8 * 3600.0

HISS = np.resize(np.array([1, -1], dtype=np.int16), BLOCK)
"""A quiet room. Nothing but zeros would be a mute microphone."""

CALF = Intent("cramp", "start", {"place": "calf"})
CHEST = Intent("emergency", "emergency", {"kind": "heart"})
BETTER = Intent("answer", "answer", {"value": "better"})


class Bedside:
    """A session on the line, with a clock that is told to go, and ears that count what they are given."""

    pending_s = 0.0

    def __init__(self, pack: Pack, *script: tuple[str, float], check: QuietCheck | None = None) -> None:
        self.now = 0.0
        self.count = 0
        self.actions: list[Action] = []
        self.sound: list[Samples] = []
        self.ears = JournalRecognizer([said(text, at, final=text.endswith(".")) for text, at in script])
        self.session = Session(pack, self.ears, Tones(), Quiet(), self_check=check)
        self.line = Line(self.session, self.actions.append, Together(self), lambda: self.now)

    def write(self, pcm: Samples) -> None:
        self.sound.append(pcm)

    def passed(self, count: int) -> None:
        self.count += count

    def lasts(self, duration: float) -> list[str]:
        """Let sound come in for so many seconds; return what was said."""
        self.actions.clear()
        self.sound.clear()
        for _ in range(samples(duration) // BLOCK):
            self.now += seconds(BLOCK)
            self.line.take(0, HISS, cast("Loudspeaker", self))
        return [action.text for action in self.actions if isinstance(action, Say)]

    def sleeps(self, duration: float) -> None:
        """Let the machine be suspended for so many seconds."""
        self.now += duration
        self.actions.clear()
        self.sound.clear()


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(Settings())


@pytest.mark.parametrize(
    "stands",
    [lambda line, air: line.take(0, HISS, air), Line.lose_time],
    ids=["heard", "deaf"],
)
def test_who_was_guided_is_left_in_peace_hours_later_and_heard_at_once(
    pack: Pack, stands: Callable[[Line, Loudspeaker], None]
) -> None:
    bedside = Bedside(pack, ("my calf is cramping.", 14.1))
    bedside.session.act(CALF)
    assert len(bedside.lasts(14.0)) > 3
    assert bedside.session.state == "guiding"
    before = bedside.ears._now
    bedside.sleeps(NIGHT_S)
    stands(bedside.line, cast("Loudspeaker", bedside))
    # No eight hours of blocks are made up for: the ears got two, and what was being said was not heard.
    assert bedside.ears._now - before <= 3 * BLOCK
    assert not any(pcm.any() for pcm in bedside.sound)
    assert bedside.session.state == "asleep"
    assert bedside.session.now == pytest.approx(samples(14.0 + NIGHT_S), abs=4 * BLOCK)
    assert bedside.count == pytest.approx(samples(14.0 + NIGHT_S), abs=4 * BLOCK)
    assert bedside.lasts(2.0)[:1] == ["I'm here."]


def test_nothing_is_said_of_it_and_one_line_tells_it(pack: Pack) -> None:
    bedside = Bedside(pack)
    bedside.session.act(CALF)
    bedside.lasts(14.0)
    bedside.sleeps(NIGHT_S)
    assert bedside.lasts(30.0) == []
    assert bedside.session.idle
    assert not any(pcm.any() for pcm in bedside.sound)
    (trouble,) = (action for action in bedside.actions if isinstance(action, Trouble))
    assert trouble.what == "nothing was heard for 480.0 minutes: the machine was asleep, or stood still"


def test_what_was_half_heard_is_not_acted_on_in_the_morning(pack: Pack) -> None:
    bedside = Bedside(pack, ("my calf is cramping", 5.0))
    bedside.lasts(5.0)
    bedside.sleeps(NIGHT_S)
    assert bedside.lasts(30.0) == []
    assert not any(isinstance(action, Understood) for action in bedside.actions)


def test_a_notice_that_was_being_said_is_cut_off(pack: Pack) -> None:
    bedside = Bedside(pack)
    bedside.session.notice("microphone_gone")
    assert len(bedside.lasts(1.0)) == 1
    bedside.sleeps(NIGHT_S)
    assert bedside.lasts(30.0) == []
    assert not any(pcm.any() for pcm in bedside.sound)


def test_an_alarms_silence_holds_on_for_its_ten_minutes_and_no_longer(pack: Pack) -> None:
    bedside = Bedside(pack)
    bedside.session.act(CHEST)
    bedside.lasts(8.0)
    bedside.sleeps(60.0)
    assert bedside.lasts(10.0) == []
    assert bedside.session.state == "alarmed"
    bedside.session.act(CALF)
    assert bedside.lasts(10.0) == []
    bedside.sleeps(540.0)
    bedside.lasts(1.0)
    assert bedside.session.state == "asleep"
    bedside.session.act(CALF)
    assert bedside.lasts(3.0)[0] == "I'm here."


@pytest.mark.parametrize(("slept", "again"), [(120.0, True), (700.0, False)])
def test_the_same_cramp_is_back_within_ten_minutes_those_asleep_included(
    pack: Pack,
    slept: float,
    again: bool,  # noqa: FBT001 - a table
) -> None:
    bedside = Bedside(pack)
    bedside.session.act(CALF)
    bedside.lasts(30.0)
    bedside.session.act(BETTER)
    bedside.lasts(3.0)
    bedside.sleeps(slept)
    bedside.lasts(1.0)
    bedside.session.act(Intent("cramp", "start", {"place": "unknown"}))
    said = bedside.lasts(12.0)
    assert ("Push your heel away from you." in said) == again, said


def with_a_cold_pack(pack: Pack) -> Bedside:
    bedside = Bedside(pack)
    bedside.session.act(Intent("question", "question", {"topic": "cold_pack"}))
    bedside.lasts(3.0)
    bedside.session.act(Intent("answer", "answer", {"value": "no"}))
    assert "Stay awake. I keep the time." in bedside.lasts(30.0)
    return bedside


def test_the_timer_of_a_cold_pack_counts_the_time_asleep(pack: Pack) -> None:
    bedside = with_a_cold_pack(pack)
    bedside.sleeps(250.0)
    assert bedside.lasts(60.0)[0] == "Are you awake?"
    rung = next(action.at for action in bedside.actions if isinstance(action, Say))
    # Five minutes after the lines before it, which took some twenty seconds with the question.
    assert 300.0 < seconds(rung) < 330.0


def test_it_does_not_ring_in_the_morning(pack: Pack) -> None:
    bedside = with_a_cold_pack(pack)
    bedside.sleeps(NIGHT_S)
    assert bedside.lasts(20.0) == []
    assert bedside.session.idle


def test_a_probe_of_the_check_by_day_that_was_cut_off_finds_nothing_wrong(pack: Pack) -> None:
    found: list[Probed] = []
    check = QuietCheck(lambda: True, found.append)
    bedside = Bedside(pack, check=check)
    while not check.probing:
        bedside.lasts(1.0)
    bedside.sleeps(NIGHT_S)
    bedside.lasts(1.0)
    assert not check.probing
    assert found == []


@pytest.mark.parametrize("stall", [3.0, AWAY_S - 1.0])
def test_a_stall_is_made_up_for_and_the_guidance_goes_on(pack: Pack, stall: float) -> None:
    bedside = Bedside(pack)
    bedside.session.act(CALF)
    bedside.lasts(14.0)
    bedside.sleeps(stall)
    bedside.line.lose_time(cast("Loudspeaker", bedside))
    assert bedside.session.now == pytest.approx(samples(14.0 + stall), abs=2 * BLOCK)
    assert bedside.lasts(20.0)
    assert bedside.session.state in ("guiding", "asking")


def test_what_the_card_calls_lost_while_the_machine_slept_is_counted_once(pack: Pack) -> None:
    bedside = Bedside(pack)
    bedside.lasts(1.0)
    bedside.sleeps(NIGHT_S)
    # What was waiting comes first; the card tells of the rest with the next block.
    bedside.lasts(0.02)
    bedside.line.take(round(NIGHT_S * RATE), HISS, cast("Loudspeaker", bedside))
    assert bedside.session.now == pytest.approx(samples(1.0 + NIGHT_S), abs=4 * BLOCK)
    assert np.concatenate(bedside.sound).size <= 4 * BLOCK
