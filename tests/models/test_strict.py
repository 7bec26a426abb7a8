"""The strict graph: whole sentences of a list, in any number, and nothing else but `[unk]`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from types import ModuleType

import pytest
import soundfile

from voice_assist.config import content_folder, models_folder
from voice_assist.errors import ModelError
from voice_assist.models.openfst import Fst, read
from voice_assist.models.strict import Costs, strict_graph, strict_model
from voice_assist.understand.grammar import DECOY

SHIPPED = models_folder() / "en-small"

MY, CALF, FOOT, CRAMPS, STOP, UNKNOWN = 1, 2, 3, 4, 5, 9
SENTENCES = {
    (MY, CALF): 3.0,
    (MY, CALF, CRAMPS): 2.0,
    (MY, FOOT, CRAMPS): 2.5,
    (STOP,): 1.0,
}
COSTS = Costs(unknown=6.0, again=4.0)


def costs_of(fst: Fst, words: tuple[int, ...]) -> list[float]:
    """Return what each way through an acceptor costs that takes just these words."""

    def ways(state: int, at: int, cost: float) -> Iterator[float]:
        if at == len(words) and state in fst.final:
            yield cost + fst.final[state]
        for arc in fst.arcs:
            if arc.source == state and (not arc.word or words[at : at + 1] == (arc.word,)):
                yield from ways(arc.target, at + bool(arc.word), cost + arc.cost)

    return sorted(ways(fst.arcs[0].source, 0, 0.0))


class TestGraph:
    def test_each_sentence_costs_what_was_asked(self) -> None:
        graph = strict_graph(SENTENCES, UNKNOWN, COSTS)
        for words, cost in SENTENCES.items():
            assert costs_of(graph, words)[0] == pytest.approx(cost)

    def test_silence_is_free_and_speech_that_is_no_sentence_has_its_cost(self) -> None:
        graph = strict_graph(SENTENCES, UNKNOWN, COSTS)
        assert costs_of(graph, ()) == [0.0]
        for count in (1, 2, 3, 4):
            assert costs_of(graph, (UNKNOWN,) * count)[0] == pytest.approx(6.0 * count + 4.0 * (count - 1))

    def test_one_sentence_may_follow_another(self) -> None:
        graph = strict_graph(SENTENCES, UNKNOWN, COSTS)
        assert costs_of(graph, (STOP, MY, CALF))[0] == pytest.approx(1.0 + 4.0 + 3.0)
        assert costs_of(graph, (UNKNOWN, STOP))[0] == pytest.approx(6.0 + 4.0 + 1.0)

    def test_no_other_words_are_taken(self) -> None:
        graph = strict_graph({(MY, CALF, CRAMPS): 0.0, (MY, FOOT): 0.0}, UNKNOWN, COSTS)
        taken = {words for count in (1, 2, 3) for words in permutations((MY, CALF, FOOT, CRAMPS), count)}
        assert {words for words in taken if costs_of(graph, words)} == {(MY, CALF, CRAMPS), (MY, FOOT)}

    def test_it_is_deterministic_and_says_alike_ends_once(self) -> None:
        both = strict_graph({(MY, CALF, CRAMPS): 2.0, (MY, FOOT, CRAMPS): 2.0}, UNKNOWN, COSTS)
        assert len({(arc.source, arc.word) for arc in both.arcs}) == len(both.arcs)
        # Start, between, end, behind "my", and one behind "calf" and "foot".
        assert len({arc.source for arc in both.arcs}) == 5

    def test_no_arc_gives_anything_back(self) -> None:
        # The engine keeps what is cheap so far: a cost that comes late would let the wrong words live.
        assert min(arc.cost for arc in strict_graph(SENTENCES, UNKNOWN, COSTS).arcs) >= 0.0


class TestCosts:
    def test_each_kind_of_sentence_has_its_own(self) -> None:
        costs = Costs(sentence=1.0, alarm=2.0, decoy=3.0)
        assert [costs.of(kind) for kind in ("start", "control", "emergency", "urgent", DECOY)] == [1, 1, 2, 2, 3]


class TestModel:
    def test_only_the_language_differs_and_it_is_made_once(self, tmp_path: Path) -> None:
        made = strict_model(SHIPPED, {"my calf is cramping": "start", "stop": "control"}, Costs(), tmp_path)
        differ = [
            path.relative_to(SHIPPED)
            for path in SHIPPED.rglob("*")
            if path.is_file() and path.read_bytes() != (made / path.relative_to(SHIPPED)).read_bytes()
        ]
        assert differ == [Path("graph/Gr.fst")]
        stamp = (made / "graph" / "Gr.fst").stat().st_mtime_ns
        again = strict_model(SHIPPED, {"stop": "control", "my calf is cramping": "start"}, Costs(), tmp_path)
        assert again == made
        assert (made / "graph" / "Gr.fst").stat().st_mtime_ns == stamp

    @pytest.mark.parametrize(
        "change",
        [
            lambda cache: strict_model(SHIPPED, {"stop": DECOY}, Costs(), cache),
            lambda cache: strict_model(SHIPPED, {"wait": "control"}, Costs(), cache),
            lambda cache: strict_model(SHIPPED, {"stop": "control"}, Costs(unknown=3.0), cache),
        ],
    )
    def test_another_list_or_other_costs_make_another(self, tmp_path: Path, change: Callable[[Path], Path]) -> None:
        first = strict_model(SHIPPED, {"stop": "control"}, Costs(), tmp_path)
        assert change(tmp_path) != first

    def test_few_are_kept(self, tmp_path: Path) -> None:
        made = [strict_model(SHIPPED, {"stop": "control"}, Costs(float(cost)), tmp_path) for cost in range(6)]
        assert made[-1].is_dir()
        assert len([folder for folder in made if folder.is_dir()]) == 3

    def test_a_sentence_with_a_word_that_the_model_lacks_is_left_out(self, tmp_path: Path) -> None:
        made = strict_model(SHIPPED, {"stop": "control", "flumpish stop": "control"}, Costs(), tmp_path)
        assert len(read(made / "graph" / "Gr.fst").arcs) == 4
        with pytest.raises(ModelError, match="none of the sentences"):
            strict_model(SHIPPED, {"flumpish": "control"}, Costs(), tmp_path)

    def test_a_model_without_a_list_of_its_words_is_refused(self, tmp_path: Path) -> None:
        shutil.copytree(SHIPPED, tmp_path / "model")
        (tmp_path / "model" / "graph" / "words.txt").unlink()
        with pytest.raises(ModelError, match=r"needs graph/words\.txt"):
            strict_model(tmp_path / "model", {"stop": "control"}, Costs(), tmp_path / "cache")


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
    found = heard(strict_model(SHIPPED, sentences, Costs(sentence=0.0), tmp_path))
    assert "my calf is cramping" in found[0]
    left = " ".join(found)
    for sentence in (*sentences, "[unk]"):
        left = left.replace(sentence, "")
    assert not left.strip()
