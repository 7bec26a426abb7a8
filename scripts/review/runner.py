"""Puts the sheet together, writes it, prints it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.review import words
from scripts.review.chapters import CHAPTERS, chapter
from scripts.review.front import front_page
from scripts.review.papers import read_papers
from scripts.review.protocol_pages import Sheet, ordered, protocol_pages
from voice_assist.content import load
from voice_assist.errors import ContentError
from voice_assist.paper import browser
from voice_assist.paper.html import page

ROOT = Path(__file__).resolve().parents[2]
STYLE = Path(__file__).with_name("sheet.css")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit 1 for a fault, which one line tells, and 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="review_sheet", description="Print a content pack for a clinician's review.")
    parser.add_argument("--content", type=Path, default=ROOT / "content" / "en", metavar="DIR", help="the pack")
    parser.add_argument("--out", type=Path, default=Path("review.html"), metavar="FILE", help="the sheet, HTML")
    parser.add_argument("--pdf", type=Path, metavar="FILE", help="print it as a PDF too; a browser does that")
    asked = parser.parse_args(arguments)
    try:
        asked.out.write_text(review_sheet(asked.content), encoding="utf-8")
        print(f"Written: {asked.out}")
        if asked.pdf:
            browser.print_pdf(asked.out, asked.pdf)
            print(f"Printed: {asked.pdf}")
    except (ContentError, browser.NoBrowserError, OSError) as fault:
        sys.exit(f"review_sheet: {fault}")


def review_sheet(folder: Path) -> str:
    """Return the sheet of the pack in `folder` as one HTML document. Raises ContentError."""
    sheet = Sheet(load(folder), read_papers(folder))
    protocols = ordered(sheet.pack)
    follow = [(anchor, title) for anchor, title, _ in CHAPTERS]
    parts = [front_page(sheet, protocols, follow)]
    parts += [protocol_pages(sheet, protocol, number) for number, protocol in enumerate(protocols, 1)]
    parts += [chapter(sheet, number, one) for number, one in enumerate(CHAPTERS, len(protocols) + 1)]
    names = [one.title or words.title(one.name) for one in protocols] + [title for _, title in follow]
    return page("Review sheet for clinicians", STYLE.read_text(encoding="utf-8") + _feet(names), *parts)


def _feet(names: Sequence[str]) -> str:
    """Return the rules that put the name of each place and chapter at the foot of its pages."""
    return "".join(
        f'@page p{number} {{ @bottom-left {{ content: "{_quoted(name)}"; font: 9pt sans-serif; }} }}\n'
        for number, name in enumerate(names, 1)
    )


def _quoted(text: str) -> str:
    """Return a text as it stands in a style sheet's quotes."""
    return "".join(sign if sign.isalnum() or sign in " ,.-" else f"\\{ord(sign):x} " for sign in text)
