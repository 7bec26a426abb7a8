"""When the check by day is due, what is kept of it, and how it is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from voice_assist import room
from voice_assist.assembly import load_pack
from voice_assist.check.nightly import PLAIN, Nightly, judged
from voice_assist.config import Settings
from voice_assist.duty.hours import Nights
from voice_assist.events import Action, Intent, Say
from voice_assist.hear.probe import Echo
from voice_assist.hear.quiet_check import NoCheck, Probed
from voice_assist.room import QuietCheck, RoomMemory
from voice_assist.session import Session
from voice_assist.testing import play, scripted_session

ALL_RIGHT = Intent("question", "question", {"topic": "all_right"})
CALLED = Intent("control", "control", {"word": "wake"})
NO = Intent("answer", "answer", {"value": "no"})
UNHEARD = Probed(None, mute=False, level=-46.0)
LINE = "I can't hear my own voice. Check the loudspeaker."


@pytest.fixture
def session() -> Session:
    return scripted_session(load_pack(Settings()))


def said(session: Session, *intents: Intent) -> list[str]:
    actions: list[Action] = []
    for intent in intents:
        session.act(intent)
        actions += play(session, 20.0)[0]
    return [action.text for action in actions if isinstance(action, Say)]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("", "14:59", False),
        ("", "15:00", True),
        ("2026-11-26 15:02", "15:01", True),
        ("2026-11-27 15:02", "20:00", False),
    ],
)
def test_it_is_due_once_a_day_from_its_hour_on(last: str, now: str, due: bool) -> None:  # noqa: FBT001 - a table
    clock = dt.datetime.fromisoformat(f"2026-11-27T{now}:00")
    nightly = Nightly("15:00", RoomMemory(quiet_check=QuietCheck(last)), lambda _: None, lambda: clock)
    assert nightly.due() is due


@pytest.mark.parametrize(
    ("at", "quiet_hours", "times"),
    [
        ("15:00", "", {"15:00": True, "20:59": True, "21:00": False, "23:30": False, "03:12": False, "08:00": False}),
        ("15:00", "22:00-07:00", {"15:00": True, "21:59": True, "22:00": False, "23:30": False, "07:00": False}),
        # Whoever wants it in the night gets it there.
        ("03:00", "", {"02:59": False, "03:00": True, "07:59": True, "12:00": True, "23:30": True}),
        ("03:00", "22:00-07:00", {"03:00": False, "06:59": False, "07:00": True, "12:00": True, "23:30": False}),
        ("23:00", "22:00-07:00", {"23:30": False, "06:59": False, "07:00": True, "12:00": True}),
        ("23:00", "", {"22:59": False, "23:30": True}),
    ],
)
def test_what_was_missed_by_day_is_not_made_up_for_in_the_night(
    at: str, quiet_hours: str, times: dict[str, bool]
) -> None:
    now = dt.datetime.fromisoformat("2026-11-27")
    nightly = Nightly(at, RoomMemory(), lambda _: None, lambda: now, quiet_hours=quiet_hours)
    for time, due in times.items():
        now = dt.datetime.fromisoformat(f"2026-11-27T{time}")
        assert nightly.due() is due, time


def test_an_hour_within_quiet_hours_is_told_to_become_another() -> None:
    told: list[str] = []
    Nightly("03:00", RoomMemory(), told.append, quiet_hours="22:00-07:00")
    Nightly("15:00", RoomMemory(), told.append, quiet_hours="22:00-07:00")
    assert told == ["The nightly check is set for 03:00, within quiet hours; it is made when they end, at 07:00."]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-11-28 15:02", "2026-11-27 15:00", True),
        ("2038-01-19 15:02", "2026-11-27 14:59", False),
        ("2026-11-27 15:02", "1970-01-01 15:00", True),
        ("1970-01-01 15:02", "2026-11-27 15:00", True),
        # Put back by an hour, it is still the day on which it looked.
        ("2026-11-27 15:02", "2026-11-27 15:01", False),
        ("2026-11-27 15:02", "2026-11-27 14:02", False),
    ],
)
def test_a_check_of_a_day_to_come_was_made_by_a_wrong_clock_and_counts_for_nothing(
    last: str,
    now: str,
    due: bool,  # noqa: FBT001 - a table
) -> None:
    memory = RoomMemory(quiet_check=QuietCheck(last))
    assert Nightly("15:00", memory, lambda _: None, lambda: dt.datetime.fromisoformat(now)).due() is due


def test_a_clock_that_jumps_ahead_and_back_costs_one_check_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    checked: list[str] = []
    now = dt.datetime.fromisoformat("2026-11-27T12:00:00")
    nightly = Nightly("15:00", RoomMemory(), lambda _: None, lambda: now)
    for jump in (0, 3, 24 * 365, -24 * 365, 24, 1):
        now += dt.timedelta(hours=jump)
        if nightly.due():
            checked.append(f"{now:%Y-%m-%d}")
            nightly.found(UNHEARD)
    assert checked == ["2026-11-27", "2027-11-27", "2026-11-27", "2026-11-28"]


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
    session.stand(("unheard", "noisy"))
    assert said(session, ALL_RIGHT)[:2] == [LINE, "It is too noisy here for me."]
    session.stand(())
    assert said(session, ALL_RIGHT)[0] == "I'm all right."


def test_what_was_found_is_told_once_to_whoever_speaks_next(session: Session) -> None:
    session.stand(("unheard",), ("unheard",))
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == [LINE]
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == []


def test_nobody_with_a_cramp_is_told_of_it(session: Session) -> None:
    session.stand(("unheard",), ("unheard",))
    heard = said(session, Intent("cramp", "start", {"place": "calf"}), Intent("control", "control", {"word": "stop"}))
    assert heard
    assert LINE not in heard


def test_a_finding_is_told_once_however_often_it_is_found_and_the_program_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    pack = load_pack(Settings())

    def day(number: int, probed: Probed) -> list[str]:
        """Let the program start, find something, and be asked for something else."""
        session, clock = scripted_session(pack), dt.datetime(2026, 11, number, 15, 3, tzinfo=dt.timezone.utc)
        nightly = Nightly("15:00", room.load(lambda _: None), lambda _: None, lambda: clock)
        nightly.tells(session)
        nightly.found(probed)
        session.act(CALLED)
        kept = room.findings_told(pack.check.findings, lambda _: None)
        actions = play(session, 2.0)[0]
        session.act(NO)
        actions += play(session, 10.0)[0]
        for action in actions:
            kept(action)
        return [action.text for action in actions if isinstance(action, Say)][1:]

    well = Probed(Echo(-20.0, 0.1), mute=False, level=-70.0)
    assert [day(1, UNHEARD), day(2, UNHEARD), day(3, well), day(4, UNHEARD)] == [[LINE], [], [], [LINE]]


def test_in_quiet_hours_nothing_is_told_unasked_and_in_the_morning_it_is(session: Session) -> None:
    session.stand(("unheard",), ("unheard",))
    session.quiet_hours(on=True)
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == []
    session.quiet_hours(on=False)
    assert said(session) == []
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == [LINE]


@pytest.mark.parametrize(
    ("time", "quiet_hours", "day"),
    [
        *(("03:00", "", False), ("07:59", "", False), ("08:00", "", True), ("20:59", "", True), ("21:00", "", False)),
        *(("21:30", "22:00-07:00", True), ("07:00", "22:00-07:00", True), ("06:59", "22:00-07:00", False)),
    ],
)
def test_what_was_found_is_told_by_day_whether_or_not_there_are_quiet_hours(
    session: Session, time: str, quiet_hours: str, *, day: bool
) -> None:
    session.stand(("unheard",), ("unheard",))
    clock = dt.datetime.fromisoformat(f"2026-11-27T{time}")
    Nights(quiet_hours, session, RoomMemory(), lambda _: None, lambda: clock).passed(1)
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == ([LINE] if day else [])


def test_who_has_asked_is_not_told_again(session: Session) -> None:
    session.stand(("unheard",), ("unheard",))
    assert said(session, ALL_RIGHT) == [LINE]
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == []


def test_of_several_only_what_nobody_was_told_of_is_news(session: Session) -> None:
    session.stand(("unheard", "noisy"), ("noisy",))
    session.act(CALLED)
    play(session, 2.0)
    assert said(session, NO) == ["It is too noisy here for me."]


def test_what_it_finds_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice_assist.room.data_folder", lambda: tmp_path)
    told: list[str] = []
    nightly = Nightly("15:00", RoomMemory(), told.append)
    nightly.found(Probed(Echo(-20.0, 0.1), mute=False, level=-70.0))
    nightly.found(UNHEARD)
    assert told == [
        "Checked the sound: all is well.",
        "Checked the sound: our own voice is not heard; check the loudspeaker.",
    ]


def test_a_lost_device_is_told_to_whoever_asks_beside_what_was_found_and_no_more_once_it_is_back(
    session: Session,
) -> None:
    session.stand(("unheard",))
    session.lack(("loudspeaker_other", "microphone_other"))
    lost = ["The microphone is gone. I listen through another one.", "The loudspeaker is gone. Now I speak from here."]
    assert said(session, ALL_RIGHT) == [LINE, *lost]
    session.lack(("microphone_other",))
    assert said(session, ALL_RIGHT) == [LINE, lost[0]]
    session.stand(())
    assert said(session, ALL_RIGHT) == [lost[0]]
    session.lack(())
    assert said(session, ALL_RIGHT) == ["I'm all right."]


def test_where_no_line_tells_what_is_lost_it_does_not_say_that_all_is_right(session: Session) -> None:
    session.lack(("loudspeaker_gone",))
    assert said(session, ALL_RIGHT) == []


def test_every_finding_of_the_check_has_plain_words() -> None:
    probed = (UNHEARD, Probed(None, mute=True, level=-70.0), Probed(Echo(-40.0, 0.1), mute=False, level=-54.0))
    assert {name for one in probed for name in judged(one, RoomMemory(echo_level=-20.0))} == set(PLAIN)
