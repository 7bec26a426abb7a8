"""Read what a pack says about guiding: guide, routines, questions, safety and the protocols."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voice_assist.content.sheet import Cell, Faults, read, read_sheet, yaml_files
from voice_assist.content.steps import Names, StepReader, Wording, length
from voice_assist.guide.protocol import Branch, Breath, Guide, Loop, Protocol, Question, Rest, Routine
from voice_assist.samples import samples

_HEAD = (
    "begin",
    "doubt",
    "untaught",
    "other_side",
    "clock",
    "reactions",
    "asides",
    "numbers",
    "short_count",
    "breath",
    "wording",
)


def read_guide(folder: Path, faults: Faults, fills: Mapping[str, str]) -> Guide:
    """Read the guiding half of a pack; `fills` is what stands for placeholders such as {emergency}."""
    return _GuideReader(folder, faults, fills).guide()


class _GuideReader:
    def __init__(self, folder: Path, faults: Faults, fills: Mapping[str, str]) -> None:
        self._folder = folder
        self._faults = faults
        self._names = Names()
        self._head = self._sheet("guide").form("guide.yaml", _HEAD)
        self._steps = StepReader(self._wording(fills), self._names)

    def guide(self) -> Guide:
        head = self._head
        routines = {**self._routines(), **self._answers()}
        questions = {
            name: self._question(name, cell)
            for name, cell in self._sheet("questions").fields("questions").items()
        }
        protocols = self._protocols()
        clock = head["clock"].form("clock", ("after", "run")) if "clock" in head else {}
        guide = Guide(
            protocols={place: protocol for protocol in protocols for place in protocol.places},
            routines=routines,
            questions=questions,
            reactions=self._table("reactions"),
            asides=self._table("asides"),
            begin=self._names.use(head.get("begin"), "routine"),
            doubt=self._names.use(head.get("doubt"), "question"),
            untaught=self._names.use(head.get("untaught"), "routine"),
            other_side=self._names.use(head.get("other_side"), "routine"),
            clock=samples(clock["after"].number("after", 1)) if "after" in clock else 0,
            overtime=self._names.use(clock.get("run"), "routine"),
            numbers=self._numbers(),
            short_count=self._short_count(),
            breath=self._breath(),
        )
        parts = {part for protocol in protocols for part in protocol.parts}
        if not self._faults.unreadable:
            self._names.check({"routine": routines, "question": questions, "place": guide.protocols, "part": parts})
        return guide

    def _sheet(self, name: str) -> Cell:
        return read_sheet(self._folder, name, self._faults)

    def _wording(self, fills: Mapping[str, str]) -> Wording:
        fields = self._head["wording"].form("wording", ("most_words", "banned")) if "wording" in self._head else {}
        return Wording(
            fills,
            banned=fields["banned"].texts("banned") if "banned" in fields else (),
            words=int(fields["most_words"].number("most_words", 1)) if "most_words" in fields else 9,
        )

    def _numbers(self) -> tuple[str, ...]:
        cells = self._head["numbers"].items("numbers") if "numbers" in self._head else []
        return tuple(self._steps.wording.line(cell, "a number") for cell in cells)

    def _short_count(self) -> tuple[int, ...]:
        cells = self._head["short_count"].items("short_count") if "short_count" in self._head else []
        return tuple(int(cell.number("a number of short_count", 1)) for cell in cells)

    def _breath(self) -> Breath:
        fields = self._head["breath"].form("breath", ("in", "out")) if "breath" in self._head else {}
        found: list[tuple[str, int]] = []
        for name in ("in", "out"):
            half = fields[name].form(f"breath {name}", ("say", "seconds")) if name in fields else {}
            line = self._steps.wording.line(half["say"], "a line") if "say" in half else ""
            found.append((line, int(half["seconds"].number("seconds", 1, 20)) if "seconds" in half else 1))
        return Breath(*found[0], *found[1])

    def _table(self, name: str) -> dict[str, str]:
        cells = self._head[name].fields(name) if name in self._head else {}
        return {key: self._names.use(cell, "routine") for key, cell in cells.items()}

    def _routines(self) -> dict[str, Routine]:
        return {
            name: self._routine(name, cell)
            for name, cell in self._sheet("routines").fields("routines").items()
        }

    def _routine(self, name: str, cell: Cell) -> Routine:
        what = f"routine {name}"
        if isinstance(cell.value, list):
            return Routine(name, self._steps.steps(cell, what))
        fields = cell.form(what, ("steps",), ("reactions", "alarm"))
        reactions = fields["reactions"].fields("reactions") if "reactions" in fields else {}
        return Routine(
            name,
            self._steps.steps(fields["steps"], what) if "steps" in fields else (),
            alarm=fields["alarm"].flag("alarm") if "alarm" in fields else False,
            reactions={value: self._names.use(target, "routine") for value, target in reactions.items()},
        )

    def _answers(self) -> dict[str, Routine]:
        """Read safety.yaml: answers that are spoken instead of coaching, and repeated until acknowledged."""
        found: dict[str, Routine] = {}
        for group, cell in self._sheet("safety").fields("safety").items():
            fields = cell.form(group, ("times", "repeat_after", "answers"))
            answers = fields["answers"].fields("answers") if "answers" in fields else {}
            pause = length(fields.get("repeat_after")) or 0
            times = int(fields["times"].number("times", 1, 10)) if "times" in fields else 1
            for kind, lines in answers.items():
                steps = self._steps.steps(lines, f"{group} {kind}")
                found[f"{group}.{kind}"] = Routine(f"{group}.{kind}", (Loop((*steps, Rest(pause)), times),), alarm=True)
        return found

    def _question(self, name: str, cell: Cell) -> Question:
        what = f"question {name}"
        fields = cell.form(what, ("say", "answers"), ("silence", "unclear", "wait", "reprompt"))
        answers = fields["answers"].fields("answers") if "answers" in fields else {}
        wait = length(fields.get("wait"))
        question = Question(
            name,
            say=self._steps.wording.line(fields["say"], "a question") if "say" in fields else "",
            answers={value: self._branch(branch) for value, branch in answers.items()},
            silence=self._branch(fields["silence"]) if "silence" in fields else Branch(),
            unclear=self._branch(fields["unclear"]) if "unclear" in fields else None,
            reprompt=fields["reprompt"].flag("reprompt") if "reprompt" in fields else False,
        )
        return question if wait is None else Question(**{**vars(question), "wait": wait})

    def _branch(self, cell: Cell) -> Branch:
        if cell.value is None:
            return Branch()
        fields = cell.form("a branch", (), ("say", "goto", "place", "sleep"))
        place = fields["place"].text("place") if "place" in fields else ""
        if place not in ("", "same"):
            self._names.use(fields["place"], "place")
        return Branch(
            say=self._steps.wording.line(fields["say"], "a line") if "say" in fields else "",
            goto=self._names.use(fields.get("goto"), "routine"),
            place=place,
            sleep=fields["sleep"].flag("sleep") if "sleep" in fields else False,
        )

    def _protocols(self) -> list[Protocol]:
        folder = self._folder / "protocols"
        files = list(yaml_files(folder))
        if not files:
            self._faults.add("protocols", 0, "holds no protocol; put one .yaml file a protocol there")
        found: list[Protocol] = []
        taken: dict[str, str] = {}
        for file in files:
            cell = read(file, self._folder, self._faults)
            protocol = self._protocol(cell)
            found.append(protocol)
            for place in protocol.places:
                if place in taken:
                    cell.fault(f"place '{place}' has a protocol already, in {taken[place]}")
                taken[place] = cell.file
        return found

    def _protocol(self, cell: Cell) -> Protocol:
        fields = cell.form("a protocol", ("protocol", "places", "course", "parts"), ("title", "sources", "notes"))
        name = fields["protocol"].text("protocol") if "protocol" in fields else ""
        parts = fields["parts"].fields("parts") if "parts" in fields else {}
        return Protocol(
            name,
            places=fields["places"].texts("places") if "places" in fields else (),
            course=self._names.use(fields.get("course"), "routine"),
            parts={part: self._steps.steps(steps, f"part {part}") for part, steps in parts.items()},
        )
