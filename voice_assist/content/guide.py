"""Read what a pack says about guiding: guide, routines, answers, questions, safety and the protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voice_assist.content.answers import read_answers, read_safety, read_sources
from voice_assist.content.check import ALL_RIGHT, NEWS, CheckLines, read_check
from voice_assist.content.diary import PLACE, DiaryLines, read_diary
from voice_assist.content.language import ENGLISH, Language
from voice_assist.content.notices import read_notices
from voice_assist.content.person import Attribute, read_person
from voice_assist.content.protocols import read_protocols
from voice_assist.content.questions import read_questions
from voice_assist.content.sheet import Cell, Faults, read_sheet
from voice_assist.content.steps import Names, StepReader, length
from voice_assist.content.timer import read_timer
from voice_assist.content.wording import read_wording
from voice_assist.events import CONTROLS
from voice_assist.guide.protocol import HELPED, SUSPECTED, Breath, Guide, Question, Relapse, Routine
from voice_assist.samples import samples

_REQUIRED = ("begin", "doubt", "untaught", "other_side", "reactions", "numbers", "short_count", "breath")
_OPTIONAL = (
    "wording",
    "clock",
    "asides",
    "activities",
    "later",
    "more",
    "attend",
    "confirm",
    "relapse",
    "unsourced",
)


@dataclass(frozen=True)
class Guiding:
    """The guiding half of a pack."""

    guide: Guide
    person: Mapping[str, Attribute]
    notices: Mapping[str, str]
    """What is said of devices that fail."""
    names: Names
    """Every name that it uses, and every source that it claims."""
    check: CheckLines = field(default_factory=CheckLines)
    """What is said of a self-test."""
    diary: DiaryLines = field(default_factory=DiaryLines)
    """What is said of the diary."""


def read_guide(
    folder: Path, faults: Faults, fills: Mapping[str, str], language: Language = ENGLISH, parts: Sequence[str] = ()
) -> Guiding:
    """Read the guiding half of a pack, and of parts of it; `fills` is what stands for placeholders as {emergency}."""
    return _GuideReader(folder, faults, fills, language, parts).read()


class _GuideReader:
    def __init__(
        self, folder: Path, faults: Faults, fills: Mapping[str, str], language: Language, parts: Sequence[str]
    ) -> None:
        self._folder = folder
        self._parts = parts
        self._faults = faults
        self._names = Names()
        self._head = self._sheet("guide").form("guide.yaml", _REQUIRED, _OPTIONAL)
        self._steps = StepReader(read_wording(self._head.get("wording"), fills, language), self._names)

    def read(self) -> Guiding:
        sources = read_sources(self._sheet("sources", optional=True), self._steps)
        answers = self._answers()
        routines = self._routines() | read_safety(self._sheet("safety"), self._steps)
        routines |= {routine.name: routine for routine in (*answers.values(), *sources.values())}
        questions = read_questions(self._sheet("questions"), self._steps)
        check = read_check(self._sheet("check", optional=True), self._steps)
        notices = read_notices(self._sheet("notices", optional=True), self._steps)
        routines |= check.routines(notices)
        diary = read_diary(self._sheet("diary", optional=True), self._steps)
        if asked := diary.steps():
            told = routines[NEWS].steps if NEWS in routines else ()
            routines[NEWS] = Routine(NEWS, (*asked, *told))
        person = read_person(self._sheet("person", optional=True), self._steps)
        guide = self._guide(routines, questions, answers, sources)
        self._steps.wording.finish()
        if not self._faults.unreadable:
            parts = {part for protocol in guide.protocols.values() for part in protocol.parts} | {HELPED}
            self._names.check(
                {"routine": {*routines, SUSPECTED}, "question": questions, "place": guide.protocols, "part": parts}
            )
            self._check_sources(sources)
        if not self._faults.found:
            self._names.check({PLACE: guide.protocols})
        return Guiding(guide, person, notices, self._names, check, diary)

    def _guide(
        self,
        routines: Mapping[str, Routine],
        questions: Mapping[str, Question],
        answers: Mapping[str, Routine],
        sources: Mapping[str, Routine],
    ) -> Guide:
        head = self._head
        clock = head["clock"].form("clock", ("after", "run")) if "clock" in head else {}
        asides = {name: answers[name].name for name in answers if name in CONTROLS}
        asides |= {f"question.{name}": routine.name for name, routine in answers.items()}
        asides |= {"question.all_right": ALL_RIGHT} if ALL_RIGHT in routines else {}
        return Guide(
            protocols=read_protocols(self._folder, self._steps, self._faults),
            routines=routines,
            questions=questions,
            reactions=self._table("reactions"),
            asides=asides | self._table("asides"),
            activities=self._table("activities", prefix="question."),
            later=self._named("later"),
            confirm=self._table("confirm", kind="question"),
            relapse=self._relapse(),
            sources={name: routine.name for name, routine in sources.items()},
            unsourced=self._named("unsourced"),
            news=NEWS if NEWS in routines else "",
            report=ALL_RIGHT if ALL_RIGHT in routines else "",
            begin=self._named("begin"),
            doubt=self._names.use(head.get("doubt"), "question"),
            untaught=self._named("untaught"),
            other_side=self._named("other_side"),
            clock=samples(clock["after"].number("after", 1)) if "after" in clock else 0,
            overtime=self._names.use(clock.get("run"), "routine"),
            numbers=self._numbers(),
            short_count=self._short_count(),
            breath=self._breath(),
            spans=read_timer(self._sheet("timer", optional=True), self._steps),
        )

    def _sheet(self, name: str, *, optional: bool = False) -> Cell:
        return read_sheet(self._folder, name, self._faults, optional=optional, parts=self._parts)

    def _named(self, name: str) -> str:
        return self._names.use(self._head.get(name), "routine")

    def _table(self, name: str, *, kind: str = "routine", prefix: str = "") -> dict[str, str]:
        cells = self._head[name].fields(name) if name in self._head else {}
        return {f"{prefix}{key}": self._names.use(cell, kind) for key, cell in cells.items()}

    def _answers(self) -> dict[str, Routine]:
        sheet = self._sheet("answers", optional=True)
        more = self._names.use(self._head.get("more"), "question")
        return read_answers(sheet, self._steps, more, length(self._head.get("attend")) or 0)

    def _relapse(self) -> Relapse | None:
        if "relapse" not in self._head:
            return None
        fields = self._head["relapse"].form("relapse", ("within", "run", "parts"))
        parts = fields["parts"].items("parts") if "parts" in fields else []
        return Relapse(
            within=length(fields.get("within")) or 0,
            routine=self._names.use(fields.get("run"), "routine"),
            parts=tuple(self._names.use(part, "part") for part in parts),
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

    def _routines(self) -> dict[str, Routine]:
        return {name: self._routine(name, cell) for name, cell in self._sheet("routines").fields("routines").items()}

    def _routine(self, name: str, cell: Cell) -> Routine:
        what = f"routine {name}"
        if isinstance(cell.value, list):
            return Routine(name, self._steps.steps(cell, what, command=True))
        fields = cell.form(what, ("steps",), ("reactions", "alarm", "sources", "because"))
        reactions = fields["reactions"].fields("reactions") if "reactions" in fields else {}
        alarm = fields["alarm"].flag("alarm") if "alarm" in fields else False
        because = fields["because"].text("because") if "because" in fields else ""
        steps = fields.get("steps")
        return Routine(
            name,
            self._steps.steps(steps, what, command=not alarm, because=because) if steps else (),
            alarm=alarm,
            reactions={word: self._names.use(target, "routine") for word, target in reactions.items()},
            sources=self._names.sources(fields.get("sources"), claim=False),
        )

    def _check_sources(self, sources: Mapping[str, Routine]) -> None:
        """Check that whatever is claimed has a source that is known, where the pack names its sources."""
        for claim, cells in (self._names.claims | self._names.cited).items() if sources else ():
            if claim.partition("-")[0] not in sources:
                for cell in cells:
                    cell.fault(f"there is no source '{claim.partition('-')[0]}' in sources.yaml; add it there")
