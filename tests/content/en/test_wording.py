"""guide.yaml, `wording`: the English pack is held to each rule by the setting that stands there."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from voice_assist.config import content_folder
from voice_assist.content.fills import FILLS
from voice_assist.content.guide import read_guide
from voice_assist.content.sheet import Faults
from voice_assist.content.wording import Rules
from voice_assist.errors import Fault

EN = content_folder() / "en"


def faults(folder: Path, setting: str, changed: str) -> list[Fault]:
    """Return the faults of a copy of the pack whose guide.yaml has one setting changed."""
    shutil.copytree(EN, folder, ignore=shutil.ignore_patterns("*.flac", "concepts*"))
    sheet = folder / "guide.yaml"
    text, found = re.subn(setting, changed, sheet.read_text(encoding="utf-8"))
    assert found == 1, setting
    sheet.write_text(text, encoding="utf-8")
    noted = Faults()
    read_guide(folder, noted, FILLS)
    return noted.found


@pytest.mark.parametrize(
    ("setting", "changed", "reason", "where"),
    [
        ("most_grade: 5", "most_grade: 1", "reads like school grade", {"answers", "protocols"}),
        ("most_words: 9", "most_words: 3", "more than 3 words", {"protocols", "routines", "safety.yaml", "questions"}),
        ("most_sentences: 2", "most_sentences: 1", "has more than 1 sentences", {"protocols", "safety.yaml"}),
        ("alike: 88", "alike: 60", "same words every time", {"protocols"}),
        ("- aspirin", "- toes", "uses the banned words 'toes'", {"protocols"}),
        (r"doses: \[mg,", "doses: [few,", "no dose is ever said", {"routines"}),
        (r"abbreviations: \[min,", "abbreviations: [leg,", "abbreviates 'leg'", {"protocols"}),
        (r"first_words: \[again,", "first_words: [anew,", "begins with 'again'", {"routines"}),
        (r"hedges: \[should,", "hedges: [hold,", "a command is certain", {"routines"}),
        (r"negatives: \[don't,", "negatives: [hold,", "say what to do instead", {"routines"}),
        (r"directions: \[left,", "directions: [leg,", "says 'leg'; in the dark", {"protocols"}),
        (r"body_words: \[[^\]]*\]", "body_words: [eyebrow]", "part move names no part of the body", {"protocols"}),
        ("given:\n", "given:\n    - Count your sheep.\n", "a given line that nobody speaks", {"guide.yaml"}),
    ],
)
def test_each_setting_is_the_one_that_the_pack_is_held_to(
    tmp_path: Path, setting: str, changed: str, reason: str, where: set[str]
) -> None:
    found = faults(tmp_path / "en", setting, changed)
    assert where <= {fault.file.partition("/")[0] for fault in found if reason in fault.reason}, found[:5]


def test_the_pack_keeps_every_rule_that_there_is(tmp_path: Path) -> None:
    assert faults(tmp_path / "en", "most_words: 9", "most_words: 9") == []
    text = (EN / "guide.yaml").read_text(encoding="utf-8")
    settings = set(re.findall(r"^  (\w+):", text.partition("\nwording:\n")[2], re.MULTILINE))
    assert settings == {field.name for field in fields(Rules)}
