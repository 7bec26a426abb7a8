"""The pages of one protocol: what it is, what it does as a drawing, every line, where it is from, a box to sign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from scripts.review import words
from scripts.review.drawing import draw
from scripts.review.outline import Row, Section, blocks, branches, leads, noted, sections
from scripts.review.papers import Papers
from voice_assist.content import Pack
from voice_assist.guide.protocol import Protocol, Question
from voice_assist.paper.html import Markup, element, joined, listed, paragraph, table
from voice_assist.understand.lexicon import Lexicon

_UNSAID = frozenset({"my", "the", "a", "me", "of"})
"""Words by which two forms differ that are one to a reader."""

_NOTES = {"position": "Position", "opposite": "Opposite muscle", "evidence": "Evidence"}
_LISTS = {"never": "Forbidden moves (never spoken, never asked for)", "red_flags": "Red flags"}

NOT_SIGNED = "Not yet signed off"


@dataclass(frozen=True)
class Sheet:
    """What every page needs."""

    pack: Pack
    papers: Papers

    def alarm(self, routine: str) -> bool:
        """Tell whether a routine is a safety answer."""
        return self.pack.guide.routines[routine].alarm


def ordered(pack: Pack) -> list[Protocol]:
    """Return the protocols, each once, from those that are guided to those that never are."""
    tiers = list(words.TIERS)
    found = {protocol.name: protocol for protocol in pack.guide.protocols.values()}
    return sorted(found.values(), key=lambda one: (tiers.index(one.tier), one.title or one.name))


def protocol_pages(sheet: Sheet, protocol: Protocol, number: int) -> Markup:
    """Return the pages of one protocol."""
    name = protocol.title or words.title(protocol.name)
    first, *further = sections(sheet.pack.guide, protocol)
    walked = [first, *(section for section in further if section.own)]
    shared = [section for section in further if not section.own]
    return element(
        "section",
        element("h2", f"{number}. {name}"),
        _status(protocol),
        _summary(sheet, protocol),
        *(_list(protocol, note, heading) for note, heading in _LISTS.items()),
        element("h3", "What happens, drawn"),
        *(joined([element("h4", _caption(section)), draw(section, sheet.alarm)]) for section in _to_draw(walked)),
        _elsewhere(shared),
        element("h3", "Every line that is spoken, in order"),
        scripts(sheet, walked),
        element("h3", "Sources"),
        paragraph("Their addresses stand in the last chapter."),
        sources(sheet.papers, _used(protocol, walked), addresses=False),
        sign_off(name),
        class_="protocol",
        id=f"protocol-{protocol.name}",
        style=f"page: p{number}",
    )


def sign_off(what: str) -> Markup:
    """Return the box that a clinician fills in; nothing in it is ever filled in by us."""
    blank = element("td", class_="blank")
    lines = [element("tr", element("th", text, scope="row"), blank) for text in ("Name", "Profession and registration")]
    lines += [element("tr", element("th", text, scope="row"), blank) for text in ("Date", "Signature")]
    answer = element("tr", element("th", "Your answer", scope="row"), element("td", *_choices(), class_="choices"))
    change = element("tr", element("th", "What to change", scope="row"), element("td", class_="blank tall"))
    return element(
        "section",
        element("h3", f"For the clinician: {what}"),
        element("table", element("tbody", answer, change, *lines)),
        class_="sign-off",
        aria_label=f"Box to fill in: {what}",
    )


def _choices() -> tuple[Markup, ...]:
    return tuple(
        element("span", element("span", class_="tick"), text, class_="choice")
        for text in ("I agree as it stands", "I agree with the changes below", "Not to be used")
    )


def rows_table(rows: Iterable[Row], *, clock: bool = True, seen: set[str] | None = None) -> Markup:
    """Return rows as a table; what is in `seen` is not told in full again."""
    seen = set() if seen is None else seen
    body: list[Markup] = []
    heading = ""
    for block in blocks(rows):
        before, heading = heading, _heading(block[0])
        if heading != before and (clock or before or block[0].loops):
            body.append(element("tr", element("th", heading, colspan=3 if clock else 2, scope="rowgroup")))
        lines = [block] if clock else [(row,) for row in block]
        body += [_shared(line, seen) if clock and line[0].via else _row(line, seen, clock=clock) for line in lines]
    heads = ("Clock", "Lasts", "Said, done or asked") if clock else ()
    return table(heads, body, class_="script")


def _heading(row: Row) -> str:
    # What is the same for every place tells its own words there.
    around = [*row.loops, *(f"here, {said}" for said in row.here if not row.via)]
    return f"{row.group} ({'; '.join(around)})" if around else row.group


def _row(block: Sequence[Row], seen: set[str], *, clock: bool) -> Markup:
    """Return a row of a script: what is said in one go, what needs a condition in its place among it."""
    sure = [row for row in block if row.usual]
    at = next((words.clock(row.clock) for row in sure if row.clock is not None), "–")
    lasts = sum(row.lasts for row in sure or block[:1])
    variants = repr([(row.text, row.conditions) for row in block])
    told = _running(sure if clock and variants in seen else block, seen)
    more = " (other words on conditions as above)" if clock and variants in seen and len(sure) < len(block) else ""
    if sure:
        seen.add(variants)
    cited = ", ".join(dict.fromkeys(name for row in block for name in row.sources))
    cells = [element("td", at)] if clock else []
    cells.append(element("td", words.seconds(round(lasts, 1)) if lasts else ""))
    cells.append(element("td", told, more, element("span", f" [{cited}]", class_="cited") if cited else ""))
    return element("tr", *cells)


def _shared(block: Sequence[Row], seen: set[str]) -> Markup:
    """Return a row for what is the same for every place, and is told in full once for all of them."""
    sure = [replace(row, conditions=()) for row in block if row.usual]
    link = element("a", words.title(block[0].via), href=f"#routine-{block[0].via}")
    at = next((words.clock(row.clock) for row in sure if row.clock is not None), "–")
    lasts = words.seconds(round(sum(row.lasts for row in sure), 1)) if sure else ""
    if not sure:
        told = joined([element("i", f"({block[0].conditions[0]}:"), " ", link, ")"])
    elif len(sure) < len(block) or any(row.conditions for row in block):
        told = joined([_running(sure, seen), " (other words on conditions: ", link, ")"])
    else:
        told = _running(sure, seen)
    return element("tr", element("td", at), element("td", lasts), element("td", told))


def _running(rows: Iterable[Row], seen: set[str]) -> Markup:
    """Return rows as running text."""
    parts: list[Markup] = []
    for conditions, alike in groupby(rows, key=lambda row: row.conditions):
        told = joined([_told(row, seen) for row in alike], " ")
        if conditions:
            told = element("div", element("i", f"{'; '.join(conditions)}: "), told, class_="when")
        parts.append(told)
    return joined(parts, " ")


def question_branches(question: Question) -> Markup:
    """Return where every answer to a question leads, as a list."""
    ways: dict[str, list[str]] = {}
    for answer, branch in branches(question):
        ways.setdefault(leads(branch) + noted(branch), []).append(words.human(answer))
    return listed(joined([element("b", ", ".join(answers)), f": {way}"]) for way, answers in ways.items())


def sources(papers: Papers, used: Iterable[str], *, addresses: bool = True) -> Markup:
    """Return a list of sources with their titles; their addresses in full, or to be followed on a screen only."""
    known = {base: found for base, found in map(papers.source, used) if base}
    entries = []
    for base, found in sorted(known.items()):
        title = found.title if found and found.title else "title not in the pack"
        links = found.links if found else ()
        if addresses:
            told = joined([title, *(joined([" – ", element("a", link, href=link)]) for link in links)])
        else:
            told = element("a", title, href=links[0]) if links else joined([title])
        entries.append(joined([element("b", base), " ", told]))
    return listed(entries, class_="sources" if addresses else "sources columns") or paragraph("None is named.")


def said_for(lexicon: Lexicon, place: str) -> tuple[list[str], list[str]]:
    """Return what people say for a place, and what counts only beside a clear word: it may mean another thing."""
    concepts = {concept for rule in lexicon.rules for concept, _ in rule.sources("place")}
    forms = [form for form in lexicon.forms if form.concept in concepts and form.value == place]
    return distinct(form.words for form in forms if not form.near), distinct(form.words for form in forms if form.near)


def distinct(forms: Iterable[tuple[str, ...]]) -> list[str]:
    """Return forms, of those that differ by small words only the first."""
    found: dict[str, str] = {}
    for form in forms:
        found.setdefault(" ".join(word for word in form if word not in _UNSAID), " ".join(form))
    return list(found.values())


def _status(protocol: Protocol) -> Markup:
    told = protocol.notes.get("signed_off", ())
    return paragraph(f"The file names: {'; '.join(told)}" if told else f"{NOT_SIGNED}.", class_="status")


def _summary(sheet: Sheet, protocol: Protocol) -> Markup:
    facts: list[tuple[str, str]] = [("How far it is guided", words.TIERS.get(protocol.tier, protocol.tier))]
    for place in protocol.places:
        real, near = said_for(sheet.pack.lexicon, place)
        said = ", ".join(real) or "nothing by itself: it is where a cramp begins that nobody has placed yet"
        facts.append((f"People say ({words.human(place)})", said))
        if near:
            facts.append(("Counted only beside a clear word", ", ".join(near)))
    facts += [(title, "; ".join(protocol.notes[note])) for note, title in _NOTES.items() if note in protocol.notes]
    rows = [element("tr", element("th", title, scope="row"), element("td", text)) for title, text in facts]
    return element("table", element("tbody", *rows), class_="summary")


def _list(protocol: Protocol, note: str, heading: str) -> Markup:
    told = protocol.notes.get(note, ())
    return joined([element("h3", heading), listed(told) if told else paragraph("None is named in the file.")])


def scripts(sheet: Sheet, walked: Iterable[Section]) -> Markup:
    """Return every row of sections, each section with what may be said at any moment in it."""
    seen: set[str] = set()
    parts: list[Markup] = []
    for section in walked:
        parts += [element("h4", _caption(section)), _reactions(sheet, section)]
        parts += [rows_table(section.rows, seen=seen), paragraph(section.ends, class_="ends")]
    return element("div", *parts, class_="columns")


def _to_draw(walked: Sequence[Section]) -> list[Section]:
    """Return the sections that are drawn: the first, and those that a question of it leads to."""
    asked = [row.question for row in walked[0].rows if row.question and row.usual]
    targets = {branch.goto for question in asked for _, branch in branches(question)}
    return [walked[0], *(section for section in walked[1:] if section.name in targets)]


def _caption(section: Section) -> str:
    return section.title if section.begins else f"If it comes to: {section.title}"


def _elsewhere(shared: Sequence[Section]) -> Markup:
    """Say which courses are not told here, because they are the same for every place."""
    if not shared:
        return Markup("")
    named = joined([element("a", section.title, href=f"#course-{section.name}") for section in shared], ", ")
    return paragraph("The same for every place, and drawn in the chapter on shared courses: ", named, ".")


def _reactions(sheet: Sheet, section: Section) -> Markup:
    told = [
        f"“{words.human(value)}” goes to {words.title(target)}"
        for value, target in section.reactions.items()
        if target in sheet.pack.guide.routines
    ]
    return paragraph(f"Said at any moment here: {'; '.join(told)}.", class_="note") if told else Markup("")


def _told(row: Row, seen: set[str]) -> Markup:
    if row.kind == "say":
        return element("b", row.text)
    if row.question is None:
        told = row.brief if row.brief and row.text in seen else row.text
        seen.add(row.text)
        return joined(["[", told, "]"])
    asked = joined(["Asks: ", element("q", row.text)])
    if row.question.name in seen:
        return joined([asked, " (answers as above)"])
    seen.add(row.question.name)
    return joined([asked, question_branches(row.question)])


def _used(protocol: Protocol, walked: Iterable[Section]) -> list[str]:
    return [*protocol.sources, *(name for section in walked for row in section.rows for name in row.sources)]
