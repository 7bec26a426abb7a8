"""The journal's lines, as other programs read them, and their way back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from voice_assist.errors import VoiceAssistError
from voice_assist.events import (
    Account,
    Action,
    Changed,
    Errand,
    Heard,
    Hypothesis,
    Intent,
    Learned,
    Noted,
    Said,
    Say,
    Trouble,
    Unclear,
    Understood,
    Word,
)
from voice_assist.journal import JournalRecognizer, JournalWriter, read_heard, to_line
from voice_assist.samples import BLOCK, silence

HEARD = Heard(32_000, Hypothesis("my calf", final=True, words=(Word("my", 100, 200, 0.5), Word("calf", 200, 300))))
LINES: list[tuple[Action, dict[str, object]]] = [
    (HEARD, {"event": "heard", "text": "my calf", "final": True}),
    (
        Understood(16_000, Intent("cramp", "start", {"place": "calf"}, 0.87654)),
        {"event": "intent", "name": "cramp", "slots": {"place": "calf"}, "score": 0.877},
    ),
    (Say(8_000, 3, "Hold."), {"event": "say", "text": "Hold."}),
    (Said(8_000, 3, "Hold.", cut=True), {"event": "said", "text": "Hold.", "cut": True}),
    (Unclear(16_000), {"event": "unclear"}),
    (Changed(0, "asleep", "guiding"), {"event": "state", "from": "asleep", "to": "guiding"}),
    (Learned(16_000, ("no child",)), {"event": "learned", "facts": ["no child"]}),
    (Errand(16_000, "erase_diary"), {"event": "errand", "name": "erase_diary"}),
    (
        Noted(48_000, Account(16_000, 40_000, "calf", "left", ("move",), "better", "eased"), -61.5),
        {
            "event": "account",
            "began": 1.0,
            "until": 2.5,
            "place": "calf",
            "side": "left",
            "tried": ["move"],
            "felt": "better",
            "ended": "eased",
            "noise": -61.5,
        },
    ),
    (Noted(0, Account(0)), {"event": "account", "began": 0.0, "until": None, "ended": "", "noise": None}),
    (Trouble(0, "the microphone is gone"), {"event": "fault", "what": "the microphone is gone"}),
]


@pytest.mark.parametrize(("action", "fields"), LINES)
def test_a_line_holds_the_contracts_fields(action: Action, fields: dict[str, object]) -> None:
    line = json.loads(to_line(action))
    assert line["at"] == action.at / 16_000
    assert {name: line[name] for name in fields} == fields


def test_every_action_has_a_line() -> None:
    assert {type(action) for action, _ in LINES} == set(Action.__args__)


def test_what_was_heard_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    typed = Heard(64_000, Hypothesis("stop", final=True, typed=True))
    again = Heard(65_000, Hypothesis("the car", final=True, again=True))
    unsure = Heard(66_000, Hypothesis("cough", final=True, rivals=(("calf", 0.25), ("half", 1.5))))
    with path.open("w", encoding="utf-8") as file:
        writer = JournalWriter(file)
        writer.write(HEARD)
        writer.write(Say(33_000, 1, "I'm here."))
        writer.write(typed)
        writer.write(again)
        writer.write(unsure)
    assert read_heard(path) == [HEARD, typed, again, unsure]


def test_a_line_is_written_at_once() -> None:
    file = io.StringIO()
    flushed: list[str] = []
    file.flush = lambda: flushed.append(file.getvalue())  # type: ignore[method-assign]
    JournalWriter(file).write(HEARD)
    assert flushed == [to_line(HEARD) + "\n"]


@pytest.mark.parametrize("line", ["no json", "[]", '{"event": "heard"}', '{"at": 1}'])
def test_what_is_no_journal_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "night.jsonl"
    path.write_text(f"{to_line(HEARD)}\n{line}\n", encoding="utf-8")
    with pytest.raises(VoiceAssistError, match=r"night\.jsonl:2: not a line of a journal"):
        read_heard(path)


def test_the_journals_recognizer_hears_each_thing_in_its_block() -> None:
    recognizer = JournalRecognizer([Heard(2 * BLOCK, HEARD.hypothesis)])
    assert recognizer.end == 2 * BLOCK
    assert [list(recognizer.accept(silence(0))) for _ in range(3)] == [[], [HEARD.hypothesis], []]
