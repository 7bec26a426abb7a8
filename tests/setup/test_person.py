"""What was set up is heard at night: who is called, how loudly it is spoken, and with how much time."""

from __future__ import annotations

import pytest

from tests.evening import Evening
from voice_assist import config
from voice_assist.assembly import known_of, load_pack, manner_for
from voice_assist.config import PLAYABLE, Settings
from voice_assist.content import Pack
from voice_assist.samples import samples


@pytest.fixture(scope="module")
def called() -> Pack:
    return load_pack(Settings(emergency_number="112", call_name="your wife"))


@pytest.mark.parametrize("kind", ["heart", "stroke", "limb", "back", "general", "fit"])
def test_who_was_named_is_called_after_the_emergency_number(called: Pack, kind: str) -> None:
    person = known_of(Settings(call_name="your wife"), called)
    texts = Evening(called, person=person).hears("emergency", kind=kind).passes(60.0).texts
    number = next(at for at, text in enumerate(texts) if "one one two" in text)
    assert "Then call your wife." in texts[number + 1 :]
    assert texts.count("Then call your wife.") == 2


def test_nobody_is_called_where_nobody_was_named() -> None:
    pack = load_pack(Settings())
    assert known_of(Settings(), pack) == {}
    texts = Evening(pack).hears("emergency", kind="heart").passes(60.0).texts
    assert not [text for text in texts if text.startswith("Then call")]


@pytest.mark.parametrize(
    ("person", "louder", "pause"),
    [
        ({}, 0, 1.5),
        ({"over_65": True}, 4, 2.0),
        ({"over_65": False}, 0, 1.5),
        ({"hard_of_hearing": True}, 8, 2.0),
        ({"hard_of_hearing": True, "over_65": True}, 8, 2.0),
        ({"pregnant": True}, 0, 1.5),
    ],
)
def test_who_is_older_or_hears_badly_is_spoken_to_louder_and_with_more_time(
    called: Pack, person: dict[str, bool], louder: float, pause: float
) -> None:
    manner = manner_for(Settings(person=person), called)
    assert manner.volume == Settings().volume + louder
    assert manner.loudest >= manner.volume
    assert manner.pause == samples(pause)


def test_what_somebody_has_set_stays_as_it_is(called: Pack) -> None:
    own = Settings(person={"hard_of_hearing": True}, volume=-20, pause=1.2, chosen=frozenset({"volume", "pause"}))
    assert (manner_for(own, called).volume, manner_for(own, called).pause) == (-20, samples(1.2))
    held = Settings(person={"hard_of_hearing": True}, loudest=-10, chosen=frozenset({"loudest"}))
    assert manner_for(held, called).volume == -10


def test_it_is_never_louder_than_can_be_played(called: Pack) -> None:
    workout = config.PROFILES["workout"]
    loud = Settings(person={"hard_of_hearing": True}, volume=workout.volume, loudest=workout.loudest)
    assert manner_for(loud, called).volume == PLAYABLE
