"""sources.yaml: every source that is named has a title, an address as its list gives it, and a name to be spoken."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.content.sheet import Cell, Faults, read

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[4] / "shared"))
PACK = content_folder() / "en"
DOCUMENTS = {"000", "001"}
"""The two documents that all began with; they have no address."""


@pytest.fixture(scope="module")
def named() -> dict[str, dict[str, str]]:
    fields = read(PACK / "sources.yaml", PACK, Faults()).fields("sources")
    return {name: {key: cell.text(key) for key, cell in source.fields(name).items()} for name, source in fields.items()}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(PACK)


def used(cell: Cell) -> Iterator[str]:
    """Yield every id in a `from` or `sources` field, the item of a document as the document."""
    if isinstance(cell.value, dict):
        for name, inner in cell.value.items():
            if name in ("from", "sources"):
                yield from (item.text("an id").partition("-")[0] for item in inner.items(name))
            else:
                yield from used(inner)
    elif isinstance(cell.value, list):
        for inner in cell.value:
            yield from used(inner)


def test_every_source_that_is_used_is_named_and_no_other(named: dict[str, dict[str, str]]) -> None:
    files = [path for path in PACK.rglob("*.yaml") if path.name != "sources.yaml"]
    found = {name for path in files for name in used(read(path, PACK, Faults()))}
    assert found == set(named)


def test_titles_and_addresses_are_those_of_the_lists(named: dict[str, dict[str, str]]) -> None:
    folder = SHARED / "sources"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the lists of sources are not here")
    listed: dict[str, set[tuple[str, str]]] = {}
    for path in folder.glob("*.md"):
        for row in re.finditer(r"^- \*\*(R\d+)\*\* (.*?) – (.*?)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE):
            listed.setdefault(row[1], set()).add((row[2], row[3]))
    for name, source in named.items():
        if name in DOCUMENTS:
            assert "link" not in source
        else:
            assert (source["title"], source["link"]) in listed[name], name


def test_a_spoken_name_says_from_whom_in_one_breath(pack: Pack, named: dict[str, dict[str, str]]) -> None:
    for name, source in named.items():
        assert re.match(r"From [^.]+\.( [^.]+\.)?$", source["spoken"]), name
        assert not re.search(r"https?|www|[/@_]", source["spoken"]), name
    assert set(pack.guide.sources) == set(named)


def test_no_spoken_name_claims_a_sign_off(named: dict[str, dict[str, str]]) -> None:
    for name, source in named.items():
        assert not re.search(r"\b(approved|signed off|proven|official)\b", source["spoken"], re.IGNORECASE), name
