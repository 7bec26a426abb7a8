"""Read diary.yaml: what is said of the diary, in sentences whose words are put in at run time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader
from voice_assist.errors import did_you_mean
from voice_assist.guide import standing
from voice_assist.guide.protocol import Only, Run, Say, Step

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "night": ("times",),
    "week": ("times",),
    "month": ("times",),
    "no_night": (),
    "no_week": (),
    "no_month": (),
    "mostly": ("place",),
    "last": ("when",),
    "last_hour": ("day", "hour"),
    "last_place": ("place",),
    "no_last": (),
    "unknown": (),
    "steady": (),
    "more_often": (),
    "worse": (),
    "off": (),
    "unreadable": (),
    "erased": (),
    "not_erased": (),
}
"""Every sentence, and the words that it may have in braces."""

NEWS = ("more_often", "worse")
"""What is told once, unasked, by day."""

FOLLOW_UP = "follow_up"
"""What is asked once, unasked, by day: how it is after a cramp."""

PLACE = "place with a protocol"
"""As what a place is checked: only in a pack that has no other fault, which may be why there is none."""

HOURS, DAYS = 24, 7


@dataclass(frozen=True)
class DiaryLines:
    """What is said of the diary; empty where the pack has no diary.yaml."""

    sentences: Mapping[str, str] = field(default_factory=dict)
    """One of SENTENCES to its template."""
    places: Mapping[str, str] = field(default_factory=dict)
    """A place to what it is called in a sentence."""
    times: Sequence[str] = ()
    """How often, from once upward."""
    often: str = ""
    """How often, where it is more than that."""
    hours: Sequence[str] = ()
    """When, by the hour: 24, from midnight."""
    days: Sequence[str] = ()
    """On which day: 7, from today back."""
    weeks: Sequence[str] = ()
    """How many weeks ago, from one upward."""
    long_ago: str = ""
    """When, where it is longer ago than that."""
    news: Mapping[str, str] = field(default_factory=dict)
    """One of NEWS to what is said of it unasked."""
    follow_up: str = ""
    """The routine that asks how it is; empty for none."""

    def said(self, name: str, **words: str) -> str:
        """Return a sentence with its words; it begins with a capital."""
        text = self.sentences[name].format(**words)
        return text[:1].upper() + text[1:]

    def steps(self) -> tuple[Step, ...]:
        """Return what is asked and told unasked, as it is due."""
        asks: tuple[Step, ...] = (Only(Run(self.follow_up), when=_due(FOLLOW_UP)),) if self.follow_up else ()
        return (*asks, *(Only(Say(line), when=_due(name)) for name, line in self.news.items()))


def _due(name: str) -> frozenset[str]:
    return frozenset({f"{standing.NEWS}{name}"})


def read_diary(sheet: Cell, steps: StepReader) -> DiaryLines:
    """Read the lines; each sentence is checked as a spoken line, with the longest words that it may get."""
    if not sheet.fields("diary.yaml"):
        return DiaryLines()
    needed = ("sentences", "places", "times", "often", "hours", "days", "weeks", "long_ago", "news")
    fields = sheet.form("diary.yaml", needed, ("follow_up",))
    lists = {name: fields[name].texts(name) for name in ("times", "hours", "days", "weeks") if name in fields}
    for name, count in (("hours", HOURS), ("days", DAYS)):
        if name in lists and len(lists[name]) != count:
            fields[name].fault(f"{name} has {len(lists[name])} texts; it must have {count}")
    texts = {name: fields[name].text(name) for name in ("often", "long_ago") if name in fields}
    places = _places(fields["places"], steps) if "places" in fields else {}
    words = {
        "times": (*lists.get("times", ()), texts.get("often", "")),
        "hour": lists.get("hours", ()),
        "day": lists.get("days", ()),
        "when": (*lists.get("weeks", ()), texts.get("long_ago", "")),
        "place": tuple(places.values()),
    }
    longest = {name: max(some, key=lambda text: len(text.split()), default="") for name, some in words.items()}
    news = fields["news"].form("news", NEWS) if "news" in fields else {}
    return DiaryLines(
        sentences=_sentences(fields["sentences"], longest, steps) if "sentences" in fields else {},
        places=places,
        times=lists.get("times", ()),
        often=texts.get("often", ""),
        hours=lists.get("hours", ()),
        days=lists.get("days", ()),
        weeks=lists.get("weeks", ()),
        long_ago=texts.get("long_ago", ""),
        news={name: _line(news[name], steps) for name in NEWS if name in news},
        follow_up=steps.names.use(fields.get("follow_up"), "routine"),
    )


def _places(cell: Cell, steps: StepReader) -> dict[str, str]:
    for name, one in cell.fields("places").items():
        if name != "unknown":
            steps.names.used.append((PLACE, name, one))
    return {name: one.text("what a place is called") for name, one in cell.fields("places").items()}


def _sentences(cell: Cell, longest: Mapping[str, str], steps: StepReader) -> dict[str, str]:
    fields = cell.form("sentences", tuple(SENTENCES))
    found = {}
    for name, one in fields.items():
        if name not in SENTENCES:
            continue
        text = one.text("a sentence")
        unknown = [word for word in re.findall(r"\{(.*?)\}", text) if word not in SENTENCES[name]]
        if unknown:
            known = ", ".join(SENTENCES[name]) or "none"
            one.fault(
                f"'{text}' has {{{unknown[0]}}}; {did_you_mean(unknown[0], SENTENCES[name]) or f'known: {known}'}"
            )
            continue
        _line(replace(one, value=re.sub(r"\{(.*?)\}", lambda word: longest[word[1]], text)), steps)
        found[name] = text
    return found


def _line(cell: Cell, steps: StepReader) -> str:
    because = ""
    if isinstance(cell.value, dict):
        fields = cell.form("a line", ("say",), ("from", "because"))
        steps.names.sources(fields.get("from"))
        because = fields["because"].text("because") if "because" in fields else ""
        cell = fields.get("say", cell)
    return steps.wording.line(cell, "a line", because=because)
