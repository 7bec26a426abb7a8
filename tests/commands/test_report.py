"""`voice-assist diary report`, as a user runs it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.closed import closed
from tests.conftest import Command
from voice_assist.clocks import wall
from voice_assist.diary.entries import Entry
from voice_assist.diary.store import Store
from voice_assist.paper import browser
from voice_assist.testing import made_diary

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the diary is put where Linux has it")

SETTINGS = "[person]\nblood_thinners = true\ndiabetes = false\n"


@pytest.fixture
def kept(command: Command, tmp_path: Path) -> Callable[[Sequence[Entry]], None]:
    """Return a function that keeps a diary in a home of its own."""
    home = tmp_path / "home"
    home.mkdir()
    command.env.update(HOME=str(home), XDG_DATA_HOME=str(home / "data"))
    settings = tmp_path / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    command.env["VOICE_ASSIST_SETTINGS"] = str(settings)

    def keep(entries: Sequence[Entry]) -> None:
        with closing(Store(home / "data" / "voice-assist" / "diary.sqlite")) as store:
            for entry in entries:
                store.add(entry)

    return keep


@pytest.fixture
def diary(kept: Callable[[Sequence[Entry]], None]) -> Sequence[Entry]:
    entries = made_diary(0.2, wall().date() - timedelta(days=1))
    kept(entries)
    return entries


@pytest.mark.usefixtures("diary")
def test_it_writes_one_page_that_nobody_else_may_read(command: Command) -> None:
    done = command.run("diary", "report")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1].startswith("Written: cramp-diary.html, nights from ")
    page = command.folder / "cramp-diary.html"
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert "About the patient" not in html
    assert page.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("diary", "kernel")
def test_no_network_is_reached_for(command: Command) -> None:
    done = closed(command.program, "diary", "report", env=command.env, folder=command.folder)
    assert done.returncode == 0, done.stderr
    assert "<svg" in (command.folder / "cramp-diary.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("diary")
def test_the_person_chooses_what_is_told(command: Command) -> None:
    done = command.run("diary", "report", "--out", "mine.html", "--include", "medicines, diabetes")
    assert done.code == 0, done.err
    html = (command.folder / "mine.html").read_text(encoding="utf-8")
    told = re.findall(r'<th scope="row">([^<]*\?)</th><td>(Yes|No)</td>', html)
    assert told == [("Do you take blood thinners?", "Yes"), ("Do you have diabetes?", "No")]


def test_the_nights_are_those_that_were_asked_for(command: Command, diary: Sequence[Entry]) -> None:
    first = diary[0].began.date()
    done = command.run("diary", "report", "--from", first.isoformat(), "--to", first.isoformat())
    assert done.code == 0, done.err
    assert f"from {first.day} {first:%B} {first.year} to {first.day} {first:%B} {first.year}" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--include", "medicine"), "did you mean 'medicines'?"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "the period ends on 2026-01-01, before it begins"),
        (("--from", "yesterday"), "'yesterday' does not match the format '%Y-%m-%d'"),
    ],
)
@pytest.mark.usefixtures("diary")
def test_what_cannot_be_meant_is_told_in_a_line(command: Command, arguments: tuple[str, ...], told: str) -> None:
    done = command.run("diary", "report", *arguments)
    assert done.code == 2
    assert told in done.err
    assert done.err.count("\n") == 1
    assert list(command.folder.iterdir()) == []


@pytest.mark.usefixtures("kept")
def test_without_a_diary_there_is_nothing_to_report_and_none_is_begun(command: Command, tmp_path: Path) -> None:
    done = command.run("diary", "report")
    assert done.code == 1
    assert done.err.splitlines() == ["voice-assist: the diary is empty: there is nothing to report yet"]
    assert list(command.folder.iterdir()) == []
    assert not (tmp_path / "home" / "data").exists()


@pytest.mark.usefixtures("diary")
def test_a_page_that_cannot_be_written_is_told_in_a_line(command: Command) -> None:
    done = command.run("diary", "report", "--out", "no/such/folder.html")
    assert done.code == 1
    assert done.err.splitlines() == [
        "voice-assist: No such file or directory; name another file with --out (no/such/folder.html cannot be written)"
    ]


@pytest.mark.usefixtures("diary")
def test_it_is_printed_by_a_browser(command: Command) -> None:
    try:
        browser.find()
    except browser.NoBrowserError as missing:
        pytest.skip(str(missing))
    done = command.run("diary", "report", "--pdf", "cramps.pdf")
    assert done.code == 0, done.err
    assert done.out.splitlines()[-1] == "Printed: cramps.pdf"
    pdf = command.folder / "cramps.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert pdf.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("diary")
def test_without_a_browser_the_page_is_there_and_the_cure_is_told(command: Command) -> None:
    done = command.run("diary", "report", "--pdf", "cramps.pdf", env={"PATH": str(command.folder)})
    assert done.code == 1
    assert "open the HTML file in any browser and print it there" in done.err
    assert done.err.count("\n") == 1
    assert [path.name for path in command.folder.iterdir()] == ["cramp-diary.html"]
