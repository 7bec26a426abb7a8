"""Who speaks: what is set, what the screen reader has, and what speaks where a voice is not there."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from voice_assist import speech
from voice_assist.config import Settings
from voice_assist.content.language import Language
from voice_assist.speak import screen_reader
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speech import speech_of

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Orca and espeak-ng are of Linux")

GERMAN = Language("de", "German", voices=dict.fromkeys(("linux", "darwin", "win32"), "de"))
"""A pack whose voice is `de` everywhere."""

AS_READER = replace(Settings(), as_screen_reader=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a desktop, empty."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(screen_reader.found, "__defaults__", (None, tmp_path / "etc"))
    return tmp_path


def orca(home: Path, **voice: object) -> None:
    (home / "orca").mkdir()
    settings = {"general": {}, "profiles": {"default": {"voices": {"default": voice}}}}
    (home / "orca" / "user-settings.conf").write_text(json.dumps(settings), encoding="utf-8")


def test_what_is_set_speaks() -> None:
    told: list[str] = []
    found = speech_of(replace(Settings(), voice="en-gb", rate=200, pitch=20), told.append)
    assert (found.voice, found.rate) == ("en-gb", 200)
    assert "pitch 20" in found.renderer.version
    assert told == []


def test_a_voice_of_the_pack_speaks_where_none_is_set() -> None:
    assert speech_of(Settings(), print, GERMAN).voice == "de"
    assert speech_of(replace(Settings(), voice="de-at"), print, GERMAN).voice == "de-at"


@linux
def test_orcas_voice_rate_and_pitch_are_taken_and_told(home: Path) -> None:
    orca(home, rate=75, **{"average-pitch": 6}, family={"name": "English (Scotland)", "lang": "en"})
    told: list[str] = []
    found = speech_of(replace(AS_READER, voice="en-us", rate=145), told.append)
    # 75 of Orca's 100 are 52 of speech-dispatcher's, which are 284 for espeak-ng, and 355 words a minute.
    assert (found.voice, found.rate) == ("gmw/en-gb-scotland", 355)
    assert "pitch 65" in found.renderer.version
    assert told == ["Taken over from Orca: voice gmw/en-gb-scotland, 355 words a minute, pitch 65."]
    assert len(found.render("Hold.")) > 0


@linux
def test_a_rate_that_the_engine_does_not_have_is_its_last(home: Path) -> None:
    orca(home, rate=0)
    (home / "speech-dispatcher" / "modules").mkdir(parents=True)
    (home / "speech-dispatcher" / "modules" / "espeak-ng.conf").write_text("EspeakMinRate 20\n", encoding="utf-8")
    found = speech_of(AS_READER, lambda _: None)
    assert found.rate == 100
    assert len(found.render("Hold.")) > 0


@linux
def test_a_voice_of_another_engine_or_language_is_not_taken_and_its_rate_is(home: Path) -> None:
    orca(home, rate=50, family={"name": "German", "lang": "de"})
    told: list[str] = []
    found = speech_of(replace(AS_READER, voice="en-gb"), told.append)
    assert (found.voice, found.rate) == ("en-gb", 218)
    assert told == [
        "Orca speaks with 'German', which espeak-ng has not in this language; it is not taken.",
        "Taken over from Orca: 218 words a minute, pitch 55.",
    ]


@linux
def test_no_screen_reader_is_told_and_nothing_changes(home: Path) -> None:
    told: list[str] = []
    found = speech_of(AS_READER, told.append)
    assert (found.voice, found.rate) == ("", Settings.rate)
    assert told == ["No settings of Orca or speech-dispatcher are here to take over; voice and rate are ours."]
    assert home.exists()


@linux
def test_voices_that_cannot_be_asked_for_cost_the_voice_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orca(home, rate=50, family={"name": "German", "lang": "de"})
    refuses = Pyttsx3Renderer(command=(sys.executable, "-c", "print('There is no engine; get one.')"))
    monkeypatch.setattr(speech, "Pyttsx3Renderer", lambda _pitch=None: refuses)
    told: list[str] = []
    assert speech_of(AS_READER, told.append).rate == 218
    assert told[0] == "The voices cannot be asked for: There is no engine; get one."


def test_on_another_system_it_says_that_it_is_for_linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    told: list[str] = []
    assert speech_of(AS_READER, told.append).rate == Settings.rate
    assert told == [
        "as_screen_reader works on Linux only; here the system's own voice speaks, at the rate that is set."
    ]


def test_a_voice_of_piper_that_is_gone_is_told_and_the_usual_one_speaks(tmp_path: Path) -> None:
    told: list[str] = []
    found = speech_of(replace(Settings(), voice=str(tmp_path / "gone.onnx"), rate=200), told.append, GERMAN)
    assert (found.voice, found.rate) == ("de", 200)
    assert isinstance(found.renderer, Pyttsx3Renderer)
    (line,) = told
    assert line.endswith("Until then the usual voice speaks.")
