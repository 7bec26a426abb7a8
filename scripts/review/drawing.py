"""Draws a section: boxes from top to bottom, arrows, and to the right where each answer leads.

Every row is a drawing of its own that joins the next one without a gap, so that a page may break between
any two of them. A unit is a quarter of a millimetre where the drawing is 180 mm wide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from scripts.review import words
from scripts.review.outline import ONWARD, TURNS, Row, Section, blocks, branches, leads
from voice_assist.paper.html import Markup, element, joined

WIDTH = 720
FONT = 13.5
LINE = 17
LEFT, RIGHT = 78, 446
ASIDE = 478
MIDDLE = (LEFT + RIGHT) / 2
GAP = 18
PAD = 7
BOLD = 1.08
"""How much wider a text is in bold."""

MOST_LINES = 3
"""Lines of a box's digest; the script below the drawing has all of it."""

_NARROW, _WIDE = frozenset("iljtfrI.,:;'’|!()[] -"), frozenset("mwMWABCDEGHKNOQRSUVXYZ@%—≈→")


@dataclass(frozen=True)
class Box:
    """One box, and what stands beside it."""

    title: str
    digest: tuple[str, ...]
    clock: float | None
    loops: tuple[str, ...]
    condition: str = ""
    """Under which it asks, or turns elsewhere; otherwise it goes straight on."""
    dashed: bool = False
    """True for what happens only on conditions."""
    asks: bool = False
    asides: tuple[tuple[str, bool], ...] = ()
    """Where answers lead, and whether that is a safety answer."""
    onward: str = ""
    """Which answers carry on."""


Alarm = Callable[[str], bool]
"""Tells whether a routine is a safety answer."""


def draw(section: Section, alarm: Alarm) -> Markup:
    """Return a section as a figure."""
    boxes = list(_boxes(section, alarm))
    drawn = [_row(box, boxes[index - 1] if index else None) for index, box in enumerate(boxes)]
    if boxes:
        drawn.append(_row(Box("End", (section.ends,), None, ()), boxes[-1]))
    return element("figure", *drawn, class_="flow", aria_label=f"Flow: {section.title}")


def width_of(text: str, font: float = FONT) -> float:
    """Return the width of a text in the widest face that a reader may have: a text that fits, fits everywhere."""
    return sum(0.42 if sign in _NARROW else 0.86 if sign in _WIDE else 0.66 for sign in text) * font


def wrap(text: str, width: float, font: float = FONT) -> list[str]:
    """Return a text as lines that are no wider than `width`."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _boxes(section: Section, alarm: Alarm) -> Iterator[Box]:
    seen: set[str] = set()
    aside: list[Row] = []
    common = {row.group for row in section.rows if row.usual}
    for block in _merged(section):
        if not any(row.usual for row in block):
            # Other words for what is drawn anyway would only hide the way.
            aside += [row for row in block if row.group not in common]
            continue
        if aside:
            yield _on_conditions(aside)
            aside = []
        if block[0].question and block[0].usual:
            yield _question(block[0], alarm, again=block[0].question.name in seen)
            seen.add(block[0].question.name)
        elif block[0].kind in TURNS and block[0].usual:
            yield _turn(block[0], alarm)
        else:
            yield _steps(block)
    if aside:
        yield _on_conditions(aside)


def _merged(section: Section) -> Iterator[tuple[Row, ...]]:
    """Yield the blocks of a section; those that follow each other in one group, without a turn, as one."""

    def together(block: tuple[Row, ...]) -> tuple[object, ...]:
        turns = block[0].kind in TURNS and block[0].usual
        return (id(block) if turns else None), any(row.usual for row in block), block[0].group, block[0].loops

    for _, several in groupby(list(blocks(section.rows)), key=together):
        yield tuple(row for block in several for row in block)


def _on_conditions(rows: Sequence[Row]) -> Box:
    """Draw together what happens only if something is known; the script has it word for word."""
    named: dict[tuple[str, str], None] = dict.fromkeys(
        (words.title(row.via) if row.via else row.group, row.conditions[0]) for row in rows
    )
    texts = (wrap(f"{group}: {condition}.", RIGHT - LEFT - 2 * PAD) for group, condition in named)
    told = [line for text in texts for line in (text if len(text) <= MOST_LINES else [*text[:1], f"{text[1]} …"])]
    return Box("On conditions (see the script)", tuple(told), None, rows[0].loops, dashed=True)


def _steps(block: Sequence[Row]) -> Box:
    sure = [row for row in block if row.usual]
    lasts = sum(row.lasts for row in sure)
    text = " ".join(row.text if row.kind == "say" else f"[{row.brief or row.text}]" for row in sure)
    digest = wrap(text, RIGHT - LEFT - 2 * PAD)
    if len(digest) > MOST_LINES:
        digest = [*digest[: MOST_LINES - 1], digest[MOST_LINES - 1][:-2].rsplit(" ", 1)[0] + " …"]
    if len(block) > len(sure):
        digest.append("(other words on conditions: see the script)")
    length = f", about {words.seconds(round(lasts))}" if lasts else ""
    return Box(f"{sure[0].group}{length}", tuple(digest), sure[0].clock, sure[0].loops)


def _turn(row: Row, alarm: Alarm) -> Box:
    kind = "Safety answer" if row.target and alarm(row.target) else row.group
    condition = "; ".join(row.conditions)
    told = tuple(wrap(row.text, RIGHT - LEFT - 2 * PAD))
    return Box(kind, told, row.clock, row.loops, condition, dashed=bool(condition))


def _question(row: Row, alarm: Alarm, *, again: bool) -> Box:
    question = row.question
    if question is None:
        raise ValueError("a row that asks has its question")
    ways: dict[str, list[str]] = {}
    alarms: set[str] = set()
    for answer, branch in branches(question):
        way = leads(branch)
        ways.setdefault(way, []).append(words.human(answer))
        if branch.goto and alarm(branch.goto):
            alarms.add(way)
    onward = ways.pop(ONWARD, [])
    if again:
        ways, onward = {}, ["answers as above; any other"]
    asides = tuple((f"{', '.join(answers)}: {way}", way in alarms) for way, answers in ways.items())
    asked = wrap(f"“{row.text}”", (RIGHT - LEFT - 2 * PAD) / BOLD)
    return Box(
        asked[0],
        tuple(asked[1:]),
        row.clock,
        row.loops,
        "; ".join(row.conditions),
        dashed=bool(row.conditions),
        asks=True,
        asides=asides,
        onward=f"{', '.join(onward)}: {ONWARD}" if onward else "",
    )


def _row(box: Box, before: Box | None) -> Markup:
    """Draw a box, the arrow that comes into it, and what stands beside it."""
    notes = [f"Repeated: {loop}." for loop in _begun(box, before)]
    notes += [f"{box.condition}:"] if box.condition else []
    repeated = [line for note in notes for line in wrap(note, RIGHT - LEFT - 2 * PAD)]
    onward = wrap(before.onward, RIGHT - MIDDLE + 60) if before and before.onward else []
    top = max(GAP, len(onward) * LINE + 6) if before else 4
    inner = len(repeated) + 1 + len(box.digest)
    asides = [(wrap(text, WIDTH - ASIDE - 12), alarm) for text, alarm in box.asides]
    beside = sum(len(lines) * LINE + 14 for lines, _ in asides)
    height = max(inner * LINE + 2 * PAD, beside)
    parts = [_arrow(top, onward)] if before else []
    parts.append(_frame(box, top, height))
    parts += _inside(box, repeated, top)
    parts += _beside(asides, top)
    parts += _bracket(box, before, top, height)
    if box.clock is not None and box.title != "End":
        parts.append(_text(0, top + PAD + 12, words.clock(box.clock), class_="clock"))
    label = joined([box.condition, box.title, " ".join(box.digest), *(text for text, _ in box.asides)], ". ")
    total = top + height + 1
    return element(
        "svg", *parts, viewBox=f"0 0 {WIDTH} {total:g}", width=WIDTH, height=f"{total:g}", role="img", aria_label=label
    )


def _begun(box: Box, before: Box | None) -> tuple[str, ...]:
    """Return the loops that begin with a box."""
    around = before.loops if before else ()
    shared = 0
    while shared < min(len(around), len(box.loops)) and around[shared] == box.loops[shared]:
        shared += 1
    return box.loops[shared:]


def _frame(box: Box, top: float, height: float) -> Markup:
    kind = "frame asks" if box.asks else "frame end" if box.title == "End" else "frame"
    shape = {"x": LEFT, "y": top, "width": RIGHT - LEFT, "height": height, "rx": 16 if box.asks else 3}
    dashes = {"stroke_dasharray": "6 4"} if box.dashed else {}
    return element("rect", class_=kind, **shape, **dashes)


def _inside(box: Box, repeated: Sequence[str], top: float) -> list[Markup]:
    lines = [*((text, "repeated") for text in repeated), (box.title, "title"), *((text, "") for text in box.digest)]
    # A box is as high as what stands beside it; its own text begins at its top.
    return [
        _text(LEFT + PAD, top + PAD + 13 + index * LINE, text, **({"class_": kind} if kind else {}))
        for index, (text, kind) in enumerate(lines)
    ]


def _beside(asides: Sequence[tuple[Sequence[str], bool]], top: float) -> Iterator[Markup]:
    y = top
    for lines, alarm in asides:
        height = len(lines) * LINE + 8
        middle = y + height / 2
        yield element("line", class_="arrow", x1=RIGHT, y1=middle, x2=ASIDE - 6, y2=middle)
        yield element("polygon", points=f"{ASIDE - 8},{middle - 5} {ASIDE - 8},{middle + 5} {ASIDE},{middle}")
        yield element(
            "rect", class_="alarm" if alarm else "aside", x=ASIDE, y=y, width=WIDTH - ASIDE - 2, height=height, rx=3
        )
        for index, line in enumerate(lines):
            yield _text(ASIDE + 6, y + 17 + index * LINE, line)
        y += height + 6


def _arrow(top: float, onward: Sequence[str]) -> Markup:
    stem = element("line", class_="arrow", x1=MIDDLE, y1=0, x2=MIDDLE, y2=top - 7)
    tip = element("polygon", points=f"{MIDDLE - 5},{top - 8} {MIDDLE + 5},{top - 8} {MIDDLE},{top}")
    labels = [_text(MIDDLE + 10, 14 + index * LINE, line) for index, line in enumerate(onward)]
    return joined([stem, tip, *labels])


def _bracket(box: Box, before: Box | None, top: float, height: float) -> Iterator[Markup]:
    """Draw a line at the left of everything that is repeated."""
    for depth, _ in enumerate(box.loops):
        x = LEFT - 10 - depth * 8
        inside = before is not None and before.loops[: depth + 1] == box.loops[: depth + 1]
        yield element("line", class_="loop", x1=x, y1=0 if inside else top, x2=x, y2=top + height + 1)
        if not inside:
            yield element("line", class_="loop", x1=x, y1=top, x2=LEFT, y2=top)


def _text(x: float, y: float, text: str, **attributes: str) -> Markup:
    return element("text", text, x=f"{x:g}", y=f"{y:g}", **attributes)
