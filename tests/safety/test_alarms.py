"""An emergency pre-empts everything: from every state, within a block, and afterwards it is quiet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from voice_assist.events import Intent
from voice_assist.samples import BLOCK
from voice_assist.speak.playout import FADE

if TYPE_CHECKING:
    from tests.safety.conftest import Night, Script

Begin = Callable[..., "Night"]

AT_ONCE = BLOCK + FADE
"""Samples: with the next block, once what was sounding has faded."""

SIGNS = {
    "heart": "heart attack",
    "lung": "i'm coughing blood",
    "stroke": "i'm having a stroke",
    "limb": "my foot is cold and numb",
    "back": "i can't pee",
    "neck": "my neck hurts and i have a fever",
    "jaw": "my jaw is locked",
    "groin": "pain in my testicle",
    "heat": "heatstroke",
    "fit": "he's having a seizure",
    "pregnancy": "i'm pregnant and bleeding",
    "general": "call an ambulance",
}
"""A sign of each emergency. Asleep, a television is told from a person: only the plainest count there."""


def guiding(begun: Night) -> None:
    begun.types("my calf is cramping").passes(6.0)


def asking(begun: Night) -> None:
    begun.types("my calf is cramping").passes(90.0, until="Better, same, or worse?")


def paused(begun: Night) -> None:
    begun.types("my calf is cramping").passes(6.0)
    begun.types("wait").passes(2.0)


def doubting(begun: Night) -> None:
    begun.types("help").passes(0.5)


def alarmed(begun: Night) -> None:
    begun.types("my calf is cramping").passes(3.0)
    begun.types("it popped").passes(2.0)


STATES: Mapping[str, Callable[[Night], None]] = {
    "guiding": guiding,
    "asking": asking,
    "paused": paused,
    "doubting": doubting,
    "alarmed": alarmed,
}


@pytest.mark.parametrize("kind", SIGNS)
@pytest.mark.parametrize("state", STATES)
def test_an_emergency_pre_empts_every_state_within_a_block(script: Script, night: Begin, state: str, kind: str) -> None:
    begun = night()
    STATES[state](begun)
    assert begun.session.state == state
    at, seen = begun.session.now, len(begun.says)
    begun.types(SIGNS[kind]).passes(0.1)
    first = begun.after(seen)[0]
    # Where the word itself is in doubt, the question comes first; that is an answer, too.
    confirm = script.pack.guide.confirm.get(f"emergency.{kind}")
    expected = {script.lines(f"emergency.{kind}")[0], *([script.asks(confirm)] if confirm else [])}
    assert first.text in expected
    assert first.at - at <= AT_ONCE


@pytest.mark.parametrize("state", ["asleep", *STATES])
@pytest.mark.parametrize("kind", SIGNS)
def test_an_emergency_is_answered_from_every_state_whoever_found_it(
    script: Script, night: Begin, state: str, kind: str
) -> None:
    begun = night()
    if state != "asleep":
        STATES[state](begun)
    at, seen = begun.session.now, len(begun.says)
    begun.session.act(Intent("emergency", "emergency", {"kind": kind}))
    begun.passes(0.1)
    first = begun.after(seen)[0]
    assert (first.text, begun.session.state) == (script.lines(f"emergency.{kind}")[0], "alarmed")
    assert first.at - at <= AT_ONCE


def test_after_an_emergency_it_is_quiet_but_for_another_sign(script: Script, night: Begin) -> None:
    begun = night().types("i'm having a heart attack").passes(40.0)
    assert begun.texts == script.lines("emergency.heart") * 2
    begun.types("my calf is cramping").passes(20.0)
    begun.types("better").passes(20.0)
    begun.types("i don't know").passes(20.0)
    assert begun.texts == script.lines("emergency.heart") * 2
    begun.types("i'm coughing blood").passes(5.0)
    assert begun.texts[-1] in script.lines("emergency.lung")
