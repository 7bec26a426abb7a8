"""When the check by day is due, what is kept of it, and how it is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from voice_assist import room
from voice_assist.assembly import load_pack
from voice_assist.check.nightly import Nightly, judged
from voice_assist.config import Settings
from voice_assist.events import Action, Intent, Say
from voice_assist.hear.probe import Echo
from voice_assist.hear.quiet_check import NoCheck, Probed
from voice_assist.room import QuietCheck, RoomMemory
from voice_assist.session import Session
from voice_assist.testing import play, scripted_session

ALL_RIGHT = Intent("question", "question", {"topic": "all_right"})
CALLED = Intent("control", "control", {"word": "wake"})
UNHEARD = Probed(None, mute=False, level=-46.0)
LINE = "I can't hear my own voice. Check the loudspeaker."


@pytest.fixture
def session() -> Session:
    return scripted_session(load_pack(Settings()))


def said(session: Session, *intents: Intent) -> list[str]:
    actions: list[Action] = []
    for intent in intents:
        session.act(intent)
        actions += play(session, 10.0)[0]
    return [action.text for action in actions if isinstance(action, Say)]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("", "14:59", False),
        ("", "15:00", True),
        ("2026-11-26 15:02", "15:01", True),
        ("2026-11-27 15:02", "23:00", False),
    ],
)
def test_it_is_due_once_a_day_from_its_hour_on(last: str, now: str, due: bool) -> None:  # noqa: FBT001 - a table
    clock = dt.datetime.fromisoformat(f"2026-11-27T{now}:00")
    nightly = Nightly("15:00", RoomMemory(quiet_check=QuietCheck(last)), lambda _: None, lambda: clock)
    assert nightly.due() is due


def test_what_it_finds_is_kept_told_and_not_looked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    clock = dt.datetime.fromisoformat("2026-11-27T15:03:00")
    nightly = Nightly("15:00", RoomMemory(), lambda _: None, lambda: clock)
    nightly.tells(session)
    nightly.found(UNHEARD)
    assert not nightly.due()
    assert room.load(lambda _: None).quiet_check == QuietCheck("2026-11-27 15:03", ("unheard",))
    assert said(session, ALL_RIGHT)[0] == LINE


def test_without_an_hour_or_where_our_voice_was_never_heard_nothing_is_checked() -> None:
    told: list[str] = []
    assert isinstance(Nightly("", RoomMemory(), told.append).check, NoCheck)
    assert not told
    deaf = RoomMemory(measured="2026-11-27")
    assert isinstance(Nightly("15:00", deaf, told.append).check, NoCheck)
    assert "No nightly check" in told[0]


def test_a_sound_that_is_much_softer_than_before_is_a_fault() -> None:
    memory = RoomMemory(measured="2026-11-27", echo_level=-20.0, echo_delay=0.1)
    assert judged(Probed(Echo(-24.0, 0.1), mute=False, level=-70.0), memory) == ()
    assert judged(Probed(Echo(-40.0, 0.1), mute=False, level=-54.0), memory) == ("softer",)
    assert judged(UNHEARD, memory) == ("unheard",)
    assert judged(Probed(None, mute=True, level=-70.0), memory) == ("mute",)


def test_asked_it_says_whether_it_is_all_right(session: Session) -> None:
    assert said(session, ALL_RIGHT)[0] == "I'm all right."
    session.stand(("unheard", "noisy"), news=False)
    assert said(session, ALL_RIGHT)[:2] == [LINE, "It is too noisy here for me."]
    session.stand((), news=False)
    assert said(session, ALL_RIGHT)[0] == "I'm all right."


def test_what_was_found_is_told_once_to_whoever_speaks_next(session: Session) -> None:
    session.stand(("unheard",), news=True)
    no = Intent("answer", "answer", {"value": "no"})
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, no) == [LINE]
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, no) == []


def test_nobody_with_a_cramp_is_told_of_it(session: Session) -> None:
    session.stand(("unheard",), news=True)
    heard = said(session, Intent("cramp", "start", {"place": "calf"}), Intent("control", "control", {"word": "stop"}))
    assert heard
    assert LINE not in heard
