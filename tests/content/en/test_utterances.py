"""What people say, and what it must mean: the mirror of content/en's words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voice_assist.events import Context, Intent
from voice_assist.understand.matcher import Matcher

BAR = 0.98
"""Least share of the table that must be right."""

KNOWN_FAILURES: frozenset[tuple[str, str]] = frozenset()
"""(section, utterance) pairs that are wrong today. One that comes right must be taken out."""

# The base loader reads everything as text: `no` and `yes` are words here.
SHEET = yaml.load((Path(__file__).parent / "utterances.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506

TABLE: list[tuple[str, str, str]] = [(section, said, right) for section, rows in SHEET.items() for said, right in rows]


def _context(section: str) -> Context:
    if section in ("asleep", "awake"):
        return Context(awake=section == "awake")
    return Context(awake=True, expected=frozenset(section.split()))


def _told(intent: Intent | None) -> set[str]:
    """An intent as the table writes it: its name, its slots' values, and `doubt` where there is one."""
    if intent is None:
        return {"nothing"}
    values = ("doubt" if slot == "doubt" else value for slot, value in intent.slots.items())
    return {intent.name}.union(*(value.split() for value in values))


def _right(intent: Intent | None, right: str) -> bool:
    told, wanted = _told(intent), set(right.split())
    return wanted <= told and ("doubt" in told) == ("doubt" in wanted)


def test_the_table_is_large_and_has_no_doubles() -> None:
    pairs = [(section, said) for section, said, _ in TABLE]
    assert len(pairs) >= 220
    assert len(pairs) == len(set(pairs))


def test_nearly_all_of_the_table_is_right(matcher: Matcher) -> None:
    wrong = {
        (section, said): f"{section}: '{said}' should be {right}, is {sorted(_told(intent))}"
        for section, said, right in TABLE
        if not _right(intent := matcher.match(said, _context(section)), right)
    }
    news = [line for pair, line in wrong.items() if pair not in KNOWN_FAILURES]
    assert not news, "\n".join(news)
    assert set(wrong) >= KNOWN_FAILURES, "a known failure is right now: take it out of the list"
    assert 1 - len(wrong) / len(TABLE) >= BAR


def test_no_utterance_of_the_table_names_a_wrong_muscle(matcher: Matcher) -> None:
    for section, said, right in TABLE:
        intent = matcher.match(said, _context(section))
        if intent is not None and intent.kind == "start":
            place = intent.slots["place"]
            assert place == "unknown" or place in right.split(), f"{section}: '{said}' became {place}"


@pytest.mark.parametrize("said", ["my calf is cramping", "stop", "no, it's worse", "oh god my hamstring"])
def test_typed_text_means_the_same(matcher: Matcher, said: str) -> None:
    for awake in (False, True):
        heard = matcher.match(said, Context(awake=awake))
        typed = matcher.match(said.upper() + " !", Context(awake=awake, spelled=True))
        assert (heard is None and typed is None) or (heard is not None and heard.same_as(typed))
