"""What follows the places: safety, questions, answers, the person, the numbers, and what is never said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from scripts.review import words
from scripts.review.drawing import draw
from scripts.review.outline import Row, Section, activity, branches, script, sections
from scripts.review.papers import plain
from scripts.review.protocol_pages import (
    Sheet,
    distinct,
    ordered,
    question_branches,
    rows_table,
    scripts,
    sign_off,
    sources,
)
from voice_assist.guide.protocol import Loop, Only, Question, Routine, Step, spoken
from voice_assist.paper.html import Markup, element, joined, paragraph, table
from voice_assist.samples import seconds
from voice_assist.understand.lexicon import Lexicon, Need, Rule

Chapter = tuple[str, str, Callable[[Sheet], Markup]]

_GROUPS = {
    "emergency": "Emergency now",
    "urgent": "Urgent today",
    "guarded": "A safety answer instead of coaching",
}

_PERSON = {"changes": "", "any": "Holds if one of these does: ", "implies": "If so, this too: ", "from": "Source: "}
"""What is told of a fact of the person, each with the words before it."""

_MOST_FORMS = 8
"""Forms of a danger that are listed; the reader is told how many more there are."""


def chapter(sheet: Sheet, number: int, one: Chapter) -> Markup:
    """Return a chapter with its box to sign."""
    anchor, title, content = one
    return element(
        "section",
        element("h2", f"{number}. {title}"),
        content(sheet),
        sign_off(title),
        class_="chapter",
        id=anchor,
        style=f"page: p{number}",
    )


def _everywhere(sheet: Sheet) -> Markup:
    guide = sheet.pack.guide
    breath, count = guide.breath, ", ".join(map(str, guide.short_count))
    rules = [
        ("First words", " ".join(spoken(guide.routines[guide.begin].steps))),
        ("One bare word in the night", f"It asks “{guide.questions[guide.doubt].say}”. Silence means asleep again."),
        ("A place without a protocol", " ".join(spoken(guide.routines[guide.untaught].steps))),
        ("The other side is asked for", " ".join(spoken(guide.routines[guide.other_side].steps))),
        ("Holds", f"Counted down aloud, a number a second; all numbers the first time, later {count}."),
        ("Breaths", f"“{breath.line_in}” {breath.seconds_in} s, “{breath.line_out}” {breath.seconds_out} s."),
        ("Silence", "Means: carry on. Where a gate stands before any move, silence ends in a careful answer."),
        ("Stop, wait", "Silence at once. So do other words for them."),
    ]
    if guide.clock:
        after = words.seconds(seconds(guide.clock))
        rules.append((f"After {after}", f"Whatever is running ends with {words.title(guide.overtime)}."))
    if guide.relapse:
        within = words.seconds(seconds(guide.relapse.within))
        rules.append((f"Back within {within}", f"It goes to {words.title(guide.relapse.routine)}."))
    for word, routine in guide.reactions.items():
        rules.append((f"“{words.human(word)}” while coaching", f"It goes to {words.title(routine)}."))
    for alarm, name in guide.confirm.items():
        rules.append((f"A doubtful {words.title(alarm)}", f"It asks once: “{guide.questions[name].say}”."))
    if guide.spans:
        rules.append(("A timer", f"Its length is told first: {' '.join(guide.spans.values())}"))
    return table(("When", "What happens"), rules)


def _courses(sheet: Sheet) -> Markup:
    """Return what places have in common: whole courses, then the steps that their courses are made of."""
    found: dict[str, Section] = {}
    used: dict[str, None] = {}
    for protocol in ordered(sheet.pack):
        for index, section in enumerate(sections(sheet.pack.guide, protocol)):
            used.update(dict.fromkeys(row.via for row in section.rows if row.via))
            if index and not section.own:
                found.setdefault(section.name, section)
    drawn = [
        element("div", element("h3", one.title), draw(one, sheet.alarm), scripts(sheet, [one]), id=f"course-{name}")
        for name, one in found.items()
    ]
    told = [
        element(
            "div",
            _heading(words.title(name)),
            rows_table(script(sheet.pack.guide, sheet.pack.guide.routines[name]), clock=False),
            class_="answer",
            id=f"routine-{name}",
        )
        for name in sorted(used)
    ]
    return joined(
        [
            paragraph("What places have in common, word for word. The pages of a place refer to it by name."),
            element("h3", "Steps that courses are made of"),
            _columns(told),
            *drawn,
        ]
    )


def _safety(sheet: Sheet) -> Markup:
    guide = sheet.pack.guide
    asked = _asked_into(guide.questions)
    groups: dict[str, list[Routine]] = {}
    for routine in guide.routines.values():
        if routine.alarm:
            group, dot, _ = routine.name.partition(".")
            groups.setdefault(_GROUPS.get(group, words.title(group)) if dot else "Other careful answers", []).append(
                routine
            )
    return joined(
        [
            paragraph(
                "Words of danger end everything else, at any moment. The answer is spoken, repeated as told below, "
                "then there is silence. Coaching does not go on after one."
            ),
            *(
                joined([element("h3", group), _columns(_answer(sheet, one, asked) for one in routines)])
                for group, routines in groups.items()
            ),
        ]
    )


def _answer(sheet: Sheet, routine: Routine, asked: Mapping[str, list[str]]) -> Markup:
    kind, _, value = routine.name.partition(".")
    heard = list(_triggers(sheet.pack.lexicon, kind, value))
    parts = [_heading(words.title(value or kind))]
    if heard:
        parts.append(paragraph(element("b", "Said after: "), "; ".join(heard), "."))
    if routine.name in asked:
        parts.append(paragraph(element("b", "Reached by the questions: "), "; ".join(asked[routine.name]), "."))
    parts.append(rows_table(script(sheet.pack.guide, routine), clock=False))
    return element("div", *parts, class_="answer")


def _asked_into(questions: Mapping[str, Question]) -> dict[str, list[str]]:
    """Return, for each routine, the questions that lead to it, with the answers that do."""
    found: dict[str, list[str]] = {}
    for question in questions.values():
        ways: dict[str, list[str]] = {}
        for answer, branch in branches(question):
            if branch.goto:
                ways.setdefault(branch.goto, []).append(words.human(answer))
        for target, answers in ways.items():
            found.setdefault(target, []).append(f"“{question.say}” ({', '.join(answers)})")
    return found


def _triggers(lexicon: Lexicon, kind: str, value: str) -> Iterator[str]:
    """Yield, in words, each combination of things heard that leads to a danger's answer; each once."""
    found: dict[str, bool] = {}
    for rule in lexicon.rules:
        if rule.kind == kind and (heard := _needs(lexicon, rule, value)):
            # The sure way to say it outweighs the doubtful one.
            found[heard] = found.get(heard, True) and "doubt" in rule.slots
    yield from (heard + (" (asks once before it answers)" if doubt else "") for heard, doubt in found.items())


def _needs(lexicon: Lexicon, rule: Rule, value: str) -> str:
    concept = next((concept for concept, _ in rule.sources("kind")), "")
    known = lexicon.concept_values(concept, rule) if concept else {rule.slots.get("kind", "")}
    if value not in known:
        return ""
    return " together with ".join(
        _forms(lexicon, need, value if need.concept == concept else "") for need in rule.needs
    )


def _forms(lexicon: Lexicon, need: Need, value: str) -> str:
    wanted = {value} if value else need.values
    forms = distinct(
        form.words
        for form in lexicon.forms
        if form.concept == need.concept and not form.near and (not wanted or form.value in wanted)
    )
    # The short ones tell what is meant; the long ones are theirs with words about them.
    shown = sorted(forms, key=lambda form: len(form.split()))[:_MOST_FORMS]
    more = f" and {len(forms) - len(shown)} more ways to say it" if len(forms) > len(shown) else ""
    return f"[{', '.join(shown)}{more}]"


def _questions(sheet: Sheet) -> Markup:
    rows = [
        (
            joined([element("b", question.say), element("br"), element("small", words.human(name))]),
            question_branches(question),
            words.seconds(seconds(question.wait)) + (", asked once more" if question.reprompt else ""),
            element("span", class_="tick"),
        )
        for name, question in sheet.pack.guide.questions.items()
    ]
    return joined(
        [
            paragraph("Every question that can be asked. An answer that is not listed is asked for again."),
            table(("Question", "Where each answer leads", "Waits", "Agree"), rows, class_="questions"),
        ]
    )


def _answers(sheet: Sheet) -> Markup:
    # A control word's answer is asked for as a question too: it is told once.
    asked = {name: topic for topic, name in sheet.pack.guide.asides.items()}
    return _routines(
        sheet,
        ((topic, name) for name, topic in asked.items()),
        "What may be asked at any moment. Between two groups of lines it asks “More?”; no and silence end it. In the "
        "midst of a cramp only the first group is spoken, then the coaching goes on.",
        grouped=True,
    )


def _grouped(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the lines of an answer, what stands between its groups told as a heading."""
    groups, before = 0, ""
    for row in rows:
        if row.kind == "ask" and before == "leave":
            groups += 1
        elif row.kind not in ("leave", "rest"):
            yield replace(row, group=f"After “More?” ({groups})" if groups else row.group)
        before = row.kind


def _activities(sheet: Sheet) -> Markup:
    return _routines(
        sheet,
        sheet.pack.guide.activities.items(),
        "Courses of their own, with their own times. In the midst of a cramp they are put off.",
    )


def _routines(sheet: Sheet, named: Iterable[tuple[str, str]], lead: str, *, grouped: bool = False) -> Markup:
    parts = []
    for asked, name in named:
        routine = sheet.pack.guide.routines[name]
        topic = words.title(asked.removeprefix("question."))
        first, *further = activity(sheet.pack.guide, routine)
        told = [rows_table(_grouped(first.rows) if grouped else first.rows, clock=False)]
        for section in further:
            told += [element("h5", f"If it comes to: {section.title}"), rows_table(section.rows, clock=False)]
        parts.append(element("div", _heading(topic), *told, class_="answer"))
    return joined([paragraph(lead), _columns(parts) if parts else paragraph("There are none.")])


def _columns(parts: Iterable[Markup]) -> Markup:
    return element("div", *parts, class_="columns")


def _heading(title: str) -> Markup:
    """Return the heading of an answer, with a box to tick for each."""
    ticks = (element("span", element("span", class_="tick"), text, class_="choice") for text in ("agree", "change"))
    return element("h4", title, element("span", *ticks, class_="ticks"))


def _person(sheet: Sheet) -> Markup:
    used = _uses(sheet)
    person = sheet.papers.person
    rows = []
    for name in [*person, *sorted(used.keys() - person.keys())]:
        cell = person.get(name)
        known = cell.fields(name) if cell else {}
        told = joined(
            paragraph(f"{_PERSON[key]}{words.human(plain(field)) if key in ('any', 'implies') else plain(field)}")
            for key, field in known.items()
            if key in _PERSON and plain(field)
        )
        asked = plain(known["ask"]) if "ask" in known else ("worked out from others" if known else "never asked by day")
        rows.append(
            (words.fact(name), asked, told, ", ".join(sorted(used.get(name, ()))), element("span", class_="tick"))
        )
    return joined(
        [
            paragraph(
                "What may be known before or during a cramp. What is asked by day is asked once, and never at night. "
                "Of what is unknown, the careful way is taken."
            ),
            table(("What is known", "Asked by day", "What it changes", "Used in", "Agree"), rows, class_="person"),
        ]
    )


def _notices(sheet: Sheet) -> Markup:
    rows = [(name.replace("_", " "), line) for name, line in sheet.pack.notices.items()]
    lead = "Said once, when nothing else is said. That a device is back is never said."
    return joined([paragraph(lead), table(("What fails", "What is said"), rows)]) if rows else paragraph("Nothing.")


def _diary(sheet: Sheet) -> Markup:
    diary = sheet.pack.diary
    rows = [(name.replace("_", " "), line) for name, line in (*diary.sentences.items(), *diary.news.items())]
    lead = "Words in braces are put in when it is said. What has become more often or worse is told once, by day."
    asked = [(diary.follow_up, diary.follow_up)] if diary.follow_up else []
    told = _routines(sheet, asked, "Asked once, by day, within two days after a cramp, of whoever speaks to it.")
    return joined([paragraph(lead), table(("About", "What is said"), rows), told]) if rows else paragraph("Nothing.")


def _uses(sheet: Sheet) -> dict[str, set[str]]:
    """Return, for each fact, the protocols and routines with steps that depend on it."""
    found: dict[str, set[str]] = {}
    guide = sheet.pack.guide

    def note(where: str, steps: tuple[Step, ...]) -> None:
        for only in conditions(steps):
            for fact in (*only.when, *only.unless):
                found.setdefault(fact.removeprefix("no "), set()).add(where)

    for routine in guide.routines.values():
        note(words.title(routine.name), routine.steps)
    for protocol in guide.protocols.values():
        for steps in protocol.parts.values():
            note(protocol.title or words.title(protocol.name), steps)
    return found


def conditions(steps: tuple[Step, ...]) -> Iterator[Only]:
    """Yield every condition in steps, however deep."""
    for step in steps:
        if isinstance(step, Only):
            yield step
            yield from conditions((step.step,))
        elif isinstance(step, Loop):
            yield from conditions(step.steps)


def _numbers(sheet: Sheet) -> Markup:
    warning = paragraph(
        "No number is ever guessed from a language: the user sets it, by day. What is marked “not verified” has not "
        "been checked with the authority of its country.",
        class_="warning",
    )
    rows = [
        (
            joined([element("b", row.name), f" ({', '.join(row.codes)})" if row.codes else ""]),
            " or ".join(row.emergency) or "not known",
            row.advice or "not known",
            joined([row.note, element("b", " The sources disagree.") if row.conflict else ""]),
            ", ".join(row.basis),
            "verified, says the file" if row.verified else "not verified",
        )
        for row in sheet.papers.numbers
    ]
    if not rows:
        return joined([warning, paragraph("No list of numbers is with this content.")])
    return joined([warning, table(("Where", "Emergency", "Advice", "Note", "Basis", "State"), rows, class_="numbers")])


def _never(sheet: Sheet) -> Markup:
    papers = sheet.papers
    return joined(
        [
            element("h3", "Words that no spoken line may hold"),
            paragraph(", ".join(papers.banned) + "." if papers.banned else "None are listed."),
            element("h3", "Claims of the two first sources that are never spoken, and why"),
            _reasons(papers.not_spoken),
            element("h3", "What the sources say and no line carries, and why"),
            _reasons(papers.left_out),
        ]
    )


def _reasons(reasons: Mapping[str, str]) -> Markup:
    return table(("Item", "Why"), reasons.items(), class_="reasons") if reasons else paragraph("None are listed.")


def _sources(sheet: Sheet) -> Markup:
    return sources(sheet.papers, sheet.papers.sources)


CHAPTERS: tuple[Chapter, ...] = (
    ("everywhere", "What holds everywhere", _everywhere),
    ("courses", "Shared courses", _courses),
    ("safety", "Safety answers", _safety),
    ("questions", "Questions and gates, with their thresholds", _questions),
    ("answers", "What people ask, and what is answered", _answers),
    ("activities", "Paced activities", _activities),
    ("person", "What may be known, and what it changes", _person),
    ("diary", "The diary, and the day after", _diary),
    ("notices", "What is said of a device that fails", _notices),
    ("numbers", "Emergency numbers, not verified", _numbers),
    ("never", "What is never said", _never),
    ("sources", "All sources", _sources),
)
"""Anchor, title and content of each chapter, in order."""
