"""YAML with line numbers: read a file once, and collect every fault in it instead of the first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voice_assist.errors import Fault

# The C loader is ten times faster, and start-up time is silence in the dark; not every platform has it. The base
# loader guesses at no types: what a plain scalar is, `_scalar` tells.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "false": False}
_NUMBER = re.compile(r"[-+]?(?:\d+(\.\d*)?|(\.\d+))(?:[eE][-+]?\d+)?")


class Faults:
    """The faults of one pack, collected while it is read."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.unreadable = False
        """True once a file could not be read at all: names that others use from it are then unknown for
        that one reason, which is told once."""

    def add(self, file: str, line: int, reason: str) -> None:
        """Note one fault."""
        self.found.append(Fault(file, line, reason))


@dataclass(frozen=True)
class Cell:
    """A value of a YAML file that knows where it stands.

    The readers below never raise: a value of the wrong kind is noted as a fault and read as empty,
    so that one pass over a pack finds everything that is wrong with it.
    """

    value: Any
    """A str, int, float, bool, None, list of Cell, or dict of str to Cell."""
    file: str
    line: int
    faults: Faults

    def fault(self, reason: str) -> None:
        """Note that something is wrong here."""
        self.faults.add(self.file, self.line, reason)

    def text(self, what: str) -> str:
        """Return a non-empty text; YAML's yes, no and numbers are taken as they were written only if quoted."""
        if isinstance(self.value, str) and self.value.strip():
            return " ".join(self.value.split())
        self.fault(
            f"{what} must be a text, not {_kind(self.value)}; put quotes round it if YAML takes it for something else"
        )
        return ""

    def number(self, what: str, least: float = 0.0, most: float = float("inf")) -> float:
        """Return a number between `least` and `most`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.fault(f"{what} must be a number, not {_kind(self.value)}")
            return least
        if not least <= self.value <= most:
            self.fault(f"{what} is {self.value}; it must lie between {least:g} and {most:g}")
            return least
        return float(self.value)

    def flag(self, what: str) -> bool:
        """Return a yes or no."""
        if isinstance(self.value, bool):
            return self.value
        self.fault(f"{what} must be true or false, not {_kind(self.value)}")
        return False

    def items(self, what: str) -> list[Cell]:
        """Return the entries of a list."""
        if isinstance(self.value, list):
            return self.value
        self.fault(f"{what} must be a list, not {_kind(self.value)}")
        return []

    def texts(self, what: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(text for item in self.items(what) if (text := item.text(f"an entry of {what}")))

    def fields(self, what: str) -> dict[str, Cell]:
        """Return the fields of a mapping, whatever their names."""
        if isinstance(self.value, dict):
            return self.value
        self.fault(f"{what} must be a mapping (name: value), not {_kind(self.value)}")
        return {}

    def form(self, what: str, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Cell]:
        """Return the fields of a mapping whose names are given; others, and missing ones, are faults."""
        fields = self.fields(what)
        if not isinstance(self.value, dict):
            return {}
        known = required + optional
        for name, cell in fields.items():
            if name not in known:
                cell.fault(f"{what} has no field '{name}'; it knows {', '.join(known)}")
        for name in required:
            if name not in fields:
                self.fault(f"{what} lacks its field '{name}'")
        return {name: cell for name, cell in fields.items() if name in known}


def read(path: Path, root: Path, faults: Faults) -> Cell:
    """Read one YAML file; a file that cannot be read or parsed is a fault and reads as empty."""
    file = path.relative_to(root).as_posix()
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except OSError as error:
        faults.add(file, 0, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.add(file, 0, "is not UTF-8 text; save it as UTF-8")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable"
        faults.add(file, mark.line + 1 if mark else 0, f"is not valid YAML: {problem}")
    else:
        if node is not None:
            return _cell(node, file, faults)
        faults.add(file, 0, "is empty")
    faults.unreadable = True
    return Cell({}, file, 0, faults)


def read_sheet(folder: Path, name: str, faults: Faults, *, optional: bool = False, parts: Sequence[str] = ()) -> Cell:
    """Read `NAME.yaml` of a pack, or the folder NAME/ of files whose fields are taken together.

    Neither is a fault, unless the sheet is optional: then it reads as empty. `parts` are folders of the pack whose
    `NAME.yaml` adds to it: fields to fields, and entries to a list, before those that are there.
    """
    file, several = folder / f"{name}.yaml", folder / name
    if several.is_dir():
        sheet = _together(folder, name, faults)
    elif optional and not file.exists():
        sheet = Cell({}, file.name, 0, faults)
    else:
        sheet = read(file, folder, faults)
    for part in parts:
        if (added := folder / part / f"{name}.yaml").exists():
            sheet = _added(sheet, read(added, folder, faults))
    return sheet


def _together(folder: Path, name: str, faults: Faults) -> Cell:
    """Read the files of a pack's folder as one sheet."""
    if (folder / f"{name}.yaml").exists():
        faults.add(f"{name}.yaml", 0, f"stands beside a folder {name}/; keep one of them")
    together: dict[str, Cell] = {}
    for path in yaml_files(folder / name):
        for field, cell in read(path, folder, faults).fields(path.name).items():
            if field in together:
                _note_second(cell, field, together[field])
            together[field] = cell
    return Cell(together, f"{name}/", 0, faults)


def _added(cell: Cell, more: Cell) -> Cell:
    """Return a value with what a part of the pack adds to it."""
    if isinstance(cell.value, list) and isinstance(more.value, list):
        return Cell([*more.value, *cell.value], cell.file, cell.line, cell.faults)
    if not isinstance(cell.value, dict) or not isinstance(more.value, dict):
        more.fault(f"adds to what stands at {cell.file}:{cell.line}; only fields and lists can be added to")
        return cell
    fields = dict(cell.value)
    for name, field in more.value.items():
        if name not in fields:
            fields[name] = field
        elif isinstance(fields[name].value, dict | list):
            fields[name] = _added(fields[name], field)
        else:
            _note_second(field, name, fields[name])
    return Cell(fields, cell.file, cell.line, cell.faults)


def _note_second(cell: Cell, field: str, first: Cell) -> None:
    cell.fault(f"'{field}' stands here a second time; the first is at {first.file}:{first.line}")


def _cell(node: yaml.Node, file: str, faults: Faults) -> Cell:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Cell] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in fields:
                faults.add(
                    file,
                    key.start_mark.line + 1,
                    f"'{name}' stands here a second time; the first is at line {fields[name].line}",
                )
            cell = _cell(value, file, faults)
            # A fault in a field is looked for where its name stands.
            fields[name] = Cell(cell.value, file, key.start_mark.line + 1, faults)
        return Cell(fields, file, line, faults)
    if isinstance(node, yaml.SequenceNode):
        return Cell([_cell(item, file, faults) for item in node.value], file, line, faults)
    return Cell(_scalar(node), file, line, faults)


def _scalar(node: yaml.Node) -> object:
    """Read a scalar the way YAML 1.2 does: only true and false are flags, so `yes` and `off` are words."""
    text = str(node.value)
    if getattr(node, "style", None):
        return text  # It stands in quotes, or is folded.
    if text in _NOTHING:
        return None
    if number := _NUMBER.fullmatch(text):
        return float(text) if number[1] or number[2] or "e" in text.lower() else int(text)
    return _FLAGS.get(text.lower(), text)


def _kind(value: object) -> str:
    names: Mapping[type, str] = {dict: "a mapping", list: "a list", type(None): "nothing", bool: "true or false"}
    return names.get(type(value), f"'{value}'")


def yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files of a folder, in a fixed order."""
    yield from sorted(path for path in folder.glob("*.yaml") if path.is_file())
