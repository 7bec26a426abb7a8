from __future__ import annotations

import pytest

from voice_assist.content import Pack
from voice_assist.diary.report.facts import GROUPS, Told, chosen

KNOWN = {"over_65": True, "blood_thinners": True, "statin": False, "diabetes": True, "medicines": True}


def test_nothing_is_told_unless_it_was_chosen(pack: Pack) -> None:
    assert chosen([], KNOWN, pack.person) == ()
    assert chosen(["none"], KNOWN, pack.person) == ()


def test_a_group_tells_what_was_answered_of_it_yes_or_no(pack: Pack) -> None:
    told = chosen(["medicines"], KNOWN, pack.person)
    assert told == (
        Told("Do you take blood thinners?", holds=True),
        Told("Do you take a statin for cholesterol?", holds=False),
    )


def test_one_fact_may_be_chosen_by_itself(pack: Pack) -> None:
    assert chosen(["over_65"], KNOWN, pack.person) == (Told("Are you sixty-five or older?", holds=True),)


def test_a_name_that_is_none_is_told_with_what_was_probably_meant(pack: Pack) -> None:
    with pytest.raises(ValueError, match="there is no 'medicine'; did you mean 'medicines'"):
        chosen(["medicine"], KNOWN, pack.person)


def test_every_question_of_the_english_pack_is_in_one_group(pack: Pack) -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(name for name, attribute in pack.person.items() if attribute.ask)
