"""Read a pack's questions: what is asked, and where each answer, silence and a muddle lead."""

from __future__ import annotations

from collections.abc import Mapping

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader, length
from voice_assist.guide.protocol import Branch, Question

_BRANCH = ("say", "goto", "place", "sleep", "leave", "again", "learn", "from", "because")
_OPTIONAL = ("silence", "unclear", "wait", "reprompt", "keep", "from", "because")


def read_questions(sheet: Cell, steps: StepReader) -> dict[str, Question]:
    """Read every question of a sheet."""
    return {name: _question(name, cell, steps) for name, cell in sheet.fields("questions").items()}


def _question(name: str, cell: Cell, steps: StepReader) -> Question:
    fields = cell.form(f"question {name}", ("say", "answers"), _OPTIONAL)
    answers = fields["answers"].fields("answers") if "answers" in fields else {}
    steps.names.sources(fields.get("from"))
    wait = length(fields.get("wait"))
    question = Question(
        name,
        say=_line(fields, "a question", steps),
        answers={value: _branch(branch, steps) for value, branch in answers.items()},
        silence=_branch(fields["silence"], steps) if "silence" in fields else Branch(),
        unclear=_branch(fields["unclear"], steps) if "unclear" in fields else None,
        reprompt=_flag(fields, "reprompt"),
        keep=_flag(fields, "keep"),
    )
    return question if wait is None else Question(**{**vars(question), "wait": wait})


def _branch(cell: Cell, steps: StepReader) -> Branch:
    if cell.value is None:
        return Branch()
    fields = cell.form("a branch", (), _BRANCH)
    place = fields["place"].text("place") if "place" in fields else ""
    if place not in ("", "same"):
        steps.names.use(fields["place"], "place")
    learned = steps.names.facts(fields.get("learn"), "learn", learned=True)
    steps.names.sources(fields.get("from"))
    return Branch(
        say=_line(fields, "a line", steps),
        goto=steps.names.use(fields.get("goto"), "routine"),
        place=place,
        sleep=_flag(fields, "sleep"),
        leave=_flag(fields, "leave"),
        again=_flag(fields, "again"),
        learn=learned,
    )


def _line(fields: Mapping[str, Cell], what: str, steps: StepReader) -> str:
    if "say" not in fields:
        return ""
    because = fields["because"].text("because") if "because" in fields else ""
    return steps.wording.line(fields["say"], what, because=because)


def _flag(fields: Mapping[str, Cell], name: str) -> bool:
    return fields[name].flag(name) if name in fields else False
