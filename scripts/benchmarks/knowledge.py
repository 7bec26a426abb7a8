"""What the pack knows: every utterance of the tables, as text and as sound, and what the content weighs."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError, share
from tests.content.en.tables import ROWS, Row, context_of, is_right, told
from voice_assist import content, models
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.events import Context, Intent
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.worker import open_recognizer
from voice_assist.models.calibration import UNCALIBRATED, Calibration, calibration_of
from voice_assist.samples import BLOCK, Samples, samples
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import Phrasebook
from voice_assist.understand.commit import Commitment, Decision
from voice_assist.understand.grammar import sentences
from voice_assist.understand.matcher import Matcher
from voice_assist.understand.second_look import Doubts
from voice_assist.understand.spans import UNKNOWN

VOICES = sounds.VOICES
RATIO = 10.0
"""dB of the voice over the noise."""

LEAD, TAIL = 0.4, 1.0
"""Seconds before an utterance and after it."""

MISSED = 2.0
"""Largest share of spoken emergencies that may be missed in quiet, in percent."""

SPOKEN = 3
"""Of all but the signs of danger every so many utterances are spoken: there are hours of them."""

LOADS = 7


@dataclass(frozen=True)
class Outcome:
    """What became of an utterance."""

    row: Row
    intents: tuple[Intent, ...]
    voice: str = ""

    @property
    def right(self) -> bool:
        """Whether the last intent is a right answer; where nothing is right, there must be none."""
        return is_right(self.intents[-1] if self.intents else None, self.row)

    @property
    def alarmed(self) -> bool:
        """Whether any intent is the emergency that was meant, asked back or not."""
        return any(is_right(intent, self.row, doubt=False) for intent in self.intents)

    @property
    def wrong_place(self) -> bool:
        """Whether a place was coached that was not named."""
        places = {intent.slots["place"] for intent in self.intents if intent.kind == "start"}
        return not places <= {"unknown"}.union(*(answer.split() for answer in self.row.right))

    def described(self) -> str:
        """Return it as one line, for the list of what went wrong."""
        heard = " then ".join(" ".join(sorted(told(intent))) for intent in self.intents) or "nothing"
        return f"{self.row.section}: '{self.row.said}' should be {' or '.join(self.row.right)}, is {heard} {self.voice}"


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure the tables as text and as sound, and the pack itself."""
    settings = Settings()
    pack = content.load(settings.content)
    matcher = Matcher(pack.lexicon)
    rows = ROWS[:: 12 if quick else 1]
    yield from _pack_figures(pack, settings)
    yield from _figures("text", [Outcome(row, _matched(matcher, row)) for row in rows], missed=0.0)
    folder = models.find(settings.model)
    calibration = calibration_of(folder)
    expected = sentences(pack.lexicon, calibration.weights)
    with closing(open_recognizer(folder, expected, patient=True)) as recognizer:
        ears = Ears(recognizer, matcher, calibration)
        said = [row for index, row in enumerate(rows) if row.table == "emergencies" or index % SPOKEN == 0]
        yield from _figures("sound, in quiet", list(_heard(ears, said, None)), missed=MISSED)
        try:
            recordings = sounds.shared_audio("noise")
        except SkippedError as reason:
            raise SkippedError(f"utterances in noise: {reason}") from None
        noise = sounds.noises(recordings, samples(LEAD + TAIL + 3.0))
        yield from _figures(f"sound, at {RATIO:g} dB", list(_heard(ears, said, noise)), missed=None)


def _matched(matcher: Matcher, row: Row) -> tuple[Intent, ...]:
    intent = matcher.match(row.said, context_of(row.section))
    return (intent,) if intent else ()


class Ears:
    """The way from sound to intent, in a context that does not change; nothing is heard a second time."""

    def __init__(self, recognizer: Recognizer, matcher: Matcher, calibration: Calibration = UNCALIBRATED) -> None:
        self._recognizer = recognizer
        self._matcher = matcher
        self._timing = calibration.timing
        self._doubts = Doubts(rivals=calibration.doubts.rivals)

    def hear(self, pcm: Samples, context: Context) -> tuple[Intent, ...]:
        """Return what is understood of an utterance."""
        commitment = Commitment(self._matcher.match, self._timing, self._doubts)
        decisions: list[Decision] = []
        self._recognizer.reset()
        for start in range(0, len(pcm), BLOCK):
            now = start + BLOCK
            decisions += [commitment.hear(heard, context, now) for heard in self._recognizer.accept(pcm[start:now])]
            decisions.append(commitment.tick(now))
        decisions += [commitment.hear(heard, context, len(pcm)) for heard in self._recognizer.finish()]
        return tuple(decision.intent for decision in decisions if decision.intent)


def _heard(ears: Ears, rows: Sequence[Row], noise: Iterator[tuple[str, Samples]] | None) -> Iterator[Outcome]:
    """Yield every sign of danger from every voice, and of all else each utterance from one."""
    by_voice: defaultdict[str, list[Row]] = defaultdict(list)
    # A groan alone can be written, not spoken.
    for row, voice in zip(filter(_words, rows), cycle(VOICES), strict=False):
        for one in VOICES if row.table == "emergencies" else (voice,):
            by_voice[one].append(row)
    for voice, spoken in by_voice.items():
        said = sounds.spoken(voice, tuple(dict.fromkeys(_words(row) for row in spoken)))
        for row in spoken:
            yield Outcome(row, ears.hear(_in_the_room(said[_words(row)], noise), context_of(row.section)), voice)


def _in_the_room(said: Samples, noise: Iterator[tuple[str, Samples]] | None) -> Samples:
    pcm = sounds.surrounded(said, LEAD, TAIL)
    return pcm + sounds.hiss(sounds.ROOM, len(pcm)) if noise is None else sounds.noisy(pcm, next(noise)[1], RATIO)


def _words(row: Row) -> str:
    return " ".join(word for word in row.said.split() if word != UNKNOWN)


def _figures(how: str, outcomes: Sequence[Outcome], missed: float | None) -> Iterator[Figure]:
    tables = dict.fromkeys(outcome.row.table for outcome in outcomes)
    for table in tables:
        own = [outcome for outcome in outcomes if outcome.row.table == table]
        wrong = [outcome.described() for outcome in own if not outcome.right]
        right = share(len(own) - len(wrong), len(own))
        yield Figure(f"right, {table}, {how}", right, "%", basis=f"{len(own)} utterances", details=wrong)
    signs = [outcome for outcome in outcomes if outcome.row.table == "emergencies"]
    lost = [outcome.described() for outcome in signs if not outcome.alarmed]
    basis = f"{len(lost)} of {len(signs)}"
    yield Figure(f"emergencies missed, {how}", share(len(lost), len(signs)), "%", missed, basis=basis, details=lost)
    for voice in dict.fromkeys(one.voice for one in signs if one.voice):
        own = [one for one in signs if one.voice == voice]
        missing = sum(not one.alarmed for one in own)
        yield Figure(f"  of these {voice}", share(missing, len(own)), "%", basis=f"{missing} of {len(own)}")
    others = [outcome for outcome in outcomes if outcome.row.table == "nothing"]
    false = [one.described() for one in others if any(intent.kind == "emergency" for intent in one.intents)]
    # "I can't move it" begins what is being done already, while awake.
    begun = [one.described() for one in others if any(map(_begins, one.intents)) and not one.right]
    basis = f"of {len(others)} utterances that mean nothing"
    yield Figure(f"false emergencies, {how}", len(false), "", basis=basis, details=false)
    yield Figure(f"false starts, {how}", len(begun), "", basis=basis, details=begun)
    named = [one for one in outcomes if one.row.table == "places"]
    starts = [one for one in named if any(intent.kind == "start" for intent in one.intents)]
    elsewhere = [one.described() for one in starts if one.wrong_place]
    bar = 0.5 if how == "text" else None
    basis = f"{len(elsewhere)} of {len(starts)} starts"
    yield Figure(f"wrong place, {how}", share(len(elsewhere), len(starts)), "%", bar, basis=basis, details=elsewhere)


def _begins(intent: Intent) -> bool:
    return intent.kind == "start" and "doubt" not in intent.slots


def _pack_figures(pack: Pack, settings: Settings) -> Iterator[Figure]:
    files = sorted(pack.folder.rglob("*.yaml"))
    size = sum(path.stat().st_size for path in files)
    yield Figure("size of the pack", size / 1000, "kB", basis=f"{len(files)} files, {len(pack.lines())} lines spoken")
    yield Figure("sentences the recognizer expects", len(set(sentences(pack.lexicon))), "")
    timings = [_timed(settings.content) for _ in range(LOADS)]
    yield Figure("time to load the pack, median", statistics.median(timings), "s", 0.3, basis=f"{LOADS} times")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        Phrasebook(Pyttsx3Renderer(), settings.voice, settings.rate, Path(folder)).prepare(pack.lines())
        yield Figure("time to render all phrases once", time.perf_counter() - began, "s")


def _timed(folder: Path) -> float:
    began = time.perf_counter()
    content.load(folder)
    return time.perf_counter() - began
