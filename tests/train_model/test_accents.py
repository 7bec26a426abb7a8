"""Accents of our own: many, each its own, and none of them a stranger's that tunes or tests."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from scripts.train_model import accents
from scripts.train_model.engines import Espeak, Line
from scripts.train_model.voices import ACCENTS, DEVELOPMENT_ACCENT, ESPEAK, TEST_ACCENTS, Manner, Voice, cast, weights

ALIKE = 3
"""So many shifts in common are too many."""


def rows(text: str, key: str) -> set[str]:
    return {" ".join(line.split()[1:]) for line in text.splitlines() if line.split()[:1] == [key]}


def file_of(accent: str) -> str:
    loader = pytest.importorskip("espeakng_loader", reason="espeak-ng's accents come with espeakng_loader")
    return (Path(loader.get_data_path()) / "lang" / accent).read_text(encoding="utf-8")


def test_the_same_number_is_the_same_accent_and_another_is_another() -> None:
    assert accents.accent(3) == accents.accent(3)
    files = {accents.accent(number).split("phonemes")[1] for number in range(accents.COUNT)}
    assert len(files) == accents.COUNT


@pytest.mark.parametrize("strange", sorted(TEST_ACCENTS | {DEVELOPMENT_ACCENT}))
def test_none_has_the_sounds_or_the_shifts_of_an_accent_that_tunes_or_tests(strange: str) -> None:
    theirs = file_of(strange)
    for number in range(accents.COUNT):
        ours = accents.accent(number)
        assert rows(ours, "phonemes").isdisjoint(rows(theirs, "phonemes"))
        assert len(rows(ours, "replace") & rows(theirs, "replace")) < ALIKE


def test_they_train_and_do_not_tune() -> None:
    own = {accents.accent_name(number) for number in range(accents.COUNT)}
    assert own <= {voice.name for voice in cast("train")}
    assert own.isdisjoint({voice.name for voice in cast("development")})
    assert not any(map(accents.is_own, ACCENTS))


def test_they_say_about_a_third_of_what_is_said() -> None:
    voices = cast("train")
    share = sum(chance for voice, chance in zip(voices, weights(voices), strict=True) if accents.is_own(voice.name))
    assert 0.25 < share < 0.4


def test_each_is_heard_as_its_own(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader", reason="espeak-ng's voices come with espeakng_loader")
    words = "my left thigh is cramping, they stretch the calf, no better, over there, the hot bath, cold goat face"
    voices = [Voice(ESPEAK, accents.accent_name(number)) for number in range(accents.COUNT)]
    said = [
        wave for wave in Espeak(tmp_path).say([Line(voice, Manner(), words) for voice in voices]) if wave is not None
    ]
    assert len(said) == accents.COUNT
    assert all(len(one) != len(other) or (one != other).any() for one, other in pairwise(said))
    # None swallows words.
    assert min(map(len, said)) > 0.8 * max(map(len, said))
