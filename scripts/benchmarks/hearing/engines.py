"""The engines that are heard side by side: our models, official Vosk models, and pocketsphinx as a yardstick."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks.hearing.sphinx import SphinxRecognizer
from voice_assist import models
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.errors import ModelError
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.vosk import VoskRecognizer
from voice_assist.models.calibration import UNCALIBRATED, Calibration, calibration_of
from voice_assist.models.ngram import ngram_model
from voice_assist.understand.grammar import fill, sentences, whole_sentences

OFFICIAL = "vosk-model"
"""How the names of the official Vosk models begin."""

YARDSTICK = "pocketsphinx"

_SURELY = 200
"""How often each sentence of a closed list is listed, so that `[unk]`, which is listed once, hardly counts."""

_BEGIN = ("start", "emergency")
"""Kinds of intents that count asleep."""


@dataclass(frozen=True)
class Expected:
    """What an engine is told to expect."""

    sentences: Sequence[str]
    spotted: Sequence[str] = ()
    """Sentences of which one must be spotted before anything is believed, by an engine that has such a first
    stage; none where whoever speaks is known to speak to it."""
    closed: bool = False
    """True where one of the sentences is said for certain, so that nothing must be left for what is none of them."""
    loose: bool = False
    """True where somebody may say several of the sentences in a row, and an engine with a strict grammar must allow
    it. Vosk's word pairs always do."""
    whole: Mapping[str, str] = field(default_factory=dict)
    """The same sentences, none left out, with their kinds, for a model with a graph of its own."""


@dataclass(frozen=True)
class Engine:
    """An engine, and how it is opened."""

    name: str
    open: Callable[[Expected], Recognizer]
    """Raises ModelError. The engine is in this process, so that its processor time can be told."""
    folder: Path | None = None
    """The folder of a Vosk model."""
    calibration: Calibration = UNCALIBRATED
    """What it asks for: how sentences are listed, how long it is waited for."""
    sample: int = 1
    """It hears every so many phrases only: a slow one would take hours."""

    @property
    def ours(self) -> bool:
        """Whether the bars are its own: a yardstick has none."""
        return self.folder is not None


def engines(names: Sequence[str]) -> tuple[list[Engine], list[str]]:
    """Return the engines to compare, and why others are not: the models named, the official ones, pocketsphinx.

    No names is the default model. Raises ModelError for a model that is named and not there.
    """
    found = [vosk_engine(models.find(name)) for name in names or (Settings().model,)]
    named = {engine.name for engine in found}
    official = [listed for listed in models.listing() if listed.name.startswith(OFFICIAL) and listed.name not in named]
    here = [vosk_engine(listed.folder) for listed in official if listed.folder and not listed.fault]
    lacking = []
    if not here:
        cure = "; ".join(f"voice-assist models fetch {listed.name}" for listed in official[:1])
        lacking.append(f"official Vosk models: none is here; {cure or 'none is known'}")
    if importlib.util.find_spec(YARDSTICK):
        here.append(Engine(YARDSTICK, _sphinx, sample=4))
    else:
        lacking.append("pocketsphinx: it is not installed; pip install 'voice-assist[bench]'")
    return found + here, lacking


def expected(engine: Engine, pack: Pack, *, asleep: bool = False, loose: bool = False) -> Expected:
    """Return what an engine is told of a pack; `asleep`, what begins something must be spotted first."""
    begin = {rule.intent for rule in pack.lexicon.rules if rule.kind in _BEGIN}
    templates = [template.text for template in pack.lexicon.templates if template.intent in begin]
    spotted = (sentence for text in templates for sentence in fill(text, pack.lexicon)) if asleep else ()
    listed = sentences(pack.lexicon, engine.calibration.weights)
    return Expected(listed, tuple(dict.fromkeys(spotted)), loose=loose, whole=whole_sentences(pack.lexicon))


def vosk_engine(folder: Path) -> Engine:
    """Return the engine on the Vosk model in `folder`."""
    calibration = calibration_of(folder)

    def opened(wanted: Expected) -> Recognizer:
        ngram = calibration.ngram if wanted.whole else None
        graph = ngram_model(folder, wanted.whole, ngram, Settings().cache) if ngram else None
        listed = [*wanted.sentences] * (_SURELY if wanted.closed else 1)
        return VoskRecognizer(folder, listed, graph=graph)

    return Engine(folder.name, opened, folder, calibration)


def _sphinx(wanted: Expected) -> Recognizer:
    try:
        return SphinxRecognizer(wanted.sentences, wanted.spotted, loose=wanted.loose)
    except RuntimeError as error:
        raise ModelError(f"pocketsphinx cannot be used ({error}); leave it out: pip uninstall pocketsphinx") from error
