"""What is doubted asleep is believed once the same sound, heard in any words, bears it out."""

from __future__ import annotations

import pytest

from tests.understand.utterances import (
    ALONE,
    ASLEEP,
    AWAKE,
    CALF,
    DOUBT,
    HAMSTRING,
    MEANINGS,
    NEXT,
    OPEN,
    STOP,
    TIMING,
    commitment,
    final,
)
from voice_assist.events import Context, Hypothesis, Intent, Word
from voice_assist.samples import samples
from voice_assist.understand.commit import (
    LOOK_BACK,
    LOOK_BACK_A_WORD,
    LOOK_FROM,
    LOOK_MARGIN,
    LOOK_WAIT,
    TALK,
    Commitment,
    Doubts,
)

DOUBTS = Doubts(brief=2, questions=True)


def again(text: str, *rivals: str) -> Hypothesis:
    return Hypothesis(text, final=True, again=True, rivals=tuple((rival, 0.5) for rival in rivals))


@pytest.mark.parametrize(
    ("heard", "freely", "believed"),
    [
        ("my calf", "my calf", True),
        ("my calf", "calf cramp", True),
        ("my calf", "cramp", True),
        ("my calf", "the weather my calf is", True),
        ("my calf", "the weather of the day my calf is", False),
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
    assert decision.look_since == samples(3.0) - LOOK_BACK
    assert one.hear(again(freely), ASLEEP, samples(3.1)).intent == (MEANINGS[heard] if believed else None)
    assert one.tick(samples(9.0)).intent is None, "it is answered once"


@pytest.mark.parametrize(("doubts", "doubted"), [(DOUBTS, True), (Doubts(), False)])
def test_a_place_alone_is_as_brief_as_it_gets_in_however_many_words(doubts: Doubts, *, doubted: bool) -> None:
    one = commitment(doubts)
    decision = one.hear(final("this poor calf"), ASLEEP, samples(3.0))
    assert decision.intent == (None if doubted else ALONE)
    assert (decision.look_since is not None) == doubted
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


LENIENT = Doubts(vague=True, brief=1, questions=True)


@pytest.mark.parametrize(
    ("text", "behind", "believed"),
    [("cramp in the", LOOK_MARGIN - 0.1, OPEN), ("cramp in the", LOOK_MARGIN, None), ("cramp", 0.1, None)],
    ids=["about as likely", "much less likely", "brief"],
)
def test_another_wording_of_the_second_look_bears_out_what_is_not_brief(
    text: str, behind: float, believed: Intent | None
) -> None:
    one = commitment(LENIENT)
    one.hear(final(text), ASLEEP, 0)
    looked = Hypothesis("half", final=True, again=True, rivals=(("my half", behind / 2), ("my calf", behind)))
    assert one.hear(looked, ASLEEP, 1).intent is believed


def test_amid_talk_a_call_that_would_wake_us_is_heard_twice_and_stop_is_not() -> None:
    one = commitment(Doubts(talk=True))
    assert one.hear(final("next"), ASLEEP, 0).intent is NEXT, "out of the quiet"
    one.hear(final("the weather"), ASLEEP, 1)
    assert one.hear(final("next"), ASLEEP, 2).look_since is not None
    assert one.hear(again("text", "next"), ASLEEP, 3).intent is None, "by the likeliest wording alone"
    assert one.hear(final("stop"), ASLEEP, 4).intent is STOP
    assert one.hear(final("next"), AWAKE, 5).intent is NEXT, "awake"


def test_amid_talk_three_words_are_brief() -> None:
    for before, believed in (("", OPEN), ("the weather", None)):
        one = commitment(LENIENT)
        one.hear(final(before), ASLEEP, 0)
        one.hear(final("cramp in the"), ASLEEP, TALK - 1)
        assert one.hear(again("half", "my calf"), ASLEEP, TALK).intent is believed


def test_a_quiet_question_is_borne_out_by_the_likeliest_wording_alone() -> None:
    for wordings, believed in ((("half", "calf"), None), (("calf", "half"), DOUBT)):
        (one := commitment(DOUBTS)).hear(final("calf"), ASLEEP, 0)
        assert one.hear(again(*wordings), ASLEEP, 1).intent is believed


def test_after_talk_or_beside_words_that_are_none_of_ours_a_start_is_doubted_however_long_it_is() -> None:
    for doubts, looked in ((Doubts(talk=True), True), (Doubts(), False)):
        one = commitment(doubts)
        assert one.hear(final("calf cramp"), ASLEEP, 0).intent is CALF, "out of the quiet"
        one.hear(final("the weather"), ASLEEP, samples(1.0))
        late = samples(1.0) + TALK
        assert (one.hear(final("calf cramp"), ASLEEP, late - 1).look_since is not None) == looked
        assert one.hear(final("cramp in the hamstring"), ASLEEP, late).intent is HAMSTRING, "it is quiet again"
        assert (commitment(doubts).hear(final("cramp in the [unk]"), ASLEEP, 0).look_since is not None) == looked


def test_a_second_look_at_many_words_begins_further_back() -> None:
    one = commitment(Doubts(brief=9))
    assert one.hear(final("calf cramp"), ASLEEP, samples(9.0)).look_since == samples(9.0) - LOOK_BACK
    late = Commitment(lambda _, __: CALF, TIMING, Doubts(brief=9))
    told = "oh my calf my calf is cramping again"
    assert late.hear(final(told), ASLEEP, samples(9.0)).look_since == samples(9.0) - 8 * LOOK_BACK_A_WORD
    assert late.hear(again(told), ASLEEP, samples(9.1)).intent is CALF


def test_a_doubted_alarm_is_heard_twice_where_the_model_asks_for_it_or_only_where_others_talk() -> None:
    assert commitment(Doubts(alarms=1)).hear(final("faint"), ASLEEP, 0).look_since == 0
    one = commitment(Doubts(alarms=1, talk=True))
    assert one.hear(final("faint"), ASLEEP, 0).intent is not None
    one.hear(final("the weather"), ASLEEP, 1)
    assert one.hear(final("faint"), ASLEEP, TALK).look_since is not None
    assert one.hear(again("feint", "faint"), ASLEEP, TALK).intent is not None, "by any wording that is about as likely"


def test_a_second_look_begins_a_little_before_the_first_word() -> None:
    heard = Hypothesis("my calf", final=True, words=(Word("my", 20_000, 22_000), Word("calf", 22_000, 30_000)))
    assert commitment(DOUBTS).hear(heard, ASLEEP, 40_000).look_since == 20_000 - LOOK_FROM


def test_what_was_joined_is_looked_at_from_its_first_part() -> None:
    calf = Hypothesis("calf cramp", final=True, words=(Word("calf", 40_000, 42_000), Word("cramp", 42_000, 44_000)))
    late = Commitment(lambda text, _: CALF if text == "my calf cramp" else None, TIMING, Doubts(brief=3))
    late.hear(Hypothesis("my", final=True, words=(Word("my", 20_000, 22_000),)), ASLEEP, 24_000)
    assert late.hear(calf, ASLEEP, 46_000).look_since == 20_000 - LOOK_FROM


def test_without_an_answer_the_first_hearing_counts() -> None:
    (one := commitment(DOUBTS)).hear(final("my calf"), ASLEEP, 0)
    assert one.tick(LOOK_WAIT - 1).intent is None
    assert one.tick(LOOK_WAIT).intent is ALONE
    assert one.hear(again("the weather"), ASLEEP, LOOK_WAIT + 1).intent is None
    assert one.tick(9 * LOOK_WAIT).intent is None
