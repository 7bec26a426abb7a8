"""Voices to choose from: those of the language, the usual one first, and variants of it where there are some."""

from __future__ import annotations

import sys

import pytest

from voice_assist.speak.choices import Choice, resolved, samples_of_voices
from voice_assist.speak.engine import EngineVoice, EngineVoices, Pyttsx3Renderer

ESPEAK = EngineVoices(
    (
        EngineVoice("gmw/de", "German", ("de",)),
        EngineVoice("gmw/en-029", "English (Caribbean)", ("en-029",)),
        EngineVoice("gmw/en", "English (Great Britain)", ("en-gb",)),
        EngineVoice("gmw/en-gb-x-rp", "English (Received Pronunciation)", ("en-gb-x-rp",)),
        EngineVoice("gmw/en-shaw", "English (Shavian alphabet)", ("en-shaw",)),
        EngineVoice("gmw/en-us", "English (America)", ("en-us",)),
    ),
    "gmw/en-us",
    ("Andy", "f1", "m8", "whisper"),
)
SYSTEM = EngineVoices(
    (
        EngineVoice("com.apple.Anna", "Anna", ("de-DE",)),
        EngineVoice("com.apple.Alex", "Alex", ("en-US",)),
        EngineVoice("com.apple.Kate", "Kate", ("en-GB",)),
        EngineVoice("com.apple.Odd", "Odd", ()),
    ),
    "com.apple.Kate",
    (),
)


def test_the_usual_voice_comes_first_then_its_variants_then_countries_then_ways_of_speaking() -> None:
    assert [choice.voice for choice in samples_of_voices("en", ESPEAK)] == [
        "en-us",
        "en-us+m8",
        "en-us+f1",
        "en",
        "en-029",
        "en-gb-x-rp",
    ]
    assert samples_of_voices("en", ESPEAK)[:2] == (
        Choice("en-us", "English (America)", "en-us", usual=True),
        Choice("en-us+m8", "English (America), lower (m8)", "en-us"),
    )


def test_a_system_without_variants_has_its_own_names() -> None:
    assert [choice.voice for choice in samples_of_voices("en", SYSTEM)] == ["com.apple.Kate", "com.apple.Alex"]
    assert len(samples_of_voices("", SYSTEM)) == 4


def test_another_language_has_its_own_and_an_unknown_one_has_none() -> None:
    assert [choice.voice for choice in samples_of_voices("de", ESPEAK)] == ["de", "de+m8", "de+f1"]
    assert not any(choice.usual for choice in samples_of_voices("de", ESPEAK))
    assert samples_of_voices("eo", ESPEAK) == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("English (America)", "gmw/en-us"),
        ("english (america)+andy", "gmw/en-us+Andy"),
        ("en-us+f1", "gmw/en-us+f1"),
        ("en-us+f9", "gmw/en-us"),
        ("en-gb", "gmw/en"),
        ("German", ""),
        ("Evgeniy", ""),
    ],
)
def test_a_voice_by_any_of_its_names(wanted: str, found: str) -> None:
    assert resolved(wanted, ESPEAK, "en") == found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices of this system are its own")
def test_what_is_offered_can_speak() -> None:
    choices = samples_of_voices("en")
    assert choices[0].usual
    for choice in choices:
        assert len(Pyttsx3Renderer().render("Hold.", choice.voice, 145))
