"""An assistant that listens again and again: the engine is loaded once, each session is new."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from voice_assist import models
from voice_assist.assembly import graph_folder, load_pack
from voice_assist.config import Settings
from voice_assist.events import Action, Heard, Intent, Understood
from voice_assist.hear.canceller import EchoCanceller, EchoMask
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero
from voice_assist.hear.worker import open_recognizer
from voice_assist.models.calibration import UNCALIBRATED, Calibration, calibration_of
from voice_assist.samples import samples, seconds
from voice_assist.session import Session
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.manner import Manner
from voice_assist.speak.phrasebook import Phrasebook
from voice_assist.understand.grammar import over_our_voice, sentences


class Listener:
    """Makes sessions as the assistant's default settings do, on one recognizer."""

    def __init__(self, settings: Settings, recognizer: Recognizer, calibration: Calibration = UNCALIBRATED) -> None:
        self.pack = load_pack(settings)
        self._recognizer = recognizer
        self._calibration = calibration
        self._voice = Phrasebook(Pyttsx3Renderer(), settings.voice, settings.rate, settings.cache / "voice")
        self._voice.prepare(self.pack.lines())
        self._manner = Manner(settings.volume, samples(settings.pause), max(settings.loudest, settings.volume))

    def session(self, canceller: EchoCanceller | None = None) -> Session:
        """Return a new session; its recognizer begins anew with the first utterance."""
        canceller = canceller or EchoMask()
        waits, doubts = self._calibration.timing, self._calibration.doubts
        return Session(
            self.pack,
            self._recognizer,
            self._voice,
            Silero(),
            self._manner,
            timing=waits,
            doubts=doubts,
            canceller=canceller,
        )


@contextmanager
def listener() -> Iterator[Listener]:
    """Open the default model, and close it at the end. No settings file counts: figures must compare."""
    settings = Settings()
    folder = models.find(settings.model)
    calibration = calibration_of(folder)
    pack = load_pack(settings)
    expected = sentences(pack.lexicon, calibration.weights)
    graph = graph_folder(folder, pack, calibration, settings.cache, print)
    recognizer = open_recognizer(folder, expected, patient=True, graph=graph, barge_in=over_our_voice(pack.lexicon))
    try:
        yield Listener(settings, recognizer, calibration)
    finally:
        recognizer.close()


def is_start(intent: Intent) -> bool:
    """Tell whether an intent begins a protocol, rather than asks quietly."""
    return intent.kind == "start" and "doubt" not in intent.slots


def describe(actions: list[Action]) -> list[str]:
    """Return what was heard and understood, one line each, with its time in seconds."""
    lines = []
    for action in actions:
        if isinstance(action, Heard) and action.hypothesis.final:
            lines.append(f"{seconds(action.at):.2f} heard '{action.hypothesis.text}'")
        elif isinstance(action, Understood):
            slots = " ".join(f"{name}={value}" for name, value in action.intent.slots.items())
            lines.append(f"{seconds(action.at):.2f} {action.intent.name} {slots}".rstrip())
    return lines
