"""Paced routines that are asked for: the evening stretch, the massage, a quarter hour of cold or of warm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.evening import Evening
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Hold, Loop, Say
from voice_assist.samples import samples

Walk = Callable[..., list[str]]

OFF = "Take it off now."
NO_STRETCH = "Skip stretching. Ask your doctor first."
NO_RUB = "For you, hands off is safer. Ask your doctor."
NO_PACK = "Skip heat and cold. Ask your doctor."
PACKS = ("cold_pack", "warm_pack")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_each_activity_is_asked_for_and_ended_by_better_and_by_worse(pack: Pack) -> None:
    wanted = {"bedtime", "self_massage", *PACKS}
    # To erase something is nothing that the body does: only "yes" goes on with it (test_diary.py, test_me.py).
    others = {"timer", "erase_diary", "about_me", "forget_me", "not_erased", "practice"}
    assert pack.guide.activities == {f"question.{name}": name for name in wanted | others}
    for name in wanted:
        assert {"better", "worse"} <= set(pack.guide.routines[name].reactions)


def test_the_evening_stretch_is_that_of_the_trial(pack: Pack, walk: Walk) -> None:
    heard = walk("bedtime")
    assert heard.count("hold 10") == 6
    assert "Bring your toes back toward your nose." in heard
    assert "Lean forward a little from your hips." in heard
    first, ease, loop = pack.guide.routines["ten_times_three"].steps[1:]
    assert isinstance(first, Hold)
    assert isinstance(ease, Say)
    assert isinstance(loop, Loop)
    again, second, ease_again = loop.steps
    assert isinstance(again, Say)
    assert isinstance(second, Hold)
    assert isinstance(ease_again, Say)
    assert loop.times == 2
    assert ease.lasts + again.lasts == ease_again.lasts + again.lasts == samples(10)
    # Two stretches of three holds and three rests, both legs at once: within the trial's three minutes.
    assert 2 * 3 * (first.seconds + 10) <= 180


def test_the_evening_stretch_never_stands_nor_lies_on_the_back(walk: Walk) -> None:
    for fact in ("pregnant_late", "over_65"):
        heard = walk("bedtime", [fact])
        assert not [line for line in heard if line.startswith(("Stand", "Lie"))]
        assert heard.count("hold 10") == 6


@pytest.mark.parametrize("fact", ["hip_replacement", "knee_replacement"])
def test_with_a_new_joint_nobody_bends_past_a_right_angle(walk: Walk, fact: str) -> None:
    heard = walk("bedtime", [fact])
    assert heard.count("hold 10") == 3
    assert not [line for line in heard if "forward" in line]


@pytest.mark.parametrize("fact", ["fracture", "recent_surgery", "osteoporosis", "spine_disease"])
def test_the_fragile_are_sent_to_their_doctor_first(walk: Walk, fact: str) -> None:
    assert walk("bedtime", [fact]) == [NO_STRETCH]
    assert walk("self_massage", [fact]) == [NO_RUB]


def test_where_a_clot_is_likelier_the_swelling_is_asked_for_before_the_stretch(walk: Walk) -> None:
    assert walk("bedtime", ["past_clot"])[0] == "? swollen"
    assert "hold 10" not in walk("bedtime", ["past_clot"], {"swollen": "yes"})


def test_the_massage_asks_for_clot_and_blow_before_any_touch(walk: Walk) -> None:
    asked = ["? swollen", "? hit_or_popped", "? past_clot", "? on_thinners"]
    heard = walk("self_massage")
    assert heard[:4] == asked
    assert not [line for line in heard[4:] if line.startswith("?")]
    for question, value in (("swollen", "yes"), ("hit_or_popped", "yes"), ("past_clot", "yes"), ("past_clot", "")):
        stopped = walk("self_massage", answers={question: value})
        assert not [line for line in stopped if line.startswith(("Press", "Stroke"))], question


@pytest.mark.parametrize("fact", ["past_clot", "pregnant", "cancer", "immobile", "oestrogen", "long_trip"])
def test_who_is_at_risk_of_a_clot_gets_no_massage(walk: Walk, fact: str) -> None:
    assert walk("self_massage", [fact]) == [NO_RUB]


def test_the_massage_presses_several_times_and_lets_go(walk: Walk) -> None:
    heard = walk("self_massage")
    assert sum(line.startswith("Press") for line in heard) == heard.count("Let go.") == 4
    assert heard.index("Stretch it gently first. Then let go.") < heard.index("Let go.")


@pytest.mark.parametrize("answer", ["yes", ""])
def test_with_blood_thinners_or_no_answer_the_palm_is_all(walk: Walk, answer: str) -> None:
    for heard in (walk("self_massage", ["blood_thinners"]), walk("self_massage", answers={"on_thinners": answer})):
        assert not [line for line in heard if line.startswith("Press")]
        assert "Stroke it lightly with your palm." in heard


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_lies_a_quarter_of_an_hour_and_no_longer_than_twenty_minutes(walk: Walk, name: str) -> None:
    heard = walk(name, answers={"awake": "yes"})
    rests = [line for line in heard if line.startswith("rest")]
    assert rests == ["rest 300"] * 3
    assert heard[heard.index(rests[0]) :][:5] == ["rest 300", "? awake", "rest 300", "? awake", "rest 300"]
    assert OFF in heard
    assert any("towel" in line or "cloth" in line for line in heard)


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("answer", ["no", ""])
def test_who_does_not_answer_is_told_to_take_it_off(pack: Pack, walk: Walk, name: str, answer: str) -> None:
    heard = walk(name, answers={"awake": answer})
    assert heard.count("rest 300") == 1
    assert heard.count(OFF) > 1
    question = pack.guide.questions["awake"]
    assert question.reprompt
    assert question.unclear is not None
    assert question.unclear.goto == question.silence.goto == "pack_off"


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("fact", ["numb_feet", "poor_circulation"])
def test_on_numb_skin_or_with_poor_blood_flow_there_is_no_pack(walk: Walk, name: str, fact: str) -> None:
    assert walk(name, [fact]) == [NO_PACK]


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("answer", ["yes", ""])
def test_without_a_plain_no_the_skin_counts_as_numb(walk: Walk, name: str, answer: str) -> None:
    assert walk(name, answers={"numb_skin": answer}) == ["? numb_skin", NO_PACK]


@pytest.mark.parametrize("answer", ["yes", ""])
def test_after_a_blow_there_is_no_heat(walk: Walk, answer: str) -> None:
    heard = walk("warm_pack", answers={"blow": answer})
    assert "Skip heat after a blow or with swelling." in heard
    assert "rest 300" not in heard
    assert "? blow" not in walk("cold_pack")


def test_the_stretches_of_an_evening_take_less_than_three_minutes(pack: Pack) -> None:
    evening = Evening(pack)
    evening.hears("question", topic="bedtime").until("Good. Rest now. Covers loose.", most=180)
    assert evening.passes(60).state == "asleep"


def test_in_an_attack_an_activity_waits_and_the_coaching_goes_on(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="calf").until("Hold. Keep breathing.")
    assert evening.hears("question", topic="warm_pack").texts[-1] == "Let it ease first. Then ask again."
    evening.until("Hold. Keep breathing.", most=10)


@pytest.mark.parametrize("name", PACKS)
def test_the_clock_of_the_attack_does_not_strike_in_a_quarter_hour_of_rest(pack: Pack, name: str) -> None:
    evening = Evening(pack).hears("question", topic=name)
    evening.lives(most=1500, answers={"Are you awake?": "yes"})
    assert evening.texts.count(OFF) == 1
    assert "Ten minutes is long for a cramp." not in evening.texts


@pytest.mark.parametrize("name", PACKS)
def test_who_has_fallen_asleep_is_called_twice_and_told_several_times(pack: Pack, name: str) -> None:
    evening = Evening(pack).hears("question", topic=name)
    evening.lives(most=1500, answers={"Are you awake?": ""})
    assert evening.texts[-6:] == ["Are you awake?"] * 2 + [OFF] * 4
    assert evening.state == "asleep"


@pytest.mark.parametrize("name", PACKS)
def test_stop_ends_the_quarter_of_an_hour(pack: Pack, name: str) -> None:
    evening = Evening(pack).hears("question", topic=name).lives(most=100)
    before = list(evening.texts)
    assert evening.hears("control", "stop").passes(1500).texts == before
    assert evening.state == "asleep"
