"""Places that are asked about before any move, and persons for whom some are left out (safety.md sections 1, 3, 6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from voice_assist.events import Intent

if TYPE_CHECKING:
    from tests.safety.conftest import Night, Script

Begin = Callable[..., "Night"]

CHECK = "Better, same, or worse?"

LEGS = ("calf", "foot", "hamstring", "quadriceps")


GENTLE = ("inner_thigh", "buttock", "shin", "hand", "forearm")

SCREENED = ("hip_flexor", "biceps", "triceps")

COMFORT = ("neck", "upper_back", "lower_back")

NEVER = ("chest", "abdomen", "jaw", "groin", "everywhere")


def begins(night: Night, place: str, duration: float) -> Night:
    """Begin the protocol of a place, and let seconds go by."""
    night.session.act(Intent(night.pack.start, "start", {"place": place}))
    return night.passes(duration)


@pytest.mark.parametrize(
    ("tier", "places"),
    [("guided", LEGS), ("gentle", GENTLE), ("screened", SCREENED), ("comfort", COMFORT), ("never", NEVER)],
)
def test_every_place_has_the_tier_of_the_source(script: Script, tier: str, places: tuple[str, ...]) -> None:
    protocols = script.pack.guide.protocols
    assert {place: protocols[place].tier for place in places} == dict.fromkeys(places, tier)


@pytest.mark.parametrize("place", [*SCREENED, *COMFORT])
def test_nobody_is_moved_before_the_gate_was_answered(script: Script, night: Begin, place: str) -> None:
    silent = begins(night(), place, 120.0)
    assert not set(silent.texts) & script.part(place, "move")
    assert set(script.lines("unanswered")) <= set(silent.texts)


@pytest.mark.parametrize("place", [*SCREENED, *COMFORT])
def test_who_denies_every_sign_is_helped(script: Script, night: Begin, place: str) -> None:
    well = begins(night(otherwise="no"), place, 60.0)
    assert set(well.texts) & script.part(place, "move")


@pytest.mark.parametrize("place", [*SCREENED, *COMFORT])
def test_a_yes_to_the_first_gate_ends_it_in_an_alarm(script: Script, night: Begin, place: str) -> None:
    begun = begins(night(otherwise="yes"), place, 40.0)
    assert not set(begun.texts) & script.part(place, "move")
    assert "alarmed" in begun.states


@pytest.mark.parametrize("place", NEVER)
def test_a_place_that_is_never_coached_ends_in_an_alarm(night: Begin, place: str) -> None:
    begun = begins(night(), place, 40.0)
    assert begun.texts
    assert not any(text.startswith("Hold.") for text in begun.texts)
    assert "alarmed" in begun.states


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


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED, *COMFORT])
@pytest.mark.parametrize("reason", ["fracture", "recent_surgery"])
@pytest.mark.parametrize(("answer", "end"), [("yes", "not_for_you"), ("", "unanswered")])
def test_whoever_may_have_a_fracture_or_a_wound_there_is_not_moved(
    script: Script, night: Begin, place: str, reason: str, answer: str, end: str
) -> None:
    asked = script.asks("mending")
    begun = begins(night(person={reason: True}, answers={asked: answer}, otherwise=answer and "no"), place, 60.0)
    assert begun.questions[0] == asked
    assert not [line for line in begun.texts if MOVED.search(line)], begun.texts
    assert script.lines(end)[0] in begun.texts


@pytest.mark.parametrize("place", ["hip_flexor", "buttock"])
def test_a_new_hip_is_not_moved(script: Script, night: Begin, place: str) -> None:
    begun = begins(night(person={"hip_replacement": True}, otherwise="no"), place, 60.0)
    assert not set(begun.texts) & script.part(place, "move")
    assert script.lines("not_for_you")[0] in begun.texts


@pytest.mark.parametrize("place", LEGS)
@pytest.mark.parametrize("reason", ["kidney_disease", "heart_failure", "low_salt"])
def test_no_tip_to_drink_where_fluids_are_limited(night: Begin, place: str, reason: str) -> None:
    assert not [
        line
        for line in eased(night, place, **{reason: True})
        if re.search(r"\b(water|drink|sip)\b", line, re.IGNORECASE)
    ]
