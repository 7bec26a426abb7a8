"""The comparison of ways to learn gives each way the same sound, and tells how well it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from scripts.train_model import accents, compare, network
from scripts.train_model.compare import Sound, compared, short_sounds
from scripts.train_model.network import Shape
from scripts.train_model.store import Example, write_examples

HOUR = compare.FRAMES_AN_HOUR


@pytest.fixture
def work(tmp_path: Path, toy: Any) -> Path:
    passes = [[toy.say(at).example for at in range(60)] for _ in range(2)]
    for number, examples in enumerate(passes):
        write_examples(tmp_path / "passes" / f"{number:03}.npz", examples)
    write_examples(tmp_path / "passes" / "development.npz", [toy.say(at).example for at in range(20)])
    return tmp_path


def frames(examples: list[Example]) -> int:
    return sum(len(example.features) for example in examples)


def variant(name: str) -> compare.Variant:
    return next(one for one in compare.VARIANTS if name in one.name)


def test_each_way_learns_from_as_much_sound(work: Path) -> None:
    hours = frames(Sound(work, 1.0).changed()) / HOUR / 2
    sound = Sound(work, hours)
    once, twice = (variant(name).sound(sound) for name in ("as the recipe", "changed twice"))
    assert 0.9 * hours * HOUR < frames(once) <= hours * HOUR
    assert frames(twice) == pytest.approx(frames(once), rel=0.15), "an utterance is faster in one pass than in another"
    named = Counter((example.speaker, example.name) for example in twice)
    assert set(named.values()) == {2}, "each utterance, changed in two ways"
    assert len(named) < 0.6 * len(once)


def test_a_way_without_accents_of_ours_hears_none_of_them(work: Path) -> None:
    told = Sound(work, 1.0).changed()
    own = [replace(one, speaker=f"espeak:{accents.accent_name(number)}+m1") for number, one in enumerate(told[:20])]
    write_examples(work / "passes" / "000.npz", [*own, *told[20:]])
    heard = variant("no accents").sound(Sound(work, 1.0))
    assert {one.speaker for one in heard} == {one.speaker for one in told[20:]}
    assert len(heard) == len(told) - 20


def test_a_way_is_told_with_its_size_and_how_well_it_did(work: Path) -> None:
    (result,) = compared(work, 1.0, only="two thirds")
    made = network.load(work / "compare" / "01" / "network.pt")
    assert result.parameters == sum(part.numel() for part in made.parameters())
    assert made.shape.units == compare.FROM_NOTHING.units * 2 // 3
    assert 0 < result.right <= 100
    assert result.gain < 0, "so little sound teaches little"


def test_a_network_to_start_from_goes_on_and_only_what_it_grows_into_is_compared(work: Path) -> None:
    begun = work / "begun.pt"
    network.save(network.Network(Shape(units=24)), begun)
    assert not list(compared(work, 1.0, begun, only="two thirds"))
    assert len(list(compared(work, 1.0, begun, only="layer more"))) == 1
    assert len(network.load(work / "compare" / "03" / "network.pt").shape.later) == len(Shape().later) + 1


def test_nothing_to_compare_with_is_told(work: Path) -> None:
    (work / "passes" / "development.npz").unlink()
    with pytest.raises(ValueError, match=r"no passes/development\.npz"):
        list(compared(work, 1.0, only="two thirds"))


def test_short_sounds_are_counted(toy: Any) -> None:
    examples = [toy.say(at).example for at in range(20)]
    assert short_sounds(examples, 6) == 0
    assert 0 < short_sounds(examples, 10) < short_sounds(examples, 15) == 1
