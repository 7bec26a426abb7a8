"""Our own words are taken out of what is heard, and nobody else's."""

from __future__ import annotations

import pytest

from voice_assist.events import Hypothesis, Word
from voice_assist.hear.echo import MEMORY, OwnVoice
from voice_assist.samples import samples

QUESTION = "Better, same, or worse?"
START, LENGTH = samples(10.0), samples(2.0)


@pytest.fixture
def own() -> OwnVoice:
    voice = OwnVoice()
    voice.said(QUESTION, START, LENGTH)
    return voice


def heard(*words: tuple[str, float]) -> Hypothesis:
    """Words of 0.3 s, each at its time in seconds."""
    timed = tuple(Word(text, samples(at), samples(at + 0.3)) for text, at in words)
    return Hypothesis(" ".join(text for text, _ in words), final=True, words=timed)


ECHO = (("better", 10.1), ("same", 10.8), ("or", 11.2), ("worse", 11.6))


def test_an_echo_is_taken_out_whole(own: OwnVoice) -> None:
    left = own.removed_from(heard(*ECHO), now=START + LENGTH)
    assert (left.text, left.words) == ("", ())


def test_a_misheard_echo_too(own: OwnVoice) -> None:
    assert own.removed_from(heard(("butter", 10.1), ("worst", 11.6)), now=START + LENGTH).text == ""


def test_a_late_echo_is_found_by_its_lag(own: OwnVoice) -> None:
    late = heard(*((text, at + 1.0) for text, at in ECHO))
    assert own.removed_from(late, now=START + LENGTH, lag=samples(1.0)).text == ""
    assert own.removed_from(late, now=START + LENGTH).text != ""


def test_the_persons_word_over_ours_stays(own: OwnVoice) -> None:
    left = own.removed_from(heard(*ECHO[:2], ("stop", 11.0), *ECHO[2:]), now=START + LENGTH)
    assert left.text == "stop"
    assert [word.text for word in left.words] == ["stop"]


def test_the_same_word_said_after_ours_is_the_persons(own: OwnVoice) -> None:
    assert own.removed_from(heard(("worse", 12.5)), now=samples(13.0)).text == "worse"


def test_the_first_word_repeated_while_we_speak_on_is_the_persons(own: OwnVoice) -> None:
    assert own.removed_from(heard(("better", 11.6)), now=samples(12.0)).text == "better"


def test_what_was_never_spoken_cannot_echo(own: OwnVoice) -> None:
    own.cut(samples(10.5))
    assert own.removed_from(heard(("worse", 11.6)), now=samples(12.0)).text == "worse"


def test_a_partial_without_times_loses_what_we_said_lately(own: OwnVoice) -> None:
    partial = Hypothesis("stop same", final=False)
    assert own.removed_from(partial, now=samples(11.0)).text == "stop"
    assert own.removed_from(partial, now=samples(20.0)).text == "stop same"


def test_what_is_typed_is_never_ours(own: OwnVoice) -> None:
    typed = Hypothesis("same", final=True, typed=True)
    assert own.removed_from(typed, now=samples(11.0)) is typed


def test_a_night_of_lines_is_forgotten(own: OwnVoice) -> None:
    for second in range(0, 3600, 5):
        own.said("Ease off. Let it go soft.", samples(second), samples(2.0))
    assert len(own._words) <= 7 * (MEMORY // samples(5.0) + 2)


def test_what_is_said_over_our_voice_may_be_made_of_it(own: OwnVoice) -> None:
    assert own.over(heard(("my", 10.5), ("calf", 11.0)), now=samples(11.5))
    assert not own.over(heard(("my", 8.5), ("calf", 9.0)), now=samples(11.5))


def test_what_was_nearly_said_when_our_voice_began_is_the_persons(own: OwnVoice) -> None:
    said = heard(("cramp", 8.6), ("in", 9.0), ("my", 9.3), ("calf", 9.8))
    assert not own.over(said, now=samples(10.5))


@pytest.mark.parametrize(("barge_in", "rivals"), [(True, ["stop"]), (False, ["stop", "it got worse"])])
def test_another_wording_of_an_order_that_holds_our_word_is_none_of_theirs(
    own: OwnVoice, *, barge_in: bool, rivals: list[str]
) -> None:
    order = Hypothesis("great", final=True, barge_in=barge_in, rivals=(("stop", 0.5), ("it got worse", 1.0)))
    left = own.removed_from(order, now=START + LENGTH)
    assert left.text == "great"
    assert [text for text, _ in left.rivals] == rivals
