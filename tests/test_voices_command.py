"""The command `voices`: plain lines, one a voice, and each can be heard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voice_assist.commands import cli
from voice_assist.duty import aloud
from voice_assist.samples import Samples

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices of this system are its own")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(path))
    return path


def voices(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["voices", *arguments])


def test_the_voices_are_numbered_and_the_one_that_speaks_is_told(settings: Path) -> None:
    lines = voices().output.splitlines()
    assert lines[0] == "1. en-us: English (America), this one speaks"
    assert sum(line.endswith("this one speaks") for line in lines) == 1
    assert all(line.startswith(f"{number}. ") for number, line in enumerate(lines[:-2], 1))
    assert lines[-2] == "To hear one: voice-assist voices --say 2"
    assert lines[-1].startswith(f"To keep it, write into {settings}: voice = ")


def test_the_voice_that_is_set_is_the_one_that_speaks(settings: Path) -> None:
    settings.write_text('voice = "en-us+m8"\nas_screen_reader = true\n', encoding="utf-8")
    output = voices().output
    assert "2. en-us+m8: English (America), lower (m8), this one speaks\n" in output
    assert output.count("this one speaks") == 1
    assert "The setting as_screen_reader takes the voice of your screen reader before these.\n" in output


def test_another_language_and_all_of_them(settings: Path) -> None:
    assert settings.exists()
    assert voices("--language", "de").output.startswith("1. de: German\n")
    assert len(voices("--language", "all").output.splitlines()) > 100


def test_a_voice_is_heard(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.exists()
    played: list[Samples] = []
    monkeypatch.setattr(aloud, "play", lambda sound, _loudspeaker: played.append(sound))
    assert voices("--say", "2").output == "English (America), lower (m8): Small breath in. Long breath out.\n"
    assert voices("--say", "3").exit_code == 0
    assert len(played) == 2
    assert len(played[0]) > 16_000
    assert played[0].tobytes() != played[1].tobytes()


@pytest.mark.parametrize("number", ["0", "1000", "-1"])
def test_a_number_that_is_none_is_wrong_usage(settings: Path, number: str) -> None:
    assert settings.exists()
    result = voices("--say", number)
    assert result.exit_code == 2
    assert "is no voice; there are 1 to" in result.output


def test_a_language_that_nobody_speaks_is_wrong_usage(settings: Path) -> None:
    assert settings.exists()
    result = voices("--language", "tlh")
    assert result.exit_code == 2
    assert "no voice speaks 'tlh'" in result.output
