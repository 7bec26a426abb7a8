"""Hearing: engines side by side on the same sound, from single words to whole nights of other people's talk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.hearing import (
    controls,
    effort,
    in_domain,
    language,
    mine,
    orders,
    phrases,
    rejection,
    words,
    workout,
)
from scripts.benchmarks.hearing.conditions import Condition, conditions
from scripts.benchmarks.hearing.engines import YARDSTICK, Engine, engines, expected
from scripts.benchmarks.hearing.phrases import Utterance
from scripts.benchmarks.hearing.rejection import Rejected
from scripts.benchmarks.hearing.trial import Outcome, outcomes
from scripts.benchmarks.knowledge import Ears
from scripts.benchmarks.listening import Listener
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.understand.matcher import Matcher

SETS = ("starts", "dangers", "rejection", "controls", "workout", "words", "coffee", "cost")
"""What can be measured, in this order."""

VOICES_EACH = 2
"""How many voices say each start phrase; other phrases are said by one."""

QUICK = ("clean", "6 dB")
"""Conditions of a quick run."""

WORDS_QUICK = 12
"""A quick run hears every so many recorded words."""


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    models: Sequence[str] = ()
    """Names or folders of models to compare; the default model if none."""
    pictures: Path | None = None
    """Folder for pictures."""
    mine: Path | None = None
    """Folder of the user's own recordings: nothing else is measured then."""
    sets: Sequence[str] = ()
    """Which of SETS to measure; all if none."""
    content: Path | None = None
    """Folder or name of a content pack: what its language is to a model is measured, and nothing else."""


@dataclass
class Heard:
    """What one engine made of the speech in the subject, and of what is none."""

    engine: Engine
    outcomes: list[Outcome] = field(default_factory=list)
    rejected: Rejected | None = None


class Material:
    """What all engines hear: rendered once, mixed the same for each."""

    def __init__(self, pack: Pack, *, quick: bool) -> None:
        self.pack = pack
        self.quick = quick

    @cached_property
    def conditions(self) -> list[Condition]:
        """Surroundings."""
        return [one for one in conditions() if not self.quick or one.name in QUICK]

    @cached_property
    def words(self) -> list[words.Clip]:
        """Words of real people."""
        return words.clips()[:: WORDS_QUICK if self.quick else 1]

    @staticmethod
    def some(utterances: Sequence[Utterance], engine: Engine) -> Sequence[Utterance]:
        """Return what an engine is to hear of them: a slow one not all."""
        return utterances[:: engine.sample]

    @cached_property
    def starts(self) -> list[Utterance]:
        """Start phrases."""
        return phrases.spoken(phrases.starts(), VOICES_EACH, quick=self.quick)

    @cached_property
    def dangers(self) -> list[Utterance]:
        """Signs of danger."""
        return phrases.spoken(phrases.dangers(), 1, quick=self.quick)

    @cached_property
    def controls(self) -> list[Utterance]:
        """Words of control."""
        return phrases.spoken(phrases.controls(), VOICES_EACH, quick=self.quick)

    @cached_property
    def shouts(self) -> list[Utterance]:
        """Words shouted in a gym."""
        return workout.utterances(quick=self.quick)

    @cached_property
    def orders(self) -> list[Utterance]:
        """Orders of coffee."""
        return phrases.spoken(orders.phrases(), VOICES_EACH, quick=self.quick)


def measure(*, quick: bool, options: Options | None = None) -> Iterator[Figure]:
    """Measure every engine that is here, then compare; what could not be measured is told at the end."""
    options = options or Options()
    if options.mine:
        yield from mine.measure(options.mine, options.models)
        return
    if options.content:
        yield from language.measure(options.content, options.models, quick=quick)
        return
    listed, lacking = engines(options.models)
    settings = Settings()
    material = Material(load_pack(settings), quick=quick)
    heard: list[Heard] = []
    for engine in listed:
        heard.append(Heard(engine))
        yield from _engine(heard[-1], material, settings, options.sets or SETS)
    yield from _compared(heard)
    if options.pictures:
        lacking += _drawn(options.pictures, heard, Matcher(material.pack.lexicon))
    if lacking:
        raise SkippedError("; ".join(lacking))


def _engine(heard: Heard, material: Material, settings: Settings, sets: Sequence[str]) -> Iterator[Figure]:
    engine, bars = heard.engine, heard.engine.ours
    if {"starts", "dangers", "rejection"}.intersection(sets):
        yield from _asleep(heard, material, settings, sets)
    if "controls" in sets:
        with closing(engine.open(expected(engine, material.pack))) as recognizer:
            awake = Ears(recognizer, Matcher(material.pack.lexicon), engine.calibration)
            said = material.some(material.controls, engine)
            yield from controls.measure(engine.name, awake, said, material.conditions, bars=bars)
    if "workout" in sets:
        with closing(engine.open(expected(engine, material.pack))) as recognizer:
            awake = Ears(recognizer, Matcher(material.pack.lexicon), engine.calibration)
            said = material.some(material.shouts, engine)
            yield from workout.measure(engine.name, awake, said, quick=material.quick)
    if "words" in sets:
        yield from words.measure(engine, material.words, bars=bars)
    if "coffee" in sets:
        yield from orders.measure(engine, material.some(material.orders, engine), material.conditions)
    if "cost" in sets and engine.folder:
        yield from effort.measure(engine.name, engine.folder, quick=material.quick)


def _asleep(heard: Heard, material: Material, settings: Settings, sets: Sequence[str]) -> Iterator[Figure]:
    """Measure whole sessions, from asleep."""
    engine, bars = heard.engine, heard.engine.ours
    with closing(engine.open(expected(engine, material.pack, asleep=True))) as recognizer:
        ears = Listener(settings, recognizer, engine.calibration)
        if "starts" in sets:
            heard.outcomes += outcomes(ears, material.some(material.starts, engine), material.conditions)
            yield from in_domain.figures(engine.name, heard.outcomes, bars=bars)
            yield from in_domain.latencies(engine.name, heard.outcomes, bars=bars)
        if "dangers" in sets:
            said = material.some(material.dangers, engine)
            yield from in_domain.dangers(engine.name, ears, said, material.conditions)
        if "rejection" in sets:
            heard.rejected = rejection.streamed(engine, ears, quick=material.quick)
            yield from rejection.figures(engine.name, heard.rejected, bars=bars)


def _compared(heard: Sequence[Heard]) -> Iterator[Figure]:
    """Yield our errors beside the yardstick's."""
    for its in heard:
        if its.engine.name == YARDSTICK:
            for one in heard:
                if one.engine.ours:
                    yield from in_domain.against(one.engine.name, one.outcomes, YARDSTICK, its.outcomes)


def _drawn(folder: Path, heard: Sequence[Heard], matcher: Matcher) -> list[str]:
    """Draw the pictures; return why not, where they cannot be drawn."""
    try:
        from scripts.benchmarks.hearing import pictures  # noqa: PLC0415 - matplotlib is in the extra [bench] only
    except ImportError:
        return ["pictures: matplotlib is not installed; pip install 'voice-assist[bench]'"]
    pictures.draw(folder, [(one.engine.name, one.outcomes, one.rejected) for one in heard], matcher)
    return []
