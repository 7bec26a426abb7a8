# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import commands, runner, sounds
from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.hearing import (
    conditions,
    in_domain,
    phrases,
    rejection,
    tradeoff,
)
from scripts.benchmarks.hearing.conditions import LEAD, TAIL
from scripts.benchmarks.hearing.phrases import VOICES, Phrase
from scripts.benchmarks.hearing.rejection import Rejected
from scripts.benchmarks.hearing.trial import Outcome, committed, listened
from scripts.benchmarks.mistakes import Tally
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.events import Action, Context, Intent, Say, Understood
from voice_assist.hear.vosk import UNKNOWN
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence
from voice_assist.testing import at_level, play, said, scripted_session, voiced_level
from voice_assist.understand.matcher import Matcher


def tone(blocks: int, hertz: float = 500.0, amplitude: float = 8000.0) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * hertz * np.arange(blocks * BLOCK) / RATE)
    return np.rint(wave).astype(np.int16)


def power(pcm: NDArray[Any]) -> float:
    return float(np.square(pcm.astype(np.float64)).mean())


def outcome(
    *begun: str, condition: str = "clean", commit: float | None = 0.1, finals: Sequence[str] = (), text: str = "…"
) -> Outcome:
    return Outcome(text, "calf", "a voice", condition, begun, commit, tuple(finals), ())


def named(figures: Iterator[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_pack(Settings()).lexicon)


# What is said


def test_start_phrases_name_every_place_of_the_table_once_at_least_and_no_phrase_comes_twice() -> None:
    found = phrases.starts()
    assert len({phrase.text for phrase in found}) == len(found) == phrases.STARTS
    assert {phrase.wanted for phrase in found} >= set(load_pack(Settings()).guide.protocols) - {"groin", "unknown"}
    assert found == phrases.starts()


def test_every_start_phrase_is_right_as_text_so_that_what_is_missed_is_missed_by_ear(matcher: Matcher) -> None:
    for phrase in phrases.starts():
        intent = matcher.match(phrase.text.lower().replace(",", ""), Context())
        assert intent is not None, phrase.text
        assert (intent.kind, intent.slots.get("place"), "doubt" in intent.slots) == ("start", phrase.wanted, False)


def test_words_of_control_are_short_and_signs_of_danger_are_of_many_kinds() -> None:
    assert max(len(phrase.text.split()) for phrase in phrases.controls()) <= phrases.WORDS_OF_CONTROL
    assert len({phrase.wanted for phrase in phrases.controls()}) > 10
    assert len({phrase.wanted for phrase in phrases.dangers()}) > 5
    assert not any(UNKNOWN in phrase.text for phrase in (*phrases.controls(), *phrases.dangers()))


def test_every_voice_says_some_and_a_phrase_is_said_by_different_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "spoken", lambda _, texts: dict.fromkeys(texts, tone(3)))
    listed = [Phrase(f"phrase {number}", "calf") for number in range(40)]
    full = phrases.spoken(listed, 2, quick=False)
    assert {utterance.voice for utterance in full} == set(VOICES)
    assert all(one.voice != other.voice for one, other in zip(full[::2], full[1::2], strict=True))
    assert [utterance.number for utterance in full] == list(range(80))
    quick = phrases.spoken(listed, 2, quick=True)
    assert 12 <= len(quick) < 20
    assert len({utterance.voice for utterance in quick}) > 5


# Where it is heard


@pytest.fixture(scope="module")
def surroundings() -> dict[str, conditions.Condition]:
    try:
        return {condition.name: condition for condition in conditions.conditions()}
    except SkippedError as reason:
        pytest.skip(str(reason))


def test_every_condition_is_the_same_each_time_and_leaves_room_around(
    surroundings: dict[str, conditions.Condition],
) -> None:
    sound = tone(50)
    for condition in surroundings.values():
        pcm = condition.put(sound, 3)
        assert np.array_equal(pcm, condition.put(sound, 3)), condition.name
        assert samples(LEAD + TAIL) + len(sound) <= len(pcm) <= samples(LEAD + 2 * TAIL) + len(sound)
        assert pcm[: samples(LEAD)].any(), f"{condition.name} begins in digital silence"


def test_noise_is_as_loud_as_it_says_and_another_utterance_has_another(
    surroundings: dict[str, conditions.Condition],
) -> None:
    sound = at_level(tone(50))
    loud, soft = surroundings["0 dB"].put(sound, 0), surroundings["12 dB"].put(sound, 0)
    voice = sounds.surrounded(sound, LEAD, TAIL).astype(np.float64)
    ratio = power(loud - voice) / power(soft - voice)
    assert 10 * np.log10(ratio) == pytest.approx(12.0, abs=0.5)
    assert not np.array_equal(loud, surroundings["0 dB"].put(sound, 1))


def test_a_pillow_takes_the_heights_and_distance_takes_loudness(surroundings: dict[str, conditions.Condition]) -> None:
    low, high = tone(50, 300.0), tone(50, 3000.0)
    inside = slice(samples(LEAD), samples(LEAD) + len(low))
    muffled = [
        10 * np.log10(power(surroundings["pillow"].put(sound, 0)[inside]) / power(sound)) for sound in (low, high)
    ]
    assert muffled[0] == pytest.approx(-conditions.PILLOW_SOFTER, abs=1.0)
    assert muffled[1] < muffled[0] - 15.0
    spoken = at_level(low)
    assert voiced_level(surroundings["far away"].put(spoken, 0)) < voiced_level(spoken) - 15.0


def test_noise_to_test_with_is_what_training_leaves_out() -> None:
    pytest.importorskip("scipy", reason="the recipe's own list of noises needs the extra [train]")
    from scripts.train_model.noise import noise_files  # noqa: PLC0415

    try:
        ours = conditions.held_out_noise()
    except SkippedError as reason:
        pytest.skip(str(reason))
    assert set(ours) == set(noise_files("test", sounds.SHARED / "audio" / "noise"))


# One utterance


def test_what_is_begun_last_is_right_and_a_wrong_place_counts_even_for_a_moment() -> None:
    assert outcome("unknown", "calf").right
    assert not outcome("unknown", "calf").wrong
    assert outcome("hand", "calf").right
    assert outcome("hand", "calf").wrong
    assert not outcome("unknown").right
    assert not outcome().wrong


def test_to_say_again_that_it_cramps_begins_nothing_where_a_place_runs() -> None:
    """What the bench counts is what the dialogue does: the same lines come, whether it was said again or not."""
    spoken, begun = [], []
    for script in ([said("my calf is cramping", 0.5)], [said("my calf is cramping", 0.5), said("i have a cramp", 1.5)]):
        actions, _ = play(scripted_session(load_pack(Settings()), script), 30.0)
        spoken.append([action.text for action in actions if isinstance(action, Say)])
        begun.append(commands.started(actions, load_pack(Settings()).guide))
        assert sum(isinstance(action, Understood) for action in actions) == len(script)
    assert spoken[0] == spoken[1]
    assert begun == [("calf",), ("calf",)]


def test_the_time_of_the_processor_is_added_block_after_block(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0.0, 100.0, 0.015))
    monkeypatch.setattr("scripts.benchmarks.hearing.trial.time.process_time", lambda: float(next(clock)))
    session = scripted_session(load_pack(Settings()), [said("my calf is cramping", 0.5)])
    heard = [late for action, late in listened(session, silence(RATE)) if isinstance(action, Understood)]
    # 15 ms for each block of 20 ms: it keeps pace, and is never later than one block takes.
    assert heard == [pytest.approx(0.015)]


def test_a_processor_that_is_too_slow_falls_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(np.arange(0.0, 100.0, 0.04))
    monkeypatch.setattr("scripts.benchmarks.hearing.trial.time.process_time", lambda: float(next(clock)))
    session = scripted_session(load_pack(Settings()), [said("my calf is cramping", 0.5)])
    heard = [late for action, late in listened(session, silence(RATE)) if isinstance(action, Understood)]
    assert heard == [pytest.approx(0.04 + 24 * 0.02)]


def test_a_commit_counts_from_the_phrases_end_to_the_right_place() -> None:
    cramp = [
        Understood(at * RATE, Intent("cramp", "start", {"place": place})) for at, place in ((1, "hand"), (2, "calf"))
    ]
    heard: list[tuple[Action, float]] = [(action, 0.01) for action in cramp]
    guide = load_pack(Settings()).guide
    assert committed(heard, "calf", RATE, guide) == pytest.approx(1.01)
    assert committed(heard, "foot", RATE, guide) is None


# Figures of speech in the subject


def test_bars_are_for_models_of_ours_and_stand_at_their_conditions() -> None:
    found = [outcome("calf"), outcome("hand"), outcome("calf", condition="6 dB"), outcome("calf", condition="pillow")]
    ours = named(in_domain.figures("ours", found, bars=True))
    assert (ours["ours: right place, clean"].value, ours["ours: right place, clean"].met) == (50.0, False)
    assert (ours["ours: wrong place, 6 dB"].value, ours["ours: wrong place, 6 dB"].met) == (0.0, True)
    assert ours["ours: right place, pillow"].bar is None
    assert ours["ours:   of these a voice"].basis.startswith("3,")
    its = named(in_domain.figures("its", found, bars=False))
    assert all(figure.bar is None for figure in its.values())


def test_latency_is_of_right_phrases_and_never_less_than_nothing() -> None:
    found = [outcome("calf", commit=-0.3), outcome("calf", commit=0.2), outcome("hand", commit=9.0)]
    told = named(in_domain.latencies("ours", found, bars=True))
    median = told["ours: phrase's end to commit, clean, median"]
    assert (median.value, median.met) == (0.0, True)
    assert "2 right phrases, 1 before" in median.basis
    assert told["ours: phrase's end to commit, clean, 95th"].value == 0.2


def test_errors_are_compared_on_what_both_have_heard() -> None:
    ours = [outcome("calf", text=text) for text in ("one", "two", "three")] + [outcome(text="four")]
    its = [outcome(text="one"), outcome(text="two"), outcome("calf", text="three"), outcome(text="four")]
    (figure,) = in_domain.against("ours", ours, "its", its)
    assert figure.value == pytest.approx(100 / 3)
    assert figure.met
    assert figure.basis.startswith("1 to 3, of the same 4")
    (figure,) = in_domain.against("ours", ours, "its", its[:1])
    assert figure.value == 0.0


# Rejection, and its trade-off


def test_starts_are_counted_and_questions_are_by_the_hour() -> None:
    tallies = {"speech": Tally(heard=RATE * 3600), "noise": Tally(heard=RATE * 3600)}
    tallies["speech"].counts.update({"doubt": 3, "start": 1})
    told = named(rejection.figures("ours", Rejected(tallies), bars=True))
    starts = told["ours: protocols begun, speech and noise"]
    assert (starts.value, starts.met) == (1, False)
    assert told["ours: quiet questions, speech and noise"].value == 1.5
    assert told["ours: other intents, speech and noise"].bar is None


def test_evidence_falls_from_a_whole_call_to_a_bare_word_to_nothing(matcher: Matcher) -> None:
    told = [tradeoff.evidence(matcher, text)[0] for text in ("my calf is cramping", "calf", "the weather today")]
    assert told[0] > tradeoff.BEGINS > told[1] > tradeoff.ASKS > told[2] == tradeoff.NONE


def test_who_demands_more_misses_more_and_is_fooled_less(matcher: Matcher) -> None:
    found = [outcome(finals=[text]) for text in ("my calf is cramping", "my calf", "banana", "hand cramp")]
    points = tradeoff.curve(matcher, found, ["calf", "my foot is cramping", "banana"], hours=2.0)
    assert [point.missed for point in points] == sorted(point.missed for point in points)
    assert [point.false for point in points] == sorted((point.false for point in points), reverse=True)
    begins = next(point for point in points if point.demanded == tradeoff.BEGINS)
    assert (begins.missed, begins.false) == (50.0, 0.5)


# Pictures and the command line


def test_pictures_are_drawn_small_and_the_same_each_time(tmp_path: Path, matcher: Matcher) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is in the extra [bench]")
    from scripts.benchmarks.hearing import pictures  # noqa: PLC0415

    found = [
        outcome(*begun, condition=condition, finals=["my calf is cramping"])
        for condition in ("clean", "6 dB", "pillow")
        for begun in (("calf",), ("hand",))
    ]
    rejected = Rejected({"speech": Tally(heard=RATE * 3600, finals=["my foot is cramping", "cramp"])})
    for folder in ("one", "two"):
        pictures.draw(tmp_path / folder, [("ours", found, rejected), ("its", found, None)], matcher)
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert set(drawn) == {"hearing-accuracy.svg", "hearing-latency.svg", "hearing-tradeoff.svg"}
    assert drawn == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert all(b"ours" in picture and len(picture) < 200_000 for picture in drawn.values())


def test_its_options_are_refused_where_hearing_is_not_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        runner.main(["commands", "--model", "en-small"])
    assert ended.value.code == 2
    assert "belong to the bench 'hearing'" in capsys.readouterr().err
