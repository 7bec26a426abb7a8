"""setup/: what is asked by day holds to the sheet of the person, the table of numbers, and the night."""

from __future__ import annotations

import re

import pytest

from voice_assist import content, numbers
from voice_assist.config import content_folder
from voice_assist.content import SETUP, Pack
from voice_assist.content.fills import FILLS, filled
from voice_assist.events import Context
from voice_assist.guide.facts import plain
from voice_assist.guide.protocol import Ask, Only
from voice_assist.setup.course import PERSON, asks_for
from voice_assist.understand.matcher import Matcher


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en", FILLS, (SETUP,))


def test_what_is_asked_is_what_the_sheet_of_the_person_asks(pack: Pack) -> None:
    steps = pack.guide.routines[PERSON].steps
    asked = [step.step if isinstance(step, Only) else step for step in steps]
    questions = [pack.guide.questions[step.question] for step in asked if isinstance(step, Ask)]
    told = {name for question in questions for name in asks_for(question, pack)}
    assert told == {name for name, attribute in pack.person.items() if attribute.ask}
    for question in questions:
        facts = {plain(fact) for fact in question.answers["yes"].learn}
        # A single fact is asked for in the words of person.yaml; a row of several has its own.
        if len(asks_for(question, pack)) == 1 and (name := min(facts)) in pack.person:
            assert question.say == pack.person[name].ask


def test_every_country_of_the_table_can_be_said_and_offers_its_first_number(pack: Pack) -> None:
    answers = pack.guide.questions["country"].answers
    for row in numbers.table():
        for code in row.codes:
            learned = answers[code.lower()].learn
            assert f"country {code.lower()}" in learned
            assert ("candidate" in learned) == (bool(row.emergency) and not row.conflict), code
    said = {form.value for form in pack.lexicon.forms_by_concept["country"]}
    assert {code.lower() for row in numbers.table() for code in row.codes} <= said


def test_every_number_of_the_table_can_be_said_whole(pack: Pack) -> None:
    known = {number for row in numbers.table() for number in row.emergency if len(number) == 3}
    assert known <= pack.guide.questions["dial"].answers.keys()


def test_no_night_understands_a_word_of_it() -> None:
    night = content.load(content_folder() / "en")
    assert not {"country", "digit", "dialled", "whom", "health"} & night.lexicon.forms_by_concept.keys()
    assert "country" not in night.guide.questions


def test_our_own_voice_means_nothing_when_it_comes_back(pack: Pack) -> None:
    """Whatever is heard of a loudspeaker: no line of a set-up answers, steers, starts or alarms."""
    match = Matcher(pack.lexicon).match
    night = set(content.load(content_folder() / "en").guide.lines())
    told = {"setup_country": "Germany", "setup_number": "nine nine nine", "setup_line": "one one one"}
    expected = {question.say: frozenset(question.answers) for question in pack.guide.questions.values()}
    for line in set(pack.guide.lines()) - night:
        heard = re.sub(r"[.,?:]", "", filled(line, told)).lower()
        intent = match(heard, Context(awake=True, expected=expected.get(line, frozenset())))
        assert intent is None or intent.slots == {"value": "mentioned"}, line
