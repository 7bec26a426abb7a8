"""A cramp of the calf in German, typed from the first word to the end."""

from __future__ import annotations

from tests.safety.conftest import Night
from voice_assist.content import Pack

CHECK = "Besser, gleich, oder schlechter?"


def test_from_the_first_word_to_the_end(pack: Pack) -> None:
    night = Night(pack, answers={CHECK: "besser"}).types("Au! Meine Wade krampft!").passes(240.0)
    assert night.texts[:4] == [
        "Ich bin da.",
        "Streck das Bein.",
        "Schieb die Ferse von dir weg.",
        "Zieh die Zehen zur Nase.",
    ]
    counted = [text for text in night.texts if text in pack.guide.numbers]
    assert counted[:10] == list(reversed(pack.guide.numbers))
    assert "Gut. Es lässt los." in night.texts
    assert night.texts[-2:] == [
        "Gut. Lass es jetzt ruhen. Mach die Decke locker.",
        "Kommt es wieder, sag einfach Krampf.",
    ]
    assert night.states[-1] == "asleep"


def test_silence_carries_on_to_the_advice_of_ten_minutes(pack: Pack) -> None:
    night = Night(pack).types("wadenkrampf").passes(700.0)
    assert "Zehn Minuten sind lang für einen Krampf." in night.texts


def test_worse_is_never_answered_with_something_stronger(pack: Pack) -> None:
    night = Night(pack, answers={CHECK: "schlimmer"}).types("wadenkrampf").passes(120.0)
    worse = night.texts.index(CHECK)
    assert night.texts[worse + 1 : worse + 4] == [
        "Lass los. Lass es ruhen.",
        "Lass es liegen, wie es will.",
        "Atme ein. Atme lang aus.",
    ]


def test_a_leg_without_a_place_is_helped_at_once_and_then_asked(pack: Pack) -> None:
    asked = "Ist es hinten oder vorne?"
    back = Night(pack, answers={asked: "hinten"}).types("krampf im bein").passes(60.0)
    assert back.texts[:4] == [
        "Ich bin da.",
        "Streck das Bein. Schieb die Ferse von dir weg.",
        "Zieh die Zehen zur Nase. Atme weiter.",
        asked,
    ]
    assert "Ich bin bei dir. Wir lockern das." in back.texts
    front = Night(pack, answers={asked: "vorne"}).types("krampf im bein").passes(60.0)
    assert "An dieser Stelle leite ich nicht an." in front.texts


def test_stop_stops_and_a_new_cramp_comes_first(pack: Pack) -> None:
    night = Night(pack).types("wadenkrampf").passes(5.0)
    seen = len(night.says)
    night.types("stopp").passes(20.0)
    assert len(night.says) == seen
    night.types("wadenkrampf").passes(5.0)
    assert night.texts[seen] == "Ich bin da."


def test_a_thinned_blood_is_treated_lightly(pack: Pack) -> None:
    night = Night(pack, person={"blood_thinners": True}).types("meine wade krampft").passes(40.0)
    assert "Nur leicht." in night.texts
    assert not [text for text in night.texts if "Fest" in text]
