"""What a model asks for: how to list what it shall expect, how long to wait for it, what to hear twice.

A network hears in its own way, so the values that were found for one are kept with it, in
`calibration.toml` in its folder; `scripts/calibrate` finds and writes them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from voice_assist.errors import ModelError, did_you_mean
from voice_assist.models.ngram import WHOLE, NGram
from voice_assist.samples import samples
from voice_assist.understand.commit import Timing
from voice_assist.understand.grammar import Weights
from voice_assist.understand.second_look import Doubts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "calibration.toml"
"""Its name in a model's folder."""

MOST_TIMES = 100
"""Bound on how often a sentence is listed: ten times what any model was found to need."""

MOST_WORDS = 20
"""Bound on the words of what is heard twice."""

LONGEST = 5.0
"""Bound in seconds on any time to wait."""

DEAREST = 50.0
"""Bound on what a sentence may cost: nothing that is dearer is ever heard."""


@dataclass(frozen=True)
class Calibration:
    """The values for one model. Those of a model that brings none are made for the official ones of Vosk."""

    weights: Weights = field(default_factory=Weights)
    """Table `[grammar]`: whole numbers, 0 to MOST_TIMES."""
    timing: Timing = field(default_factory=Timing)
    """Table `[timing]`: in the file in seconds, 0 to LONGEST; here in samples."""
    doubts: Doubts = field(default_factory=Doubts)
    """Table `[doubts]`: true or false; words, 0 to MOST_WORDS; `rivals` from 0 to DEAREST."""
    ngram: NGram | None = None
    """Table `[ngram]`: `order` from 2 to WHOLE, `discount` from 0 to 1, other numbers from 0 to DEAREST. Where it is
    there, a graph of our own stands in place of the list, and `[grammar]` is not used."""
    own: bool = False
    """True if the model brings it."""


UNCALIBRATED = Calibration()


def calibration_of(folder: Path) -> Calibration:
    """Return the calibration of the model in `folder`; what its file leaves out has the usual value.

    Raises ModelError, in one line with the file and the line in it, where the file is not in order.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Calibration()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path}: cannot be read: {error}; delete it, or make it anew with scripts/calibrate"
        ) from None
    return _File(path, text).calibration()


class _File:
    """A calibration file, read and checked."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()
        try:
            self._tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ModelError(f"{path}: is no TOML: {error}; make it anew with scripts/calibrate") from None

    def calibration(self) -> Calibration:
        """Return what the file says. Raises ModelError."""
        known = ("grammar", "ngram", "timing", "doubts")
        for name, table in self._tables.items():
            if name not in known or not isinstance(table, Mapping):
                raise self._wrong(name, "", f"'{name}' is no table of a calibration", known)
        weights = {
            name: self._count("grammar", name, value, MOST_TIMES) for name, value in self._values("grammar", Weights)
        }
        timing = {name: self._seconds(name, value) for name, value in self._values("timing", Timing)}
        doubts = {name: self._doubt(name, value) for name, value in self._values("doubts", Doubts)}
        ngram = {name: self._of_ngram(name, value) for name, value in self._values("ngram", NGram)}
        made = NGram(**ngram) if "ngram" in self._tables else None
        return Calibration(Weights(**weights), Timing(**timing), Doubts(**doubts), made, own=True)

    def _values(self, table: str, kind: type[Weights | NGram | Timing | Doubts]) -> Iterator[tuple[str, Any]]:
        known = tuple(one.name for one in fields(kind))
        for name, value in self._tables.get(table, {}).items():
            if name not in known:
                raise self._wrong(table, name, f"[{table}] has no '{name}'", known)
            yield name, value

    def _count(self, table: str, name: str, value: Any, most: int, least: int = 0) -> int:
        # A TOML `true` would count as 1.
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(table, name, f"{name} must be a whole number from {least} to {most}, not {value!r}")
        return value

    def _doubt(self, name: str, value: Any) -> Any:
        if name == "rivals":
            return self._number("doubts", name, value, DEAREST)
        if name not in ("vague", "talk", "questions"):
            return self._count("doubts", name, value, MOST_WORDS)
        if not isinstance(value, bool):
            raise self._wrong("doubts", name, f"{name} must be true or false, not {value!r}")
        return value

    def _of_ngram(self, name: str, value: Any) -> Any:
        if name == "order":
            return self._count("ngram", name, value, WHOLE, least=2)
        return self._number("ngram", name, value, 1.0 if name == "discount" else DEAREST)

    def _number(self, table: str, name: str, value: Any, most: float) -> float:
        if type(value) not in (int, float) or not 0.0 <= value <= most:
            raise self._wrong(table, name, f"{name} must be a number from 0 to {most:g}, not {value!r}")
        return float(value)

    def _seconds(self, name: str, value: Any) -> int:
        if type(value) not in (int, float) or not 0.0 <= value <= LONGEST:
            raise self._wrong("timing", name, f"{name} must be seconds from 0 to {LONGEST:g}, not {value!r}")
        return samples(value)

    def _wrong(self, table: str, name: str, what: str, known: tuple[str, ...] = ()) -> ModelError:
        cure = (did_you_mean(name or table, known) or f"it knows {', '.join(known)}") if known else "put that right"
        return ModelError(f"{self._path}:{self._line_of(table, name)}: {what}; {cure}")

    def _line_of(self, table: str, name: str) -> int:
        """Return the line, counted from 1, in which a table or a value of it stands."""
        inside = ""
        for number, line in enumerate(self._lines, 1):
            stripped = line.split("#")[0].strip()
            key = stripped.partition("=")[0].strip()
            if stripped.startswith("["):
                inside, key = stripped.strip("[]"), ""
            # A value that stands outside any table has the table's place in the complaint.
            if (inside, key) in ((table, name), ("", table)):
                return number
        return 1
