"""Every test that ACCESSIBILITY.md names is there, and every row of it says what it must."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")

UNTESTED = (
    "does not apply",
    "not met",
    "in part",
    "the terminal's own",
    "plain text",
    "nothing is done",
    "in the settings",
)
"""How a row may speak that names no test."""


def rows() -> list[list[str]]:
    """Return the cells of every row of the tables of clauses."""
    text = (ROOT / "ACCESSIBILITY.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def defined_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_there_are_rows_for_every_clause() -> None:
    first = " ".join(row[0] for row in rows())
    clauses = [f"4.2.{number}" for number in range(1, 12)] + [f"5.1.3.{number}" for number in range(1, 17)]
    assert [clause for clause in clauses if f"{clause} " not in first] == []
    numbered = {int(number) for row in rows() if "." not in row[0].split()[0] for number in re.findall(r"\d+", row[0])}
    assert numbered == set(range(1, 28))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_each_row_names_tests_that_are_there_or_says_why_none(row: list[str]) -> None:
    assert len(row) == 3, row
    named = NAMED.findall(row[2])
    assert len(named) == row[2].count("::"), f"not read as a test: {row[2]}"
    for file, name in named:
        assert name in defined_in(file), f"{file} has no {name}"
    assert named or any(word in row[1] for word in UNTESTED), f"neither a test nor a reason: {row[1]}"
