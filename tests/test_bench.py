# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import commands, interruption, mistakes, runner, sounds
from scripts.benchmarks.figures import Figure, SkippedError, as_json, quantile, row, share
from scripts.benchmarks.programs import FailedError
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.events import Action, Context, Intent, Say, Understood
from voice_assist.samples import BLOCK, RATE, Samples, silence
from voice_assist.testing import voiced_level
from voice_assist.understand.matcher import Matcher

GUIDE = load_pack(Settings()).guide


def tone(blocks: int, amplitude: float = 8000.0) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * 500 * np.arange(blocks * BLOCK) / RATE)
    return np.rint(wave).astype(np.int16)


def start(at: int, place: str = "", **slots: str) -> Understood:
    return Understood(at, Intent("cramp", "start", {"place": place, **slots} if place else slots))


# Figures


@given(st.lists(st.floats(-1e6, 1e6), min_size=1), st.floats(0.0, 1.0))
def test_a_quantile_is_one_of_the_values_and_enough_lie_at_or_under_it(values: list[float], fraction: float) -> None:
    found = quantile(values, fraction)
    assert found in values
    assert sum(value <= found for value in values) >= fraction * len(values)


def test_quantiles_of_a_hundred() -> None:
    assert [quantile(range(1, 101), fraction) for fraction in (0.0, 0.5, 0.95, 1.0)] == [1, 50, 95, 100]


def test_nothing_measured_is_no_number_and_meets_no_bar() -> None:
    nothing = Figure("latency", quantile([], 0.5), "s", 0.4)
    assert math.isnan(nothing.value)
    assert math.isnan(share(0, 0))
    assert nothing.met is False
    assert as_json(nothing)["value"] is None


def test_a_bar_is_met_from_its_own_side() -> None:
    assert Figure("speed", 15.0, "times", 15.0, at_least=True).met is True
    assert Figure("speed", 14.0, "times", 15.0, at_least=True).met is False
    assert Figure("latency", 0.5, "s", 0.4).met is False
    assert Figure("false starts", 3.0, "an hour").met is None


def test_a_row_says_what_was_asked_and_whether_it_was_reached() -> None:
    told = row(Figure("speed", 12.0, "times", 15.0, at_least=True, basis="60 s"))
    assert " ".join(told.split()) == "speed 12.00 times at least 15, NOT met 60 s"


# Sounds


def test_trimming_keeps_what_is_voiced_and_drops_what_lies_35_db_under_it() -> None:
    voice = tone(10)
    faint = tone(5, 8000 * 10 ** (-40 / 20))
    assert np.array_equal(sounds.trimmed(np.concatenate((faint, voice, faint, silence(900)))), voice)


def test_silence_has_no_voice() -> None:
    assert len(sounds.trimmed(silence(RATE))) == 0


@pytest.mark.parametrize("ratio", [0.0, 10.0])
def test_noise_lies_so_many_db_under_the_voice(ratio: float) -> None:
    voice = sounds.surrounded(tone(20, 3000), 0.5, 0.5)
    mixed = sounds.noisy(voice, sounds.hiss(-30.0, 3 * BLOCK), ratio)
    added = mixed.astype(np.float64) - voice
    assert 10 * np.log10(np.square(added / 32768).mean()) == pytest.approx(voiced_level(voice) - ratio, abs=0.1)


def test_noise_without_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="silent"):
        sounds.noisy(tone(5), silence(BLOCK), 10.0)


def test_a_word_is_over_before_what_the_room_does_later() -> None:
    quiet = tone(8, 100)
    word, later = tone(10), tone(4, 4000)
    assert sounds.word_end(np.concatenate((quiet, word, quiet, later))) == 18 * BLOCK
    assert sounds.word_end(np.concatenate((quiet, word, tone(3, 100), later))) == 25 * BLOCK


def test_a_recording_gives_its_next_piece_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recordings = {tmp_path / "a" / "one.wav": tone(10, 1000), tmp_path / "a" / "mute.wav": silence(RATE)}
    monkeypatch.setattr(sounds, "load", recordings.__getitem__)
    pieces = sounds.noises(recordings, 3 * BLOCK)
    found = [next(pieces) for _ in range(4)]
    assert {name for name, _ in found} == {"a/one"}
    wave = tone(10, 1000)
    for turn, (_, piece) in enumerate(found[:3]):
        assert np.array_equal(piece, wave[turn * 3 * BLOCK : (turn + 1) * 3 * BLOCK])


# Commands


def outcome(place: str, *started: str) -> commands.Outcome:
    return commands.Outcome("…", place, "", "", started, None)


def test_the_protocol_that_runs_in_the_end_counts_and_a_wrong_muscle_counts_even_for_a_moment() -> None:
    assert outcome("calf", "unknown", "calf").right
    assert not outcome("calf", "unknown", "calf").wrong_muscle
    assert not outcome("calf", "unknown").right
    assert not outcome("calf").right
    assert outcome("calf", "hand", "calf").right
    assert outcome("calf", "hand", "calf").wrong_muscle
    assert outcome("unknown", "calf").wrong_muscle


def test_a_quiet_question_begins_no_protocol_and_a_cramp_without_a_place_is_unknown() -> None:
    actions: list[Action] = [start(0, doubt="yes"), start(1), start(2, "calf")]
    assert commands.started(actions, GUIDE) == ("unknown", "calf")


def test_of_several_places_the_most_careful_is_begun_and_to_say_it_again_begins_nothing() -> None:
    several = start(0, "foot", places="foot lower_back")
    assert commands.started([several, start(1), start(2, "hand")], GUIDE) == ("lower_back", "hand")
    spoken = Say(RATE, 1, "First a few questions.")
    assert commands.latency([several, spoken], "lower_back", 0, GUIDE) == 1.0


def test_latency_ends_with_the_first_line_of_the_right_protocol() -> None:
    opener, calf = Say(RATE, 1, "Straighten that leg."), Say(3 * RATE, 2, "Push.")
    actions: list[Action] = [start(RATE), opener, start(3 * RATE, "calf"), calf]
    assert commands.latency(actions, "calf", 2 * RATE, GUIDE) == 1.0
    assert commands.latency(actions, "unknown", 2 * RATE, GUIDE) == -1.0
    assert commands.latency(actions, "foot", 2 * RATE, GUIDE) is None
    assert commands.latency([start(RATE, "calf")], "calf", 0, GUIDE) is None


def test_every_phrase_is_there_once() -> None:
    phrases = [phrase for _, phrase in commands.phrases()]
    assert len(phrases) == len(set(phrases)) == 40


# Stop


def test_silence_counts_from_the_words_end_and_not_before_it_was_understood() -> None:
    understood = Understood(2 * RATE, Intent("control", "control", {"word": "stop"}))
    played = np.concatenate((tone(50 * 3)[: 2 * RATE + 80], silence(RATE)))
    assert interruption.silent_after([understood], played, 1.9) == pytest.approx(0.1 + 80 / RATE, abs=1e-3)
    assert interruption.silent_after([understood], silence(RATE), 1.9) == pytest.approx(0.1)
    assert interruption.silent_after([understood], played, 2.5) == 0.0
    assert interruption.silent_after([start(0, "calf")], played, 1.9) is None


def test_an_emergency_counts_as_heard_whichever_it_is_and_whether_or_not_it_is_asked_back() -> None:
    asked = Understood(2 * RATE, Intent("emergency", "emergency", {"kind": "fit", "doubt": "yes"}))
    stop = Understood(2 * RATE, Intent("control", "control", {"word": "stop"}))
    assert interruption.silent_after([asked], silence(RATE), 1.5, interruption.is_emergency) == 0.5
    assert interruption.silent_after([stop], silence(RATE), 1.5, interruption.is_emergency) is None


def test_emergencies_are_drawn_from_every_kind_and_each_is_one_while_we_speak() -> None:
    said = interruption.emergencies(quick=False)
    assert said == interruption.emergencies(quick=False)
    assert len(set(said)) == 19
    assert said[:3] == list(interruption.EMERGENCIES)
    assert interruption.emergencies(quick=True) == said[:7]
    match = Matcher(load_pack(Settings()).lexicon).match
    meant = [match(text, Context(awake=True)) for text in said]
    assert all(intent is not None and interruption.is_emergency(intent) for intent in meant)
    assert len({intent.slots["kind"] for intent in meant if intent}) == 12


@pytest.mark.parametrize(("text", "wanted"), interruption.ORDERS.items())
def test_each_order_means_as_text_what_is_waited_for(text: str, wanted: interruption.Wanted) -> None:
    intent = Matcher(load_pack(Settings()).lexicon).match(text, Context(awake=True))
    assert intent is not None
    assert wanted(intent)


# False starts


def test_what_is_taken_from_sound_without_commands_is_sorted() -> None:
    intents = {
        "start": Intent("cramp", "start", {"place": "calf"}),
        "doubt": Intent("cramp", "start", {"doubt": "yes"}),
        "alarm": Intent("emergency", "emergency", {"kind": "heart"}),
        "other": Intent("control", "control", {"word": "help"}),
    }
    assert {kind: mistakes.kind_of(intent) for kind, intent in intents.items()} == {kind: kind for kind in intents}
    assert set(intents) == set(mistakes.KINDS)


# The runner


def measured(*, quick: bool) -> Iterator[Figure]:
    yield Figure("speed", 20.0 if quick else 16.0, "times", 15.0, at_least=True)


def lacking(*, quick: bool) -> Iterator[Figure]:
    yield Figure("half", 1.0 + quick, "s")
    raise SkippedError("no PulseAudio; install it")


def broken(*, quick: bool) -> Iterator[Figure]:
    raise FailedError(f"it ended, quick {quick}")
    yield


def test_what_is_skipped_or_fails_is_said_and_the_rest_is_measured() -> None:
    told: list[str] = []
    record = runner.run({"broken": broken, "lacking": lacking, "measured": measured}, quick=True, tell=told.append)
    assert [(figure["bench"], figure["value"]) for figure in record["figures"]] == [("lacking", 2.0), ("measured", 20)]
    assert record["skipped"] == ["no PulseAudio; install it"]
    assert record["failed"] == ["broken: it ended, quick True"]
    assert "  skipped: no PulseAudio; install it" in told
    assert told[-1].endswith("a sample only.")


def test_json_is_written_and_a_missed_bar_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "BENCHES", {"measured": measured, "broken": broken})
    file = tmp_path / "figures.json"
    with pytest.raises(SystemExit) as ended:
        runner.main(["measured", "--json", str(file)])
    assert ended.value.code == 0
    assert json.loads(file.read_text())["figures"][0]["met"] is True
    assert "at least 15, met" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        runner.main([])
    assert ended.value.code == 1


def test_an_unknown_name_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        runner.main(["comands"])
    assert ended.value.code == 2
    assert "no bench 'comands'; there are commands, knowledge, stop" in capsys.readouterr().err
