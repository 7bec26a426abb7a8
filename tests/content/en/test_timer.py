"""timer.yaml and concepts/timer.yaml: how a timer is asked for, told, counted, and broken off."""

from __future__ import annotations

import pytest

from tests.evening import Evening, length
from voice_assist import content
from voice_assist.config import HOLDS, content_folder
from voice_assist.content import Pack
from voice_assist.events import Context, Intent
from voice_assist.samples import seconds
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher

WORKOUT = dict.fromkeys(HOLDS["workout"], True)
FORMS = {30: "thirty seconds", 60: "one minute", 90: "a minute and a half", 120: "two minutes", 600: "ten minutes"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def asked(evening: Evening, matcher: Matcher, text: str) -> Evening:
    intent = matcher.match(text, evening.dialogue.context)
    assert intent is not None, text
    return evening.hears(intent.kind, **intent.slots)


def test_every_length_that_can_be_asked_for_is_told_and_no_other(pack: Pack, lexicon: Lexicon) -> None:
    assert {int(value) for value in lexicon.values("seconds")} == set(pack.guide.spans)
    assert set(pack.guide.spans.values()) <= set(pack.lines())
    assert len(set(pack.guide.spans.values())) == len(pack.guide.spans)


def test_a_length_means_its_seconds(lexicon: Lexicon) -> None:
    numbers = {"five": 5, "ten": 10, "fifteen": 15, "thirty": 30, "forty five": 45, "fifty": 50, "sixty": 60}
    units = {"seconds": 1, "minutes": 60}
    forms = {" ".join(form.words): int(form.value) for form in lexicon.forms_by_concept["duration"]}
    for number, value in numbers.items():
        for unit, times in units.items():
            assert forms[f"{number} {unit}"] == value * times
    assert {forms[said] for said in FORMS.values()} == set(FORMS)


@pytest.mark.parametrize("number", FORMS)
def test_what_was_understood_is_told_and_then_runs_to_the_sample(pack: Pack, matcher: Matcher, number: int) -> None:
    evening = asked(Evening(pack, person=WORKOUT), matcher, f"timer {FORMS[number]}").passes(number + 10.0)
    told = pack.guide.spans[number]
    begins = seconds(length(told))
    wanted = [
        (0.0, told),
        (begins + number // 2, "Halfway."),
        (begins + number - 3, "Three."),
        (begins + number - 2, "Two."),
        (begins + number - 1, "One."),
        (begins + number, "Time is up."),
    ]
    assert [(round(at, 3), line) for at, line in evening.spoken] == [(round(at, 3), line) for at, line in wanted]
    assert evening.state == "asleep"


def test_a_short_timer_has_no_half(pack: Pack, matcher: Matcher) -> None:
    evening = asked(Evening(pack, person=WORKOUT), matcher, "timer ten seconds").passes(20.0)
    assert evening.texts == ["Ten seconds.", "Three.", "Two.", "One.", "Time is up."]


def test_a_rest_timer_without_a_length_is_a_minute(pack: Pack, matcher: Matcher) -> None:
    assert asked(Evening(pack, person=WORKOUT), matcher, "rest timer").texts[0] == "One minute."


def test_stop_ends_it_and_again_begins_it_anew(pack: Pack, matcher: Matcher) -> None:
    evening = asked(Evening(pack, person=WORKOUT), matcher, "timer thirty seconds").passes(10.0)
    evening.hears("control", "repeat").passes(10.0)
    assert evening.texts == ["Thirty seconds.", "Thirty seconds."]
    evening.hears("control", "stop").passes(60.0)
    assert (evening.state, len(evening.texts)) == ("asleep", 2)


def test_a_cramp_comes_before_it(pack: Pack, matcher: Matcher) -> None:
    evening = asked(Evening(pack, person={**WORKOUT, "over_65": False}), matcher, "timer thirty seconds").passes(10.0)
    asked(evening, matcher, "my calf is cramping").passes(60.0)
    assert evening.texts[:2] == ["Thirty seconds.", "Calf. Heel down, toes up."]
    assert "Time is up." not in evening.texts


def test_in_an_attack_there_is_no_timer(pack: Pack, matcher: Matcher) -> None:
    evening = Evening(pack, person=WORKOUT).hears("start", place="calf").passes(3.0)
    asked(evening, matcher, "timer thirty seconds").passes(3.0)
    assert "Thirty seconds." not in evening.texts


def test_at_night_a_television_sets_no_timer_and_whoever_calls_does(pack: Pack, matcher: Matcher) -> None:
    evening = asked(Evening(pack), matcher, "set a timer for two minutes").passes(10.0)
    assert (evening.state, evening.texts) == ("asleep", [])
    asked(evening, matcher, "assistant timer two minutes")
    assert evening.texts == ["Two minutes."]


def test_a_length_that_cannot_be_told_begins_nothing(matcher: Matcher) -> None:
    for awake in (True, False):
        assert matcher.match("timer twenty three seconds", Context(awake=awake)) is None
        found = matcher.match("timer forty five seconds", Context(awake=awake))
        assert isinstance(found, Intent)
        assert found.slots["seconds"] == "45"
