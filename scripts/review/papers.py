"""What a pack holds for the reader of its sheet only: titles of sources, the inventory, the person, the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from voice_assist import numbers
from voice_assist.content.sheet import Cell, Faults, read_sheet
from voice_assist.errors import ContentError
from voice_assist.numbers import Candidates


@dataclass(frozen=True)
class Source:
    """Where something comes from."""

    title: str
    links: tuple[str, ...]


@dataclass(frozen=True)
class Papers:
    """The sheets of a pack that are read and not spoken; what a pack does not have is empty."""

    sources: dict[str, Source]
    person: dict[str, Cell]
    left_out: dict[str, str]
    """Id of the inventory to why no line carries it."""
    not_spoken: dict[str, str]
    """Id of the inventory to why it must never be said."""
    numbers: tuple[Candidates, ...]
    """Telephone numbers by country, for all packs; empty where there is no list beside the pack."""
    banned: tuple[str, ...]
    """Words that no spoken line may hold."""

    def source(self, name: str) -> tuple[str, Source | None]:
        """Return the source that an id belongs to, and what is known of it; 000-32 belongs to 000."""
        base = name if name in self.sources else name.partition("-")[0]
        return base, self.sources.get(base)


def read_papers(folder: Path) -> Papers:
    """Read them from a pack's folder. Raises ContentError."""
    faults = Faults()

    def fields(name: str) -> dict[str, Cell]:
        return read_sheet(folder, name, faults, optional=True).fields(name)

    inventory = fields("inventory")
    wording = fields("guide").get("wording")
    banned = wording.fields("wording").get("banned") if wording else None
    list_of_numbers = folder.parent / numbers.FILE
    papers = Papers(
        sources={name: _source(cell) for name, cell in fields("sources").items()},
        person=fields("person"),
        left_out=_reasons(inventory.get("left_out")),
        not_spoken=_reasons(inventory.get("not_spoken")),
        numbers=numbers.table(list_of_numbers) if list_of_numbers.exists() else (),
        banned=banned.texts("banned") if banned else (),
    )
    if faults.found:
        raise ContentError(faults.found)
    return papers


def plain(cell: Cell) -> str:
    """Return whatever a cell holds as a reader takes it: lists with commas, fields with their names."""
    value = cell.value
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')}: {plain(field)}" for name, field in value.items())
    return {None: "", True: "yes", False: "no"}.get(value, str(value)) if not isinstance(value, str) else value


def _source(cell: Cell) -> Source:
    known = cell.fields("a source")
    return Source(plain(known["title"]) if "title" in known else "", tuple(_links(known.get("link"))))


def _links(cell: Cell | None) -> Iterator[str]:
    """Yield the addresses of a source, which may be written as a list or with blanks and semicolons between."""
    for part in plain(cell).replace(",", " ").replace(";", " ").split() if cell else ():
        if part.startswith(("http://", "https://")):
            yield part


def _reasons(cell: Cell | None) -> dict[str, str]:
    return {name: plain(reason) for name, reason in cell.fields("reasons").items()} if cell else {}
