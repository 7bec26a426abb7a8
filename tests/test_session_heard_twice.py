"""What a session hears a second time before it believes it."""

from __future__ import annotations

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.events import Heard, Hypothesis, Understood
from voice_assist.guide.night import FALSE_QUESTIONS
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import samples
from voice_assist.session import Session
from voice_assist.testing import Quiet, Tones, play, said
from voice_assist.understand.second_look import FALSE_ALARMS, LOOK_BACK, Doubts, Look


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


class _SecondHearing(JournalRecognizer):
    """Hears a script; asked to hear it again, it hears one thing only, and notes from where on it was asked."""

    def __init__(self, script: list[Heard], again: str) -> None:
        super().__init__(script)
        self._again = again
        self.asked: list[Look] = []

    def look_again(self, since: int, *, expected: bool = False) -> list[Hypothesis]:
        self.asked.append(Look(since, expected))
        return [Hypothesis(self._again, final=True, again=True)]


@pytest.mark.parametrize(("again", "begun"), [("my calf", True), ("of our city", False)])
def test_asleep_a_cry_in_few_words_is_believed_when_it_is_heard_twice(pack: Pack, again: str, *, begun: bool) -> None:
    ears = _SecondHearing([said("my calf", 3.0)], again)
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(brief=3))
    actions, _ = play(session, 4.0)
    heard = [action.hypothesis for action in actions if isinstance(action, Heard)]
    assert [(one.text, one.again) for one in heard] == [("my calf", False), (again, True)]
    assert ears.asked == [Look(samples(3.0) - LOOK_BACK)]
    assert (session.state != "asleep") == begun


@pytest.mark.parametrize(("kept", "said_now"), [(0, FALSE_ALARMS - 1), (0, FALSE_ALARMS), (FALSE_ALARMS, 0), (1, 1)])
def test_that_was_nothing_has_longer_starts_heard_twice_on_other_days_and_from_now_on(
    pack: Pack, kept: int, said_now: int
) -> None:
    times = [15.0 * number for number in range(1, said_now + 2)]
    script = [said("cramp in my calf", at) for at in times]
    script += [said("that was nothing", at + 8.0) for at in times[:-1]]
    ears = _SecondHearing(sorted(script, key=lambda heard: heard.at), "of our city")
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(brief=3))
    session.taught(kept)
    play(session, times[-1] + 2.0)
    taught = kept + said_now >= FALSE_ALARMS
    assert (len(ears.asked), session.state != "asleep") == (int(taught), not taught)


@pytest.mark.parametrize(("again", "begun"), [("cramp in my hamstring", "hamstring"), ("the weather", "unknown")])
def test_a_place_that_wavered_is_what_it_is_the_second_time(pack: Pack, again: str, begun: str) -> None:
    first = Heard(samples(2.9), Hypothesis("cramp in my thigh", final=False))
    script = [first, said("cramp in my palm", 3.0)]
    ears = _SecondHearing(script, again)
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(wavers=1))
    actions, _ = play(session, 4.0)
    assert {look.expected for look in ears.asked} == {True}
    assert [action.intent.slots["place"] for action in actions if isinstance(action, Understood)] == [begun]


@pytest.mark.parametrize("morning", [False, True])
def test_after_two_questions_that_nobody_answered_longer_starts_are_heard_twice_until_morning(
    pack: Pack, *, morning: bool
) -> None:
    ears = _SecondHearing([said("cramp in my calf", 3.0)], "of our city")
    session = Session(pack, ears, Tones(), Quiet(), doubts=Doubts(brief=3))
    session.night(on=True, unanswered=FALSE_QUESTIONS)
    if morning:
        session.night(on=False)
    play(session, 5.0)
    assert (len(ears.asked), session.state != "asleep") == ((0, True) if morning else (1, False))
