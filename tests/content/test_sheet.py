"""YAML with lines: every fault is found in one pass, and none raises."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voice_assist.config import content_folder
from voice_assist.content.sheet import Cell, Faults, read

FAST = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def sheet(tmp_path: Path, text: str) -> tuple[Cell, Faults]:
    path = tmp_path / "sheet.yaml"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    return read(path, tmp_path, faults), faults


def lines(faults: Faults) -> list[str]:
    return [str(fault) for fault in faults.found]


def test_only_true_and_false_are_flags(tmp_path: Path) -> None:
    cell, faults = sheet(tmp_path, "yes: {answer: no}\noff: true\nnumber: 2\n")
    fields = cell.fields("it")
    assert fields["yes"].fields("yes")["answer"].text("answer") == "no"
    assert fields["off"].flag("off") is True
    assert fields["number"].number("number") == 2
    assert lines(faults) == []


def test_texts_are_folded_to_one_line(tmp_path: Path) -> None:
    cell, _ = sheet(tmp_path, "say: >\n  keep\n  breathing\n")
    assert cell.fields("it")["say"].text("say") == "keep breathing"


@pytest.mark.parametrize(
    ("text", "use", "reason"),
    [
        ("a: [1]", lambda cell: cell.text("a"), "sheet.yaml:1: a must be a text, not '[1]'"),
        ("a: {b: 1}", lambda cell: cell.items("a"), "sheet.yaml:1: a must be a list, not a mapping"),
        ("a: word", lambda cell: cell.number("a"), "sheet.yaml:1: a must be a number, not 'word'"),
        ("a: 11", lambda cell: cell.number("a", 1, 10), "sheet.yaml:1: a is 11; it must lie between 1 and 10"),
        ("a: maybe", lambda cell: cell.flag("a"), "sheet.yaml:1: a must be true or false, not 'maybe'"),
        ("a:", lambda cell: cell.fields("a"), "sheet.yaml:1: a must be a mapping (name: value), not nothing"),
    ],
)
def test_a_wrong_kind_is_a_fault_with_its_line(tmp_path: Path, text: str, use: object, reason: str) -> None:
    cell, faults = sheet(tmp_path, text)
    assert callable(use)
    use(cell.fields("it")["a"])
    assert len(faults.found) == 1
    assert lines(faults)[0].startswith(reason.split(", not '[", maxsplit=1)[0])


def test_unknown_and_missing_fields_are_both_told(tmp_path: Path) -> None:
    cell, faults = sheet(tmp_path, "say: x\npuase: 2\n")
    fields = cell.form("a step", ("say", "lasts"), ("pause",))
    assert set(fields) == {"say"}
    assert lines(faults) == [
        "sheet.yaml:2: a step has no field 'puase'; it knows say, lasts, pause",
        "sheet.yaml:1: a step lacks its field 'lasts'",
    ]


def test_a_field_given_twice_names_both_lines(tmp_path: Path) -> None:
    _, faults = sheet(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert lines(faults) == ["sheet.yaml:3: 'a' stands here a second time; the first is at line 1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("a: [1, 2\nb: 3\n", "is not valid YAML"), ("", "is empty"), ("# nothing\n", "is empty")],
)
def test_what_cannot_be_read_is_one_fault(tmp_path: Path, text: str, reason: str) -> None:
    cell, faults = sheet(tmp_path, text)
    assert cell.fields("it") == {}
    assert faults.unreadable
    assert len(faults.found) == 1
    assert reason in lines(faults)[0]


def test_a_missing_file_and_one_that_is_not_text(tmp_path: Path) -> None:
    faults = Faults()
    (tmp_path / "latin.yaml").write_bytes(b"say: caf\xe9\n")
    read(tmp_path / "absent.yaml", tmp_path, faults)
    read(tmp_path / "latin.yaml", tmp_path, faults)
    assert lines(faults) == [
        "absent.yaml: cannot be read: No such file or directory",
        "latin.yaml: is not UTF-8 text; save it as UTF-8",
    ]


def test_the_pack_that_ships_is_read_alike_where_there_is_no_fast_loader() -> None:
    # The two parsers of PyYAML differ in what they take: "? " in a list without quotes, for one.
    for path in sorted((content_folder() / "en").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        slow = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but texts
        assert slow == yaml.load(text, Loader=FAST), path.name  # noqa: S506 - as above
