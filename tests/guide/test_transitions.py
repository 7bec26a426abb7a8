"""The rules that stand above the transition table."""

from __future__ import annotations

import pytest

from voice_assist.guide.transitions import ALARMED, ASLEEP, DOUBTING, TABLE, Act, Event, State

AWAKE = [state for state in State if state is not ASLEEP]
LEADS_ANYWHERE_ASLEEP = {
    Event.BEGIN,
    Event.DOUBT,
    Event.CALLED,
    Event.ALARM,
    Event.CONFIRM,
    Event.ASIDE,
    Event.ACTIVITY,
}


@pytest.mark.parametrize("state", State)
def test_every_state_knows_every_event(state: State) -> None:
    assert set(TABLE[state]) == set(Event)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", [Event.STOP, Event.SLEEP])
def test_stop_hushes_and_sleeps_from_everywhere(state: State, event: Event) -> None:
    after, acts = TABLE[state][event]
    assert after is ASLEEP
    assert acts[0] is Act.HUSH


@pytest.mark.parametrize("event", [event for event in Event if event not in LEADS_ANYWHERE_ASLEEP])
def test_asleep_nothing_else_leads_anywhere(event: Event) -> None:
    after, acts = TABLE[ASLEEP][event]
    assert after is ASLEEP
    assert set(acts) <= {Act.HUSH, Act.SLEEP}


@pytest.mark.parametrize("event", Event)
def test_an_alarm_never_leads_back_to_coaching(event: Event) -> None:
    after, _ = TABLE[ALARMED][event]
    # "Wake up" gets no more than the quiet question.
    assert after in ((DOUBTING,) if event is Event.CALLED else (ALARMED, ASLEEP))


@pytest.mark.parametrize("state", AWAKE)
def test_an_alarm_pre_empts_whatever_is_going_on(state: State) -> None:
    assert TABLE[state][Event.ALARM] == (ALARMED, (Act.HUSH, Act.ALARM))


def test_every_act_is_used() -> None:
    used = {act for row in TABLE.values() for _, acts in row.values() for act in acts}
    assert used == set(Act)
