"""A hypothesis is acted on as early as is safe, and once."""

from __future__ import annotations

import pytest

from voice_assist.events import Context, Hypothesis, Intent, Word
from voice_assist.samples import samples
from voice_assist.understand.commit import (
    JOIN,
    LOOK_BACK,
    LOOK_BACK_A_WORD,
    LOOK_FROM,
    LOOK_MARGIN,
    LOOK_WAIT,
    TALK,
    TALKED_OVER,
    Commitment,
    Doubts,
    Timing,
)

TIMING = Timing(stable=1920, pause=9600, settled=3200, quick_end=2240, end=4800, late_end=9000)
STABLE, PAUSE, SETTLED, END = TIMING.stable, TIMING.pause, TIMING.settled, TIMING.end

CALF = Intent("cramp", "start", {"place": "calf"})
HAMSTRING = Intent("cramp", "start", {"place": "hamstring"})
OPEN = Intent("cramp", "start", {"place": "unknown"}, complete=False, vague=True)
DOUBT = Intent("cramp", "start", {"place": "calf", "doubt": "yes"}, complete=False)
CRY = Intent("cramp", "start", {"place": "calf"}, complete=False)
FAINT = Intent("emergency", "emergency", {"kind": "heart", "doubt": "yes"})
STOP = Intent("control", "control", {"word": "stop"})
WAIT = Intent("control", "control", {"word": "pause"})
HELP = Intent("control", "control", {"word": "help"}, complete=False)
NEXT = Intent("control", "control", {"word": "next"})

MEANINGS = {
    "calf cramp": CALF,
    "cramp in the hamstring": HAMSTRING,
    "cramp": OPEN,
    "cramp in the": OPEN,
    "cramp in the [unk]": OPEN,
    "calf": DOUBT,
    "my calf": CRY,
    "faint": FAINT,
    "stop": STOP,
    "wait": WAIT,
    "help": HELP,
    "next": NEXT,
    "my calf cramp": CALF,
}
AWAKE, ASLEEP = Context(awake=True), Context()


def commitment(doubts: Doubts | None = None) -> Commitment:
    return Commitment(lambda text, _: MEANINGS.get(text), TIMING, doubts or Doubts())


def partial(text: str) -> Hypothesis:
    return Hypothesis(text, final=False)


def final(text: str) -> Hypothesis:
    return Hypothesis(text, final=True)


def test_a_complete_partial_is_acted_on_when_it_has_stood() -> None:
    one = commitment()
    assert one.hear(partial("calf cramp"), AWAKE, 1000).intent is None
    assert one.tick(1000 + STABLE - 1).intent is None
    assert one.tick(1000 + STABLE).intent is CALF
    assert one.tick(1000 + 10 * STABLE).intent is None


def test_a_partial_that_is_taken_back_is_not_acted_on() -> None:
    one = commitment()
    one.hear(partial("calf cramp"), AWAKE, 0)
    one.hear(partial("half a crown"), AWAKE, STABLE // 2)
    assert one.tick(10 * STABLE).intent is None


def test_a_changed_partial_stands_anew() -> None:
    one = commitment()
    one.hear(partial("calf cramp"), AWAKE, 0)
    one.hear(partial("cramp in the hamstring"), AWAKE, STABLE - 1)
    assert one.tick(STABLE).intent is None
    assert one.tick(2 * STABLE).intent is HAMSTRING


def test_stop_and_its_kin_are_obeyed_at_once() -> None:
    assert commitment().hear(partial("stop"), AWAKE, 0).intent is STOP
    assert commitment().hear(partial("wait"), AWAKE, 0).intent is WAIT
    assert commitment().hear(partial("next"), AWAKE, 0).intent is None


def test_what_may_go_on_waits_for_a_pause() -> None:
    one = commitment()
    one.hear(partial("cramp"), AWAKE, 0)
    assert one.tick(PAUSE - 1, PAUSE - 1).intent is None
    assert one.tick(PAUSE, PAUSE).intent is OPEN


def test_a_start_without_a_place_is_not_answered_while_somebody_still_tells_the_place() -> None:
    one = commitment()
    one.hear(partial("cramp"), AWAKE, 0)
    assert one.tick(2 * PAUSE, 0).intent is None
    one.hear(partial("cramp in the"), AWAKE, TALKED_OVER - 1)
    assert one.tick(TALKED_OVER, 0).intent is None
    # Noise like a voice may never end; then it is answered all the same.
    assert one.tick(2 * TALKED_OVER - 1, 0).intent is OPEN


def test_every_new_word_gives_more_time_to_name_the_place() -> None:
    one = commitment()
    one.hear(partial("cramp"), AWAKE, 0)
    one.hear(partial("cramp in the"), AWAKE, PAUSE - 1)
    assert one.tick(PAUSE, END).intent is None
    assert one.hear(partial("cramp in the [unk]"), AWAKE, PAUSE + 1).intent is None
    assert one.tick(2 * PAUSE - 1, END).intent is OPEN, "what is no word gives none"


def test_a_start_without_a_place_is_not_answered_in_the_first_moment_of_quiet() -> None:
    one = commitment()
    one.hear(partial("cramp in the"), AWAKE, 0)
    assert one.tick(PAUSE, END - 1).intent is None, "the last word may still be on its way"
    assert one.tick(PAUSE + 1, END).intent is OPEN


def test_what_may_go_on_is_acted_on_sooner_where_it_is_quiet() -> None:
    one = commitment()
    one.hear(partial("my calf"), AWAKE, 0)
    assert one.tick(STABLE, SETTLED - 1).intent is None
    assert one.tick(STABLE + 1, SETTLED).intent is CRY


def test_a_start_that_names_no_place_may_be_doubted_however_long_it_is() -> None:
    doubts = Doubts(vague=True)
    assert doubts.cover(OPEN, 9)
    assert not doubts.cover(CALF, 9)
    assert not Doubts().cover(OPEN, 9)


def test_quiet_does_not_hurry_what_is_not_named_or_has_not_stood() -> None:
    one = commitment()
    one.hear(partial("cramp"), AWAKE, 0)
    assert one.tick(PAUSE - 1, PAUSE).intent is None
    other = commitment()
    other.hear(partial("my calf"), AWAKE, 0)
    assert other.tick(STABLE - 1, PAUSE).intent is None


def test_a_word_that_may_begin_a_sentence_is_not_answered_while_somebody_speaks() -> None:
    one = commitment()
    one.hear(partial("help"), AWAKE, 0)
    assert one.tick(10 * PAUSE, 0).intent is None
    assert one.tick(10 * PAUSE + 320, 320).intent is HELP


def test_a_doubt_waits_for_the_end() -> None:
    one = commitment()
    one.hear(partial("calf"), AWAKE, 0)
    assert one.tick(10 * PAUSE).intent is None
    assert one.hear(final("calf"), AWAKE, 11 * PAUSE).intent is DOUBT


def test_a_doubted_emergency_waits_no_longer_than_a_sure_one() -> None:
    one = commitment()
    one.hear(partial("faint"), AWAKE, 0)
    assert one.tick(STABLE - 1).intent is None
    assert one.tick(STABLE).intent is FAINT


def test_the_final_repeats_nothing() -> None:
    one = commitment()
    one.hear(partial("calf cramp"), AWAKE, 0)
    one.tick(STABLE)
    decision = one.hear(final("calf cramp"), AWAKE, samples(1.0))
    assert (decision.intent, decision.unclear) == (None, False)


def test_but_the_final_may_mean_something_else() -> None:
    one = commitment()
    one.hear(partial("cramp"), AWAKE, 0)
    one.tick(PAUSE)
    assert one.hear(final("cramp in the hamstring"), AWAKE, samples(1.0)).intent is HAMSTRING


def test_the_same_word_in_the_next_utterance_counts_again() -> None:
    one = commitment()
    assert one.hear(final("next"), AWAKE, 0).intent is NEXT
    assert one.hear(final("next"), AWAKE, samples(1.0)).intent is NEXT


def test_words_that_mean_nothing_are_unclear_at_the_end_only() -> None:
    one = commitment()
    assert not one.hear(partial("the weather"), AWAKE, 0).unclear
    assert one.hear(final("the weather"), AWAKE, 100).unclear
    assert not one.hear(final("[unk] [unk]"), AWAKE, 200).unclear
    assert not one.hear(final(""), AWAKE, 300).unclear


def test_an_utterance_in_two_breaths_is_joined_within_a_time() -> None:
    one = commitment()
    one.hear(final("my"), AWAKE, 0)
    assert one.hear(final("calf cramp"), AWAKE, JOIN).intent is CALF

    late = Commitment(lambda text, _: CALF if text == "my calf cramp" else None)
    late.hear(final("my"), AWAKE, 0)
    assert late.hear(final("calf cramp"), AWAKE, JOIN + 1).intent is None


def test_what_is_typed_is_matched_as_spelled() -> None:
    seen: list[Context] = []

    def match(text: str, context: Context) -> Intent | None:
        seen.append(context)
        return MEANINGS.get(text)

    Commitment(match).hear(Hypothesis("stop", final=True, typed=True), AWAKE, 0)
    assert [context.spelled for context in seen] == [True]


@pytest.mark.parametrize(
    ("heard", "quiet"),
    [
        ("my calf", TIMING.quick_end),
        ("cramp", TIMING.end),
        ("calf", TIMING.end),
        ("", TIMING.end),
        ("the weather", TIMING.late_end),
        ("help", TIMING.quick_end),
    ],
    ids=["all of it named", "the place not named", "doubted", "nothing heard", "not understood", "an order"],
)
def test_how_much_quiet_ends_an_utterance_depends_on_what_may_still_follow(heard: str, quiet: int) -> None:
    one = commitment()
    one.hear(partial(heard), AWAKE, 0)
    assert one.ends_after(heard=bool(heard)) == quiet


def test_a_call_for_help_at_night_is_let_go_on() -> None:
    one = commitment()
    one.hear(partial("help"), ASLEEP, 0)
    assert one.ends_after(heard=True) == TIMING.late_end


# Other wordings


def unsure(text: str, *rivals: tuple[str, float]) -> Hypothesis:
    return Hypothesis(text, final=True, rivals=rivals)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        (unsure("half cramp", ("scarf cramp", 0.1), ("calf cramp", 0.9)), CALF),
        (unsure("half cramp", ("calf cramp", 1.1)), None),
        (unsure("my calf", ("calf cramp", 0.1)), CRY),
        (Hypothesis("half cramp", final=True, echo=True, rivals=(("calf cramp", 0.1),)), None),
    ],
    ids=["nearly as likely", "less likely", "the first means something", "in our own voice"],
)
def test_another_wording_counts_where_the_likeliest_means_nothing(heard: Hypothesis, meant: Intent | None) -> None:
    assert commitment(Doubts(rivals=1.0)).hear(heard, AWAKE, 0).intent is meant
    assert commitment().hear(unsure("half cramp", ("calf cramp", 0.1)), AWAKE, 0).intent is None


def test_another_wording_is_looked_at_again_like_any() -> None:
    one = commitment(Doubts(rivals=1.0, brief=2))
    heard = unsure("half cramp", ("calf cramp", 0.5))
    assert one.hear(heard, ASLEEP, samples(9.0)).look_since is not None


# A second look

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
    one = commitment(DOUBTS)
    one.hear(final("my calf"), ASLEEP, 0)
    assert one.tick(LOOK_WAIT - 1).intent is None
    assert one.tick(LOOK_WAIT).intent is CRY
    assert one.hear(again("the weather"), ASLEEP, LOOK_WAIT + 1).intent is None
    assert one.tick(9 * LOOK_WAIT).intent is None
