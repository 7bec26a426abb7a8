"""A hypothesis is acted on as early as is safe, and once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.understand.utterances import (
    ALONE,
    ASLEEP,
    AWAKE,
    CALF,
    DOUBT,
    END,
    FAINT,
    HAMSTRING,
    HELP,
    MEANINGS,
    NEXT,
    OPEN,
    PAUSE,
    SETTLED,
    STABLE,
    STOP,
    TIMING,
    WAIT,
    commitment,
    final,
    partial,
)
from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples
from voice_assist.understand.commit import HUSH_BEHIND, JOIN, PLAIN, TALKED_OVER, Commitment, steers
from voice_assist.understand.second_look import Doubts


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
    assert one.tick(STABLE + 1, SETTLED).intent is ALONE


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
        (unsure("my calf", ("calf cramp", 0.1)), ALONE),
        (Hypothesis("half cramp", final=True, echo=True, rivals=(("calf cramp", 0.1),)), None),
    ],
    ids=["nearly as likely", "less likely", "the first means something", "in our own voice"],
)
def test_another_wording_counts_where_the_likeliest_means_nothing(heard: Hypothesis, meant: Intent | None) -> None:
    assert commitment(Doubts(rivals=1.0)).hear(heard, AWAKE, 0).intent is meant
    assert commitment().hear(unsure("half cramp", ("calf cramp", 0.1)), AWAKE, 0).intent is None


@pytest.mark.parametrize(
    ("text", "rivals", "meant"),
    [
        ("great", [("the weather", 0.1), ("stop", HUSH_BEHIND)], STOP),
        ("", [("stop", 0.5)], STOP),
        ("great", [("wait", 0.5)], WAIT),
        ("great", [("stop", HUSH_BEHIND + 0.1)], None),
        ("great", [("next", 0.1)], None),
        ("next", [("stop", 0.1)], NEXT),
    ],
    ids=["stop", "or nothing at all", "wait", "less likely", "another order", "the likeliest is an order"],
)
def test_over_our_voice_stop_counts_in_another_wording_and_no_other_order_does(
    text: str, rivals: list[tuple[str, float]], meant: Intent | None
) -> None:
    heard = Hypothesis(text, final=True, barge_in=True, rivals=tuple(rivals))
    assert commitment().hear(heard, AWAKE, 0).intent is meant


@pytest.mark.parametrize(("score", "obeyed"), [(PLAIN, True), (PLAIN - 0.01, False)])
@pytest.mark.parametrize("text", ["i came have enough", ""], ids=["the likeliest", "another wording"])
def test_over_our_voice_stop_amid_other_words_is_none(text: str, score: float, *, obeyed: bool) -> None:
    stop = replace(STOP, score=score)
    one = Commitment(lambda words, _: stop if words == "i came have enough" else None, TIMING)
    heard = Hypothesis(text, final=True, barge_in=True, rivals=(("i came have enough", 0.1),))
    assert (one.hear(heard, AWAKE, 0).intent is stop) == obeyed


def test_asleep_a_danger_in_another_wording_is_only_asked_about() -> None:
    fit = Intent("emergency", "emergency", {"kind": "fit"})
    for context, doubted in ((ASLEEP, True), (AWAKE, False)):
        one = Commitment(lambda text, _: fit if text == "a fit" else None, TIMING, Doubts(rivals=1.0))
        found = one.hear(unsure("he's hot", ("a fit", 0.5)), context, 0).intent
        assert found is not None
        assert found.slots == ({"kind": "fit", "doubt": "yes"} if doubted else {"kind": "fit"})


def test_another_wording_is_looked_at_again_like_any() -> None:
    one = commitment(Doubts(rivals=1.0, brief=2))
    heard = unsure("half cramp", ("calf cramp", 0.5))
    assert one.hear(heard, ASLEEP, samples(9.0)).look is not None


@pytest.mark.parametrize(
    ("kind", "slots", "steering"),
    [
        ("control", {"word": "next"}, True),
        ("answer", {"value": "worse"}, True),
        ("control", {"word": "stop"}, False),
        ("control", {"word": "sleep"}, False),
        ("emergency", {"kind": "heart"}, False),
        ("start", {"place": "calf"}, False),
    ],
)
def test_what_ends_begins_or_raises_the_alarm_does_not_only_steer(
    kind: str, slots: dict[str, str], *, steering: bool
) -> None:
    assert steers(Intent("any", kind, slots)) is steering
