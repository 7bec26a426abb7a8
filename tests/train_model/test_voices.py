"""Nobody whom the bench tests with is among the voices to learn from, by any name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from scripts.train_model.voices import (
    ACCENTS,
    DEVELOPMENT_ACCENT,
    ESPEAK,
    FLITE,
    NEAR_TEST_VARIANTS,
    OWN_VARIANTS,
    TEST_VARIANTS,
    Manner,
    Voice,
    cast,
    manner,
    own_variant,
    refused,
    upset,
    weights,
)

TEST_ACCENTS = ("en-gb-x-rp", "en-gb-x-gbclan", "en-029")
ALIKE = 5
"""So many lines in common are too many."""


@pytest.mark.parametrize("accent", [*TEST_ACCENTS, "gmw/en-GB-x-rp", "gmw/en-GB-x-gbclan", "gmw/en-029", "EN-GB-X-RP"])
@pytest.mark.parametrize("variant", ["", "m3", "own001"])
def test_accents_of_the_test_are_refused_by_any_name(accent: str, variant: str) -> None:
    assert refused(Voice(ESPEAK, accent, variant))


@pytest.mark.parametrize("variant", ["f4", "f5", "m7", "F4", *NEAR_TEST_VARIANTS])
def test_variants_of_the_test_are_refused_with_every_accent(variant: str) -> None:
    assert refused(Voice(ESPEAK, "gmw/en-US", variant))


def test_others_are_welcome() -> None:
    assert not any(map(refused, (*cast("train"), *cast("development"))))
    assert not refused(Voice(FLITE, "slt"))


def test_a_voice_of_the_test_among_the_cast_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.train_model.voices.VARIANTS", ("m1", "m7"))
    with pytest.raises(ValueError, match=r"espeak:gmw/en-US\+m7"):
        cast("train")


def test_who_trains_is_not_tuned_on_and_has_no_throat_or_accent_of_those_who_are() -> None:
    train, development = set(cast("train")), set(cast("development"))
    assert len(train) > 500
    assert len(development) > 40
    assert not train & development
    assert not {voice.variant for voice in train} & {voice.variant for voice in development} - {""}
    assert DEVELOPMENT_ACCENT not in {voice.name for voice in train}


def test_speakers_have_names_of_their_own_without_spaces() -> None:
    names = [voice.speaker for voice in (*cast("train"), *cast("development"))]
    assert len(set(names)) == len(names)
    assert not [name for name in names if " " in name or "\t" in name]


def lines_of(text: str) -> frozenset[str]:
    rows = (line.split("//")[0].split() for line in text.splitlines())
    ignored = ("language", "name", "gender", "maintainer", "status")
    return frozenset(" ".join(row) for row in rows if row and row[0] not in ignored and not row[0].startswith("#"))


@pytest.fixture(scope="module")
def variants() -> Mapping[str, frozenset[str]]:
    loader = pytest.importorskip("espeakng_loader", reason="espeak-ng's voices come with espeakng_loader")
    folder = Path(loader.get_data_path()) / "voices" / "!v"
    return {path.name: lines_of(path.read_text(encoding="utf-8", errors="replace")) for path in folder.iterdir()}


@pytest.mark.parametrize("tested", sorted(TEST_VARIANTS))
def test_no_variant_to_learn_from_is_nearly_one_of_the_test(
    tested: str, variants: Mapping[str, frozenset[str]]
) -> None:
    cast_for = {voice.variant for voice in (*cast("train"), *cast("development"))}
    alike = {name for name, lines in variants.items() if len(lines & variants[tested]) >= ALIKE}
    assert tested in alike
    assert not alike & cast_for


def formants(text: str) -> dict[int, float]:
    return {int(line.split()[1]): float(line.split()[2]) for line in text.splitlines() if line.startswith("formant")}


@pytest.mark.parametrize("tested", ["f4", "f5"])
def test_no_throat_of_our_own_is_nearly_one_of_the_test(tested: str, variants: Mapping[str, frozenset[str]]) -> None:
    known = formants("\n".join(variants[tested]))
    for number in range(OWN_VARIANTS):
        own = formants(own_variant(number))
        assert max(abs(own[place] - known[place]) for place in range(3)) >= 4, number


def test_throats_of_our_own_are_all_different_and_always_the_same() -> None:
    texts = [own_variant(number) for number in range(OWN_VARIANTS)]
    assert len(set(texts)) == OWN_VARIANTS
    assert texts == [own_variant(number) for number in range(OWN_VARIANTS)]


def test_every_voice_speaks_and_the_kinds_share_as_they_should() -> None:
    voices = cast("train")
    chances = weights(voices)
    assert chances.sum() == pytest.approx(1)
    assert (chances > 0).all()
    theirs = [(voice.variant, chance) for voice, chance in zip(voices, chances, strict=True) if voice.name in ACCENTS]
    own = sum(chance for variant, chance in theirs if variant.startswith("own"))
    assert own == pytest.approx(sum(chance for _, chance in theirs) - own)


def test_manners_differ_and_the_upset_are_higher() -> None:
    rng = np.random.default_rng(1)
    calm = [manner(rng) for _ in range(200)]
    assert {110 <= how.rate <= 210 for how in calm} == {True}
    assert {0.7 < how.pitch < 1.42 for how in calm} == {True}
    excited = [upset(how, rng) for how in calm]
    assert all(after.pitch >= before.pitch for before, after in zip(calm, excited, strict=True))
    assert upset(Manner(rate=250), rng).rate <= 260
