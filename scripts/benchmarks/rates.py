"""Rates of speech: whether a hold lasts as long as it says, in a real rehearsal's journal and in its sound."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.programs import FailedError, environment, running, wait_for
from voice_assist.assembly import load_pack
from voice_assist.config import RATES, Settings
from voice_assist.samples import RATE, Samples, samples, seconds, silence
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import Phrasebook

TRIED = (RATES[0], 120, 145, 200, 300, RATES[-1])

CALL = "my calf is cramping"

LENGTH_S = 90.0
"""Seconds of the recording: a call, and silence in which the first holds are counted, at the slowest rate as well."""

MOST = 0.1
"""Seconds that a hold of ten may be wrong."""

AROUND = samples(0.25)
"""How far beside its place a line is looked for in the sound."""


@dataclass(frozen=True)
class Held:
    """A hold that was counted: from the first sample of its first number to that of the line that ends it."""

    lasts: int
    """Seconds that it says it lasts: its first number."""
    told: float
    """Seconds by the journal."""
    sounded: float
    """Seconds by the sound that was written."""

    @property
    def error(self) -> float:
        """Seconds by which it is wrong, the worse of the two."""
        return max(abs(self.told - self.lasts), abs(self.sounded - self.lasts))


def measure(*, quick: bool) -> Iterator[Figure]:
    """Rehearse a call for the calf at each rate; yield the worst error of its counted holds."""
    pack = load_pack(Settings())
    with tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as made:
        folder = Path(made)
        said = sounds.spoken(sounds.VOICES[0], (CALL,))[CALL]
        call = np.concatenate((silence(RATE), said, silence(samples(LENGTH_S))))
        soundfile.write(folder / "call.wav", call, RATE, subtype="PCM_16")
        for rate in (TRIED[0], TRIED[-1]) if quick else TRIED:
            lines, sound = _rehearsed(folder, rate)
            voice = Phrasebook(Pyttsx3Renderer(), "", rate, folder / "cache" / "voice", pack.guide.numbers)
            held = holds(lines, sound, voice, pack.guide.numbers)
            if not any(hold.lasts == len(pack.guide.numbers) for hold in held):
                raise FailedError(f"no hold was counted at {rate} words a minute")
            worst = max(held, key=lambda hold: hold.error)
            basis = (
                f"{len(held)} holds; of {worst.lasts} s one took {worst.told:.4f} s, {worst.sounded:.4f} s in the sound"
            )
            name = f"worst error of a hold at {rate} words a minute"
            yield Figure(name, worst.error, "s", MOST, basis=basis, details=[asdict(hold) for hold in held])


def _rehearsed(folder: Path, rate: int) -> tuple[Sequence[tuple[str, int]], Samples]:
    """Rehearse the call; return each line that was said with its first sample, and the sound of them all."""
    env = environment(folder, folder / "cache")
    settings = folder / "settings.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"rate = {rate}\n", encoding="utf-8")
    journal, out = folder / f"{rate}.jsonl", folder / f"{rate}.wav"
    command = ["rehearse", str(folder / "call.wav"), "--journal", str(journal), "--out", str(out)]
    with running(command, env) as program:
        wait_for(program, "Heard ")
        program.wait()
    entries = map(json.loads, journal.read_text(encoding="utf-8").splitlines())
    sound, _ = soundfile.read(out, dtype="int16")
    return [(entry["text"], entry["sample"]) for entry in entries if entry["event"] == "say"], sound


def holds(
    lines: Sequence[tuple[str, int]], sound: Samples, voice: Phrasebook, numbers: Sequence[str]
) -> Sequence[Held]:
    """Return the holds that were counted down to one: `lines` are those that were said, with their first samples."""
    found = []
    first: tuple[str, int] | None = None
    for (text, at), (following, then) in pairwise(lines):
        if text not in numbers:
            first = None
            continue
        first = first or (text, at)
        # Counted down to one, and what comes then is no number: a breath is counted up, and never ends with it.
        if text == numbers[0] and following not in numbers:
            lasts = numbers.index(first[0]) + 1
            begin, end = (place(sound, voice.sound(line), where) for line, where in (first, (following, then)))
            found.append(Held(lasts, seconds(then - first[1]), seconds(end - begin)))
            first = None
    return found


def place(sound: Samples, line: Samples, near: int) -> int:
    """Return the sample at which a line begins in a sound, near where it should."""
    begin = max(0, near - AROUND)
    around = sound[begin : near + AROUND + len(line)].astype(np.float64)
    return begin + int(np.argmax(np.correlate(around, line.astype(np.float64), mode="valid")))
