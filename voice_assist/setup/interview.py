"""Who listens to a set-up: takes down what an answer tells, at once, and tells the session what it is to say back.

The dialogue is the content's (its part `setup`). Facts with a blank in them, such as `country nz`, are for us: what
somebody chose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from voice_assist import numbers
from voice_assist.assembly import spoken
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.events import Action, Errand, Learned, Understood
from voice_assist.guide.facts import plain
from voice_assist.numbers import Candidates
from voice_assist.setup import keeping

DONE, AGAIN, ERASE, PRACTISE = "end_setup", "begin_setup", "erase_person", "begin_practice"
"""The errands that a set-up knows: it came to its end; from the start; everything is to be forgotten; practice."""

FEWEST = 2
"""Digits of an emergency number, at least: one digit was a slip."""

NOBODY, NAMED = "nobody", "named"
"""Answers to whom to call: nobody at all, and a name that was typed."""


class Knower(Protocol):
    """A session, as far as it is told what to say."""

    def know(self, values: Mapping[str, str]) -> None:
        """Take in what stands for placeholders of lines from now on."""
        ...


@dataclass
class Interview:
    """One run of the questions. Told every action of its session; keeps each answer at once.

    Raises SettingsError from where it is told an action, if the file cannot be written.
    """

    session: Knower
    pack: Pack
    file: Path
    settings: Settings
    zone: str = ""
    """The time zone that we are in."""
    erased: Callable[[], None] | None = None
    """Erases everything, what was rendered of it too; None for the file alone."""
    ended: bool = False
    """True once it came to its end, by the content."""
    again: bool = False
    """True once it was asked for from the start."""
    forgotten: bool = False
    """True once everything was erased."""
    practise: bool = False
    """True once it was asked for a rehearsal."""
    typed_name: str = ""
    """The name that was typed last, for the answer NAMED."""
    _candidate: str = ""
    _digits: str = ""
    _country: str = ""
    _row: Candidates | None = None
    _number: str = field(init=False)
    _called: str = field(init=False)

    def __post_init__(self) -> None:
        self._number, self._called = self.settings.emergency_number, self.settings.call_name
        self._tell()

    @property
    def number(self) -> str:
        """The emergency number that is confirmed; empty if none is."""
        return self._number

    def __call__(self, action: Action) -> None:
        """Take in an action of the session."""
        if isinstance(action, Learned):
            self._learn(action.facts)
        elif isinstance(action, Errand):
            self._go(action.name)
        elif isinstance(action, Understood) and action.intent.slots.get("word") == "back" and self._digits:
            # Whoever goes back from a digit takes it back.
            self._candidate = self._digits = self._digits[:-1]

    def _go(self, errand: str) -> None:
        self.ended |= errand == DONE
        self.again |= errand == AGAIN
        self.practise |= errand == PRACTISE
        if errand == ERASE:
            if self.erased:
                self.erased()
            else:
                keeping.erase(self.file)
            self._number = self._called = ""
            self.forgotten = True
            self._tell()

    def _learn(self, facts: tuple[str, ...]) -> None:
        values: dict[str, str | None] = {}
        person = {plain(fact): not fact.startswith("no ") for fact in facts if plain(fact) in self.pack.person}
        for fact in facts:
            values |= self._value(fact)
        if values or person:
            keeping.keep(values, person, self.file)
        self._tell()

    def _value(self, fact: str) -> dict[str, str | None]:
        """Take in a fact, and return what is to be kept of it."""
        what, _, value = fact.partition(" ")
        if what in ("country", "dialled", "digit"):
            self._propose(what, value)
        elif fact == "no candidate":
            self._candidate = self._digits = ""
        elif fact == "number_known" and len(self._candidate) >= FEWEST:
            self._number = self._candidate
            return {"emergency_number": self._number, "country": self._country or None, "time_zone": self.zone or None}
        elif fact == "no number_known" and self._number:
            self._number = ""
            return {"emergency_number": None}
        elif fact == "advice_known" and self._row:
            return {"advice_line": self._row.advice}
        elif what == "whom":
            self._called = "" if value == NOBODY else self.typed_name if value == NAMED else self._form("whom", value)
            return {"call_name": self._called or None}
        return {}

    def _propose(self, what: str, value: str) -> None:
        if what == "digit":
            self._digits += value
            self._candidate = self._digits
            return
        self._digits = ""
        if what == "country":
            self._country = value.upper() if value != "none" else ""
            self._row = numbers.candidates(value) if self._country else None
            self._candidate = self._row.emergency[0] if self._row and self._row.emergency else ""
        else:
            self._candidate = value

    def _form(self, concept: str, value: str) -> str:
        """Return the pack's first form of a value: how it is said back."""
        forms = (form for form in self.pack.lexicon.forms_by_concept.get(concept, ()) if form.value == value)
        return next((" ".join(form.words) for form in forms), "")

    def _tell(self) -> None:
        """Tell the session what it may have to say next."""
        country = self._form("country", self._country.lower()) if self._country else ""
        self.session.know(
            {
                "setup_country": _named(country) or "your country",
                "setup_number": spoken(self._candidate, self.pack) or "no digits",
                "setup_line": spoken(self._row.advice, self.pack) if self._row else "",
                "number": spoken(self._number, self.pack),
                "call_name": self._called,
            }
        )


def _named(country: str) -> str:
    """Return a country's name as it is written: what is heard has no capitals."""
    return " ".join(word if word == "the" else word.capitalize() for word in country.split())
