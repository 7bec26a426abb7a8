"""The tables of utterances, read: what is said where, and what is right.

Each table maps a context (`asleep`, `awake`, or the answers that an open question waits for) to right answers, and
each of these to what may be heard. ` or ` parts answers that are equally right; `!fact` may not be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from voice_assist.events import Context, Intent

TABLES = ("emergencies", "urgent", "places", "controls", "answers", "topics", "nothing")


@dataclass(frozen=True)
class Row:
    """One utterance, and what is right where it is said."""

    table: str
    section: str
    said: str
    right: tuple[str, ...]
    """Answers that are equally right."""

    def wants(self, name: str) -> bool:
        """Tell whether a right answer is of the intent `name`."""
        return any(answer.split()[0] == name for answer in self.right)


def rows() -> Iterator[Row]:
    for table in TABLES:
        text = (Path(__file__).parent / "utterances" / f"{table}.yaml").read_text(encoding="utf-8")
        # The base loader reads everything as text: `no` and `yes` are words here.
        for section, answers in yaml.load(text, Loader=yaml.BaseLoader).items():  # noqa: S506
            for right, said in answers.items():
                yield from (Row(table, section, words, tuple(right.split(" or "))) for words in said)


ROWS = tuple(rows())


def context_of(section: str) -> Context:
    if section in ("asleep", "awake"):
        return Context(awake=section == "awake")
    return Context(awake=True, expected=frozenset(section.split()))


def told(intent: Intent | None) -> set[str]:
    """An intent as the tables write it: its name, its slots' values, and `doubt` where there is one."""
    if intent is None:
        return {"nothing"}
    values = (value if slot != "doubt" else slot for slot, value in intent.slots.items())
    return {intent.name}.union(*(value.split() for value in values))


def harmless(intent: Intent | None) -> bool:
    """Tell whether nothing begins, nothing ends and nobody is alarmed."""
    if intent is None or intent.kind in ("answer", "question"):
        return True
    return intent.kind == "control" and intent.slots["word"] not in ("stop", "sleep")


def is_answer(intent: Intent | None, answer: str, *, doubt: bool = True) -> bool:
    """Tell whether an intent is the answer of a table; without `doubt` it does not matter whether it is asked back."""
    if answer == "harmless":
        return harmless(intent)
    heard, wanted = told(intent), set(answer.split())
    banned = {word[1:] for word in wanted if word.startswith("!")}
    wanted = {word for word in wanted if not word.startswith("!")}
    if not doubt:
        heard, wanted = heard - {"doubt"}, wanted - {"doubt"}
    return wanted <= heard and not banned & heard and ("doubt" in heard) == ("doubt" in wanted)


def is_right(intent: Intent | None, row: Row, *, doubt: bool = True) -> bool:
    """Tell whether an intent is a right answer; asleep a sign of danger may always be asked back."""
    doubt = doubt and not (row.section == "asleep" and row.table == "emergencies")
    return any(is_answer(intent, answer, doubt=doubt) for answer in row.right)
