"""The graph: sounds to words as a tree that can be read back, and the phones that it is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist.config import models_folder
from voice_assist.errors import ModelError
from voice_assist.models import graph
from voice_assist.models.openfst import Arc, Fst
from voice_assist.models.phones import GARBAGE, SILENCE, Phones, read_phones

OURS = models_folder() / "en-small" / "graph"

NUMBERS = {"[unk]": 1, "a": 2, "calf": 3, "half": 4, "cat": 5, "calves": 6, "cats": 7}
LEXICON = {
    "a": (("AH",), ("EY",)),
    "calf": (("K", "AA", "F"), ("K", "AE", "F")),
    "half": (("HH", "AE", "F"),),
    "cat": (("K", "AE", "T"),),
    "cats": (("K", "AE", "T", "S"),),
    "calves": (("K", "AE", "V", "Z"),),
}


@pytest.fixture(scope="module")
def phones() -> Phones:
    return read_phones(OURS)


class TestPhones:
    def test_every_transition_belongs_to_the_phone_that_it_was_made_for(self, phones: Phones) -> None:
        seen = set()
        for sound in ("K", "AE", "F"):
            for phone in phones.of_word([sound]):
                for before in range(10):
                    for transition in (phones.enters(phone, before), phones.stays(phone, before)):
                        assert phones.phone_of(transition) == phone
                        seen.add(transition)
        assert len(seen) == 3 * 10 * 2

    def test_silence_and_garbage_sound_the_same_after_anything(self, phones: Phones) -> None:
        for phone in (SILENCE, GARBAGE):
            assert len({phones.enters(phone, before) for before in range(10)}) == 1

    def test_a_phone_knows_its_place_in_the_word(self, phones: Phones) -> None:
        calf = phones.of_word(["K", "AE", "F"])
        assert [phones.sound(phone) for phone in calf] == ["K", "AE", "F"]
        assert len({*calf, *phones.of_word(["F", "AE", "K"]), *phones.of_word(["F"])}) == 6

    @pytest.mark.parametrize(
        ("file", "text", "fault"),
        [
            ("disambig_tid.int", "313\n", "312 transitions, not the 3124"),
            ("phones.txt", "SPN 1\nSIL 2\n", "not in the order"),
        ],
    )
    def test_another_model_is_refused(self, tmp_path: Path, file: str, text: str, fault: str) -> None:
        for name in ("phones.txt", "disambig_tid.int"):
            (tmp_path / name).write_text((OURS / name).read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / file).write_text(text, encoding="utf-8")
        with pytest.raises(ModelError, match=fault):
            read_phones(tmp_path)


class TestGraph:
    def test_what_was_planted_can_be_read_back(self, phones: Phones) -> None:
        tree = graph.tree(LEXICON, NUMBERS, phones)
        words = {number: word for word, number in NUMBERS.items()}
        assert graph.words_of(tree, words, phones) == LEXICON | {"[unk]": (("SPN",),)}

    @pytest.mark.parametrize(
        ("words", "heard"), [(["calf"], {(3,)}), (["calf", "half"], {(3, 4)}), (["a", "cat"], {(2, 5)}), ([], {()})]
    )
    def test_a_phone_is_entered_by_the_class_of_the_sound_before_it(
        self, phones: Phones, words: list[str], heard: set[tuple[int, ...]]
    ) -> None:
        before, labels = 0, []
        for phone in (phone for word in words for phone in phones.of_word(LEXICON[word][0])):
            labels.append(phones.enters(phone, before))
            before = phones.class_of(phone)
        assert _heard(graph.tree(LEXICON, NUMBERS, phones), labels) == heard

    def test_words_that_begin_alike_share_their_beginning(self, phones: Phones) -> None:
        one = len(graph.tree({"cat": LEXICON["cat"]}, NUMBERS, phones).arcs)
        both = len(graph.tree({"cat": LEXICON["cat"], "cats": LEXICON["cats"]}, NUMBERS, phones).arcs)
        # A t within the word with its self-loop, an s at its end with its own, and two ways on from there.
        assert both - one == 6

    def test_new_words_are_as_rare_as_the_rarest(self) -> None:
        language = Fst(
            [Arc(0, 1, 0, 0, 0.7), Arc(1, 1, 1, 1, 2.0), Arc(1, 2, 2, 2, 9.0), Arc(2, 1, 0, 0, 0.7)], {2: 0.5}
        )
        found = graph.renumbered(language, {1: "calf", 2: "half"}, {"half": 1, "swollen": 2, "calf": 3})
        assert set(found.arcs) == {
            Arc(0, 1, 0, 0, 0.7),
            Arc(1, 1, 3, 3, 2.0),
            Arc(1, 2, 1, 1, 9.0),
            Arc(1, 1, 2, 2, 9.0),
            Arc(2, 1, 0, 0, 0.7),
        }
        assert found.final == {2: 0.5}


def _heard(tree: Fst, labels: list[int]) -> set[tuple[int, ...]]:
    """Return every sequence of words that may be heard in just these transitions."""
    states = _without_sound(tree, {(tree.arcs[0].source, ())})
    for label in labels:
        entered = [
            (arc.target, (*words, arc.word) if arc.word else words)
            for state, words in states
            for arc in tree.arcs
            if (arc.source, arc.label) == (state, label)
        ]
        states = _without_sound(tree, set(entered))
    return {words for state, words in states if state in tree.final}


def _without_sound(tree: Fst, states: set[tuple[int, tuple[int, ...]]]) -> set[tuple[int, tuple[int, ...]]]:
    free = [(arc.source, arc.target) for arc in tree.arcs if not arc.label]
    more = states | {(target, words) for state, words in states for source, target in free if source == state}
    return states if more == states else _without_sound(tree, more)
