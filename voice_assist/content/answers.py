"""Read what is answered: to a question of the person's, to a sign of danger, and to "where is that from?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voice_assist.content.sheet import Cell
from voice_assist.content.steps import StepReader, length
from voice_assist.guide.facts import ATTACK
from voice_assist.guide.protocol import Ask, Leave, Loop, Only, Rest, Routine, Say, Step, spoken

SENTENCES = 2
"""Lines of an answer that are said before the person is asked for more."""


def read_answers(sheet: Cell, steps: StepReader, more: str, attend: int) -> dict[str, Routine]:
    """Read the answers to questions, by topic.

    Between two groups of lines the question `more` is asked, and after the last one it stays attentive
    for `attend` samples. In an attack only the first group is said: there is something better to do.
    """
    return {topic: _answer(topic, cell, steps, more, attend) for topic, cell in sheet.fields("answers").items()}


def _answer(topic: str, cell: Cell, steps: StepReader, more: str, attend: int) -> Routine:
    what = f"answer {topic}"
    fields = cell.form(what, ("says",), ("first", "sources", "because"))
    because = fields["because"].text("because") if "because" in fields else ""
    groups = [
        _group(group, what, steps, because) for group in (fields["says"].items("says") if "says" in fields else [])
    ]
    if len(groups) > 1 and not more:
        cell.fault(f"{what} goes on after a pause, but guide.yaml names no question `more` to ask there")
    ask_more: tuple[Step, ...] = (Only(Leave(), when=frozenset({ATTACK})), Ask(more))
    course: list[Step] = list(steps.steps(fields["first"], what)) if "first" in fields else []
    for index, group in enumerate(groups):
        course += [*(ask_more if index else ()), *group]
    steps.wording.unit(cell, what, tuple(line for group in groups for line in spoken(group)), because=because)
    attentive = Only(Rest(attend), unless=frozenset({ATTACK}))
    sources = steps.names.sources(fields.get("sources"), claim=False)
    return Routine(f"answer.{topic}", (*course, attentive), sources=sources)


def _group(cell: Cell, what: str, steps: StepReader, because: str) -> tuple[Step, ...]:
    group = steps.steps(cell, what, because=because)
    if sum(isinstance(step, Say) for step in group) > SENTENCES:
        cell.fault(f"{what} says more than {SENTENCES} lines at once; begin another group, and it will ask for more")
    return group


def read_safety(sheet: Cell, steps: StepReader) -> dict[str, Routine]:
    """Read answers that are given instead of coaching: said, repeated, then silence for a while."""
    found: dict[str, Routine] = {}
    for group, cell in sheet.fields("safety").items():
        fields = cell.form(group, ("times", "repeat_after", "answers"), ("quiet", "then", "because"))
        because = fields["because"].text("because") if "because" in fields else ""
        answers = fields["answers"].fields("answers") if "answers" in fields else {}
        then = steps.steps(fields["then"], f"{group} then", because=because) if "then" in fields else ()
        for kind, answer in answers.items():
            own = answer.form(f"{group} {kind}", ("steps",), ("times",)) if isinstance(answer.value, dict) else {}
            lines = steps.steps(own.get("steps", answer), f"{group} {kind}", because=because)
            found[f"{group}.{kind}"] = _alarm(f"{group}.{kind}", (*lines, *then), {**fields, **own})
    return found


def _alarm(name: str, lines: Sequence[Step], fields: Mapping[str, Cell]) -> Routine:
    pause, quiet = length(fields.get("repeat_after")) or 0, length(fields.get("quiet")) or 0
    times = int(fields["times"].number("times", 1, 10)) if "times" in fields else 1
    return Routine(name, (Loop((*lines, Rest(pause)), times), Rest(quiet)), alarm=True)


def read_sources(sheet: Cell, steps: StepReader) -> dict[str, Routine]:
    """Read what each source is called aloud, by its id."""
    found: dict[str, Routine] = {}
    for name, cell in sheet.fields("sources").items():
        fields = cell.form(f"source {name}", ("title", "spoken"), ("link",))
        line = steps.wording.line(fields["spoken"], "a line") if "spoken" in fields else ""
        found[name] = Routine(f"source.{name}", (Say(line),))
    return found
