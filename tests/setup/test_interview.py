"""The whole set-up, typed: what is asked, what is kept of it, and how it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.setup.conftest import ZONE, Hold
from voice_assist import config

NUMBER = ["germany", "yes"]
ROWS = 18
"""Questions from "Is this for a child?" to the telephone, where each is answered with "no", or with nothing."""


def test_from_the_first_question_to_the_last(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "yes", "yes", *["no"] * 14, "daughter", "no"])
    assert held.left == []
    assert held.taken.ended
    assert held.says[2:6] == ["Which country are you in?", "For Germany: one one two.",
                              "Is that your emergency number?", "Is this for a child?"]  # fmt: skip
    assert "After that, you call your daughter." in held.says
    settings = config.load(file)
    assert (settings.emergency_number, settings.country, settings.time_zone) == ("112", "DE", ZONE)
    assert settings.call_name == "your daughter"
    assert {name for name, holds in settings.person.items() if holds} == {"over_65", "blood_thinners"}
    # Nothing that a person can know was left out but what follows, and what an older person is not asked.
    assert settings.person.keys() >= {"sickle_cell", "hernia", "statin", "phone_near", "stands_safely"}


def test_every_question_may_be_skipped(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, *[""] * (ROWS + 2)])
    assert held.taken.ended
    assert config.load(file).person == {}
    assert not held.taken.practise


@pytest.mark.parametrize("said", ["skip", "I don't know", "not sure", "no idea", "maybe", "I'd rather not say"])
def test_who_does_not_know_or_does_not_say_skips(hold: Hold, file: Path, said: str) -> None:
    held = hold([*NUMBER, "no", said])
    assert (held.told, held.says[-2], held.says[-1][:16]) == ([], "Are you sixty-five or older?", "Are you pregnant")
    assert config.load(file).person == {"child": False}


def test_a_line_that_means_nothing_is_told_and_the_question_stays_open(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "thomas", "yes"])
    assert held.told == ["Not understood; Enter alone skips it. Are you sixty-five or older?"]
    assert config.load(file).person == {"child": False, "over_65": True}


def test_what_is_interrupted_goes_on_where_it_was(hold: Hold, file: Path) -> None:
    first = hold([*NUMBER, "no", "yes"])
    assert not first.taken.ended
    second = hold(["yes", *["no"] * 14, "nobody", "no"])
    assert second.taken.ended
    assert second.left == []
    assert "Which country are you in?" not in second.says
    assert "Are you sixty-five or older?" not in second.says
    assert config.load(file).person["over_65"]
    assert config.load(file).person["blood_thinners"]


def test_who_stops_ends_it_and_keeps_what_was_told(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "yes", "stop", "yes"])
    assert held.left == ["yes"]
    assert not held.taken.ended
    assert config.load(file).person == {"child": False, "over_65": True}


def test_going_back_asks_again_and_the_last_answer_counts(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "yes", "go back", "no", "no"])
    assert held.says.count("Are you sixty-five or older?") == 2
    assert config.load(file).person["over_65"] is False
    assert "Are you pregnant?" in held.says


def test_starting_over_asks_everything_again(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "yes", "start over", "left"])
    assert held.taken.again
    assert held.left == ["left"]
    anew = hold(["france", "yes", "no", "no"], fresh=True)
    assert "Is this for a child?" in anew.says
    assert (config.load(file).country, config.load(file).person["over_65"]) == ("FR", False)


def test_everything_is_erased_only_after_a_yes(hold: Hold, file: Path) -> None:
    hold([*NUMBER, "no", "yes"])
    kept = hold(["delete everything", "no"])
    assert "Erase all I know about you?" in kept.says
    assert config.load(file).emergency_number == "112"
    erased = hold(["delete everything", "yes"])
    assert erased.taken.forgotten
    assert "All I knew about you is erased." in erased.says
    assert not file.exists()


def test_what_is_known_is_told_in_the_midst_of_it(hold: Hold) -> None:
    held = hold([*NUMBER, "no", "yes", "what do you know about me"])
    after = held.says[held.says.index("Do you take blood thinners?") :]
    assert "Your emergency number is one one two." in after
    assert "You are sixty-five or older." in after
    assert "I know no more about you." in after


def test_a_number_is_never_kept_before_it_is_confirmed(hold: Hold, file: Path) -> None:
    held = hold(["britain", "no", "nine nine nine"])
    assert "For Britain: nine nine nine." in held.says
    assert "That is nine nine nine." in held.says
    assert not file.exists()
    assert held.taken.number == ""


def test_without_a_number_set_up_does_not_finish(hold: Hold, file: Path) -> None:
    held = hold([""] * 90)
    assert not held.taken.ended
    assert held.taken.number == ""
    assert held.says[-2:] == ["I need your emergency number before the first night.", "Set me up again by day."]
    assert not file.exists()


@pytest.mark.parametrize("typed", ["triple nine", "999", "nine nine nine"])
def test_another_number_is_said_whole(hold: Hold, file: Path, typed: str) -> None:
    hold(["somewhere else", typed, "yes"])
    assert config.load(file).emergency_number == "999"
    assert config.load(file).country == ""


def test_or_digit_by_digit_and_a_wrong_digit_is_taken_back(hold: Hold, file: Path) -> None:
    held = hold(["another country", "", "one", "nine", "go back", "zero", "six", "done", "yes"])
    assert "That is one zero six." in held.says
    assert config.load(file).emergency_number == "106"


def test_where_the_sources_disagree_no_number_is_offered(hold: Hold) -> None:
    for country in ("india", "kenya"):
        held = hold([country])
        assert "Say your emergency number, digit by digit." in held.says
        assert not [line for line in held.says if line.startswith("For ")]


def test_in_britain_the_advice_line_is_offered_and_never_as_the_emergency_number(hold: Hold, file: Path) -> None:
    held = hold(["england", "yes", "yes"])
    assert "For advice, no emergency: one one one." in held.says
    assert (config.load(file).emergency_number, config.load(file).advice_line) == ("999", "111")


@pytest.mark.parametrize(
    ("typed", "name"), [("my wife", "your wife"), ("Anna Maria", "Anna Maria"), ("nobody", ""), ("O'Neill", "O'Neill")]
)
def test_who_is_called(hold: Hold, file: Path, typed: str, name: str) -> None:
    hold([*NUMBER, *[""] * ROWS, typed])
    assert config.load(file).call_name == name


def test_a_name_that_cannot_be_said_is_asked_for_again(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, *[""] * ROWS, "<b>007</b>", "Ben"])
    assert held.told == ["That name is '<b>007</b>'; it must be a name of letters, 40 at most: it is said aloud."]
    assert config.load(file).call_name == "Ben"


def test_details_are_asked_only_where_the_row_was_a_yes(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "yes", "no", "no", "no", "yes", "yes", "no", "no"])
    assert held.says.count("Have you ever had a blood clot?") == 1
    assert "Do you have brittle bones?" not in held.says
    person = config.load(file).person
    assert (person["past_clot"], person["cancer"], person["recent_surgery"]) == (True, False, False)


def test_who_lives_alone_or_reaches_no_telephone_gets_the_tip(hold: Hold) -> None:
    held = hold([*NUMBER, *["no"] * (ROWS - 2), "yes", "no"])
    assert "Give somebody the code for your door." in held.says
    assert "Keep a phone within reach of your bed." in held.says


@pytest.mark.parametrize("line", ["my calf is cramping", "I have chest pain"])
def test_a_cramp_or_an_emergency_comes_first(hold: Hold, line: str) -> None:
    held = hold([*NUMBER, "no", line, "never"])
    assert held.left == ["never"]
    assert not held.taken.ended


def test_told_in_own_words_it_is_an_answer_and_no_alarm(hold: Hold, file: Path) -> None:
    held = hold([*NUMBER, "no", "no", "I'm pregnant", "yes", "I take warfarin", "I have diabetes"])
    assert not [line for line in held.says if "hidden bleeding" in line]
    person = config.load(file).person
    assert (person["pregnant"], person["pregnant_late"], person["blood_thinners"]) == (True, True, True)
