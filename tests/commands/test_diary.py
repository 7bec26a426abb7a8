"""The command `diary`: what is listed, erased and exported, and what becomes of a diary that cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from voice_assist.commands.diary import diary_command
from voice_assist.diary.entries import Entry
from voice_assist.diary.store import Store
from voice_assist.errors import DiaryError

if TYPE_CHECKING:
    from tests.conftest import Command

BEGAN = dt.datetime(2026, 11, 27, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
FULL = Entry(BEGAN, 95.4, "upper_back", "left", ("move", "alternative"), "better", "eased", -60.6)
Run = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "diary.sqlite"
    monkeypatch.setattr("voice_assist.commands.diary.diary_file", lambda: file)
    settings = tmp_path / "settings.toml"
    settings.write_text("")
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    return file


@pytest.fixture
def run(file: Path) -> Run:
    def run(*arguments: str, stdin: str = "") -> Result:
        done = CliRunner().invoke(diary_command, [*arguments], input=stdin)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    del file
    return run


def fill(file: Path, *entries: Entry) -> None:
    with closing(Store(file)) as store:
        for entry in entries:
            store.add(entry)


def test_a_cramp_is_a_line(file: Path, run: Run) -> None:
    fill(file, FULL, Entry(BEGAN + dt.timedelta(days=1), ended="false_start"))
    assert run().output.splitlines() == [
        "2026-11-27 03:12  left upper back, 1 min 35 s, tried move, alternative, felt better, it eased, room -61 dBFS",
        "2026-11-28 03:12  unknown, a false start",
    ]


def test_the_last_ones_are_listed(file: Path, run: Run) -> None:
    fill(file, *[Entry(BEGAN + dt.timedelta(days=day)) for day in range(30)])
    assert len(run().output.splitlines()) == 20
    assert run("--last", "2").output.splitlines()[-1].startswith("2026-12-26")


def test_nothing_is_made_by_looking(file: Path, run: Run) -> None:
    assert run().output == "The diary holds nothing.\n"
    assert run("erase", "--yes").output == "There is no diary.\n"
    assert not file.exists()


def test_that_it_is_off_is_told(file: Path, run: Run) -> None:
    (file.parent / "settings.toml").write_text("diary = false\n")
    assert run().output.startswith("The diary is off: nothing new is kept.")


def test_it_is_erased_when_that_is_meant(file: Path, run: Run) -> None:
    fill(file, FULL)
    assert run("erase", stdin="n\n").exit_code == 1
    assert "1 entry in" in run("export", str(file.parent / "kept.csv")).output
    assert run("erase", stdin="y\n").output.endswith("Erased: 1 entry.\n")
    assert run().output == "The diary holds nothing.\n"


def test_it_is_exported_as_a_table(file: Path, run: Run, tmp_path: Path) -> None:
    fill(file, FULL, Entry(BEGAN))
    assert run("export", str(tmp_path / "out.csv")).output == f"2 entries in {tmp_path / 'out.csv'}.\n"
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as table:
        first, second = csv.DictReader(table)
    assert first == {
        "began": "2026-11-27T03:12:00+01:00",
        "lasted_s": "95",
        "place": "upper_back",
        "side": "left",
        "tried": "move alternative",
        "felt": "better",
        "ended": "eased",
        "noise_dbfs": "-60.6",
    }
    assert (second["lasted_s"], second["noise_dbfs"]) == ("", "")
    with pytest.raises(DiaryError, match="cannot be written"):
        run("export", str(tmp_path / "nowhere" / "out.csv"))


def test_by_keyboard_it_is_asked_and_erased_and_a_script_keeps_nothing(command: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = home / ".local" / "share" / "voice-assist"
    asked = "my calf is cramping\nit's better\nstop\nassistant how often did i cramp this week\n"
    done = command.run("type", stdin=asked, env={"HOME": str(home)})
    assert "says: None in the last seven days." in done.out
    assert not data.exists()
    fill(data / "diary.sqlite", FULL)
    erased = "assistant erase my diary\nyes\nassistant how often did i cramp this month\n"
    done = command.run("type", stdin=erased, env={"HOME": str(home)})
    assert "says: Erase your diary for good?" in done.out
    assert "says: Your diary is erased." in done.out
    assert "says: None in the last thirty days." in done.out
    with closing(Store(data / "diary.sqlite")) as store:
        assert store.entries() == []


def test_a_broken_diary_ends_the_command_in_one_line(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "home" / ".local" / "share" / "voice-assist"
    data.mkdir(parents=True)
    (data / "diary.sqlite").write_text("no diary " * 1000)
    done = command.run("diary", env={"HOME": str(tmp_path / "home")})
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "is broken" in done.err
    assert (data / "diary.sqlite").read_text().startswith("no diary")
