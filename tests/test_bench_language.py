"""What a pack's language is to a model: what is measured where one is here, and what is said where none is."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.benchmarks.figures import SkippedError
from scripts.benchmarks.hearing import language
from scripts.benchmarks.hearing.language import Said
from tests.content.en.tables import Row
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content.language import ENGLISH
from voice_assist.understand.matcher import Matcher


@pytest.fixture(scope="module")
def german() -> content.Pack:
    return content.load(content_folder() / "de")


def said(right: str, text: str, heard: str) -> Said:
    return Said(Row("de", "asleep", text, (right,)), heard)


def test_the_share_of_unknown_is_told_of_our_phrases_and_of_other_talk(german: content.Pack) -> None:
    found = [
        said("cramp calf", "wadenkrampf", "wadenkrampf"),
        said("cramp calf", "meine wade krampft", "[unk] wade"),
        said("nothing", "das wetter wird besser", "besser"),
        said("nothing", "der wagen steht da", "meine wade krampft"),
        said("nothing", "wir gehen in den wald", "[unk] in den [unk]"),
        said("nothing", "guten abend", "[unk]"),
    ]
    figures = {figure.name: figure for figure in language.figures("m", found, Matcher(german.lexicon))}
    assert figures["m, phrases that are understood"].value == 50.0
    assert figures["m, phrases of ours with [unk]"].value == 50.0
    assert figures["m, other talk with [unk]"].value == 50.0
    taken = figures["m, other talk that begins or alarms"]
    assert (taken.value, taken.details) == (25.0, [("der wagen steht da", "meine wade krampft")])


def test_it_says_in_one_line_what_is_not_here_and_that_the_yardstick_is_english() -> None:
    with pytest.raises(SkippedError) as raised:
        list(language.measure(Path("de"), ("vosk-model-small-de-0.15", "en-small"), quick=True))
    yardstick, *why = str(raised.value).split("; ", 1)
    assert yardstick == "pocketsphinx: it brings US English only, so there is nothing to compare in German"
    assert "models fetch vosk-model-small-de-0.15" in why[0]
    assert "the model en-small hears 'en' only" in why[0]


def test_people_say_what_stands_in_the_tables_of_their_language(german: content.Pack) -> None:
    rows = language.rows(german.language)
    assert {"asleep", "awake"} == {row.section for row in rows}
    assert any(row.right == ("nothing",) for row in rows)
    assert len(language.rows(ENGLISH)) > len(rows)
    assert all("[unk]" not in row.said for row in rows)
