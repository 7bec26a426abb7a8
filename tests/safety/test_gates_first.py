"""Places that are asked about before any move, and persons for whom some are left out (safety.md sections 1, 3, 6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Intent

if TYPE_CHECKING:
    from tests.safety.conftest import Night, Script

Begin = Callable[..., "Night"]

CHECK = "Better, same, or worse?"

LEGS = ("calf", "foot", "hamstring", "quadriceps")


@cache
def shipped() -> Pack:
    return content.load(content_folder() / "en")


def places(*tiers: str) -> list[str]:
    """Return the places of the pack that ships that may be coached so much."""
    return [place for place, protocol in shipped().guide.protocols.items() if protocol.tier in tiers]


def begins(night: Night, place: str, duration: float) -> Night:
    night.session.act(Intent(night.pack.start, "start", {"place": place}))
    return night.passes(duration)


def test_every_place_of_the_source_has_its_tier() -> None:
    assert set(places("screened")) == {"hip_flexor", "biceps", "triceps"}
    assert set(places("comfort")) == {"neck", "upper_back", "lower_back"}
    assert set(LEGS) <= set(places("guided"))
    assert {"chest", "abdomen", "jaw"} <= set(places("never"))


@pytest.mark.parametrize("place", places("screened", "comfort"))
def test_nobody_is_moved_before_the_gate_was_answered(script: Script, night: Begin, place: str) -> None:
    silent = begins(night(), place, 120.0)
    assert not set(silent.texts) & script.part(place, "move")
    assert set(script.lines("unanswered")) <= set(silent.texts)


@pytest.mark.parametrize("place", places("screened", "comfort"))
def test_who_denies_every_sign_is_helped(script: Script, night: Begin, place: str) -> None:
    well = begins(night(otherwise="no"), place, 60.0)
    assert set(well.texts) & script.part(place, "move")


@pytest.mark.parametrize("place", places("screened", "comfort"))
def test_a_yes_to_the_first_gate_ends_it_in_an_alarm(script: Script, night: Begin, place: str) -> None:
    begun = begins(night(otherwise="yes"), place, 40.0)
    assert not set(begun.texts) & script.part(place, "move")
    assert begun.session.state == "alarmed"


@pytest.mark.parametrize("place", places("never"))
def test_a_place_that_is_never_coached_ends_in_an_alarm(night: Begin, place: str) -> None:
    begun = begins(night(), place, 40.0)
    assert begun.texts
    assert not any(text.startswith("Hold.") for text in begun.texts)
    assert begun.session.state in ("alarmed", "asleep")


RUB = re.compile(r"\b(rub|massage|knead)\b|\bstroke it\b", re.IGNORECASE)

STANDING = re.compile(r"\bstand\b", re.IGNORECASE)

MOVED = re.compile(r"\b(straighten|press|push|bring|lift|squeeze|bend|pull)\b", re.IGNORECASE)


def eased(night: Begin, place: str, **person: bool) -> list[str]:
    """Return everything that is said to a person whose cramp eases at the second question."""
    begun = night(person=person, otherwise="no")
    begins(begun, place, 60.0)
    begun.types("better").passes(150.0)
    return begun.texts


@pytest.mark.parametrize("place", LEGS)
@pytest.mark.parametrize("risk", ["clot_risk", "past_clot", "blood_thinners", "pregnant", "oestrogen"])
def test_no_rub_where_a_clot_or_a_bleed_is_likely(night: Begin, place: str, risk: str) -> None:
    assert not [line for line in eased(night, place, **{risk: True}) if RUB.search(line)]


@pytest.mark.parametrize("place", LEGS)
def test_no_standing_unless_it_is_known_to_be_safe(night: Begin, place: str) -> None:
    begun = night(answers={CHECK: "same"}, otherwise="no")
    assert not [line for line in begins(begun, place, 400.0).texts if STANDING.search(line)]


@pytest.mark.parametrize("place", places("guided", "gentle", "screened", "comfort"))
@pytest.mark.parametrize("reason", ["fracture", "recent_surgery"])
def test_no_protocol_after_surgery_or_with_a_fracture(script: Script, night: Begin, place: str, reason: str) -> None:
    begun = begins(night(person={reason: True}, otherwise="no"), place, 60.0)
    assert not [line for line in begun.texts if MOVED.search(line)], begun.texts
    assert script.lines("not_for_you")[0] in begun.texts


@pytest.mark.parametrize("place", ["hip_flexor", "buttock"])
def test_a_new_hip_is_not_moved(script: Script, night: Begin, place: str) -> None:
    begun = begins(night(person={"hip_replacement": True}, otherwise="no"), place, 60.0)
    assert not set(begun.texts) & script.part(place, "move")
    assert script.lines("not_for_you")[0] in begun.texts


@pytest.mark.parametrize("place", LEGS)
@pytest.mark.parametrize("reason", ["kidney_disease", "heart_failure", "low_salt"])
def test_no_tip_to_drink_where_fluids_are_limited(night: Begin, place: str, reason: str) -> None:
    assert not [
        line for line in eased(night, place, **{reason: True}) if re.search(r"\b(water|drink|sip)\b", line, re.I)
    ]
