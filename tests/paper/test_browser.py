"""The browser that prints, where it is missing or does not do what it should: a program of our own stands in for it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from voice_assist.paper import browser

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that stand in are shell scripts")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that ends well and does nothing, the only one that is found."""
    program = tmp_path / "bin" / browser.NAMES[-1]
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    monkeypatch.setattr(browser, "PLACES", ())
    return program


def test_one_that_is_on_no_search_path_is_found_where_the_system_keeps_it(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(browser.NoBrowserError, match="no browser was found"):
        browser.find()
    monkeypatch.setattr(browser, "PLACES", ("/no/such/browser", str(program)))
    assert browser.find() == str(program)


@pytest.mark.usefixtures("program")
def test_an_older_pdf_is_not_taken_for_one_that_was_not_written(tmp_path: Path) -> None:
    page, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    pdf.write_bytes(b"%PDF- of yesterday")
    with pytest.raises(browser.NoBrowserError, match="ended well and wrote no PDF"):
        browser.print_pdf(page, pdf)
    assert not pdf.exists()


def test_what_a_failing_browser_said_last_is_told(program: Path) -> None:
    program.write_text("#!/bin/sh\necho first >&2\necho 'no display' >&2\nexit 3\n", encoding="utf-8")
    with pytest.raises(browser.NoBrowserError, match=r"the browser failed \(3\): no display"):
        browser.run("--dump-dom")
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    with pytest.raises(browser.NoBrowserError, match="it does not say why"):
        browser.run("--dump-dom")


def test_what_a_browser_writes_is_the_users_alone(program: Path, tmp_path: Path) -> None:
    program.write_text('#!/bin/sh\n: > "$(cd "${0%/*}/.." && pwd)/written"\n', encoding="utf-8")
    browser.run()
    assert (tmp_path / "written").stat().st_mode & 0o777 == 0o600
