"""Choosing a voice, as the rendering child does it."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import cast

import pytest

from voice_assist.speak import voice_child
from voice_assist.speak.voice_child import UnusableError, Voice, default_voice, find_voice


def voice(name: str, title: str, *languages: str) -> Voice:
    return cast("Voice", SimpleNamespace(id=name, name=title, languages=list(languages)))


ESPEAK = [
    voice("gmw/de", "German", "de"),
    voice("gmw/en", "English (Great Britain)", "en-gb"),
    voice("gmw/en-gb-scotland", "English (Scotland)", "en-gb-scotland"),
    voice("gmw/en-us", "English (America)", "en-us"),
]
SYSTEM = [
    voice("com.apple.Anna", "Anna", "de_DE"),
    voice("com.apple.Alex", "Alex", "en_US"),
    voice("x", "Kate", "en_GB"),
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("gmw/en-us", "gmw/en-us"),
        ("en-us", "gmw/en-us"),
        ("EN-US", "gmw/en-us"),
        ("en-gb", "gmw/en"),
        ("en", "gmw/en"),
        ("en-gb-scotland", "gmw/en-gb-scotland"),
        ("english (america)", "gmw/en-us"),
        ("en-gb+f3", "gmw/en+f3"),
        ("German", "gmw/de"),
    ],
)
def test_a_voice_is_found_by_id_name_or_language(wanted: str, found: str) -> None:
    assert find_voice(wanted, ESPEAK) == found


@pytest.mark.parametrize(
    ("wanted", "found"), [("de", "com.apple.Anna"), ("en", "com.apple.Alex"), ("de-DE", "com.apple.Anna")]
)
def test_whoever_asks_for_a_language_takes_it_of_any_country(wanted: str, found: str) -> None:
    assert find_voice(wanted, SYSTEM) == found


def test_of_several_voices_of_a_language_the_first_is_taken() -> None:
    assert find_voice("en-US", [*SYSTEM, voice("y", "Fred", "en_US")]) == "com.apple.Alex"


def test_an_unknown_voice_names_those_near_it() -> None:
    with pytest.raises(UnusableError, match="There is no voice 'en-uk'; choose en-us, "):
        find_voice("en-uk", ESPEAK)


@pytest.mark.parametrize(
    ("current", "chosen"), [("com.apple.Anna", "com.apple.Alex"), ("x", "x"), (None, "com.apple.Alex")]
)
def test_the_usual_voice_speaks_english(current: str | None, chosen: str) -> None:
    assert default_voice(current, SYSTEM) == chosen


def test_without_an_english_voice_the_usual_one_stays() -> None:
    assert default_voice("com.apple.Anna", SYSTEM[:1]) == "com.apple.Anna"


def test_an_engine_that_does_not_start_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice_child, "LINUX", False)
    monkeypatch.setitem(sys.modules, "pyttsx3", None)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(UnusableError, match=r"The voice does not start .*; choose an English voice in System Settings"):
        voice_child.open_engine("", 145, None)
