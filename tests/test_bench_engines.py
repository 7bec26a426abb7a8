# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import math
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.hearing import (
    effort,
    mine,
    orders,
    sphinx,
    words,
)
from scripts.benchmarks.hearing.engines import Expected, engines
from scripts.benchmarks.hearing.mine import Own, Sound
from voice_assist import content, models, own_phrases
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.errors import ModelError
from voice_assist.events import Context, Hypothesis
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero
from voice_assist.hear.vosk import UNKNOWN
from voice_assist.models.calibration import Calibration
from voice_assist.samples import BLOCK, RATE, Samples
from voice_assist.session import Session
from voice_assist.testing import Tones, at_level
from voice_assist.understand.matcher import Matcher


def tone(blocks: int, hertz: float = 500.0, amplitude: float = 8000.0) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * hertz * np.arange(blocks * BLOCK) / RATE)
    return np.rint(wave).astype(np.int16)


def named(figures: Iterator[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


# Words of real people


class Repeats:
    """A recognizer that hears the same in everything."""

    name = "the same"
    missing = frozenset({"sheila"})

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        del pcm, barge_in
        return [Hypothesis("a partial", final=False)]

    def finish(self) -> Sequence[Hypothesis]:
        return [Hypothesis(text, final=True) for text in self._texts]

    def reset(self) -> None:
        pass

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        del since, expected
        return ()

    def troubles(self) -> Sequence[str]:
        return ()

    def close(self) -> None:
        pass


def test_a_word_is_what_is_left_without_the_unknown_and_two_words_are_none() -> None:
    assert words.word_in(Repeats("[unk] stop", "[unk]"), tone(3), ["stop"]) == "stop"
    assert words.word_in(Repeats("stop", "stop"), tone(3), ["stop"]) == "stop stop"


def test_of_other_wordings_the_likeliest_that_is_a_word_counts_where_the_first_is_none() -> None:
    class Unsure(Repeats):
        def finish(self) -> Sequence[Hypothesis]:
            rivals = (("stop go", 0.1), ("go", 0.2), ("stop", 0.3))
            return [Hypothesis(text, final=True, rivals=rivals) for text in self._texts]

    assert words.word_in(Unsure(""), tone(3), ["stop", "go"]) == "go"
    assert words.word_in(Unsure("stop"), tone(3), ["stop", "go"]) == "stop"


def test_the_clips_are_those_of_the_manifest() -> None:
    try:
        found = words.clips()
    except SkippedError as reason:
        pytest.skip(str(reason))
    assert len({clip.word for clip in found}) == 31
    assert all(clip.path.is_file() for clip in found)


# Another subject


def test_every_order_is_understood_as_text_with_all_its_slots_and_uses_every_slot() -> None:
    matcher = Matcher(content.load(orders.PACK).lexicon)
    listed = orders.orders()
    for order in listed:
        intent = matcher.match(order.text, Context(awake=True))
        assert intent is not None, order.text
        assert orders.ordered([intent]) == order.slots
    assert {slot for order in listed for slot in order.slots} == set(orders.SLOTS)


# The yardstick


def accepted(arcs: Sequence[sphinx.Arc], sentence: str) -> bool:
    """Tell whether a graph accepts a sentence: followed state by state."""
    states = {sphinx.START}
    for word in sentence.split():
        states = {arc[1] for arc in arcs if arc[0] in states and arc[3:] == (word,)}
    return any(arc[0] in states and arc[1] == sphinx.END and not arc[3:] for arc in arcs)


def test_the_strict_grammar_takes_whole_sentences_and_nothing_else() -> None:
    arcs = sphinx.prefix_tree(["my calf", "my calf hurts", "stop", "stop"])
    assert all(accepted(arcs, sentence) for sentence in ("my calf", "my calf hurts", "stop"))
    assert not any(accepted(arcs, sentence) for sentence in ("my", "calf", "my calf stop", "hurts", ""))


def test_pocketsphinx_hears_a_call_that_it_spots_and_lets_the_rest_go() -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is in the extra [bench]")
    expected = ("cramp in my calf", "stop", "cramp in my hamstring", UNKNOWN)
    recognizer = sphinx.SphinxRecognizer(expected, ("cramp in my calf",))
    call = sounds.surrounded(sounds.spoken("en-us", ("cramp in my calf",))["cramp in my calf"], 0.3, 0.3)
    call = call + sounds.hiss(-60.0, len(call))
    assert [hypothesis.final for hypothesis in recognizer.accept(call)] == [False]
    assert recognizer.accept(call[:BLOCK]) == ()
    recognizer.reset()
    recognizer.accept(call)
    assert [hypothesis.text for hypothesis in recognizer.finish()] == ["cramp in my calf"]
    recognizer.accept(sounds.hiss(-30.0, RATE))
    assert [hypothesis.text for hypothesis in recognizer.finish()] == [""]
    assert [hypothesis.text for hypothesis in recognizer.finish()] == [""]


def test_several_sentences_in_a_row_are_heard_only_where_they_may_be() -> None:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is in the extra [bench]")
    said_in_a_row = sounds.spoken("en-us", ("cramp in my calf",))["cramp in my calf"]
    twice = np.concatenate([sounds.surrounded(said_in_a_row, 0.2, 0.2)] * 2)
    for loose, heard in ((False, 1), (True, 2)):
        recognizer = sphinx.SphinxRecognizer(("cramp in my calf", "stop"), loose=loose)
        recognizer.accept(twice)
        assert recognizer.finish()[0].text.split().count("calf") == heard


def test_engines_are_the_models_named_then_those_that_are_here() -> None:
    found, _ = engines(())
    assert found[0].name == Settings().model
    assert found[0].ours
    assert [engine.sample for engine in found if not engine.ours] == [4] * sum(not engine.ours for engine in found)
    with pytest.raises(ModelError, match="no model is called 'nonesuch'"):
        engines(("nonesuch",))


def test_what_an_engine_is_told_follows_its_calibration() -> None:
    found, _ = engines((str(models.find(Settings().model)),))
    with_model = found[0].open(Expected(("stop", "go on")))
    with_model.close()
    assert not with_model.missing


# The user's own recordings


def own(sound: Sound, *begun: str, commit: float | None = 0.1) -> Own:
    return Own("my calf is cramping", "calf", begun or ("calf",), ("my calf is cramping",), commit, sound)


def test_how_a_voice_was_recorded_is_told() -> None:
    pcm = np.concatenate((sounds.hiss(-60.0, RATE), at_level(tone(50), -30.0), sounds.hiss(-60.0, RATE)))
    told = mine.recorded(pcm)
    assert told.level == pytest.approx(-30.0, abs=0.5)
    assert told.above == pytest.approx(30.0, abs=2.0)
    assert told.clipped == 0.0
    assert mine.recorded(np.full(RATE, 32767, dtype=np.int16)).clipped == 1.0


def test_what_would_help_is_said_and_nothing_where_all_is_well() -> None:
    good = Sound(-26.0, 30.0, 0.0)
    assert mine.advised([own(good)]) == []
    assert "nearer" in mine.advised([own(Sound(-50.0, 30.0, 0.0))])[0]
    assert "too loud" in mine.advised([own(Sound(-26.0, 30.0, 0.01))])[0]
    assert "room" in mine.advised([own(Sound(-26.0, 5.0, 0.0))])[0]
    assert "compare another model" in mine.advised([own(good, "hand")])[0]
    assert "late" in mine.advised([own(good, commit=0.9)])[0]


class Sessions:
    """Makes sessions that speak in tones: nothing need be rendered."""

    def __init__(self, settings: Settings, recognizer: Recognizer, calibration: Calibration) -> None:
        self.pack, self._recognizer, self._timing = load_pack(settings), recognizer, calibration.timing

    def session(self) -> Session:
        return Session(self.pack, self._recognizer, Tones(), Silero(), timing=self._timing)


class Microphone:
    """Hears a person say what was just asked for, in a quiet room."""

    def __init__(self) -> None:
        self._left: deque[Samples] = deque()

    def asked(self, line: str) -> None:
        text = line.removeprefix("Say: ").removesuffix(".")
        said_then = sounds.surrounded(sounds.spoken("en-us+f3", (text,))[text], 1.0, 4.0)
        whole = said_then + sounds.hiss(-60.0, len(said_then))
        self._left.extend(whole[start : start + BLOCK] for start in range(0, len(whole), BLOCK))

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        return (0, self._left.popleft()) if timeout_s and self._left else None


def test_ones_own_recordings_are_heard_and_told_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mine, "Listener", Sessions)
    asked = (own_phrases.Phrase("calf", "my calf is cramping"), own_phrases.Phrase("foot", "my hand is cramping"))
    microphone = Microphone()
    own_phrases.record(tmp_path / "mine", asked, microphone, microphone.asked, lambda _: None)
    told = named(mine.measure(tmp_path / "mine", ()))
    model = Settings().model
    assert told[f"{model}: my calf is cramping"].value == 100.0
    assert "began calf" in told[f"{model}: my calf is cramping"].basis
    assert told[f"{model}: my hand is cramping"].value == 0.0
    assert "my hand is cramping" in told[f"{model}: things to change"].basis
    assert told[f"{model}: right place, your voice"].basis == "1 of 2 of your phrases"


# What a model costs


def test_a_models_cost_is_measured_over_so_much_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "shared_audio", lambda _: [Path("speech")])
    monkeypatch.setattr(sounds, "load", lambda _: tone(100))
    monkeypatch.setattr(effort, "held_out_noise", lambda: [Path("noise")])
    monkeypatch.setattr(effort, "SETTLED", RATE)
    found = effort.cost(models.find(Settings().model), 3.0)
    assert (found["noise"], found["spoken"]) == (3.0, 2.0)
    assert found["worst"] >= found["ratio"] * BLOCK / RATE > 0.0
    assert found["load"] > 0.0


def test_growth_is_not_told_where_the_system_tells_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "final.mdl").write_bytes(bytes(2_000_000))
    costs = {"load": 0.1, "spoken": 120.0, "ratio": 0.02, "worst": 0.01, "noise": 600.0, "noise_ratio": 0.02}
    monkeypatch.setattr(effort, "_apart", lambda *_: costs | {"memory": 0.0, "growth": 0.0})
    told = named(effort.measure("ours", tmp_path, quick=True))
    assert told["ours: size on disk"].value == 2.0
    growth = told["ours: memory growth in noise"]
    assert math.isnan(growth.value)
    assert (growth.bar, growth.basis) == (None, "this system does not tell what a process takes")
