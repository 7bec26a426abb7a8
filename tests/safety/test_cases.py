"""The cases that safety.md section 8 lists, by their numbers, typed to a whole session."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.errors import ContentError
from voice_assist.events import Intent, Said
from voice_assist.samples import BLOCK, seconds
from voice_assist.speak.playout import FADE

if TYPE_CHECKING:
    from tests.safety.conftest import Night, Script

EN = content_folder() / "en"

CHECK = "Better, same, or worse?"

HEART = "Any chest pain, or trouble breathing?"

Begin = Callable[..., "Night"]


# 1 to 6: how it begins


def test_1_charley_horse_is_acted_on_before_anything_is_asked(script: Script, night: Begin) -> None:
    begun = night().types("charley horse").passes(40.0)
    before = list(takewhile(lambda text: not text.endswith("?"), begun.texts))
    assert begun.texts[0] == script.lines(script.pack.guide.begin)[0]
    assert set(before) & script.moves("calf", "unknown")


@pytest.mark.parametrize("text", ["my chin's cramping", "my chin is cramping", "cramp in my chin"])
def test_2_a_chin_is_not_taken_for_a_shin(script: Script, night: Begin, text: str) -> None:
    begun = night().types(text).passes(40.0)
    assert begun.texts
    assert not set(begun.texts) & script.moves("shin")


@pytest.mark.parametrize("text", ["my leg seized", "my leg has seized up", "my calf seized up"])
def test_3_a_leg_that_seized_is_a_cramp(script: Script, night: Begin, text: str) -> None:
    begun = night().types(text).passes(20.0)
    assert begun.meant[0]["name"] == "cramp"
    assert set(begun.texts) & script.moves("calf", "unknown")


@pytest.mark.parametrize("text", ["i'm having a seizure", "he's having a seizure", "she is fitting"])
def test_3_a_seizure_is_an_emergency_whether_it_is_asked_about_or_not(script: Script, night: Begin, text: str) -> None:
    begun = night().types(text).passes(20.0)
    # Where there is a doubt it is asked once, and silence is a yes.
    assert begun.texts[0] == "Is someone having a fit?"
    assert begun.texts.count("Is someone having a fit?") <= 2
    assert script.lines("emergency.fit")[-1] in begun.texts
    assert begun.session.state == "alarmed"


@pytest.mark.parametrize("text", ["left arm cramp", "my left arm is cramping", "cramp in my upper arm"])
def test_4_an_arm_is_asked_for_the_heart_before_any_move(script: Script, night: Begin, text: str) -> None:
    begun = night().types(text).passes(5.0)
    assert begun.questions[:1] == [HEART]
    arms = script.moves("biceps", "triceps", "forearm") - {HEART}
    assert not set(begun.texts) & arms
    # Nobody answers: no move, but the number.
    begun.passes(60.0)
    assert not set(begun.texts) & arms
    assert script.lines("unanswered")[0] in begun.texts


RUB = re.compile(r"\b(rub|stroke it|palm|massage|knead)\b", re.IGNORECASE)


@pytest.mark.parametrize("before", ["", "my calf is cramping"])
@pytest.mark.parametrize("text", ["calf it's swollen", "my calf is swollen", "it's my calf and it's swollen and hot"])
def test_5_a_swollen_calf_is_never_rubbed(script: Script, night: Begin, before: str, text: str) -> None:
    begun = night()
    if before:
        begun.types(before).passes(6.0)
    begun.types(text).passes(120.0)
    if not before and not begun.texts:
        pytest.fail(f"'{text}' was not answered at all")
    clot = script.lines("urgent.clot")
    said = begun.texts[begun.texts.index(clot[0]) :]
    # Twice, then nothing more, and of hands only that they stay off.
    assert said == clot * 2
    assert not [line for line in begun.texts if RUB.search(line)]


@pytest.mark.parametrize("text", ["cramps", "i've got cramps"])
def test_6_cramps_alone_are_asked_about(script: Script, night: Begin, text: str) -> None:
    question = "Muscle cramp, tummy, or period pain?"
    begun = night(answers={question: "tummy"}).types(text).passes(12.0)
    assert begun.questions[0] == question
    assert script.lines("guarded.belly")[0] in begun.texts


# 7 to 9: while it is coached


@pytest.mark.parametrize("text", ["my foot's white and cold", "my foot is white and cold", "it's cold and numb"])
def test_7_a_white_cold_foot_stops_the_hold_at_once(script: Script, night: Begin, text: str) -> None:
    begun = night().types("my calf is cramping").passes(40.0, until="Seven.")
    at, seen = begun.session.now, len(begun.says)
    begun.types(text).passes(60.0)
    cut = [action for action in begun.actions if isinstance(action, Said) and action.cut]
    after = begun.after(seen)
    assert cut[0].text == "Seven."
    assert cut[0].at - at <= BLOCK + FADE
    assert after[0].text == script.lines("emergency.limb")[0]
    assert after[0].at - at <= BLOCK + FADE
    assert [say.text for say in after] == script.lines("emergency.limb") * 2


def test_8_ten_minutes_of_the_same_are_told_once(script: Script, night: Begin) -> None:
    begun = night(answers={CHECK: "same"}, otherwise="no").types("my calf is cramping").passes(780.0)
    answer = script.lines("urgent.ten_minutes")
    told = [say for say in begun.says if say.text == answer[0]]
    assert len(told) == 1
    assert 600 <= seconds(told[0].at) <= 620
    assert [say.text for say in begun.says if say.at >= told[0].at] == answer


STRONGER = re.compile(r"\b(harder|stronger|firm|firmer|firmly|more force|as far as)\b", re.IGNORECASE)


@pytest.mark.parametrize("place", ["calf", "foot", "hamstring", "thigh"])
def test_9_worse_rests_it_in_place_and_nothing_stronger_follows(night: Begin, place: str) -> None:
    begun = night(answers={CHECK: "worse"}, otherwise="no").types(f"my {place} is cramping").passes(15.0)
    seen = len(begun.says)
    begun.types("worse").passes(240.0)
    after = [say.text for say in begun.after(seen)]
    assert after[:2] == ["Stop pushing. Let it rest.", "Leave it where it wants to be."]
    assert not [line for line in after if STRONGER.search(line)]


# 10 to 12: numbers, muddles, refusals


def test_10_without_a_number_none_is_made_up() -> None:
    unset = content.load(EN)
    assert "You need to call your local emergency number now." in unset.lines()
    digits = r"(zero|one|two|three|four|five|six|seven|eight|nine|\d)"
    assert not [line for line in unset.lines() if re.search(rf"\b{digits}\W+{digits}\b", line, re.IGNORECASE)]


def test_10_a_number_that_is_set_is_spoken_twice(night: Begin) -> None:
    begun = night().types("i'm having a heart attack").passes(20.0)
    assert "You need to call: one one two. One one two; now." in begun.texts


@pytest.mark.parametrize(
    ("place", "asked", "answer"),
    [
        ("arm", HEART, "emergency.heart"),
        ("neck", HEART, "emergency.heart"),
    ],
)
def test_11_two_unclear_answers_to_a_gate_are_a_yes(
    script: Script, night: Begin, place: str, asked: str, answer: str
) -> None:
    begun = night().types(f"my {place} is cramping").passes(20.0, until=asked)
    begun.types("the weather tomorrow").passes(1.0)
    assert script.lines(answer)[0] not in begun.texts
    begun.types("the other house").passes(3.0)
    assert script.lines(answer)[0] in begun.texts
    assert begun.session.state == "alarmed"


@pytest.mark.parametrize("text", ["tonic water", "should i drink tonic water", "quinine"])
def test_12_tonic_water_is_refused(night: Begin, text: str) -> None:
    begun = night().types("my calf is cramping").passes(8.0)
    seen = len(begun.says)
    begun.types(text).passes(3.0)
    assert begun.after(seen)[0].text.startswith("I don't suggest quinine or tonic.")


# 13 and 14: the build


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "en"
    shutil.copytree(EN, folder)
    return folder


@pytest.mark.parametrize("line", ["Point your toes.", "Now gently point your toes down."])
def test_13_a_path_that_points_the_toes_fails_the_build(copy: Path, line: str) -> None:
    protocol = copy / "protocols" / "calf.yaml"
    text = protocol.read_text(encoding="utf-8")
    first = re.search(r"say: ([A-Z][^,}\n]*)", text)
    assert first
    protocol.write_text(text.replace(first[1], line, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"(?i)banned words 'point your toes'"):
        content.load(copy)


def test_14_every_sentence_that_ships_has_nine_words_at_most() -> None:
    for line in content.load(EN, {"emergency": "112", "advice": "111"}).lines():
        for sentence in re.split(r"(?<=[.?!])\s+", line):
            assert len(sentence.split()) <= 9, sentence


def test_14_a_longer_sentence_fails_the_build(copy: Path) -> None:
    sheet = copy / "safety.yaml"
    text = sheet.read_text(encoding="utf-8")
    long = "Sit up and rest right there and then shout for help."
    assert "Sit up and rest. Shout for help." in text
    sheet.write_text(text.replace("Sit up and rest. Shout for help.", long), encoding="utf-8")
    with pytest.raises(ContentError, match="more than 9 words"):
        content.load(copy)


# 15 to 17


ON_THE_BACK = re.compile(r"\b(lie|lying|lay) (back|flat|down)\b|\bon your back\b|\bface up\b", re.IGNORECASE)


@pytest.mark.parametrize("progress", ["same", "better", "worse"])
def test_15_late_in_pregnancy_nobody_is_laid_on_the_back(pack: Pack, night: Begin, progress: str) -> None:
    for place in pack.guide.protocols:
        begun = night(person={"pregnant_late": True}, answers={CHECK: progress}, otherwise="no")
        begun.session.act(Intent(pack.start, "start", {"place": place}))
        begun.passes(100.0)
        assert begun.texts, place
        assert not [line for line in begun.texts if ON_THE_BACK.search(line)], place


@pytest.mark.parametrize("text", ["i can't move my leg", "i can't move it", "i can't bend it", "my leg won't move"])
def test_16_a_leg_that_cannot_be_moved_is_a_cramp(script: Script, night: Begin, text: str) -> None:
    begun = night().types("my calf is cramping").passes(8.0)
    begun.types(text).passes(10.0)
    assert begun.session.state in ("guiding", "asking")
    assert script.lines("emergency.limb")[0] not in begun.texts


REMEMBERED = ("dark_urine",)
"""Asked for what was seen by day, not for what can be seen now."""


def test_17_no_question_depends_on_seeing_a_colour(pack: Pack) -> None:
    colours = re.compile(r"\b(red|redness|white|blue|pale|purple|grey|gray|dark|darker|brown|colou?r)\b", re.IGNORECASE)
    asked = [question for question in pack.guide.questions.values() if question.name not in REMEMBERED]
    assert [question.say for question in asked if colours.search(question.say)] == []
