"""The same words in different states: what they mean, and what is said."""

from __future__ import annotations

import pytest

from tests.guide.small import Talk
from voice_assist.guide.transitions import State


def coached(place: str = "calf", person: dict[str, bool] | None = None, **slots: str) -> Talk:
    """Return a talk in which a cramp is being coached."""
    talk = Talk(person)
    talk.hears("start", place=place, **slots)
    return talk


def relieved() -> Talk:
    """Return a talk in which a cramp has eased by the second way."""
    talk = coached()
    talk.passes(13.5)
    assert talk.said[-1] == "Foot flat."
    talk.hears("answer", value="better")
    return talk


# Doubts about an emergency


def test_a_doubtful_emergency_is_asked_about_once_and_no_goes_on_where_it_was() -> None:
    talk = coached()
    talk.passes(3)
    assert talk.hears("emergency", kind="heart", doubt="yes") == ["Chest pain?"]
    assert talk.hears("answer", value="no") == ["Toes up."]


@pytest.mark.parametrize("how", ["yes", "silence", "muddle", "again"])
def test_yes_silence_and_two_muddles_are_the_emergency(how: str) -> None:
    talk = coached()
    talk.hears("emergency", kind="heart", doubt="yes")
    if how == "yes":
        talk.hears("answer", value="yes")
    elif how == "silence":
        talk.passes(6)
    elif how == "muddle":
        talk.mumbles()
        talk.mumbles()
    else:
        talk.hears("emergency", kind="heart", doubt="yes")
    assert talk.said[-1] == "Call."
    assert talk.state == State.ALARMED.value


def test_asleep_a_doubt_is_a_television_until_somebody_answers() -> None:
    talk = Talk()
    talk.hears("emergency", kind="heart", doubt="yes")
    assert not talk.dialogue.context.awake
    talk.mumbles()
    talk.mumbles()
    # It goes on talking, and is not waited for.
    for _ in range(30):
        talk.passes(0.5)
        talk.dialogue.voice_heard(talk.now)
    assert talk.said == ["Chest pain?"]
    assert talk.state == State.ASLEEP.value
    talk.hears("emergency", kind="heart", doubt="yes")
    talk.hears("answer", value="yes")
    assert talk.said[-1] == "Call."


def test_a_doubt_without_a_question_of_its_own_is_asked_about_in_general() -> None:
    talk = Talk()
    assert talk.hears("emergency", kind="lung", doubt="yes") == ["Help?"]
    assert talk.hears("answer", value="yes") == ["Call, lung."]


def test_a_doubt_that_is_denied_asleep_ends_in_sleep() -> None:
    talk = Talk()
    talk.hears("emergency", kind="heart", doubt="yes")
    talk.hears("answer", value="no")
    assert talk.state == State.ASLEEP.value


def test_an_emergency_without_a_doubt_is_never_asked_about() -> None:
    assert coached().hears("emergency", kind="heart") == ["Call."]


# After an emergency


def test_an_emergency_is_said_twice_and_then_the_line_is_clear() -> None:
    talk = coached()
    talk.hears("emergency", kind="heart")
    assert talk.passes(60) == ["Call."]
    assert talk.hears("start", place="calf") == []
    assert talk.hears("control", word="help") == []
    assert talk.hears("question", topic="why") == []
    assert talk.hears("control", word="repeat") == ["Call."]
    talk.passes(620)
    assert talk.state == State.ASLEEP.value


def test_yes_is_heard_as_understood_and_nothing_more_is_said() -> None:
    talk = coached()
    talk.hears("emergency", kind="heart")
    talk.hears("answer", value="yes")
    assert talk.passes(300) == []
    assert talk.state == State.ALARMED.value


def test_another_sign_is_answered_and_the_same_one_is_not_said_over() -> None:
    talk = coached()
    talk.hears("emergency", kind="heart")
    assert talk.hears("emergency", kind="heart") == []
    assert talk.hears("emergency", kind="heart", doubt="yes") == []
    assert talk.hears("emergency", kind="lung") == ["Call, lung."]


def test_wake_up_ends_the_quiet_with_the_quiet_question() -> None:
    talk = coached()
    talk.hears("emergency", kind="heart")
    assert talk.hears("control", word="wake") == ["A cramp?"]


# Questions of the person's


def test_in_an_attack_an_answer_is_short_and_the_line_comes_again() -> None:
    talk = coached()
    talk.passes(1)
    talk.said.clear()
    talk.hears("question", topic="why")
    talk.passes(3)
    assert talk.said[:2] == ["Because.", "No rubbing."]


def test_at_peace_more_is_told_to_whoever_wants_it() -> None:
    talk = Talk()
    talk.hears("question", topic="why")
    talk.passes(3)
    assert talk.said == ["Because.", "More?"]
    talk.hears("answer", value="yes")
    assert talk.said[-1] == "And so."
    talk.passes(20)
    assert talk.state == State.ASLEEP.value


@pytest.mark.parametrize("answer", ["no", ""])
def test_no_and_silence_end_an_answer(answer: str) -> None:
    talk = Talk()
    talk.hears("control", word="why")
    talk.passes(3)
    if answer:
        talk.hears("answer", value=answer)
    talk.passes(20)
    assert talk.said == ["Because.", "More?"]
    assert talk.state == State.ASLEEP.value


def test_another_question_takes_the_place_of_the_first() -> None:
    talk = relieved()
    talk.hears("question", topic="why")
    talk.passes(3)
    talk.hears("question", topic="why")
    talk.passes(3)
    talk.hears("answer", value="no")
    assert talk.said[-5:] == ["Because.", "More?", "Because.", "More?", "Good."]


def test_where_a_line_is_from() -> None:
    talk = coached()
    talk.passes(2.5)
    assert talk.said[-1] == "Toes up."
    assert talk.hears("control", word="source") == ["From a book."]
    assert Talk().hears("control", word="source") == ["From nobody."]


# Activities


def test_an_activity_has_its_own_course_and_no_clock_of_a_cramp() -> None:
    talk = Talk()
    talk.hears("question", topic="bedtime")
    talk.passes(30)
    assert talk.said[0] == "Stretch."
    assert talk.said[-1] == "Done."
    assert talk.state == State.ASLEEP.value


def test_in_an_attack_an_activity_is_for_later() -> None:
    assert coached().hears("question", topic="bedtime") == ["Later."]


def test_relief_means_nothing_to_an_activity() -> None:
    talk = Talk()
    talk.hears("question", topic="bedtime")
    assert talk.hears("answer", value="better") == []
    assert talk.hears("control", word="other_side") == ["Stretch."]


# Places


def test_of_several_places_the_one_that_may_be_coached_least_comes_first() -> None:
    assert "Rest your head." in _said_by(coached("calf", places="calf neck shin"))
    assert "Toes up." in _said_by(coached("calf", places="calf unknown"))


def test_a_place_that_nobody_coaches_outweighs_all() -> None:
    assert coached("calf", places="calf ear").said == ["Not that."]


def test_what_it_only_may_be_counts_where_that_is_never_coached() -> None:
    assert coached("unknown", maybe="calf ear").said == ["Not that."]
    assert coached("unknown", maybe="calf neck").said == coached("unknown").said


def _said_by(talk: Talk) -> list[str]:
    talk.passes(10)
    return talk.said


def test_what_the_naming_tells_decides_the_steps() -> None:
    talk = coached(where="wheel")
    talk.passes(2)
    assert talk.said[-1] == "Have you stopped?"
    talk.hears("answer", value="no")
    assert talk.said[-1] == "Stop first."
    talk.passes(3)
    assert talk.said[-1] == "Have you stopped?"
    talk.hears("answer", value="yes")
    assert talk.said[-1] == "No rubbing."


def test_what_is_known_of_the_person_and_what_an_answer_tells_decide_the_steps() -> None:
    talk = coached(person={"old": True})
    talk.passes(2)
    assert talk.said[-1] == "Swollen?"
    talk.hears("answer", value="no")
    assert talk.said[-1] == "Toes up."


def test_another_way_leads_to_the_gentler_one() -> None:
    assert coached().hears("control", word="another_way") == ["Let it rest."]


# A cramp that comes back


def test_a_cramp_that_is_back_begins_with_what_helped() -> None:
    talk = relieved()
    talk.passes(120)
    assert talk.state == State.ASLEEP.value
    talk.hears("start", place="unknown")
    talk.passes(4)
    assert talk.said[-2:] == ["Back again.", "Foot flat."]


def test_it_may_be_back_while_the_aftercare_still_runs() -> None:
    talk = relieved()
    assert talk.hears("start", place="calf") == ["Back again."]


def test_another_place_or_another_hour_is_a_new_cramp() -> None:
    talk = relieved()
    assert talk.hears("start", place="shin") != ["Back again."]
    talk = relieved()
    talk.passes(700)
    assert talk.hears("start", place="calf") == ["Here."]


def test_the_clock_of_the_attack_stops_with_relief() -> None:
    talk = coached()
    talk.passes(590)
    talk.hears("answer", value="better")
    assert "Too long." not in talk.passes(60)
    assert "Too long." in coached().passes(700)


def test_after_an_alarm_nothing_more_is_to_come_once_it_was_repeated() -> None:
    talk = coached()
    assert not talk.dialogue.at_rest
    talk.hears("emergency", kind="heart")
    assert not talk.dialogue.at_rest
    talk.passes(12)
    assert talk.dialogue.at_rest
    talk.hears("control", word="repeat")
    assert not talk.dialogue.at_rest


# The quiet question


def test_until_somebody_says_yes_it_may_be_a_television_that_was_asked() -> None:
    talk = Talk()
    talk.hears("start", place="calf", doubt="yes")
    assert talk.said == ["A cramp?"]
    assert not talk.dialogue.context.awake
    assert talk.dialogue.context.expected == {"yes", "no"}
    talk.hears("answer", value="yes")
    assert talk.dialogue.context.awake


def test_who_called_is_awake() -> None:
    talk = Talk()
    talk.hears("control", word="wake")
    assert talk.dialogue.context.awake


def test_the_same_bare_word_twice_is_no_accident_and_another_is() -> None:
    talk = Talk()
    talk.hears("start", place="calf", doubt="yes")
    assert talk.hears("start", place="shin", doubt="yes") == []
    assert talk.hears("start", place="calf", doubt="yes") == ["Here."]


def test_what_is_told_later_of_the_same_cramp_counts_from_then_on() -> None:
    talk = coached()
    assert talk.hears("start", place="calf") == []
    assert talk.hears("start", place="calf", after="after_effort") == []
    assert talk.dialogue.state is State.GUIDING
    talk.passes(20)
    assert talk.hears("start", place="calf", where="wheel") == ["Have you stopped?"]
