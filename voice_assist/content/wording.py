"""The pack's rules for spoken lines (shared/sources/delivery.md section 8; documented in content/README.md).

All settings are the pack's own, in guide.yaml under `wording`; it is not held to a rule that it leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz

from voice_assist.content.fills import FILLS, filled
from voice_assist.content.language import ENGLISH, Language
from voice_assist.content.reading import LONG_SHARE, SHORT, grade, long_words, words_of
from voice_assist.content.sheet import Cell
from voice_assist.guide.told import TOLD

_NUMBERS = ("most_words", "most_sentences", "most_grade", "alike")
_LISTS = (
    "banned",
    "doses",
    "directions",
    "hedges",
    "negatives",
    "abbreviations",
    "first_words",
    "body_words",
    "pointing",
    "given",
    "amounts",
)

_SOUGHT = ("banned", "directions", "hedges", "negatives", "abbreviations", "body_words", "pointing")
"""The lists that are looked for in a line."""

_LETTER = r"[^\W\d_]"
_UNSPEAKABLE = re.compile(r"[^\w\s.,?:;'-]|_|(?<!\w)-|-(?!\w)")
"""Whatever is no letter, digit or plain mark. An exclamation mark is no calm one (delivery.md section 1)."""
_CAPITALS = re.compile(rf"(?<!{_LETTER})(?=[^\W\d_]{{2}})[A-ZÀ-ÖØ-Þ]+(?!{_LETTER})")
_DOTTED = re.compile(rf"(?<!\w){_LETTER}\.{_LETTER}|\w+\.(?=\s+[a-zà-öø-ÿ])")
"""`e.g`, and a full stop that ends no sentence."""


@dataclass(frozen=True)
class Rules:
    """What a pack holds its lines to. A number that is None, and an empty list, hold it to nothing."""

    most_words: float | None = None
    """Words in a sentence; digits aside."""
    most_sentences: float | None = None
    """Sentences in a line; those of a single word (Good. Stop. Again.) aside."""
    most_grade: float | None = None
    """School grade of lines that are heard together (English only)."""
    alike: float | None = None
    """rapidfuzz ratio, 0 to 100, from which on two commands are one move in two wordings."""
    banned: tuple[str, ...] = ()
    """Phrases that are never said; one that ends in * stands for every word that begins so."""
    doses: tuple[str, ...] = ()
    """Units of medicine, which make a dose with a digit or an amount before them."""
    amounts: tuple[str, ...] = ()
    """Numbers in words, and what stands for one."""
    directions: tuple[str, ...] = ()
    """Words of direction that are wrong for somebody who lies otherwise."""
    hedges: tuple[str, ...] = ()
    """Words that make a command uncertain."""
    negatives: tuple[str, ...] = ()
    """Words that tell what is not to be done."""
    abbreviations: tuple[str, ...] = ()
    """Short forms that a voice spells out or swallows."""
    first_words: tuple[str, ...] = ()
    """Words that a command may begin with; a digit may, too."""
    body_words: tuple[str, ...] = ()
    """Parts of the body, of which a move names one before it says `it`."""
    pointing: tuple[str, ...] = ()
    """`it` and the like."""
    given: tuple[str, ...] = ()
    """Lines that the sources give word for word although they break a rule."""


@dataclass(frozen=True)
class _Heard:
    """A line as it was last read."""

    plain: str
    """Without its placeholders: what the user's numbers are must not make a pack wrong."""
    lifted: bool
    """It may break the rules."""


@dataclass
class Wording:
    """Checks spoken lines by a pack's rules, and puts in what stands for a placeholder such as {emergency}."""

    fills: Mapping[str, str]
    rules: Rules = field(default_factory=Rules)
    given: Mapping[str, Cell] = field(default_factory=dict)
    """Where each of the given lines stands among the rules."""
    unset: Mapping[str, str] = field(default_factory=lambda: FILLS)
    """What stands for a number that nobody has set: words, so they are counted."""

    def __post_init__(self) -> None:
        self._heard: dict[str, _Heard] = {}
        self._commands: dict[str, tuple[str, Cell]] = {}
        self._given = frozenset(self.rules.given)
        self._spoken: set[str] = set()
        self._found = {name: _phrases(getattr(self.rules, name)) for name in _SOUGHT}
        self._found["doses"] = _doses(self.rules.amounts, self.rules.doses)
        self._first = frozenset(word.lower() for word in self.rules.first_words)

    def line(self, cell: Cell, what: str, *, command: bool = False, because: str = "", brief: bool = False) -> str:
        """Return a spoken line with its placeholders filled; a line that breaks a rule is a fault.

        A command tells what to do, and is held to more; a `brief` one may begin with a part of the body instead.
        `because` says why the line must break a rule: it lifts all of them but those of the banned words, of doses,
        and of what a voice can speak.
        """
        text = cell.text(what)
        unknown = [name for name in re.findall(r"\{(.*?)\}", text) if name not in {*self.fills, *TOLD}]
        if unknown:
            known = ", ".join(sorted({*self.fills, *TOLD}))
            cell.fault(f"'{text}' has the placeholder {{{unknown[0]}}}; known are {known}")
            return ""
        # Somebody who has set no number hears these words for it, so they are counted.
        usual = filled(text, {**self.fills, **self.unset, **dict.fromkeys(TOLD, "it")})
        lifted = bool(because) or text in self._given
        self._spoken.add(text)
        self._never(cell, usual)
        if not lifted:
            self._spare(cell, usual)
            if command:
                self._command(cell, usual, brief=brief)
        said = filled(text, self.fills)
        self._heard[said] = _Heard(re.sub(r"\{.*?\}", "", text), lifted)
        return said

    def unit(self, cell: Cell, what: str, lines: Iterable[str], because: str = "") -> None:
        """Check lines that are heard together: how hard they are to take in.

        A grade says something about a text, nothing about four words; below SHORT words only a crowd of long
        ones is a fault. Lines that may break the rules are left out.
        """
        if because or self.rules.most_grade is None:
            return
        heard = [self._heard.get(line, _Heard(line, lifted=False)) for line in lines]
        sentences = [part for line in heard if not line.lifted for part in _sentences(line.plain)]
        words = sum(len(words_of(sentence)) for sentence in sentences)
        if words < SHORT:
            long = long_words(sentences)
            if len(long) > max(1.0, words * LONG_SHARE):
                cell.fault(f"{what} has many long words ({', '.join(long)}); take shorter ones")
        elif (found := grade(sentences)) > self.rules.most_grade:
            long = list(dict.fromkeys(long_words(sentences)))
            cell.fault(
                f"{what} reads like school grade {found:.1f}, above {self.rules.most_grade:g}; take shorter "
                f"sentences, and shorter words{' for ' if long else ''}{', '.join(long)}"
            )

    def named(self, cell: Cell, what: str, lines: Iterable[str]) -> None:
        """Check the commands that a person hears first: a part of the body is named before it is `it`."""
        body, pointing = self._found["body_words"], self._found["pointing"]
        if body is None or pointing is None:
            return
        heard = [self._heard.get(line, _Heard(line, lifted=False)) for line in lines]
        for line in heard:
            if line.lifted or body.search(line.plain):
                return
            if points := pointing.search(line.plain):
                cell.fault(
                    f"{what} says '{points[0]}' in '{line.plain}' before it names a part of the body; name it there"
                )
                return
        if heard:
            cell.fault(f"{what} names no part of the body; say which one moves")

    def finish(self) -> None:
        """Check what only the whole pack can tell: the same move in the same words, and no idle exception."""
        if self.rules.alike is not None:
            self._same_move(self.rules.alike)
        for text, cell in self.given.items():
            if text not in self._spoken and not cell.faults.unreadable:
                cell.fault(f"'{text}' is a given line that nobody speaks; take it off the list")

    def _never(self, cell: Cell, text: str) -> None:
        """Check what no reason lifts."""
        if (found := self._search("banned", text)) is not None:
            cell.fault(f"'{text}' uses the banned words '{found}'; say it in other words")
        if (found := self._search("doses", text)) is not None:
            cell.fault(f"'{text}' speaks of '{found}': no dose is ever said; leave it to doctor and pharmacist")
        if strange := _UNSPEAKABLE.search(text):
            cell.fault(f"'{text}' has '{strange[0]}', which a voice cannot say calmly; write it in words")
        if capitals := _CAPITALS.search(text):
            cell.fault(f"'{text}' has '{capitals[0]}' in capitals, which a voice may spell; write it in small letters")
        dotted = _DOTTED.search(text)
        short = dotted[0] if dotted else self._search("abbreviations", text)
        if short is not None:
            cell.fault(f"'{text}' abbreviates '{short}'; write the whole word")

    def _spare(self, cell: Cell, text: str) -> None:
        """Check what every line is held to that has no reason to break it."""
        sentences = _sentences(text)
        counts = [sum(1 for word in sentence.split() if not word.strip(".,?:;").isdigit()) for sentence in sentences]
        most = self.rules.most_words
        for sentence, count in zip(sentences, counts, strict=True):
            if most is not None and count > most:
                cell.fault(f"'{sentence}' has more than {most:g} words; somebody in pain takes in no more at once")
        most = self.rules.most_sentences
        if most is not None and sum(1 for count in counts if count != 1) > most:
            cell.fault(f"'{text}' has more than {most:g} sentences; make two lines of it, with a pause between")
        if (found := self._search("directions", text)) is not None:
            cell.fault(f"'{text}' says '{found}'; in the dark, say 'that' one, 'the sore' one or 'your good' one")

    def _command(self, cell: Cell, text: str, *, brief: bool) -> None:
        """Check what a command is held to besides."""
        start = re.search(r"\w[\w']*", text)
        first = start[0].lower() if start else ""
        body = self._found["body_words"]
        named = brief and body is not None and body.fullmatch(first)
        if self._first and first not in self._first and not first.isdigit() and not named:
            cell.fault(
                f"'{text}' begins with '{first}', which is not among first_words; begin with what to do, or say with "
                "`because` why this is no command"
            )
        if (found := self._search("hedges", text)) is not None:
            cell.fault(f"'{text}' says '{found}', and a command is certain; say plainly what to do")
        if (found := self._search("negatives", text)) is not None:
            cell.fault(f"'{text}' says '{found}': what not to do is followed slowly; say what to do instead")
        for sentence in _sentences(text):
            self._commands.setdefault(" ".join(words_of(sentence)), (sentence, cell))

    def _same_move(self, alike: float) -> None:
        """Compare commands that name the same parts of the body: another part is another move."""
        moves: dict[tuple[str, ...], list[str]] = {}
        body = self._found["body_words"]
        for words in self._commands:
            parts = tuple(sorted(match[0] for match in body.finditer(words))) if body else ()
            moves.setdefault(parts, []).append(words)
        for one, other in (pair for same in moves.values() for pair in combinations(same, 2)):
            if fuzz.ratio(one, other, score_cutoff=alike):
                first, second = self._commands[one], self._commands[other]
                second[1].fault(
                    f"'{second[0]}' is nearly '{first[0]}' at {first[1].file}:{first[1].line}; the same move has the "
                    "same words every time, so take one of them for both"
                )

    def _search(self, name: str, text: str) -> str | None:
        pattern = self._found[name]
        found = pattern.search(text) if pattern else None
        return found[0] if found else None


def read_wording(cell: Cell | None, fills: Mapping[str, str], language: Language = ENGLISH) -> Wording:
    """Read the rules of a pack; faults in them are noted."""
    fields = cell.form("wording", (), (*_NUMBERS, *_LISTS)) if cell else {}
    settings: dict[str, Any] = {name: fields[name].number(name, 1) for name in _NUMBERS if name in fields}
    settings |= {name: fields[name].texts(name) for name in _LISTS if name in fields}
    given = {item.text("a given line"): item for item in fields["given"].items("given")} if "given" in fields else {}
    if "most_grade" in fields and language.code != ENGLISH.code:
        fields["most_grade"].fault(f"most_grade counts syllables of English, not of {language.name}; leave it out")
        settings.pop("most_grade")
    return Wording(fills, Rules(**settings), given, language.unset)


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s+", text)


def _phrases(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the phrases as whole words; a digit is no part of a word (5mg)."""
    return re.compile(_any_of(phrases), re.IGNORECASE) if phrases else None


def _doses(amounts: Sequence[str], units: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds an amount of any of the units."""
    number = rf"(?:\d|{_any_of(amounts)})" if amounts else r"\d"
    return re.compile(rf"{number}[\s-]*{_any_of(units)}", re.IGNORECASE) if units else None


def _any_of(phrases: Sequence[str]) -> str:
    found = "|".join(re.escape(phrase).replace(r"\*", rf"{_LETTER}*") for phrase in phrases)
    return rf"(?<!{_LETTER})(?:{found})(?!{_LETTER})"
