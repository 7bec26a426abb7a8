"""The settings file that set-up writes: what stands in it by hand stays, and it appears whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from voice_assist import config
from voice_assist.errors import SettingsError
from voice_assist.setup import keeping

BY_HAND = """\
# My own notes stay.
volume = -6  # quieter than that I hear nothing

[person]
# Told by my doctor.
over_65 = true
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own" / "settings.toml"


def test_what_is_kept_is_read_again(file: Path) -> None:
    keeping.keep({"emergency_number": "112", "call_name": "Anna"}, {"over_65": True, "pregnant": False}, file)
    settings = config.load(file)
    assert (settings.emergency_number, settings.call_name) == ("112", "Anna")
    assert settings.person == {"over_65": True, "pregnant": False}


def test_comments_and_values_by_hand_stay(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(BY_HAND)
    keeping.keep({"emergency_number": "999"}, {"blood_thinners": True, "over_65": False}, file)
    text = file.read_text()
    for comment in ("# My own notes stay.", "# quieter than that I hear nothing", "# Told by my doctor."):
        assert comment in text
    settings = config.load(file)
    assert (settings.volume, settings.emergency_number) == (-6, "999")
    assert settings.person == {"over_65": False, "blood_thinners": True}


def test_what_is_skipped_is_taken_out(file: Path) -> None:
    keeping.keep({"call_name": "Anna"}, {"over_65": True, "pregnant": True}, file)
    keeping.keep({"call_name": None}, {"pregnant": None}, file)
    assert config.load(file).call_name == ""
    assert config.load(file).person == {"over_65": True}


def test_erasing_leaves_no_word_of_the_person(file: Path) -> None:
    keeping.keep({"emergency_number": "112", "country": "DE", "call_name": "Anna"}, {"pregnant": True}, file)
    assert keeping.erase(file)
    assert not file.exists()
    assert list(file.parent.iterdir()) == []
    assert not keeping.erase(file)


def test_erasing_leaves_what_was_chosen_for_the_machine(file: Path) -> None:
    file.parent.mkdir()
    file.write_text(BY_HAND)
    keeping.keep({"call_name": "Anna", "microphone": "USB"}, {}, file)
    assert keeping.erase(file)
    settings = config.load(file)
    assert (settings.volume, settings.microphone) == (-6, "USB")
    assert (settings.call_name, settings.person) == ("", {})
    assert "over_65" not in file.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_new_file_is_nobody_elses_and_an_old_one_keeps_its_mode(file: Path) -> None:
    keeping.keep({"call_name": "Anna"}, {}, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    keeping.keep({"call_name": "Ben"}, {}, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeping.keep({"call_name": "Anna"}, {}, file)
    before = file.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="cannot be written: No space left on device") as fault:
        keeping.keep({"call_name": "Ben"}, {}, file)
    assert "\n" not in str(fault.value)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_folder_that_cannot_be_made_is_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file where the folder would be")
    with pytest.raises(SettingsError, match="cannot be written: ") as fault:
        keeping.check_writable(tmp_path / "own" / "settings.toml")
    assert "\n" not in str(fault.value)


def test_what_is_wrong_in_the_file_is_told_before_anything_is_written(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("volume = loud\n")
    with pytest.raises(SettingsError, match=r"settings\.toml:1: is not valid TOML"):
        keeping.keep({"call_name": "Anna"}, {}, file)
    assert file.read_text() == "volume = loud\n"


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    file.parent.mkdir()
    real = tmp_path / "dotfiles.toml"
    real.write_text("rate = 140\n")
    try:
        file.symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    keeping.keep({"call_name": "Anna"}, {}, file)
    assert file.is_symlink()
    assert config.load(real).call_name == "Anna"
