"""The German lines are held to rules of their own (guide.yaml, `wording`), and none begins or stops anything."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.errors import ContentError
from voice_assist.events import Context
from voice_assist.understand.matcher import Matcher

DE = content_folder() / "de"


def reasons(folder: Path, file: str, old: str, new: str) -> list[str]:
    """Return the faults of a copy of the pack in which one line is another."""
    shutil.copytree(DE, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        content.load(folder)
    return [fault.reason for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Das Bein strecken.", "begins with 'das'"),
        ("Streck die Zehen weg von dir.", "banned words 'Streck die Zehen'"),
        ("Halt das Bein so.", "banned words 'Halt'"),
        ("Streck das Bein, wenn möglich.", "banned words 'wenn möglich'"),
        ("Streck das linke Bein.", "says 'linke'"),
        ("Streck bitte das Bein.", "a command is certain"),
        ("Beweg das Bein nicht.", "say what to do instead"),
        ("Nimm zwei Tabletten Magnesium.", "no dose is ever said"),
        ("Streck das Bein ca. ganz.", "abbreviates"),
        ("Streck das Bein langsam so weit weg wie es eben geht.", "more than 9 words"),
    ],
)
def test_a_line_that_breaks_a_rule_is_a_fault(tmp_path: Path, line: str, reason: str) -> None:
    found = reasons(tmp_path / "de", "protocols/calf.yaml", "say: Streck das Bein.,", f'say: "{line}",')
    assert any(reason in fault for fault in found), found


def test_the_grade_of_english_is_none_of_german(tmp_path: Path) -> None:
    found = reasons(tmp_path / "de", "guide.yaml", "  most_words: 9", "  most_words: 9\n  most_grade: 5")
    assert found == ["most_grade counts syllables of English, not of German; leave it out"]


def test_nothing_that_we_say_begins_a_protocol_or_stops_us(pack: Pack, matcher: Matcher) -> None:
    # "Stopp" begins what is said of a danger, as in English, and "Krampf" is the word to come back with.
    for line in pack.lines():
        for sentence in re.split(r"(?<=[.?])\s+", line):
            asleep, awake = matcher.match(sentence, Context()), matcher.match(sentence, Context(awake=True))
            asked = line in (pack.guide.questions["cramp"].say, "Kommt es wieder, sag einfach Krampf.")
            assert asked or asleep is None or asleep.kind != "start" or "doubt" in asleep.slots, sentence
            stops = awake is not None and awake.slots.get("word") == "stop"
            assert not stops or sentence in ("Stopp.", "Sag stopp, und ich bin still."), sentence


def test_every_line_is_du(pack: Pack) -> None:
    # "Sie" as an address has a verb before it ("Strecken Sie"); we say du.
    assert not [line for line in pack.lines() if re.search(r"\w+en Sie\b|\bIhre?[nmrs]?\b", line)]
