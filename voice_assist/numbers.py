"""Emergency numbers, as candidates for the user to choose from: none is ever chosen for anybody.

"111" is the emergency number in one country and an advice line in another that speaks the same language, so
neither the language nor the locale tells it (shared/sources/safety.md section 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voice_assist import config
from voice_assist.content.fills import spoken_number
from voice_assist.content.sheet import Cell, Faults, read
from voice_assist.errors import ContentError

FILE = "emergency_numbers.yaml"

NOT_NAMED = "Name your country; 111 is for emergencies in one, for advice in another"

_REQUIRED = ("codes", "name", "emergency", "verified")
_OPTIONAL = ("also", "advice", "basis", "note", "conflict")


LOOK_UP = "ask the national authority there, or name the country as its passport does"


@dataclass(frozen=True)
class Candidates:
    """What the sources say for one country or region."""

    codes: tuple[str, ...]
    """ISO 3166-1, two letters."""
    name: str
    """As it is said in a sentence: "the United Kingdom"."""
    also: tuple[str, ...]
    """Other names, and those of the countries where the row stands for several."""
    emergency: tuple[str, ...]
    """Digits, the usual number first; empty where the sources gave none."""
    advice: str
    """The line for medical advice that is no emergency; empty if not known."""
    basis: tuple[str, ...]
    """Ids of the sources."""
    note: str
    conflict: bool
    """True where the sources disagree."""
    verified: bool
    """True once somebody has checked the row with the national authority."""

    def named(self, country: str) -> bool:
        """Tell whether a country's code or name means this row."""
        return _plain(country) in map(_plain, (*self.codes, self.name, *self.also))


def table(file: Path | None = None) -> tuple[Candidates, ...]:
    """Read the table, the one that ships unless told otherwise.

    Raises ContentError with every fault in it, each with file, line and reason.
    """
    path = file or config.content_folder() / FILE
    faults = Faults()
    cell = read(path, path.parent, faults).form(path.name, ("countries",)).get("countries")
    rows = [(item, _row(item)) for item in cell.items("countries")] if cell else []
    _check_names(rows)
    if faults.found:
        raise ContentError(faults.found)
    return tuple(row for _, row in rows)


def candidates(country: str, rows: Iterable[Candidates] | None = None) -> Candidates | None:
    """Return what is known for a country, by its name or its two-letter code; None for any other word.

    There is no default and no nearest match: a number is never guessed. Raises ContentError.
    """
    return next((row for row in (table() if rows is None else rows) if row.named(country)), None)


def described(row: Candidates, settings_file: Path) -> list[str]:
    """Return plain lines about a country's numbers: digit by digit, how sure, whence, and where to set them."""
    lines = [f"{row.name[:1].upper()}{row.name[1:]}:"]
    lines += [f"  emergency: {number} ({spoken_number(number)})" for number in row.emergency]
    if not row.emergency:
        lines.append("  emergency: no number is known here")
    if row.advice:
        lines.append(f"  advice, no emergency: {row.advice} ({spoken_number(row.advice)})")
    if row.note:
        lines.append(f"  {row.note}")
    if row.conflict:
        lines.append("  The sources disagree.")
    basis = f" Source: {', '.join(row.basis)}." if row.basis else ""
    checked = "Verified with the national authority." if row.verified else "Not verified: ask the national authority."
    lines.append(f"  {checked}{basis}")
    # No example with a number in it: what is copied without a thought would be a number that was chosen for somebody.
    how = 'Once you are sure, set it in the settings: emergency_number = "…", advice_line = "…"'
    return [*lines, how, f"The settings are in {settings_file}"]


def as_json(row: Candidates) -> dict[str, Any]:
    """Return a row for programs."""
    return {**vars(row)}


def _row(cell: Cell) -> Candidates:
    fields = cell.form("a country", _REQUIRED, _OPTIONAL)
    verified = fields["verified"].flag("verified") if "verified" in fields else False
    row = Candidates(
        codes=_matching(fields.get("codes"), "codes", r"[A-Z]{2}", "two capital letters, as ISO 3166-1 has them"),
        name=fields["name"].text("name") if "name" in fields else "",
        also=_matching(fields.get("also"), "also", r".+", "a name"),
        emergency=_matching(fields.get("emergency"), "emergency", r"\d{2,6}", "digits in quotes"),
        advice=_number(fields.get("advice")),
        basis=_matching(
            fields.get("basis"), "basis", r"R\d+|https://\S+", "a source ID, or the page it was checked on"
        ),
        note=fields["note"].text("note") if "note" in fields else "",
        conflict=fields["conflict"].flag("conflict") if "conflict" in fields else False,
        verified=verified,
    )
    if row.emergency and not row.basis:
        cell.fault("a number without its basis is a guess; say where it comes from")
    if row.verified and not any(source.startswith("https://") for source in row.basis):
        cell.fault("verified needs the authority's own page among its basis")
    return row


def _matching(cell: Cell | None, what: str, pattern: str, meaning: str) -> tuple[str, ...]:
    found = []
    for item in cell.items(what) if cell else []:
        text = item.text(f"an entry of {what}")
        if text and not re.fullmatch(pattern, text, re.ASCII):
            item.fault(f"'{text}' is no entry of {what}: it must be {meaning}")
        found.append(text)
    return tuple(found)


def _number(cell: Cell | None) -> str:
    text = cell.text("advice") if cell else ""
    if cell and text and not re.fullmatch(r"#?\d[\d -]*\d", text, re.ASCII):
        cell.fault(f"advice is '{text}'; it must be digits in quotes")
    return text


def _check_names(rows: Sequence[tuple[Cell, Candidates]]) -> None:
    """Note every name that stands for two rows: one of them would be the wrong number."""
    taken: dict[str, str] = {}
    for cell, row in rows:
        for name in dict.fromkeys(map(_plain, (*row.codes, row.name, *row.also))):
            if name in taken:
                cell.fault(f"'{name}' stands for {taken[name]} already")
            taken[name] = row.name


def _plain(name: str) -> str:
    return " ".join(name.lower().split()).removeprefix("the ")
