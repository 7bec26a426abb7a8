"""A graph of our own: sentences of a list, what is put together from them, and `[unk]`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from math import exp, log
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import soundfile

from voice_assist.config import content_folder, models_folder
from voice_assist.errors import ModelError
from voice_assist.models.ngram import WHOLE, NGram, ngram_graph, ngram_model
from voice_assist.models.openfst import Fst, read
from voice_assist.understand.grammar import DECOY

SHIPPED = models_folder() / "en-small"

MY, CALF, FOOT, CRAMPS, STOP, UNKNOWN = 1, 2, 3, 4, 5, 9
COUNTS = {
    (MY, CALF): 3.0,
    (MY, CALF, CRAMPS): 1.0,
    (MY, FOOT, CRAMPS): 2.0,
    (STOP,): 2.0,
}
WHOLE_ONES = NGram(order=WHOLE, discount=0.0, unknown=6.0, again=4.0)
LOOSE = NGram(order=3, discount=0.5, unknown=6.0, again=4.0)


def costs_of(fst: Fst, words: tuple[int, ...], most: float = 60.0) -> list[float]:
    """Return what each way through an acceptor costs that takes just these words, up to `most`."""
    found: list[float] = []

    def follow(state: int, at: int, cost: float) -> None:
        if at == len(words) and state in fst.final:
            found.append(cost + fst.final[state])
        for arc in fst.arcs:
            if arc.source == state and cost + arc.cost <= most:
                # Silence and back to the beginning: a round that leads nowhere new.
                if not arc.word and arc.target == fst.arcs[0].source:
                    if at < len(words):
                        follow(arc.target, at, cost + arc.cost)
                elif not arc.word or words[at : at + 1] == (arc.word,):
                    follow(arc.target, at + bool(arc.word), cost + arc.cost)

    follow(fst.arcs[0].source, 0, 0.0)
    return sorted(found)


class TestWholeSentences:
    def test_each_costs_as_its_share_of_all_has_it(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, WHOLE_ONES)
        for words, count in COUNTS.items():
            assert costs_of(graph, words)[0] == pytest.approx(-log(count / 8))

    def test_silence_is_free_and_speech_that_is_no_sentence_has_its_cost(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, WHOLE_ONES)
        assert costs_of(graph, ())[0] == 0.0
        for count in (1, 2, 3):
            assert costs_of(graph, (UNKNOWN,) * count)[0] == pytest.approx(6.0 * count + 4.0 * (count - 1))

    def test_one_sentence_may_follow_another(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, WHOLE_ONES)
        assert costs_of(graph, (STOP, MY, CALF))[0] == pytest.approx(-log(2 / 8) + 4.0 - log(3 / 8))
        assert costs_of(graph, (UNKNOWN, STOP))[0] == pytest.approx(6.0 + 4.0 - log(2 / 8))

    @pytest.mark.parametrize("settings", [WHOLE_ONES, LOOSE])
    def test_no_circle_takes_nothing(self, settings: NGram) -> None:
        """Kaldi cannot sort a lattice with one in it: the recognizer would fail in the middle of an utterance."""
        graph = ngram_graph(COUNTS, UNKNOWN, settings)
        free = {(arc.source, arc.target) for arc in graph.arcs if not arc.word}
        states = {state for arc in free for state in arc}
        while ends := states - {source for source, _ in free}:
            states -= ends
            free = {(source, target) for source, target in free if target not in ends}
        assert not free

    def test_no_other_words_are_taken(self) -> None:
        graph = ngram_graph({(MY, CALF, CRAMPS): 1.0, (MY, FOOT): 1.0}, UNKNOWN, WHOLE_ONES)
        taken = {words for count in (1, 2, 3) for words in permutations((MY, CALF, FOOT, CRAMPS), count)}
        assert {words for words in taken if costs_of(graph, words)} == {(MY, CALF, CRAMPS), (MY, FOOT)}


class TestFallingBack:
    def test_chances_of_all_that_may_follow_add_up_to_one(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, LOOSE)
        for source in {arc.source for arc in graph.arcs} - {arc.source for arc in graph.arcs if arc.word == UNKNOWN}:
            arcs = [arc for arc in graph.arcs if arc.source == source]
            shorter = [arc for arc in arcs if not arc.word and arc.target != 1]
            met = [arc for arc in arcs if arc not in shorter]
            if source == 1:
                continue
            assert len(shorter) == 1
            # What is left for fewer words is shared out among all words, those that were met included.
            [left] = shorter
            again = [arc.cost for arc in graph.arcs if arc.source == left.target and arc.word != UNKNOWN]
            assert sum(exp(-arc.cost) for arc in met) <= 1.0 + 1e-9
            assert sum(exp(-arc.cost) for arc in met) + exp(-left.cost) >= 1.0 - 1e-9
            assert again

    def test_what_was_listed_is_dearer_than_its_share_and_cheaper_than_what_was_not(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, LOOSE)
        listed, other = costs_of(graph, (MY, FOOT, CRAMPS))[0], costs_of(graph, (FOOT, CRAMPS))[0]
        assert -log(2 / 8) - 0.5 < listed < other
        assert costs_of(graph, (CALF, FOOT))[0] > other

    def test_the_more_is_discounted_the_cheaper_is_what_nobody_listed(self) -> None:
        dear, cheap = (ngram_graph(COUNTS, UNKNOWN, replace(LOOSE, discount=share)) for share in (0.1, 0.9))
        assert costs_of(cheap, (FOOT, CRAMPS))[0] < costs_of(dear, (FOOT, CRAMPS))[0]

    def test_a_longer_order_remembers_more(self) -> None:
        # "my calf" stops often, but "left my calf" never: three words tell, two do not.
        left = 7
        counts = {(MY, CALF): 9.0, (left, MY, CALF, CRAMPS): 1.0}
        two, four = (ngram_graph(counts, UNKNOWN, replace(LOOSE, order=order)) for order in (2, 4))
        said = (left, MY, CALF, CRAMPS)
        assert costs_of(four, said)[0] < costs_of(two, said)[0] - 1.0

    def test_speech_that_is_no_sentence_may_break_one_off_at_a_price(self) -> None:
        graph = ngram_graph(COUNTS, UNKNOWN, LOOSE)
        assert costs_of(graph, (MY, UNKNOWN))[0] > costs_of(graph, (UNKNOWN,))[0] + 3.0


@pytest.mark.parametrize("settings", [WHOLE_ONES, LOOSE])
def test_no_arc_gives_anything_back_and_each_word_leads_to_one_place(settings: NGram) -> None:
    # The engine keeps what is cheap so far: a cost that comes late would let the wrong words live.
    graph = ngram_graph(COUNTS, UNKNOWN, settings)
    assert min(arc.cost for arc in graph.arcs) >= 0.0
    words = [(arc.source, arc.word) for arc in graph.arcs if arc.word]
    assert len(words) == len(set(words))


def test_each_kind_of_sentence_counts_as_often_as_is_set() -> None:
    settings = NGram(decoys=3.0, alarms=2.0, orders=4.0)
    kinds = ("start", "question", "control", "answer", "emergency", "urgent", DECOY)
    assert [settings.count(kind) for kind in kinds] == [1, 1, 4, 4, 2, 2, 3]


class TestModel:
    def test_only_the_language_differs_and_it_is_made_once(self, tmp_path: Path) -> None:
        made = ngram_model(SHIPPED, {"my calf is cramping": "start", "stop": "control"}, NGram(), tmp_path)
        differ = [
            path.relative_to(SHIPPED)
            for path in SHIPPED.rglob("*")
            if path.is_file()
            and (not (copied := made / path.relative_to(SHIPPED)).exists() or path.read_bytes() != copied.read_bytes())
        ]
        assert sorted(differ) == [Path("conf/live.conf"), Path("conf/model.conf"), Path("graph/Gr.fst")]
        assert (made / "conf/model.conf").read_bytes() == (SHIPPED / "conf/live.conf").read_bytes()
        stamp = (made / "graph" / "Gr.fst").stat().st_mtime_ns
        again = ngram_model(SHIPPED, {"stop": "control", "my calf is cramping": "start"}, NGram(), tmp_path)
        assert again == made
        assert (made / "graph" / "Gr.fst").stat().st_mtime_ns == stamp

    @pytest.mark.parametrize(
        "change",
        [
            lambda cache: ngram_model(SHIPPED, {"stop": DECOY}, NGram(), cache),
            lambda cache: ngram_model(SHIPPED, {"wait": "control"}, NGram(), cache),
            lambda cache: ngram_model(SHIPPED, {"stop": "control"}, NGram(unknown=9.0), cache),
        ],
    )
    def test_another_list_or_other_settings_make_another(self, tmp_path: Path, change: Callable[[Path], Path]) -> None:
        first = ngram_model(SHIPPED, {"stop": "control"}, NGram(), tmp_path)
        assert change(tmp_path) != first

    def test_another_way_to_decode_makes_another(self, tmp_path: Path) -> None:
        model = tmp_path / "model"
        shutil.copytree(SHIPPED, model)
        first = ngram_model(model, {"stop": "control"}, NGram(), tmp_path)
        with (model / "conf" / "live.conf").open("a") as file:
            file.write("--max-active=500\n")
        second = ngram_model(model, {"stop": "control"}, NGram(), tmp_path)
        assert second != first
        (model / "conf" / "live.conf").unlink()
        third = ngram_model(model, {"stop": "control"}, NGram(), tmp_path)
        assert (third / "conf/model.conf").read_bytes() == (model / "conf/model.conf").read_bytes()

    def test_two_programs_that_start_together_make_it_both_and_use_the_first(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def make() -> Path:
            return ngram_model(SHIPPED, {"stop": "control"}, NGram(), tmp_path)

        others: list[Path] = []
        copy = shutil.copytree

        def slow_copy(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(shutil, "copytree", copy)
            others.append(make())
            return copy(*args, **kwargs)

        monkeypatch.setattr(shutil, "copytree", slow_copy)
        assert [make()] == others
        assert [path for path in (tmp_path / "graphs").iterdir() if path != others[0]] == []

    def test_few_are_kept(self, tmp_path: Path) -> None:
        made = [ngram_model(SHIPPED, {"stop": "control"}, NGram(unknown=float(cost)), tmp_path) for cost in range(6)]
        assert made[-1].is_dir()
        assert len([folder for folder in made if folder.is_dir()]) == 3

    def test_a_sentence_with_a_word_that_the_model_lacks_is_left_out(self, tmp_path: Path) -> None:
        made = ngram_model(SHIPPED, {"stop": "control", "flumpish stop": "control"}, NGram(), tmp_path)
        assert len({arc.word for arc in read(made / "graph" / "Gr.fst").arcs}) == len(("stop", "[unk]", "nothing"))
        with pytest.raises(ModelError, match="none of the sentences"):
            ngram_model(SHIPPED, {"flumpish": "control"}, NGram(), tmp_path)

    def test_what_is_written_in_two_ways_is_listed_once(self, tmp_path: Path) -> None:
        forearm = {"cramp in my forearm": "start", "cramp in my arm": "start"}
        both = ngram_model(SHIPPED, {"cramp in my fore arm": "start", **forearm}, NGram(), tmp_path)
        once = ngram_model(SHIPPED, forearm, NGram(), tmp_path)
        assert (both / "graph" / "Gr.fst").read_bytes() == (once / "graph" / "Gr.fst").read_bytes()

    def test_what_counts_nothing_is_left_out(self, tmp_path: Path) -> None:
        some = ngram_model(SHIPPED, {"stop": "control", "the weather": DECOY}, NGram(decoys=0.0), tmp_path)
        one = ngram_model(SHIPPED, {"stop": "control"}, NGram(), tmp_path)
        assert (some / "graph" / "Gr.fst").read_bytes() == (one / "graph" / "Gr.fst").read_bytes()

    def test_a_model_without_a_list_of_its_words_is_refused(self, tmp_path: Path) -> None:
        shutil.copytree(SHIPPED, tmp_path / "model")
        (tmp_path / "model" / "graph" / "words.txt").unlink()
        with pytest.raises(ModelError, match=r"needs graph/words\.txt"):
            ngram_model(tmp_path / "model", {"stop": "control"}, NGram(), tmp_path / "cache")


def heard(folder: Path) -> list[str]:
    """Return what a model without a list hears in the recording that comes with the content."""
    sys.modules.setdefault("requests", ModuleType("requests"))
    import vosk  # noqa: PLC0415 - it is a heavy one

    vosk.SetLogLevel(-1)
    pcm, rate = soundfile.read(content_folder() / "en" / "demo.flac", dtype="int16")
    engine = vosk.KaldiRecognizer(vosk.Model(str(folder)), rate)
    found = [
        json.loads(engine.Result())
        for at in range(0, len(pcm), 1600)
        if engine.AcceptWaveform(pcm[at : at + 1600].tobytes())
    ]
    return [result["text"] for result in (*found, json.loads(engine.FinalResult())) if result["text"]]


def test_vosk_hears_whole_sentences_of_the_list_and_nothing_else(tmp_path: Path) -> None:
    sentences = dict.fromkeys(("my calf is cramping", "my foot is cramping", "a cramp in my hand"), "start")
    found = heard(ngram_model(SHIPPED, sentences, WHOLE_ONES, tmp_path))
    assert "my calf is cramping" in found[0]
    left = " ".join(found)
    for sentence in (*sentences, "[unk]"):
        left = left.replace(sentence, "")
    assert not left.strip()
