"""notices.yaml: what is said of a device that fails; and what a pack without it does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.content.notices import NOTICES, read_notices
from voice_assist.content.sheet import Cell, Faults
from voice_assist.content.steps import Names, StepReader
from voice_assist.content.wording import read_wording
from voice_assist.events import Action, Intent, Said, Say
from voice_assist.samples import samples, seconds
from voice_assist.session import Session
from voice_assist.testing import play, scripted_session


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.fixture
def session(pack: Pack) -> Session:
    return scripted_session(pack)


def says(actions: list[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def test_every_notice_has_a_line_that_is_rendered_ahead(pack: Pack) -> None:
    assert set(pack.notices) == set(NOTICES)
    assert set(pack.notices.values()) <= set(pack.lines())


def test_a_notice_that_nothing_asks_for_is_a_fault() -> None:
    faults = Faults()
    cell = Cell({"mikrophone_gone": Cell("It is gone.", "notices.yaml", 1, faults)}, "notices.yaml", 1, faults)
    read_notices(cell, StepReader(read_wording(None, {}), Names()))
    assert [fault.reason for fault in faults.found] == [
        "there is no notice 'mikrophone_gone'; did you mean 'microphone_gone'?"
    ]


def test_at_rest_it_is_said_at_once_and_once(session: Session, pack: Pack) -> None:
    session.notice("microphone_gone")
    session.notice("microphone_gone")
    told, sound = play(session, 20.0)
    assert says(told) == [pack.notices["microphone_gone"]]
    assert seconds(told[0].at) < 0.1
    assert sound.any()


def test_what_is_true_no_more_is_not_said(session: Session) -> None:
    session.notice("microphone_gone")
    session.withdraw("microphone_gone")
    assert says(play(session, 20.0)[0]) == []


def test_it_is_broken_off_once_it_is_true_no_more(session: Session, pack: Pack) -> None:
    session.notice("microphone_gone")
    play(session, 0.5)
    session.withdraw("loudspeaker_other")
    session.withdraw("microphone_gone")
    told, sound = play(session, 20.0)
    assert [(action.text, action.cut) for action in told if isinstance(action, Said)] == [
        (pack.notices["microphone_gone"], True)
    ]
    assert not sound[samples(0.2) :].any()


def test_what_is_said_behind_it_is_not_broken_off_with_it(session: Session, pack: Pack) -> None:
    session.notice("microphone_gone")
    play(session, 0.5)
    session.say(pack.notices["loudspeaker_other"])
    session.withdraw("microphone_gone")
    told, _ = play(session, 20.0)
    assert [(action.text, action.cut) for action in told if isinstance(action, Said)] == [
        (pack.notices["microphone_gone"], False),
        (pack.notices["loudspeaker_other"], False),
    ]


def test_a_pack_without_the_line_says_nothing(pack: Pack) -> None:
    session = scripted_session(replace(pack, notices={}))
    session.notice("microphone_gone")
    assert says(play(session, 20.0)[0]) == []


@pytest.mark.parametrize("after", [0.1, 1.0, 3.0, 6.0, 9.0])
def test_in_a_protocol_it_cuts_no_sentence_and_is_said_before_long(session: Session, pack: Pack, after: float) -> None:
    session.act(Intent("cramp", "start", {"place": "calf"}))
    before, _ = play(session, after)
    at = session.now
    session.notice("microphone_gone")
    told, _ = play(session, 30.0)
    spoken = [action for action in (*before, *told) if isinstance(action, Say | Said)]
    assert not any(action.cut for action in spoken if isinstance(action, Said))
    # One after the other: each ends before the next begins.
    assert [type(action) for action in spoken[: len(spoken) // 2 * 2]] == [Say, Said] * (len(spoken) // 2)
    said = next(action for action in told if isinstance(action, Say) and action.text == pack.notices["microphone_gone"])
    # A hold of ten is counted to its end first.
    assert seconds(said.at - at) < 20.0
    others = [action.text for action in spoken if isinstance(action, Say) and action is not said]
    undisturbed = scripted_session(pack)
    undisturbed.act(Intent("cramp", "start", {"place": "calf"}))
    assert others == says(play(undisturbed, after + 30.0)[0])[: len(others)]


def test_in_quiet_hours_only_that_nobody_is_heard_is_said_unasked(session: Session, pack: Pack) -> None:
    session.quiet_hours(on=True)
    session.lack(("loudspeaker_other", "microphone_other"))
    session.notice("loudspeaker_other")
    session.notice("microphone_other")
    session.notice("microphone_gone")
    assert says(play(session, 20.0)[0]) == [pack.notices["microphone_gone"]]
    session.quiet_hours(on=False)
    assert says(play(session, 20.0)[0]) == []


@pytest.mark.parametrize("back", [False, True])
def test_what_was_not_said_in_the_night_is_told_to_the_first_who_speaks_in_the_morning(
    session: Session,
    pack: Pack,
    back: bool,  # noqa: FBT001 - a table
) -> None:
    session.quiet_hours(on=True)
    session.lack(("loudspeaker_other",))
    session.notice("loudspeaker_other")
    play(session, 1.0)
    session.quiet_hours(on=False)
    if back:
        session.lack(())
    session.act(Intent("control", "control", {"word": "wake"}))
    play(session, 2.0)
    session.act(Intent("answer", "answer", {"value": "no"}))
    assert says(play(session, 10.0)[0]) == ([] if back else [pack.notices["loudspeaker_other"]])
