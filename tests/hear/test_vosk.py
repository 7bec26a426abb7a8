from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from voice_assist.errors import ModelError
from voice_assist.events import Hypothesis
from voice_assist.hear.vosk import KEPT, VoskRecognizer, check_folder
from voice_assist.models.ngram import WHOLE, NGram, ngram_model
from voice_assist.samples import BLOCK, RATE, Samples, samples

GRAMMAR = ("my calf is cramping", "stop", "wait", "left", "right", "better")
Say = Callable[[str], Samples]


@pytest.fixture
def recognizer(model: Path) -> VoskRecognizer:
    return VoskRecognizer(model, GRAMMAR)


def finals(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return [hypothesis.text for hypothesis in hypotheses if hypothesis.final]


def test_a_command_comes_as_partials_and_one_final(recognizer: VoskRecognizer, say: Say) -> None:
    found = [*recognizer.accept(say("my calf is cramping")), *recognizer.finish()]
    partials = [hypothesis.text for hypothesis in found if not hypothesis.final]
    assert finals(found) == ["my calf is cramping"]
    assert "my calf is cramping" in partials
    assert all(before != after for before, after in pairwise(partials))


def test_a_final_is_one_wording_as_a_whole_rather_than_its_likeliest_words(model: Path, say: Say) -> None:
    # Word by word it would be "my forearm arm hurts", which nobody can say: most wordings have the word "arm".
    grammar = ["my forearm hurts", *2 * ["my fore arm hurts", "my four arm hurts", "my for arm hurts"]]
    recognizer = VoskRecognizer(model, grammar)
    [text] = finals([*recognizer.accept(say("my forearm hurts")), *recognizer.finish()])
    assert text in grammar


def test_word_times_are_samples_of_what_was_accepted(recognizer: VoskRecognizer, say: Say) -> None:
    pcm = say("my calf is cramping")
    [final] = [found for found in (*recognizer.accept(pcm), *recognizer.finish()) if found.final]
    assert " ".join(word.text for word in final.words) == final.text
    # A second of room stands on either side of the speech.
    assert RATE - samples(0.2) <= final.words[0].start
    assert final.words[-1].end <= len(pcm) - RATE + samples(0.3)
    assert all(before.end <= after.start for before, after in pairwise(final.words))


def test_the_count_goes_on_after_finish_and_begins_anew_after_reset(recognizer: VoskRecognizer, say: Say) -> None:
    def start(pcm: Samples) -> int:
        [final] = [found for found in (*recognizer.accept(pcm), *recognizer.finish()) if found.final]
        return final.words[0].start

    pcm = say("stop")
    first = start(pcm)
    assert start(pcm) == pytest.approx(len(pcm) + first, abs=samples(0.1))
    assert start(pcm) == pytest.approx(2 * len(pcm) + first, abs=samples(0.1))
    recognizer.reset()
    assert start(pcm) == first


def test_how_the_sound_is_cut_changes_nothing(model: Path, say: Say) -> None:
    pcm = say("my calf is cramping")

    def hear(cut: int) -> list[Hypothesis]:
        recognizer = VoskRecognizer(model, GRAMMAR)
        parts = (recognizer.accept(pcm[at : at + cut]) for at in range(0, len(pcm), cut))
        return [found for part in parts for found in part] + list(recognizer.finish())

    assert hear(BLOCK) == hear(7 * BLOCK) == hear(len(pcm))


def test_silence_is_no_news(recognizer: VoskRecognizer) -> None:
    assert not recognizer.accept(np.zeros(8 * RATE, dtype=np.int16))
    assert not recognizer.finish()
    assert not recognizer.finish()


def test_a_second_look_hears_what_was_said_rather_than_what_was_expected(recognizer: VoskRecognizer, say: Say) -> None:
    pcm = say("the weather is better")
    recognizer.accept(say("stop"))
    before = len(say("stop"))
    [first] = finals([*recognizer.accept(pcm), *recognizer.finish()])[-1:]
    assert "weather" not in first
    [again] = recognizer.look_again(before)
    assert (again.again, again.final) == (True, True)
    behind = [less for _, less in again.rivals]
    assert len(behind) > 5
    assert behind == sorted(behind), "other wordings, the likeliest first"
    assert "weather" in again.text
    assert "stop" not in again.text


def test_a_second_look_changes_nothing_and_knows_the_last_seconds_only(recognizer: VoskRecognizer, say: Say) -> None:
    pcm = say("my calf is cramping")
    half = len(pcm) // BLOCK // 2 * BLOCK
    whole = [*recognizer.accept(pcm), *recognizer.finish()]
    recognizer.reset()
    assert not recognizer.look_again(0), "nothing was heard since"
    parts = [*recognizer.accept(pcm[:half])]
    assert len(recognizer.look_again(0)) == 1
    assert not recognizer.look_again(half), "nothing was heard since"
    assert [*parts, *recognizer.accept(pcm[half:]), *recognizer.finish()] == whole
    recognizer.accept(np.zeros(KEPT, dtype=np.int16))
    [again] = recognizer.look_again(0)
    assert "calf" not in again.text


def test_a_second_look_in_the_expected_words_hears_those(recognizer: VoskRecognizer, say: Say) -> None:
    recognizer.accept(say("stop"))
    before = len(say("stop"))
    recognizer.accept(say("my calf is cramping"))
    [again] = recognizer.look_again(before, expected=True)
    assert (again.text, again.again, again.final) == ("my calf is cramping", True, True)


def test_what_is_said_over_our_voice_is_heard_besides_in_few_words(model: Path, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["my calf is cramping"], barge_in=("stop", "better"))
    sound = say("stop")
    half = len(sound) // 2 // BLOCK * BLOCK
    found = [*recognizer.accept(sound, barge_in=True), *recognizer.accept(sound[:half])]
    over_us = [hypothesis for hypothesis in found if hypothesis.barge_in]
    assert [text for text in finals(over_us) if text] == ["stop"]
    assert any(hypothesis.text == "stop" and not hypothesis.final for hypothesis in over_us)
    assert all(hypothesis.echo for hypothesis in over_us)
    assert "stop" not in " ".join(hypothesis.text for hypothesis in found if not hypothesis.barge_in)


def test_what_is_said_over_our_voice_is_told_in_other_wordings_too(model: Path, say: Say) -> None:
    recognizer = VoskRecognizer(model, ["my calf is cramping"], barge_in=("shop", "stop"))
    noise = np.random.default_rng(3).normal(0.0, 600.0, len(sound := say("stop")))
    found = [*recognizer.accept((sound * 0.2 + noise).astype(np.int16), barge_in=True), *recognizer.finish()]
    final = next(hypothesis for hypothesis in found if hypothesis.barge_in and hypothesis.final)
    assert {"shop", "stop"} <= {final.text, *(text for text, _ in final.rivals)}
    assert [behind for _, behind in final.rivals] == sorted(behind for _, behind in final.rivals)


def test_without_a_list_for_it_nothing_is_heard_besides(recognizer: VoskRecognizer, say: Say) -> None:
    found = [*recognizer.accept(say("stop"), barge_in=True), *recognizer.finish()]
    assert found
    assert not any(hypothesis.barge_in for hypothesis in found)


def test_reset_forgets_what_was_half_heard(recognizer: VoskRecognizer, say: Say) -> None:
    recognizer.accept(say("my calf is cramping")[: -samples(1.2)])
    recognizer.reset()
    assert finals([*recognizer.accept(say("stop")), *recognizer.finish()]) == ["stop"]


def test_other_speech_is_told_as_unknown(recognizer: VoskRecognizer, say: Say) -> None:
    [text] = finals([*recognizer.accept(say("the weather forecast promises sunshine")), *recognizer.finish()])
    assert "[unk]" in text


def test_phrases_with_unheard_words_are_left_out_and_the_words_named(model: Path, say: Say) -> None:
    recognizer = VoskRecognizer(model, ("stop the zorgblat", "stop", "my frobnitz"))
    assert recognizer.missing == {"zorgblat", "frobnitz"}
    assert finals([*recognizer.accept(say("stop")), *recognizer.finish()]) == ["stop"]


def test_with_a_graph_of_whole_sentences_only_those_are_heard(model: Path, tmp_path: Path, say: Say) -> None:
    whole_ones = NGram(order=WHOLE, discount=0.0)
    graph = ngram_model(model, dict.fromkeys(GRAMMAR, "start"), whole_ones, tmp_path)
    loose, whole = VoskRecognizer(model, GRAMMAR), VoskRecognizer(model, GRAMMAR, graph=graph)
    for phrase, expected in (("my calf is cramping", ["my calf is cramping"]), ("stop", ["stop"])):
        whole.reset()
        assert finals([*whole.accept(say(phrase)), *whole.finish()]) == expected
    # Pairs of words recombine in a list; half a sentence is none of the graph.
    assert finals([*loose.accept(say("my calf")), *loose.finish()]) == ["my calf"]
    whole.reset()
    assert finals([*whole.accept(say("my calf")), *whole.finish()]) != ["my calf"]
    # What is heard in any words is still heard so.
    assert [found.text for found in whole.look_again(0)] == [found.text for found in loose.look_again(0)]


def test_a_model_of_another_language_is_refused(model: Path) -> None:
    with pytest.raises(ModelError, match="knows none of the phrases"):
        VoskRecognizer(model, ("zorgblat", "frobnitz blarg"))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"There is no model folder .*--model"):
        check_folder(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "file", ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/Gr.fst"]
)
@pytest.mark.parametrize("empty", [False, True], ids=["missing", "empty"])
def test_half_a_model_is_named_with_the_cure(model: Path, tmp_path: Path, file: str, *, empty: bool) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder, copy_function=shutil.copyfile)
    (folder / file).unlink()
    if empty:
        (folder / file).touch()
    with pytest.raises(ModelError) as caught:
        check_folder(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert file in message
    assert "--model" in message
    assert "\n" not in message


def test_a_model_with_a_fixed_graph_is_refused(model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder, copy_function=shutil.copyfile)
    (folder / "graph/HCLr.fst").rename(folder / "graph/HCLG.fst")
    with pytest.raises(ModelError, match="its graph is fixed"):
        check_folder(folder)
