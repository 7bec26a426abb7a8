"""The report as people meet it: checked for accessibility, on a phone and on a desk, and printed."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from tests import axe, framed
from voice_assist.diary.report.page import Report, written
from voice_assist.paper import browser

PHONE, DESK = (390, 844), (1280, 900)


@pytest.fixture(scope="module")
def chromium() -> str:
    try:
        return browser.find()
    except browser.NoBrowserError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def checker() -> None:
    if reason := axe.missing():
        pytest.skip(reason)


# The checker


@pytest.mark.usefixtures("checker")
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_no_rule_of_accessibility_is_broken(page: str, tmp_path: Path, size: tuple[int, int]) -> None:
    found = axe.check(page, tmp_path, size)
    assert found.violations == {}
    # What it cannot tell by itself is the contrast of text in a drawing, which is measured below, and on a phone of
    # what a table has out of sight, which a desk has in sight.
    assert set(found.incomplete) <= {"color-contrast"}
    undecided = found.incomplete.get("color-contrast", [])
    assert all(html.startswith("<text") for html in undecided) or size == PHONE
    looked_at = {"color-contrast", "heading-order", "svg-img-alt", "th-has-data-cells", "target-size"}
    assert looked_at <= set(found.passes)


BREAKS = {
    "color-contrast": (".note {", ".note { color: #aaa;"),
    "svg-img-alt": (' aria-labelledby="trend-title trend-desc"', ""),
    "heading-order": ("<h3>Month by month</h3>", "<h5>Month by month</h5>"),
    "html-has-lang": (' lang="en"', ""),
    "document-title": ("<title>Diary of muscle cramps</title>", "<title></title>"),
    "scrollable-region-focusable": (' tabindex="0"', ""),
}
"""Rules of the checker, each with what breaks it in a page: what is there, and what stands there instead."""


@pytest.mark.usefixtures("checker")
def test_the_checker_sees_a_page_that_is_broken(page: str, tmp_path: Path) -> None:
    broken = page
    for there, instead in BREAKS.values():
        assert there in broken
        broken = broken.replace(there, instead)
    broken = re.sub(r"<title id=\"trend.*?</desc>", "", broken)
    assert set(BREAKS) <= set(axe.check(broken, tmp_path, PHONE).violations)


# What the checker does not look at

MEASURE = """
<script>
const light = text => {
  const parts = (text.match(/[\\d.]+/g) || []).slice(0, 3).map(Number).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const fill = one => getComputedStyle(one).fill;
const found = {faint: [], spilled: [], small: [], wide: []};
document.querySelectorAll('table, svg, p, h1, h2, h3, nav').forEach(one => {
  const moved = one.parentElement.className === 'wide' || one.closest('.wide');
  if (!moved && one.getBoundingClientRect().right > document.documentElement.clientWidth)
    found.wide.push(one.textContent.slice(0, 40));
});
if (document.documentElement.scrollWidth > innerWidth) found.wide.push('the page');
found.width = innerWidth;
document.querySelectorAll('svg text').forEach(text => {
  const box = text.previousElementSibling;
  const behind = box && box.tagName === 'rect' ? fill(box) : 'rgb(255, 255, 255)';
  if (contrast(fill(text), behind) < 4.5) found.faint.push(text.textContent + ' ' + fill(text) + ' on ' + behind);
  const inner = text.getBoundingClientRect(), outer = text.ownerSVGElement.getBoundingClientRect();
  if (inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.top < outer.top - 1
      || inner.bottom > outer.bottom + 1) found.spilled.push(text.textContent);
  if (inner.height < SMALLEST) found.small.push(text.textContent + ' ' + inner.height);
});
tell(found);
</script>
"""

SMALLEST = 9
"""CSS pixels that a line of text in a drawing is high at least, on a phone."""


def measured(page: str, folder: Path, size: tuple[int, int]) -> dict[str, object]:
    """Return what a page measures of itself."""
    found: dict[str, object] = framed.told(page, MEASURE.replace("SMALLEST", str(SMALLEST)), folder, size)
    assert found.pop("width") == size[0]
    return found


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_drawings_can_be_read_and_nothing_is_cut_off(page: str, tmp_path: Path, size: tuple[int, int]) -> None:
    assert measured(page, tmp_path, size) == {"faint": [], "spilled": [], "small": [], "wide": []}


@pytest.mark.usefixtures("chromium")
def test_the_measuring_sees_faint_text_and_a_page_that_is_too_wide(page: str, tmp_path: Path) -> None:
    spoilt = page.replace(".months .weekday {", ".months .weekday { fill: #999;").replace(
        "body {", "body { width: 60rem;"
    )
    found = measured(spoilt, tmp_path, PHONE)
    assert found["faint"]
    assert "the page" in str(found["wide"])


# On paper


def inflated(pdf: bytes) -> bytes:
    """Return a PDF with its streams unpacked, as far as they are packed as usual."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        unpacked = zlib.decompressobj()
        try:
            parts.append(unpacked.decompress(stream))
        except zlib.error:
            continue  # a font or a picture of another kind
    return b"\n".join(parts)


@pytest.mark.usefixtures("chromium")
def test_it_prints_with_tags_headings_tables_and_the_words_for_each_picture(page: str, tmp_path: Path) -> None:
    made, pdf = tmp_path / "report.html", tmp_path / "report.pdf"
    made.write_text(page, encoding="utf-8")
    browser.print_pdf(made, pdf)
    printed = inflated(pdf.read_bytes())
    assert printed.startswith(b"%PDF-")
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", printed)
    assert b"/StructTreeRoot" in printed
    kinds = {kind: len(re.findall(rb"/S\s*/%s\b" % kind, printed)) for kind in (b"H1", b"H2", b"Table", b"Figure")}
    assert kinds[b"H1"] == 1
    assert kinds[b"H2"] == page.count("<h2")
    assert kinds[b"Table"] == page.count("<table")
    assert kinds[b"Figure"] == page.count("<svg")
    assert printed.count(b"/Alt") >= page.count("<svg")
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))
    assert 5 < pages < 20


@pytest.mark.usefixtures("chromium")
def test_the_summary_is_one_page(report: Report, tmp_path: Path) -> None:
    html, _ = written(report)
    first = re.sub(r"</header>.*</main>", "</header></main>", html, flags=re.DOTALL)
    made, pdf = tmp_path / "first.html", tmp_path / "first.pdf"
    made.write_text(first, encoding="utf-8")
    browser.print_pdf(made, pdf)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", inflated(pdf.read_bytes()))) == 1
