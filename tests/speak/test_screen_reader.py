"""What Orca and speech-dispatcher are set to is read from their files, as they themselves would read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voice_assist.speak.screen_reader import Speech, found

SPEECHD = """
# DefaultRate 10
DefaultVolume 100
DefaultRate  {rate}
DefaultPitch "{pitch}"   # a little higher
  DefaultVoiceType "FEMALE2"
DefaultLanguage "en-GB"
AddModule "espeak-ng" "sd_espeak-ng" "espeak-ng.conf"
DefaultModule {module}
DisableAutoSpawn
BeginClient "emacs:*"
    DefaultRate 99
EndClient
"""


def speechd(folder: Path, rate: object = 40, pitch: object = 20, module: str = "espeak-ng") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "speechd.conf"
    path.write_text(SPEECHD.format(rate=rate, pitch=pitch, module=module), encoding="utf-8")
    return path


def orca(home: Path, voice: object, *, profile: str = "default", **general: object) -> Path:
    path = home / ".local" / "share" / "orca" / "user-settings.conf"
    path.parent.mkdir(parents=True)
    settings: dict[str, Any] = {
        "general": {"startingProfile": ["Any", profile], **general},
        "profiles": {"default": {"voices": {"default": {"rate": 20}}}, profile: {"voices": {"default": voice}}},
        "pronunciations": {},
        "keybindings": {},
    }
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    return tmp_path / "etc"


def test_nothing_there_is_nothing_taken(home: Path, etc: Path) -> None:
    assert found(home, etc) == Speech()


def test_speech_dispatcher_is_taken_as_its_espeak_module_would(home: Path, etc: Path) -> None:
    speechd(etc)
    # 170 words a minute at 0, 390 at 100; a pitch of 50 at 0, 100 at 100.
    assert found(home, etc) == Speech("speech-dispatcher", language="en-gb+f2", rate=258, pitch=60)


@pytest.mark.parametrize(("rate", "words"), [(-100, 80), (-50, 125), (-1, 170), (0, 170), (1, 172), (100, 390)])
def test_rates_go_as_they_do_there(home: Path, etc: Path, rate: int, words: int) -> None:
    speechd(etc, rate=rate)
    assert found(home, etc).rate == words


@pytest.mark.parametrize(("pitch", "told"), [(-100, 0), (-30, 35), (0, 50), (33, 66), (100, 100)])
def test_pitches_go_as_they_do_there(home: Path, etc: Path, pitch: int, told: int) -> None:
    speechd(etc, pitch=pitch)
    assert found(home, etc).pitch == told


def test_the_file_of_the_user_takes_the_place_of_the_systems(home: Path, etc: Path) -> None:
    speechd(etc, rate=100)
    own = home / ".config" / "speech-dispatcher"
    own.mkdir(parents=True)
    (own / "speechd.conf").write_text("DefaultPitch -100\n", encoding="utf-8")
    assert found(home, etc) == Speech("speech-dispatcher", pitch=0)


def test_other_bounds_of_the_module_count(home: Path, etc: Path) -> None:
    speechd(etc, rate=50)
    modules = etc / "modules"
    modules.mkdir()
    (modules / "espeak-ng.conf").write_text("EspeakNormalRate 200\nEspeakMaxRate 400\n", encoding="utf-8")
    assert found(home, etc).rate == 300


def test_a_file_that_sets_nothing_of_a_voice_takes_over_nothing(home: Path, etc: Path) -> None:
    etc.mkdir()
    (etc / "speechd.conf").write_text("LogLevel 3\nDefaultModule espeak-ng\n", encoding="utf-8")
    assert found(home, etc) == Speech()


@pytest.mark.parametrize("odd", ["fast", "101", "1e1", "--3"])
def test_an_odd_value_is_one_line_and_the_others_count(home: Path, etc: Path, odd: str) -> None:
    path = speechd(etc, rate=odd)
    speech = found(home, etc)
    assert (speech.rate, speech.pitch) == (None, 60)
    assert speech.troubles == (f"{path}: DefaultRate is '{odd}', not a number from -100 to 100; it is not taken",)


def test_an_odd_type_of_voice_is_one_line(home: Path, etc: Path) -> None:
    path = speechd(etc)
    path.write_text("DefaultVoiceType ROBOT\nDefaultRate 0\n", encoding="utf-8")
    speech = found(home, etc)
    assert speech.rate == 170
    assert speech.troubles == (f"{path}: DefaultVoiceType is no type of voice; it is not taken",)


def test_orca_comes_first(home: Path, etc: Path) -> None:
    speechd(etc, rate=-100)
    family = {"name": "English (America)+Andy", "lang": "en", "dialect": "us"}
    orca(home, {"rate": 80, "average-pitch": 7.0, "gain": 10.0, "family": family, "established": True})
    # 80 of 100 are 62 for speech-dispatcher, 7 of 10 are 50.
    assert found(home, etc) == Speech("Orca", "English (America)+Andy", "en-us", rate=306, pitch=75)


def test_orca_as_it_comes_speaks_at_its_own_usual_rate(home: Path, etc: Path) -> None:
    orca(home, {"established": False})
    assert found(home, etc) == Speech("Orca", rate=174, pitch=55)


def test_orcas_starting_profile_counts(home: Path, etc: Path) -> None:
    orca(home, {"rate": 99}, profile="night")
    assert found(home, etc).rate == 390


@pytest.mark.parametrize("rate", [-5, 0, 200])
def test_orcas_bounds_are_kept(home: Path, etc: Path, rate: int) -> None:
    orca(home, {"rate": rate})
    assert found(home, etc).rate == (390 if rate == 200 else 82)


def test_the_default_voice_of_a_synthesizer_is_no_name(home: Path, etc: Path) -> None:
    orca(home, {"family": {"name": "espeak-ng default voice", "lang": "en", "dialect": None}})
    speech = found(home, etc)
    assert (speech.voice, speech.language) == ("", "en")


def test_what_speaks_for_orca_is_known(home: Path, etc: Path) -> None:
    speechd(etc, module="rhvoice")
    orca(home, {"family": {"name": "Evgeniy-Eng"}})
    assert found(home, etc).module == "rhvoice"


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "7", '{"general": 3}', '{"profiles": {"default": {"voices": {"default": {"rate": "x"}}}}}'],
)
def test_settings_of_orca_in_another_form_are_one_line_and_the_dispatchers_count(
    home: Path, etc: Path, text: str
) -> None:
    speechd(etc)
    path = orca(home, {})
    path.write_text(text, encoding="utf-8")
    speech = found(home, etc)
    assert (speech.source, speech.rate) == ("speech-dispatcher", 258)
    assert speech.troubles == (f"{path}: Orca's settings have a form that is not known here; they are not taken",)


def test_the_folders_of_the_desktop_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, etc: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    speechd(tmp_path / "settings" / "speech-dispatcher", rate=0)
    assert found(etc=etc).rate == 170
    (tmp_path / "data" / "orca").mkdir(parents=True)
    (tmp_path / "data" / "orca" / "user-settings.conf").write_text("{}", encoding="utf-8")
    assert found(etc=etc).source == "Orca"
