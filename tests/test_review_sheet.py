"""The review sheet: complete, blank where a clinician writes, and whole on paper in a real browser."""

# ruff: noqa: E402 - the sheet's modules are found only once the checkout is on the path
from __future__ import annotations

import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "review").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.review import drawing, outline, words
from scripts.review.protocol_pages import ordered
from scripts.review.runner import main, review_sheet
from tests.reading import plain
from voice_assist.content import Pack, load
from voice_assist.guide.protocol import (
    Say,
    Step,
)
from voice_assist.paper import browser
from voice_assist.paper.html import element, table

CONTENT = ROOT / "content" / "en"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(CONTENT)


@pytest.fixture(scope="module")
def sheet() -> str:
    return review_sheet(CONTENT)


@pytest.fixture(scope="module")
def text(sheet: str) -> str:
    return plain(sheet)


# What it holds


def test_every_line_that_a_place_can_speak_stands_in_the_sheet(pack: Pack, text: str) -> None:
    counted = {*pack.guide.numbers}
    named = {line for name in pack.guide.sources.values() for line in lines(pack.guide.routines[name].steps)}
    missing = [line for line in pack.lines() if line not in text and line not in counted | named]
    assert missing == []


def lines(steps: tuple[Step, ...]) -> list[str]:
    return [step.text for step in steps if isinstance(step, Say)]


def test_every_place_every_question_and_every_safety_answer_is_there(pack: Pack, sheet: str, text: str) -> None:
    for protocol in pack.guide.protocols.values():
        assert f'id="protocol-{protocol.name}"' in sheet
        for notes in protocol.notes.values():
            for note in notes:
                assert " ".join(note.split()) in text
    for question in pack.guide.questions.values():
        assert question.say in text
    for alarm in (routine for routine in pack.guide.routines.values() if routine.alarm):
        assert words.title(alarm.name.rpartition(".")[2]) in text


def test_links_within_the_sheet_lead_somewhere(sheet: str) -> None:
    anchors = re.findall(r'href="#([^"]+)"', sheet)
    assert anchors
    assert set(anchors) <= set(re.findall(r' id="([^"]+)"', sheet))


# Nothing may look signed that is not


class Boxes(HTMLParser):
    """Collects what stands in the cells that a clinician fills in."""

    def __init__(self) -> None:
        super().__init__()
        self.blanks: list[str] = []
        self.ticks: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class") or ""
        if tag not in ("meta", "br", "hr"):
            self._open.append((tag, kind))
        if tag == "td" and "blank" in kind.split():
            self.blanks.append("")
        if tag == "span" and kind == "tick":
            self.ticks.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, kind = self._open[-1] if self._open else ("", "")
        if tag == "td" and "blank" in kind.split():
            self.blanks[-1] += data
        if tag == "span" and kind == "tick":
            self.ticks[-1] += data


def test_no_box_is_filled_in_and_no_words_say_that_anybody_agreed(sheet: str) -> None:
    # The title of a source may say who reviewed that source.
    said = plain(re.sub(r'<ul class="sources[^>]*>.*?</ul>', "", sheet))
    assert not re.search(r"(approved|reviewed|signed(?: off)?|checked|endorsed|certified) by\b", said, re.IGNORECASE)
    boxes = Boxes()
    boxes.feed(sheet)
    assert boxes.blanks
    assert set(boxes.blanks) == {""}
    assert set(boxes.ticks) == {""}
    assert not set("☑☒✓✔✅") & set(sheet)


def test_each_place_has_its_own_box_and_says_that_it_is_not_signed(pack: Pack, sheet: str) -> None:
    parts = re.split(r'(?=<section class="(?:protocol|chapter)")', sheet)[1:]
    assert len(parts) > len(ordered(pack))
    for part in parts:
        assert part.count('class="sign-off"') == 1
        for label in ("Name", "Date", "Signature", "What to change"):
            assert f">{label}</th>" in part
    for part in parts[: len(ordered(pack))]:
        assert "Not yet signed off." in plain(f"<body>{part}")


# One file, nothing fetched, nothing smuggled in


def test_it_needs_no_network_and_runs_no_script(sheet: str) -> None:
    assert not re.search(r"<(script|link|img|iframe|object|embed|base)\b|@import|url\(|\son\w+=|\ssrc=", sheet)
    assert "default-src 'none'" in unescape(sheet)


def test_words_of_a_pack_never_become_markup() -> None:
    hostile = '</td><script>alert(1)</script> & "so"'
    for made in (element("p", hostile), element("a", "x", href=hostile), table(("A",), [[hostile]])):
        assert "<script" not in made
        assert hostile in unescape(made)


# In a browser


@pytest.fixture(scope="module")
def chromium() -> str:
    try:
        return browser.find()
    except browser.NoBrowserError as missing:
        pytest.skip(str(missing))


MEASURE = """
<script>
const found = {headings: [], flat: [], spilled: [], wide: []};
document.querySelectorAll('.protocol > h2').forEach(one => found.headings.push(one.textContent));
document.querySelectorAll('svg').forEach(svg => {
  const size = svg.getBoundingClientRect();
  if (size.width < 100 || size.height < 20) found.flat.push(svg.getAttribute('aria-label'));
  const frames = [...svg.querySelectorAll('rect')].map(one => one.getBBox());
  svg.querySelectorAll('text').forEach(text => {
    const box = text.getBBox(), full = svg.viewBox.baseVal;
    const around = frames.filter(one => box.x >= one.x && box.x <= one.x + one.width
      && box.y + box.height / 2 >= one.y && box.y + box.height / 2 <= one.y + one.height);
    const limit = around.length ? Math.min(...around.map(one => one.x + one.width)) : full.width;
    const floor = around.length ? Math.max(...around.map(one => one.y + one.height)) : full.height;
    if (box.x + box.width > limit || box.y + box.height > floor + 1) found.spilled.push(text.textContent);
  });
});
document.querySelectorAll('td, th, p, h2, h3, h4, li').forEach(one => {
  if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth) found.wide.push(one.textContent.slice(0, 80));
});
const told = document.createElement('pre');
told.id = 'found';
told.textContent = JSON.stringify(found);
document.body.append(told);
</script>
"""


def measured(sheet: str, folder: Path) -> dict[str, list[str]]:
    """Open a copy of a sheet that measures itself and return what it found."""
    copy = folder / "copy.html"
    # As it is, the sheet lets no script run; not even this one.
    allowed = re.sub(r"<meta http-equiv[^>]*>", "", sheet)
    copy.write_text(allowed.replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    dom = browser.run("--window-size=794,1123", "--dump-dom", copy.as_uri())
    found: dict[str, list[str]] = json.loads(unescape(dom.rpartition('<pre id="found">')[2].partition("</pre>")[0]))
    return found


@pytest.mark.usefixtures("chromium")
def test_a_browser_shows_every_place_and_nothing_runs_out_of_its_box(pack: Pack, sheet: str, tmp_path: Path) -> None:
    found = measured(sheet, tmp_path)
    titles = [f"{number}. {one.title or words.title(one.name)}" for number, one in enumerate(ordered(pack), 1)]
    assert found == {"headings": titles, "flat": [], "spilled": [], "wide": []}


@pytest.mark.usefixtures("chromium")
def test_the_measuring_sees_a_text_that_runs_out_of_its_box(tmp_path: Path) -> None:
    row = outline.Row("say", "x", group="A heading that is far too long for the box it stands in, by a lot of words")
    section = outline.Section("s", "S", (row,), "End.")
    figure = drawing.draw(section, lambda _: False)
    found = measured(f"<!DOCTYPE html><html><body>{figure}</body></html>", tmp_path)
    assert found["spilled"] == [row.group]


@pytest.mark.usefixtures("chromium")
def test_it_prints(pack: Pack, tmp_path: Path) -> None:
    sheet, pdf = tmp_path / "review.html", tmp_path / "review.pdf"
    main(["--content", str(CONTENT), "--out", str(sheet), "--pdf", str(pdf)])
    printed = pdf.read_bytes()
    assert printed.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))
    assert 2 * len(ordered(pack)) < pages < 400


# The command


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "review_sheet"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_pack_with_faults_is_one_fault_a_line(tmp_path: Path) -> None:
    done = run("--content", str(tmp_path / "none"), "--out", str(tmp_path / "review.html"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "there is no such folder" in done.stderr
    assert not (tmp_path / "review.html").exists()


def test_without_a_browser_the_sheet_is_written_and_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    out = tmp_path / "review.html"
    with pytest.raises(SystemExit, match="sudo apt-get install chromium"):
        main(["--content", str(CONTENT), "--out", str(out), "--pdf", str(tmp_path / "review.pdf")])
    assert capsys.readouterr().out == f"Written: {out}\n"
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
