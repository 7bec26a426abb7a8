"""The dialogue on the pack that ships: what is said when, for every word a person can say."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from voice_assist.content import Pack
from voice_assist.events import CONTROLS, Intent
from voice_assist.guide.dialogue import Dialogue, IllegalTransitionError
from voice_assist.guide.orders import Hush, Loudness
from voice_assist.guide.transitions import TABLE, Event, State
from voice_assist.samples import RATE, samples, seconds

if TYPE_CHECKING:
    from tests.evening import Evening

FIRST_LINES = {
    "calf": "Straighten that leg.",
    "foot": "Bring your toes back toward your nose.",
    "hamstring": "Lie back if you can.",
    "quadriceps": "Roll onto your good side.",
    "unknown": "Straighten that leg. Heel away from you.",
}


@pytest.mark.parametrize("place", FIRST_LINES)
def test_it_acts_first_and_within_three_seconds(evening: Evening, place: str) -> None:
    evening.hears("start", place=place).passes(3.0)
    assert evening.spoken[0] == (0.0, "I'm here.")
    assert evening.spoken[1][1] == FIRST_LINES[place]
    assert evening.spoken[1][0] <= 3.0


def test_three_holds_of_ten_seconds_eased_for_five(evening: Evening) -> None:
    evening.hears("start", place="calf").passes(120.0)
    holds = [at for at, text in evening.spoken if text == "One."]
    eases = [at for at, text in evening.spoken if text == "Ease off. Let it go soft."]
    assert len(holds) >= 3
    assert eases[:3] == [at + 1.0 for at in holds[:3]]
    tens = [at for at, text in evening.spoken if text == "Ten."]
    assert tens == [holds[0] - 9.0], "only the first hold is counted in full"
    agains = [at for at, text in evening.spoken if text.startswith("Again.")]
    assert agains[0] == pytest.approx(eases[0] + 5.0)


def test_it_asks_after_the_second_hold_and_silence_carries_on(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Better, same, or worse?")
    assert sum(text == "Ease off. Let it go soft." for text in evening.texts) == 2
    asked = evening.at("Better, same, or worse?")
    evening.until("Going again.")
    assert evening.at("Going again.") == pytest.approx(asked + seconds(evening.length("Better, same, or worse?")) + 4.0)


def test_the_screens_come_after_three_holds_that_did_not_help(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Better, same, or worse?").hears("answer", value="same")
    evening.until("Some take a few minutes. Stay with me.").until("Does the leg feel swollen or hot?")
    evening.hears("answer", value="no").until("Does the foot feel cold and numb?").hears("answer", value="no")
    evening.until("Did it get hit, or pop?").hears("answer", value="no")
    evening.until("Press the whole foot flat against something.")
    assert evening.state == "guiding"


@pytest.mark.parametrize(
    ("question", "answer_line", "after"),
    [
        ("Does the leg feel swollen or hot?", "Stop. This may be a blood clot.", "asleep"),
        ("Does the foot feel cold and numb?", "Stop. That limb may lack blood.", "alarmed"),
        ("Did it get hit, or pop?", "Stop. It may be torn or bruised.", "asleep"),
    ],
)
@pytest.mark.parametrize("how", ["yes", "muddle"])
def test_a_screen_answered_yes_or_twice_unclearly_ends_the_coaching(
    evening: Evening, question: str, answer_line: str, after: str, how: str
) -> None:
    evening.hears("start", place="calf").until(question)
    if how == "yes":
        evening.hears("answer", value="yes")
    else:
        for _ in range(2):
            evening._take(evening.dialogue.unclear(evening.now))
    assert evening.texts[-1] == answer_line
    assert evening.state == "alarmed"
    evening.passes(120.0)
    assert evening.state == after
    assert "Again. Same move. Firm but gentle." not in evening.texts[evening.texts.index(answer_line) :]


def test_better_leads_to_stretch_settle_and_quiet(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Better, same, or worse?").hears("answer", value="better")
    evening.passes(120.0)
    after = evening.texts[evening.texts.index("Good. That's letting go.") :]
    assert after == [
        "Good. That's letting go.",
        "Now we'll lengthen it gently.",
        "Same shape, softer. Knee straight, toes back.",
        "A towel round the foot can help.",
        "Halfway. Breathe out.",
        "Ease off. Let it go soft.",
        "Same shape, softer. Knee straight, toes back.",
        "Halfway. Breathe out.",
        "Good. Rest it now. Covers loose.",
        "If it comes back, just say cramp.",
    ]
    assert evening.state == "asleep"
    assert evening.dialogue.due is None


def test_better_counts_in_the_middle_of_a_hold(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Hold. Keep breathing.").passes(3.0).hears("answer", value="better")
    assert evening.texts[-1] == "Good. That's letting go."


def test_worse_rests_in_place_then_a_smaller_move_once(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Hold. Keep breathing.").hears("answer", value="worse")
    assert evening.texts[-1] == "Stop pushing. Let it rest."
    evening.until("Now a smaller move. Half as far.")
    assert evening.texts.count("Small breath in.") == 3
    evening.until("Hold. Keep breathing.").hears("answer", value="worse")
    evening.until("Does the leg feel swollen or hot?").passes(200.0)
    assert "Now a smaller move. Half as far." not in evening.texts[-40:]
    assert "Hold. Keep breathing." not in evening.texts[-40:]


def test_the_place_unknown_gets_the_opener_and_one_question(evening: Evening) -> None:
    evening.hears("start", place="unknown").until("Is it the back or the front?")
    assert evening.texts == [
        "I'm here.",
        "Straighten that leg. Heel away from you.",
        "Toes back toward your nose. Keep breathing.",
        "Is it the back or the front?",
    ]
    assert evening.dialogue.context.expected == {"back", "front"}
    evening.hears("answer", value="front")
    assert evening.texts[-1] == FIRST_LINES["quadriceps"]


@pytest.mark.parametrize("answer", ["back", None])
def test_the_opener_goes_on_with_the_hold(evening: Evening, answer: str | None) -> None:
    evening.hears("start", place="unknown").until("Is it the back or the front?")
    if answer:
        evening.hears("answer", value=answer)
    evening.until("Hold. Keep breathing.", most=15.0)
    assert evening.texts[-2] == "I'm with you. We're going to ease this."


def test_a_place_named_later_changes_the_protocol_without_a_greeting(evening: Evening) -> None:
    evening.hears("start", place="unknown").passes(2.0).hears("start", place="hamstring").passes(1.0)
    assert evening.texts[-1] == FIRST_LINES["hamstring"]
    assert evening.texts.count("I'm here.") == 1


def test_the_same_place_again_changes_nothing(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Hold. Keep breathing.")
    before = list(evening.texts)
    evening.hears("start", place="calf").hears("start", place="unknown")
    assert evening.texts == before
    assert Hush() not in evening.orders


def test_cramp_during_the_aftercare_begins_again_in_the_same_place(evening: Evening) -> None:
    evening.hears("start", place="hamstring").until("Better, same, or worse?").hears("answer", value="better")
    evening.until("Good. Rest it now. Covers loose.").hears("start", place="unknown").passes(1.5)
    assert evening.texts[-2:] == ["I'm here.", FIRST_LINES["hamstring"]]


def test_ten_minutes_end_in_medical_advice(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Ten minutes is long for a cramp.", most=601.0)
    assert evening.at("Ten minutes is long for a cramp.") == 600.0
    assert evening.state == "alarmed"
    evening.passes(60.0)
    assert evening.state == "asleep"


def test_the_clock_runs_on_through_a_pause(evening: Evening) -> None:
    evening.hears("start", place="calf").passes(20.0).hears("control", word="pause").passes(700.0)
    assert "Ten minutes is long for a cramp." in evening.texts


def test_minutes_three_to_nine_have_one_hold_a_minute(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Ten minutes is long for a cramp.")
    holds = [at for at, text in evening.spoken if text == "One." and 240 <= at <= 590]
    gaps = [later - earlier for earlier, later in itertools.pairwise(holds)]
    assert len(holds) >= 5
    assert all(50 <= gap <= 70 for gap in gaps), gaps


def test_a_bare_word_gets_the_quiet_question(evening: Evening) -> None:
    evening.hears("start", place="calf", doubt="yes")
    assert (evening.texts, evening.state) == (["Do you have a cramp?"], "doubting")
    evening.passes(10.0)
    assert (evening.texts, evening.state) == (["Do you have a cramp?"], "asleep")


@pytest.mark.parametrize("answer", [["answer", "yes"], ["start"]])
def test_yes_or_cramp_to_the_quiet_question_starts_at_the_place_named(evening: Evening, answer: list[str]) -> None:
    evening.hears("start", place="hamstring", doubt="yes").passes(1.0).hears(*answer).passes(2.0)
    assert evening.texts[-2:] == ["I'm here.", FIRST_LINES["hamstring"]]


def test_no_to_the_quiet_question_is_sleep(evening: Evening) -> None:
    evening.hears("start", place="calf", doubt="yes").passes(1.0).hears("answer", value="no").passes(30.0)
    assert (evening.texts, evening.state) == (["Do you have a cramp?"], "asleep")


def test_a_place_that_is_not_coached_gets_an_honest_answer(evening: Evening) -> None:
    evening.hears("start", place="elsewhere").passes(60.0)
    assert evening.texts[0] == "I can't coach that place."
    assert evening.state == "asleep"


@pytest.mark.parametrize("kind", ["heart", "lung", "stroke", "limb", "back", "neck", "jaw", "groin", "heat", "fit"])
@pytest.mark.parametrize("during", [None, "calf"])
def test_an_emergency_pre_empts_all_and_is_said_twice(evening: Evening, kind: str, during: str | None) -> None:
    if during:
        evening.hears("start", place=during).until("Hold. Keep breathing.").passes(2.0)
    evening.hears("emergency", kind)
    first = evening.texts[-1]
    assert evening.state == "alarmed"
    # Nothing coaches, whatever is said.
    evening.hears("start", place="hamstring").hears("control", word="resume").hears("answer", value="worse")
    evening.passes(90.0)
    after = evening.texts[evening.texts.index(first) :]
    assert after.count(first) == 2
    assert evening.state == "alarmed"
    assert evening.passes(700.0).state == "asleep"
    assert not set(after) & {*FIRST_LINES.values(), "Hold. Keep breathing."}


@pytest.mark.parametrize(
    ("word", "state"),
    [(("answer", "yes"), "alarmed"), (("control", "stop"), "asleep"), (("control", "pause"), "alarmed")],
)
def test_an_alarm_falls_quiet_when_acknowledged(evening: Evening, word: tuple[str, str], state: str) -> None:
    evening.hears("emergency", "heart").passes(1.0)
    evening.hears(*word).passes(60.0)
    assert evening.texts == ["Stop. This could be your heart."]
    assert evening.state == state


# Every control word


def test_pause_waits_and_resume_says_the_last_line_again(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Push your heel away from you.").hears("control", word="pause")
    evening.passes(60.0)
    assert (evening.texts[-1], evening.state) == ("Push your heel away from you.", "paused")
    evening.hears("control", word="resume")
    assert (evening.texts[-2:], evening.state) == (["Push your heel away from you."] * 2, "guiding")


def test_a_paused_hold_begins_again_from_ten(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Hold. Keep breathing.").passes(5.0).hears("control", word="pause")
    assert evening.texts[-1] in ("Nine.", "Eight.", "Seven.", "Six.")
    evening.passes(10.0).hears("control", word="resume").until("Ease off. Let it go soft.")
    assert evening.at("Ease off. Let it go soft.") - evening.at("Hold. Keep breathing.") >= 10.0


def test_repeat_says_the_same_words(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Push your heel away from you.").passes(0.5)
    evening.hears("control", word="repeat")
    assert evening.texts[-2:] == ["Push your heel away from you."] * 2


def test_repeat_at_a_question_asks_again(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Better, same, or worse?").hears("control", word="repeat")
    assert evening.texts[-2:] == ["Better, same, or worse?"] * 2
    assert evening.state == "asking"


def test_back_and_next_move_by_a_line(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Bring your toes back toward your nose.")
    evening.hears("control", word="back")
    assert evening.texts[-1] == "Push your heel away from you."
    evening.hears("control", word="next")
    assert evening.texts[-1] == "Bring your toes back toward your nose."


def test_slower_says_the_line_again_and_leaves_longer_pauses(evening: Evening) -> None:
    def pause(words: list[str]) -> float:
        one = type(evening)(evening.pack).hears("start", place="calf").until("Straighten that leg.")
        for word in words:
            one.hears("control", word)
        one.until("Push your heel away from you.").until("Bring your toes back toward your nose.")
        return one.at("Bring your toes back toward your nose.") - one.at("Push your heel away from you.")

    assert pause(["slower"]) > pause([]) > pause(["faster"])
    evening.hears("start", place="calf").until("Push your heel away from you.").hears("control", word="slower")
    assert evening.texts[-2:] == ["Push your heel away from you."] * 2


def test_the_hold_is_ten_seconds_at_any_pace(evening: Evening) -> None:
    evening.hears("start", place="calf")
    for _ in range(4):
        evening.hears("control", word="slower")
    evening.until("Ease off. Let it go soft.")
    assert evening.at("Ease off. Let it go soft.") - evening.at("Ten.") == 10.0


@pytest.mark.parametrize(("word", "steps"), [("louder", 1), ("quieter", -1)])
def test_loudness_is_ordered(evening: Evening, word: str, steps: int) -> None:
    evening.hears("start", place="calf").until("Push your heel away from you.").hears("control", word=word)
    assert Loudness(steps) in evening.orders


@pytest.mark.parametrize(
    ("kind", "slots", "line"),
    [
        ("control", {"word": "why"}, "This can help it let go."),
        ("control", {"word": "how_long"}, "Most ease within minutes. Stay with me."),
        ("control", {"word": "help"}, "Say wait, repeat, slower, or louder."),
        ("question", {"topic": "quinine"}, "I don't suggest quinine or tonic. It can harm your blood."),
    ],
)
def test_an_aside_is_answered_and_the_line_comes_again(
    evening: Evening, kind: str, slots: dict[str, str], line: str
) -> None:
    evening.hears("start", place="calf").until("Push your heel away from you.").hears(kind, **slots)
    assert evening.texts[-1] == line
    evening.until("Push your heel away from you.", most=15.0)


def test_the_other_leg_gets_the_same_moves(evening: Evening) -> None:
    evening.hears("start", place="hamstring").until("Hold. Keep breathing.").hears("control", word="other_side")
    evening.passes(3.0)
    assert evening.texts[-2:] == ["Change sides. Same move.", FIRST_LINES["hamstring"]]


@pytest.mark.parametrize("word", ["help", "wake"])
def test_a_call_in_the_night_gets_the_quiet_question(evening: Evening, word: str) -> None:
    evening.hears("control", word=word)
    assert evening.texts == ["Do you have a cramp?"]


def test_every_control_word_is_known_to_the_dialogue_or_the_pack(pack: Pack) -> None:
    known = {event.value for event in Event} | set(pack.guide.asides) | set(pack.guide.reactions) | {"wake", "source"}
    assert set(CONTROLS) <= known


def test_somebody_who_is_speaking_is_given_time(evening: Evening) -> None:
    evening.hears("start", place="calf").until("Better, same, or worse?")
    due = evening.dialogue.due
    assert due is not None
    evening.now = due - RATE // 10
    evening.dialogue.voice_heard(evening.now)
    assert evening.dialogue.due == evening.now + samples(1.2)


def test_an_event_without_an_entry_names_itself_and_the_state(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {event: rule for event, rule in TABLE[State.ASLEEP].items() if event is not Event.BEGIN}
    monkeypatch.setitem(TABLE, State.ASLEEP, row)
    dialogue = Dialogue(pack.guide, len)
    with pytest.raises(IllegalTransitionError, match="'begin' has no entry in state 'asleep'"):
        dialogue.handle(Intent("cramp", "start", {"place": "calf"}), 0)
    assert dialogue.state is State.ASLEEP
