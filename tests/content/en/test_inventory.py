"""inventory.yaml: no step, time or caution of the two documents is lost, and no claim that is not to be spoken is."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))
ROW = re.compile(r"\| (00[01]-\d\d) \| ((?:\[[^\]]+\])+) ")
TO_FOLLOW = {"do", "t", "c"}
NOT_TO_SPEAK = "!"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.fixture(scope="module")
def items() -> Mapping[str, frozenset[str]]:
    """Every item of the two documents, with its tags."""
    file = SHARED / "sources" / "inventory.md"
    if not file.exists():
        pytest.skip(f"no {file}: the inventory of the two documents is not here")
    rows = map(ROW.match, file.read_text(encoding="utf-8").splitlines())
    found = {row[1]: frozenset(re.findall(r"\[(.*?)\]", row[2])) for row in rows if row}
    # 91 items of the first document and 68 of the second: a row that is not read would be an item that is lost.
    assert len(found) == 91 + 68
    return found


def listed(name: str) -> dict[str, str]:
    sheet = yaml.load((content_folder() / "en" / "inventory.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # BaseLoader makes strings only
    assert set(sheet) == {"left_out", "not_spoken"}
    found: dict[str, str] = sheet[name]
    return found


def test_every_step_time_and_caution_is_carried_or_left_out_with_a_reason(
    pack: Pack, items: Mapping[str, frozenset[str]]
) -> None:
    to_follow = {item for item, tags in items.items() if tags & TO_FOLLOW and NOT_TO_SPEAK not in tags}
    carried, left_out = to_follow & set(pack.claims), set(listed("left_out"))
    assert not to_follow - carried - left_out, "no line carries these; say them, or list them in inventory.yaml"
    assert not carried & left_out, "these are listed as left out, and a line carries them"
    assert left_out <= to_follow, "these are no step, time or caution of the documents"


def test_no_claim_that_is_not_to_be_spoken_is_spoken(pack: Pack, items: Mapping[str, frozenset[str]]) -> None:
    banned = {item for item, tags in items.items() if NOT_TO_SPEAK in tags}
    assert banned == set(listed("not_spoken"))
    assert not {item: pack.claims[item] for item in banned & set(pack.claims)}


def test_every_claim_of_an_item_is_one_that_exists(pack: Pack, items: Mapping[str, frozenset[str]]) -> None:
    claimed = {claim for claim in pack.claims if re.match(r"00[01]-", claim)}
    assert not claimed - set(items)


def test_every_reason_says_something() -> None:
    for name in ("left_out", "not_spoken"):
        for item, reason in listed(name).items():
            assert len(reason.split()) >= 5, item


def test_the_additive_of_the_second_document_is_never_spoken(pack: Pack) -> None:
    assert not [line for line in pack.lines() if "silicate" in line.lower()]
