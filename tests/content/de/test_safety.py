"""Safety answers in German: every kind that English has, spoken whole, with the number in German digits, twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.safety.conftest import Night
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Loop, Only, Step, spoken

EN = content.load(content_folder() / "en")

ALARMS = sorted(name for name in EN.guide.routines if name.partition(".")[0] in ("emergency", "urgent", "guarded"))

SAID = {
    "emergency.heart": "ich habe brustschmerzen",
    "emergency.lung": "ich huste blut",
    "emergency.stroke": "mein gesicht hängt",
    "emergency.limb": "mein fuß ist kalt und taub",
    "emergency.back": "ich kann nicht pinkeln",
    "emergency.neck": "steifer nacken und fieber",
    "emergency.jaw": "kiefersperre",
    "emergency.groin": "schmerzen im hoden",
    "emergency.heat": "hitzschlag",
    "emergency.pregnancy": "ich bin schwanger und ich blute",
    "emergency.general": "ruf einen krankenwagen",
    "urgent.clot": "mein bein ist geschwollen",
    "urgent.injury": "da ist etwas gerissen",
    "urgent.bleed": "ich nehme blutverdünner",
    "urgent.muscle": "mein urin ist braun",
    "urgent.child": "mein kind kann nicht laufen",
    "guarded.chest": "krampf in der brust",
    "guarded.belly": "krampf im bauch",
    "guarded.groin": "krampf im schritt",
    "guarded.jaw": "krampf im kiefer",
}
"""What somebody says in the midst of the calf, and the answer that it gets at once."""


@pytest.fixture(scope="module")
def numbered() -> Pack:
    """The pack of somebody who has set the numbers."""
    folder = content_folder() / "de"
    language = content.load(folder).language
    return content.load(folder, language.fills("112", "116 117"))


def lines(pack: Pack, name: str) -> list[str]:
    """Return the lines of an answer that everybody hears, whatever is known of them."""
    found = list(spoken(tuple(_for_all(pack.guide.routines[name].steps))))
    # The jaw's answer is the emergency's own.
    return found or lines(pack, "emergency.jaw")


def _for_all(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Loop):
            yield replace(step, steps=tuple(_for_all(step.steps)))
        elif not (isinstance(step, Only) and step.when):
            yield step


@pytest.mark.parametrize("name", ALARMS)
def test_every_safety_answer_of_english_is_there(pack: Pack, name: str) -> None:
    assert lines(pack, name)
    assert pack.guide.routines[name].alarm


@pytest.mark.parametrize("name", ALARMS)
def test_where_english_says_the_number_german_does(pack: Pack, numbered: Pack, name: str) -> None:
    english = " ".join(lines(EN, name)).lower().count("your local emergency number")
    assert " ".join(lines(pack, name)).lower().count("die örtliche notrufnummer") == english
    assert len(re.findall(r"eins eins zwei\. Eins eins zwei\b", " ".join(lines(numbered, name)))) == english


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_sign_of_danger_pre_empts_the_calf(numbered: Pack, name: str) -> None:
    night = Night(numbered).types("meine Wade krampft").passes(12.0)
    seen = len(night.says)
    night.types(SAID[name]).passes(40.0)
    said = [say.text for say in night.after(seen)]
    answer = lines(numbered, name)
    first = said.index(answer[0])
    # A line that was under way may end; nothing else comes before the answer.
    assert first <= 1
    assert said[first : first + len(answer)] == answer
    moves = {line for steps in numbered.guide.protocols["calf"].parts.values() for line in spoken(steps)}
    assert not moves & set(said[first:])


@pytest.mark.parametrize(
    "place", ["fuß", "oberschenkel", "nacken", "rücken", "hand", "schienbein", "arm", "po", "schulter"]
)
def test_a_place_that_is_not_coached_gets_the_safe_line_and_no_move(pack: Pack, place: str) -> None:
    night = Night(pack).types(f"krampf {'in der' if place in ('hand', 'schulter') else 'im'} {place}").passes(30.0)
    assert lines(pack, "untaught")[0] in night.texts
    assert not {line for line in night.texts if line.startswith(("Streck", "Zieh", "Schieb"))}


@pytest.mark.parametrize("name", ["emergency", "advice"])
def test_no_number_is_spoken_where_none_is_set(pack: Pack, name: str) -> None:
    assert pack.language.unset[name]
    digits = re.compile(rf"\b(?:{'|'.join(pack.language.digits)})\b (?:{'|'.join(pack.language.digits)})\b")
    assert not [line for line in pack.lines() if digits.search(line)]


def test_a_fit_is_asked_about_once_and_then_it_is_one(numbered: Pack) -> None:
    asked = numbered.guide.questions["fit_first"].say
    night = Night(numbered, answers={asked: "ja"}).types("ich habe einen krampfanfall").passes(20.0)
    assert night.texts[0] == asked
    assert "Wähl jetzt: eins eins zwei. Eins eins zwei. Schaff ringsum Platz." in night.texts
