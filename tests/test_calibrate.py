"""Calibrating a model: what is replayed, what is weighed, which values the rule chooses, what is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.events import Context, Heard, Hypothesis, Intent
from voice_assist.models.calibration import FILE, Calibration, calibration_of
from voice_assist.models.ngram import NGram
from voice_assist.samples import BLOCK, RATE, samples
from voice_assist.understand.commit import Timing
from voice_assist.understand.grammar import Weights
from voice_assist.understand.second_look import Doubts

pytest.importorskip("matplotlib", reason="the pictures need matplotlib: pip install 'voice-assist[bench]'")
pytest.importorskip("soundfile")

from scripts.benchmarks.hearing.conditions import held_out_noise
from scripts.calibrate import material
from scripts.calibrate.choice import WAITS, WORDS, Outcome, choose
from scripts.calibrate.material import DANGER, Piece
from scripts.calibrate.takes import RIVALS, Take, replay
from scripts.calibrate.written import picture, table, toml

CALF = Intent("cramp", "start", {"place": "calf"})
FOOT = Intent("cramp", "start", {"place": "foot"})
ASKED = Intent("cramp", "start", {"place": "calf", "doubt": "yes"})
FAINT = Intent("emergency", "emergency", {"kind": "heart", "doubt": "yes"})
MEANINGS = {"cramp in my calf": CALF, "my calf": CALF, "my foot": FOOT, "calf": ASKED, "faint": FAINT}
TIMING = Timing()
END = samples(2.0)
HOUR = 3600 * RATE


def match(text: str, context: Context) -> Intent | None:
    del context
    return MEANINGS.get(text)


def heard(at: float, text: str, *, final: bool = True, again: bool = False) -> Heard:
    return Heard(samples(at), Hypothesis(text, final=final, again=again))


def said(wanted: str, *news: Heard) -> Take:
    return Take(Piece("somebody", np.zeros(3 * RATE, np.int16), wanted, None, END), news)


def talk(*news: Heard, length: int = HOUR) -> Take:
    return Take(Piece("others", np.zeros(length, np.int16)), news)


def test_a_replay_acts_when_a_session_would() -> None:
    one = said("calf", heard(1.9, "my calf", final=False), heard(2.4, "my calf"))
    [act] = replay(one, match, replace(TIMING, stable=samples(0.1)), Doubts())
    assert act.intent is CALF
    assert samples(2.0) <= act.at <= samples(2.02)
    [late] = replay(one, match, replace(TIMING, stable=samples(0.5)), Doubts())
    assert late.at == samples(2.4)


@pytest.mark.parametrize(("again", "believed"), [("my calf", True), ("the weather", False)])
def test_a_replay_knows_the_second_look_and_takes_it_only_where_it_is_wanted(again: str, *, believed: bool) -> None:
    one = said("calf", heard(2.4, "my calf"), heard(2.4, again, again=True))
    assert [act.looked for act in replay(one, match, TIMING, Doubts())] == [False]
    assert [act.looked for act in replay(one, match, TIMING, Doubts(brief=2))] == [True] * believed


def test_a_second_look_that_nobody_took_is_not_waited_for_in_vain() -> None:
    [act] = replay(said("calf", heard(2.4, "my calf")), match, TIMING, Doubts(brief=2))
    assert not act.looked
    assert act.at > samples(2.8)


def test_what_a_second_look_costs_nothing_is_looked_at_twice_though_nothing_was_mistaken() -> None:
    phrase = said("calf", heard(2.1, "my calf"), heard(2.1, "my calf", again=True))
    chosen = choose([phrase, talk(heard(9.0, "the weather"))], match, TIMING)
    assert chosen.doubts == Doubts(brief=4, vague=True, talk=True, questions=True, alarms=4)
    assert (chosen.outcome.missed, chosen.outcome.wrong) == (0.0, 0.0)
    assert chosen.outcome.median == pytest.approx(0.1)
    assert set(chosen.outcome.false.values()) == {0.0}


def test_what_talk_is_taken_for_is_heard_twice_but_not_what_would_be_lost_by_it() -> None:
    takes = [
        said("calf", heard(2.1, "my calf"), heard(2.1, "my calf", again=True)),
        said("calf", heard(2.1, "cramp in my calf"), heard(2.1, "the lamp", again=True)),
        said(DANGER, heard(2.1, "faint"), heard(2.1, "faint", again=True)),
        talk(
            *(heard(9.0, "my foot"), heard(9.0, "my food", again=True)),
            *(heard(99.0, "calf"), heard(99.0, "the car", again=True)),
            *(heard(199.0, "faint"), heard(199.0, "paint", again=True)),
        ),
    ]
    chosen = choose(takes, match, TIMING)
    assert chosen.doubts == Doubts(brief=3, questions=True, alarms=4)
    assert chosen.before.false == {"start": 1.0, "doubt": 1.0, "alarm": 1.0}
    assert set(chosen.outcome.false.values()) == {0.0}
    assert chosen.outcome.missed == 0.0, "four words are not doubted: that would miss the second phrase"
    assert chosen.outcome.unheard == 0.0


def test_what_begins_after_talk_is_heard_twice_and_what_comes_out_of_the_quiet_is_not() -> None:
    takes = [
        said("calf", heard(2.1, "cramp in my calf"), heard(2.1, "the lamp", again=True)),
        talk(
            heard(8.0, "the weather"),
            *(heard(9.0, "cramp in my calf"), heard(9.0, "the weather", again=True)),
        ),
    ]
    chosen = choose(takes, match, TIMING)
    assert chosen.doubts.talk
    assert (chosen.outcome.missed, chosen.outcome.false["start"]) == (0.0, 0.0)


def test_where_no_value_is_good_enough_the_least_is_false() -> None:
    takes = [
        said("calf", heard(2.1, "my calf"), heard(2.1, "the car", again=True)),
        talk(
            *(heard(9.0, "my foot"), heard(9.0, "my food", again=True)),
            *(heard(99.0, "my calf"), heard(99.0, "my calf", again=True)),
        ),
    ]
    chosen = choose(takes, match, TIMING)
    assert chosen.doubts.brief == 2
    assert chosen.outcome.false["start"] == 1.0


def test_no_sign_of_danger_is_given_away_for_quiet() -> None:
    takes = [
        said(DANGER, heard(2.1, "faint"), heard(2.1, "the paint", again=True)),
        talk(heard(9.0, "faint"), heard(9.0, "paint", again=True)),
    ]
    chosen = choose(takes, match, TIMING)
    assert chosen.doubts.alarms == 0
    assert (chosen.outcome.unheard, chosen.outcome.false["alarm"]) == (0.0, 1.0)


def test_haste_that_names_the_wrong_place_is_not_chosen() -> None:
    hasty = said("foot", heard(1.0, "my calf", final=False), heard(1.16, "", final=False), heard(2.1, "my foot"))
    chosen = choose([hasty], match, TIMING)
    swept = {point.value: point.outcome.wrong for point in chosen.swept["stable"]}
    assert tuple(swept) == WAITS["stable"]
    assert (swept[0.12], swept[0.2]) == (100.0, 0.0)
    assert chosen.timing.stable == samples(0.2)
    assert chosen.timing.pause == TIMING.pause


def test_what_could_go_on_is_acted_on_when_it_is_quiet_for_long_enough() -> None:
    going_on = replace(CALF, complete=False)
    told = heard(2.0, "my calf", final=False)
    quiet = tuple(max(0, block * BLOCK - samples(1.9)) for block in range(1, 3 * RATE // BLOCK))
    one = replace(said("calf", told), quiet=quiet)
    waits = replace(TIMING, stable=samples(0.06), settled=samples(0.2))
    [act] = replay(one, lambda text, _: going_on if text == "my calf" else None, waits, Doubts())
    assert act.at == samples(2.1)


def test_other_wordings_are_believed_as_far_as_they_bring_nothing_false() -> None:
    def unsure(behind: float) -> Heard:
        hypothesis = Hypothesis("cramp in my cough", final=True, rivals=(("cramp in my calf", behind),))
        return Heard(samples(2.1), hypothesis)

    meant = [said("calf", unsure(0.7))]
    chosen = choose([*meant, talk()], match, TIMING)
    assert chosen.doubts.rivals == 1.0
    assert chosen.outcome.missed == 0.0
    assert choose([*meant, talk(unsure(0.2))], match, TIMING).doubts.rivals == 0.0


def test_misses_are_told_by_how_loud_the_noise_is() -> None:
    quiet, loud = said("calf", heard(2.1, "my calf")), said("calf")
    loud = replace(loud, piece=replace(loud.piece, ratio=6.0))
    outcome = choose([quiet, loud], match, TIMING).outcome
    assert outcome.missed_by_ratio == {None: 0.0, 6.0: 100.0}
    assert outcome.missed == 50.0


def test_what_is_written_is_read_back_as_it_was_chosen(tmp_path: Path) -> None:
    takes = [said("calf", heard(2.1, "my calf")), talk(heard(9.0, "my foot"), heard(9.0, "food", again=True))]
    chosen = choose(takes, match, replace(TIMING, late_end=samples(0.7)))
    (tmp_path / FILE).write_text(
        toml(chosen, Calibration(Weights(decoys=7), ngram=NGram(alarms=6.5)), "little"), encoding="utf-8"
    )
    found = calibration_of(tmp_path)
    assert (found.weights, found.timing, found.doubts) == (Weights(decoys=7), chosen.timing, chosen.doubts)
    assert found.ngram == NGram(alarms=6.5)
    assert found.own


def test_every_value_that_was_tried_is_told(tmp_path: Path) -> None:
    chosen = choose([said("calf", heard(2.1, "my calf")), said(DANGER), talk()], match, TIMING)
    lines = table(chosen)
    assert len(lines) == 2 + 2 + 2 + len(WORDS) + 2 + len(WORDS) + len(RIVALS) + sum(map(len, WAITS.values()))
    assert "missed 0.0 % (quiet)" in lines[0]
    assert "danger unheard 100.0 %" in lines[0]
    picture(tmp_path / "tradeoff.svg", chosen)
    drawn = (tmp_path / "tradeoff.svg").read_text(encoding="utf-8")
    assert "protocols begun" in drawn
    assert "up to 4 words" in drawn


def test_an_outcome_without_talk_counts_nothing_as_false() -> None:
    outcome: Outcome = choose([said("calf", heard(2.1, "my calf"))], match, TIMING).outcome
    assert set(outcome.false.values()) == {0.0}


def test_the_dangers_to_calibrate_on_are_those_that_are_asked_about() -> None:
    pack = content.load(content_folder() / "en")
    found = material.dangers(pack)
    assert len(found) == len(set(found)) > 5
    assert found == material.dangers(pack)


def test_nothing_is_tuned_on_what_is_tested_with(shared: Path) -> None:
    noises = material.noise_to_tune_on()
    assert noises
    assert not [path for path in noises if path.parent.name == "pv_kitchen"]
    assert not set(noises) & set(held_out_noise())
    spoken = material.talk(quick=True)
    assert {path.parent for path in spoken} == {shared / "training"}
    banned = ("en-gb-x-rp", "en-029", "en-gb-x-gbclan", "+f4", "+f5", "+m7")
    assert not [voice for voice in material.VOICES for name in banned if name in voice]
