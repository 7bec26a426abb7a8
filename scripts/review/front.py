"""The front page: what the sheet is and is not, how to review it, what its marks mean, what is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scripts.review import words
from scripts.review.outline import WORDS_A_MINUTE
from scripts.review.protocol_pages import NOT_SIGNED, Sheet
from voice_assist.guide.protocol import Protocol
from voice_assist.paper.html import Markup, element, joined, listed, paragraph, table

_WHAT = (
    (
        "This is everything that a voice assistant for muscle cramps says and does, printed from the files that it "
        "speaks from. It listens offline, often to somebody who has just woken up in the dark and in pain. It speaks "
        "short sentences, counts holds aloud, asks one question at a time, and carries on if nobody answers."
    ),
    (
        "Its words were drafted from public first-aid and medical pages. Nothing in it has been signed off. It is not "
        "medical advice and not a medical device. It cannot call anybody, it names no medicine and no dose, and it "
        "makes no diagnosis."
    ),
)

_HOW = (
    "You need to know nothing about programs. Read the pages of a place as if you lay in bed with that cramp.",
    (
        "Ask of every line: is it right, is it safe for this place, is it clear to somebody in pain? Ask of every "
        "question: is it the right one, at the right moment, and is every answer sent where it belongs?"
    ),
    "Strike out and write on the paper. A wording need not be short for your sake: we bring it back to nine words.",
    (
        "Fill in the box at the end of the place or the chapter. A place for which no box was filled in counts as not "
        "signed off. Leave out what is outside your field, and say so."
    ),
    "A signature counts for this printing only. What is changed afterwards is printed and shown to you again.",
)

_MARKS = (
    ("Sharp box", "Something that is said or done. Words in [brackets] are done, not said."),
    ("Round box", "A question. To its right: where each answer leads. Silence carries on unless it says otherwise."),
    ("Thick frame", "A safety answer. Coaching does not go on after one."),
    ("Dashed box", "It happens only under the condition that is written in it."),
    (
        "Dotted line, words in italics",
        "The condition under which what follows it is said. “No” to: it was asked, or told by day, and denied.",
    ),
    ("[000-32, R15]", "Where a line comes from: item 32 of source 000, and source R15. The last chapter has them all."),
    ("Line at the left", "Everything beside it is repeated."),
    (
        "Clock",
        (
            "Minutes and seconds from the start, if nothing is known of the person and every question is met with "
            "silence; where silence would end it, with the answer that goes on. The words are taken at "
            f"{WORDS_A_MINUTE} a minute; holds, pauses and waits are exact."
        ),
    ),
)


def front_page(sheet: Sheet, protocols: Sequence[Protocol], chapters: Iterable[tuple[str, str]]) -> Markup:
    """Return the first pages; `chapters` are the anchors and titles of what follows the protocols."""
    marks = table(("Mark", "Meaning"), _MARKS)
    return element(
        "section",
        element("h1", "Review sheet for clinicians"),
        paragraph(f"Content: {sheet.pack.folder.resolve().name}. {NOT_SIGNED}.", class_="status"),
        element("h2", "What this is, and what it is not"),
        *map(paragraph, _WHAT),
        element("h2", "How to review"),
        element("ol", *(element("li", step) for step in _HOW)),
        element("h2", "What the marks mean"),
        marks,
        element("h2", "What is in it"),
        _contents(protocols, chapters),
        class_="front",
    )


def _contents(protocols: Sequence[Protocol], chapters: Iterable[tuple[str, str]]) -> Markup:
    rows = [
        (
            str(number),
            element("a", one.title or words.title(one.name), href=f"#protocol-{one.name}"),
            words.TIERS.get(one.tier, one.tier).partition(":")[0],
            NOT_SIGNED if "signed_off" not in one.notes else "See its page",
        )
        for number, one in enumerate(protocols, 1)
    ]
    places = table(("", "Place", "How far it is guided", "Signed off"), rows, class_="contents")
    rest = listed(element("a", title, href=f"#{anchor}") for anchor, title in chapters)
    return joined([places, element("h3", "After the places"), rest])
