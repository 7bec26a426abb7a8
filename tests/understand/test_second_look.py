"""What is doubted asleep is believed once the same sound, heard in any words, bears it out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.understand.utterances import (
    ALONE,
    ASLEEP,
    AWAKE,
    CALF,
    DOUBT,
    FAINT,
    HAMSTRING,
    MEANINGS,
    NEXT,
    OPEN,
    STOP,
    TIMING,
    again,
    commitment,
    final,
)
from voice_assist.events import Context, Hypothesis, Intent, Word
from voice_assist.samples import samples
from voice_assist.understand.commit import Commitment, Decision
from voice_assist.understand.second_look import (
    FALSE_ALARMS,
    LOOK_BACK,
    LOOK_BACK_A_WORD,
    LOOK_FROM,
    LOOK_MARGIN,
    LOOK_WAIT,
    MOST_TAUGHT,
    TALK,
    Doubts,
    Look,
)

DOUBTS = Doubts(brief=2, questions=True)


@pytest.mark.parametrize(
    ("heard", "freely", "believed"),
    [
        ("my calf", "my calf", True),
        ("my calf", "calf cramp", True),
        ("my calf", "cramp", True),
        ("my calf", "the weather my calf is", True),
        ("my calf", "the weather of the day my calf is", False),
        ("my calf", "it is about my calf", True),
        ("my calf", "cramp in the hamstring", True),
        ("my calf", "faint", False),
        ("my calf", "stop", False),
        ("my calf", "the weather", False),
        ("my calf", "", False),
        ("calf", "calf", True),
        ("calf", "the weather", False),
    ],
)
def test_asleep_a_brief_start_and_a_quiet_question_must_be_heard_twice(
    heard: str, freely: str, *, believed: bool
) -> None:
    one = commitment(DOUBTS)
    decision = one.hear(final(heard), ASLEEP, samples(3.0))
    assert decision.intent is None
    assert decision.look == Look(samples(3.0) - LOOK_BACK)
    assert one.hear(again(freely), ASLEEP, samples(3.1)).intent == (MEANINGS[heard] if believed else None)
    assert one.tick(samples(9.0)).intent is None, "it is answered once"


@pytest.mark.parametrize(("doubts", "doubted"), [(DOUBTS, True), (Doubts(), False)])
def test_a_place_alone_is_as_brief_as_it_gets_in_however_many_words(doubts: Doubts, *, doubted: bool) -> None:
    one = commitment(doubts)
    decision = one.hear(final("this poor calf"), ASLEEP, samples(3.0))
    assert decision.intent == (None if doubted else ALONE)
    assert (decision.look is not None) == doubted
    assert one.hear(again("the weather"), ASLEEP, samples(3.1)).intent is None


@pytest.mark.parametrize(
    ("heard", "context"),
    [
        (final("my calf"), AWAKE),
        (final("my calf"), Context(expected=frozenset({"yes"}))),
        (Hypothesis("my calf", final=True, typed=True), ASLEEP),
        (final("cramp in the hamstring"), ASLEEP),
        (final("faint"), ASLEEP),
    ],
    ids=["awake", "asked", "typed", "longer", "a sign of danger"],
)
def test_nothing_else_is_doubted(heard: Hypothesis, context: Context) -> None:
    assert commitment(DOUBTS).hear(heard, context, 0).intent is not None


@pytest.mark.parametrize("text", ["my calf", "cramp in the hamstring", "faint"])
@pytest.mark.parametrize("times", range(2 * (MOST_TAUGHT + 1) * FALSE_ALARMS))
def test_a_room_in_which_there_was_nothing_too_often_has_starts_in_more_words_heard_twice(
    text: str, times: int
) -> None:
    one = commitment(DOUBTS)
    one.taught(times)
    brief = DOUBTS.brief + min(MOST_TAUGHT, times // FALSE_ALARMS)
    doubted = text != "faint" and len(text.split()) <= brief
    assert (one.hear(final(text), ASLEEP, 0).look is not None) is doubted


def test_what_a_room_has_taught_counts_once() -> None:
    one = commitment(DOUBTS)
    for _ in range(3):
        one.taught(FALSE_ALARMS)
    assert DOUBTS.after(FALSE_ALARMS).brief == DOUBTS.brief + 1
    assert one.hear(final("cramp in the hamstring"), ASLEEP, 0).intent is not None


def test_a_model_that_is_never_asked_twice_is_not_in_any_room() -> None:
    assert Doubts().after(100) == Doubts()


LENIENT = Doubts(vague=True, brief=1, questions=True)


@pytest.mark.parametrize(
    ("text", "others", "believed"),
    [("cramp in the [unk]", 1, OPEN), ("cramp in the [unk]", 2, None), ("cramp", 1, None)],
    ids=["about as likely as all else", "one of several", "brief"],
)
def test_what_is_likely_of_the_second_look_bears_out_what_is_not_brief(
    text: str, others: int, believed: Intent | None
) -> None:
    one = commitment(LENIENT)
    one.hear(final(text), ASLEEP, 0)
    rivals = (("cramp in the hamstring", 0.3), *(("my half", 0.4),) * (others - 1))
    assert one.hear(Hypothesis("half", final=True, again=True, rivals=rivals), ASLEEP, 1).intent is believed


@pytest.mark.parametrize(("behind", "believed"), [(LOOK_MARGIN - 0.1, OPEN), (LOOK_MARGIN, None)])
def test_however_much_is_likely_one_wording_must_be_about_as_likely_as_the_likeliest(
    behind: float, believed: Intent | None
) -> None:
    one = commitment(LENIENT)
    one.hear(final("cramp in the"), ASLEEP, 0)
    many = tuple(
        (text, behind) for text in ("calf cramp", "my calf cramp", "cramp", "cramp in the", "cramp in the [unk]")
    )
    assert one.hear(Hypothesis("half", final=True, again=True, rivals=many), ASLEEP, 1).intent is believed


@pytest.mark.parametrize(("told_again", "slots"), [("no air", {}), ("nowhere", {"doubt": "yes"})])
def test_a_danger_amid_talk_that_is_not_there_the_second_time_is_asked_about(
    told_again: str, slots: dict[str, str]
) -> None:
    danger = Intent("emergency", "emergency", {"kind": "lung"})
    one = Commitment(lambda text, _: danger if text == "no air" else None, TIMING, Doubts(talk=True))
    assert one.hear(final("no air"), ASLEEP, 0).intent is danger, "out of the quiet it is answered at once"
    one.hear(final("the weather"), ASLEEP, 1)
    assert one.hear(final("no air"), AWAKE, 2).intent is danger, "awake, too"
    assert one.hear(final("no air"), ASLEEP, 3).look is not None
    told = one.hear(again(told_again), ASLEEP, 4).intent
    assert told is not None
    assert told.slots == {"kind": "lung", **slots}


def test_amid_talk_a_call_that_would_wake_us_is_heard_twice_and_stop_is_not() -> None:
    one = commitment(Doubts(talk=True))
    assert one.hear(final("next"), ASLEEP, 0).intent is NEXT, "out of the quiet"
    one.hear(final("the weather"), ASLEEP, 1)
    assert one.hear(final("next"), ASLEEP, 2).look is not None
    assert one.hear(again("text", "next"), ASLEEP, 3).intent is None, "by the likeliest wording alone"
    assert one.hear(final("stop"), ASLEEP, 4).intent is STOP
    assert one.hear(final("next"), AWAKE, 5).intent is NEXT, "awake"


def test_amid_talk_three_words_are_brief() -> None:
    for before, believed in (("", OPEN), ("the weather", None)):
        one = commitment(LENIENT)
        one.hear(final(before), ASLEEP, 0)
        one.hear(final("cramp in the"), ASLEEP, TALK - 1)
        assert one.hear(again("half", "cramp in the hamstring"), ASLEEP, TALK).intent is believed


def test_a_quiet_question_is_borne_out_by_the_likeliest_wording_alone() -> None:
    for wordings, believed in ((("half", "calf"), None), (("calf", "half"), DOUBT)):
        (one := commitment(DOUBTS)).hear(final("calf"), ASLEEP, 0)
        assert one.hear(again(*wordings), ASLEEP, 1).intent is believed


def test_amid_talk_a_bare_word_gets_no_question() -> None:
    one = commitment(Doubts(talk=True, questions=True))
    one.hear(final("the weather"), ASLEEP, 0)
    assert one.hear(final("calf"), ASLEEP, TALK - 1) == Decision(unclear=True)
    assert one.hear(final("calf"), AWAKE, TALK).intent is DOUBT, "awake"
    quiet = commitment(Doubts(talk=True, questions=True))
    assert quiet.hear(final("calf"), ASLEEP, 0).look is not None, "out of the quiet it is heard twice"


def test_after_talk_or_beside_words_that_are_none_of_ours_a_start_is_doubted_however_long_it_is() -> None:
    for doubts, looked in ((Doubts(talk=True), True), (Doubts(), False)):
        one = commitment(doubts)
        assert one.hear(final("calf cramp"), ASLEEP, 0).intent is CALF, "out of the quiet"
        one.hear(final("the weather"), ASLEEP, samples(1.0))
        late = samples(1.0) + TALK
        assert (one.hear(final("calf cramp"), ASLEEP, late - 1).look is not None) == looked
        assert one.hear(final("cramp in the hamstring"), ASLEEP, late).intent is HAMSTRING, "it is quiet again"
        assert (commitment(doubts).hear(final("cramp in the [unk]"), ASLEEP, 0).look is not None) == looked


def test_a_second_look_at_many_words_begins_further_back() -> None:
    one = commitment(Doubts(brief=9))
    assert one.hear(final("calf cramp"), ASLEEP, samples(9.0)).look == Look(samples(9.0) - LOOK_BACK)
    late = Commitment(lambda _, __: CALF, TIMING, Doubts(brief=9))
    told = "oh my calf my calf is cramping again"
    assert late.hear(final(told), ASLEEP, samples(9.0)).look == Look(samples(9.0) - 8 * LOOK_BACK_A_WORD)
    assert late.hear(again(told), ASLEEP, samples(9.1)).intent is CALF


def test_a_doubted_alarm_is_heard_twice_where_the_model_asks_for_it_or_only_where_others_talk() -> None:
    assert commitment(Doubts(alarms=1)).hear(final("faint"), ASLEEP, 0).look == Look(0)
    one = commitment(Doubts(alarms=1, talk=True))
    assert one.hear(final("faint"), ASLEEP, 0).intent is not None
    one.hear(final("the weather"), ASLEEP, 1)
    assert one.hear(final("faint"), ASLEEP, TALK).look is not None
    assert one.hear(again("feint", "faint"), ASLEEP, TALK).intent is not None, "by any wording that is about as likely"


def test_a_second_look_begins_a_little_before_the_first_word() -> None:
    heard = Hypothesis("my calf", final=True, words=(Word("my", 20_000, 22_000), Word("calf", 22_000, 30_000)))
    assert commitment(DOUBTS).hear(heard, ASLEEP, 40_000).look == Look(20_000 - LOOK_FROM)


def test_what_was_joined_is_looked_at_from_its_first_part() -> None:
    calf = Hypothesis("calf cramp", final=True, words=(Word("calf", 40_000, 42_000), Word("cramp", 42_000, 44_000)))
    late = Commitment(lambda text, _: CALF if text == "my calf cramp" else None, TIMING, Doubts(brief=3))
    late.hear(Hypothesis("my", final=True, words=(Word("my", 20_000, 22_000),)), ASLEEP, 24_000)
    assert late.hear(calf, ASLEEP, 46_000).look == Look(20_000 - LOOK_FROM)


def test_without_an_answer_the_first_hearing_counts() -> None:
    (one := commitment(DOUBTS)).hear(final("my calf"), ASLEEP, 0)
    assert one.tick(LOOK_WAIT - 1).intent is None
    assert one.tick(LOOK_WAIT).intent is ALONE
    assert one.hear(again("the weather"), ASLEEP, LOOK_WAIT + 1).intent is None
    assert one.tick(9 * LOOK_WAIT).intent is None


@pytest.mark.parametrize(
    ("told", "behind", "believed"),
    [("i will faint", 1.9, True), ("i will faint", 2.1, False), ("i will faint now", 5.9, True)],
)
def test_a_danger_is_borne_out_by_less_likely_wordings_the_more_words_it_takes(
    told: str, behind: float, *, believed: bool
) -> None:
    one = Commitment(lambda text, _: FAINT if text == told else None, TIMING, Doubts(alarms=4))
    assert one.hear(final(told), ASLEEP, 0).look is not None
    looked = Hypothesis("the weather", final=True, again=True, rivals=((told, behind),))
    assert (one.hear(looked, ASLEEP, 1).intent is FAINT) is believed


@pytest.mark.parametrize(("heard_again", "believed"), [("everything", False), ("everything cramps", True)])
def test_a_cramp_somewhere_is_not_borne_out_by_a_part_of_the_body_alone(heard_again: str, *, believed: bool) -> None:
    somewhere = Intent("cramp", "start", {"place": "unknown"}, vague=True)
    place = Intent("cramp", "start", {"place": "everywhere"}, lone=True, unnamed={"place": "unknown"})
    meanings = {"i have a cramp": somewhere, "everything": place, "everything cramps": replace(place, lone=False)}
    one = Commitment(lambda text, _: meanings.get(text), doubts=Doubts(vague=True))
    assert one.hear(final("i have a cramp"), ASLEEP, samples(3.0)).look is not None
    looked = one.hear(again(heard_again), ASLEEP, samples(3.1))
    assert looked.intent == (somewhere if believed else None)


@pytest.mark.parametrize(("told_again", "believed"), [("baby bad cramp", True), ("bad cramp", False)])
def test_amid_talk_of_a_cramp_somewhere_it_must_be_told_again_whose_it_is(told_again: str, *, believed: bool) -> None:
    own = Intent("cramp", "start", {"place": "unknown"}, vague=True)
    childs = Intent("cramp", "start", {"place": "unknown", "who": "child"}, vague=True)
    meanings = {"the baby has a cramp": childs, "baby bad cramp": childs, "bad cramp": own}
    one = Commitment(lambda text, _: meanings.get(text), doubts=Doubts(vague=True))
    one.hear(final("the weather"), ASLEEP, 0)
    assert one.hear(final("the baby has a cramp"), ASLEEP, samples(3.0)).look is not None
    looked = one.hear(again(told_again), ASLEEP, samples(3.1))
    assert looked.intent == (childs if believed else None)


@pytest.mark.parametrize(("told_again", "believed"), [("the old bad cramp", False), ("old bad cramp", True)])
def test_amid_talk_of_a_cramp_somewhere_most_of_a_wording_must_tell(told_again: str, *, believed: bool) -> None:
    one = Commitment(lambda text, _: OPEN if text in ("cramp", "bad cramp") else None, doubts=Doubts(vague=True))
    one.hear(final("the weather"), ASLEEP, 0)
    assert one.hear(final("cramp"), ASLEEP, samples(3.0)).look is not None
    assert (one.hear(again(told_again), ASLEEP, samples(3.1)).intent is OPEN) is believed
