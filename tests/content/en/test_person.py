"""person.yaml: asked once, by day, and what follows from it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.content.person import follow

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))

FACTS = (
    "over_65", "pregnant", "pregnant_late", "blood_thinners", "diabetes", "numb_feet", "poor_circulation", "clot_risk",
    "fluid_limit", "medicines", "joint_replacement", "hip_replacement", "fragile", "sickle_cell", "blood_pressure",
    "child", "stands_safely", "lives_alone",
)  # fmt: skip
"""Facts that steps may wait for."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_known_with_what_it_changes(pack: Pack, fact: str) -> None:
    attribute = pack.person[fact]
    assert attribute.changes
    # Asked for, or following from what is asked for.
    assert bool(attribute.ask) != bool(attribute.any)


def test_what_is_asked_is_one_closed_question(pack: Pack) -> None:
    for attribute in pack.person.values():
        if attribute.ask:
            assert re.fullmatch(r"[A-Z][^?.]*\?", attribute.ask), attribute.name
            assert re.match(r"(Are|Can|Do|Have|Must|Any|Is)\b", attribute.ask), attribute.name


def test_no_group_is_made_of_groups(pack: Pack) -> None:
    # What follows is told in one pass.
    for attribute in pack.person.values():
        assert not [part for part in attribute.any if pack.person[part].any], attribute.name


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ({"pregnant_late": True}, {"pregnant": True, "clot_risk": True}),
        ({"pregnant": True}, {"clot_risk": True}),
        ({"past_clot": True}, {"clot_risk": True}),
        ({"recent_surgery": True}, {"clot_risk": True, "fragile": True}),
        ({"kidney_disease": True}, {"fluid_limit": True}),
        ({"hip_replacement": True}, {"joint_replacement": True}),
        ({"statin": True}, {"medicines": True}),
        ({"hernia": True}, {"blood_pressure": True}),
        ({"hip_replacement": False, "knee_replacement": False}, {"joint_replacement": False}),
        ({"clot_risk": True}, {"clot_risk": True}),
    ],
)
def test_what_follows_from_what_was_told(pack: Pack, told: dict[str, bool], follows: dict[str, bool]) -> None:
    known = follow(told, pack.person)
    assert {name: known[name] for name in follows} == follows


@pytest.mark.parametrize("told", [{}, {"past_clot": False}, {"hip_replacement": False}, {"pregnant_late": False}])
def test_what_was_not_told_stays_unknown(pack: Pack, told: dict[str, bool]) -> None:
    assert follow(told, pack.person) == told


def test_every_source_of_the_table_stands_in_the_sheet(pack: Pack) -> None:
    source = SHARED / "sources" / "safety.md"
    if not source.exists():
        pytest.skip(f"no {source}: the table of the profile is not here")
    section = source.read_text(encoding="utf-8").partition("\n## 6.")[2].partition("\n## 7.")[0]
    named = set(re.findall(r"\[(R\d+)\]", section))
    assert named
    ours = {name for name, lines in pack.claims.items() if any(file == "person.yaml" for file, _ in lines)}
    assert named - ours == set()
