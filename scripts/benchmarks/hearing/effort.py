"""What a model costs: its size, the time to load it, the processor while it decodes, its memory in a long noise.

Run as a program, `python -m scripts.benchmarks.hearing.effort FOLDER SECONDS`, it measures a model in a process of
its own and prints what it found as JSON: there nothing else takes memory or time.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.hearing.conditions import held_out_noise
from scripts.benchmarks.programs import ROOT, FailedError
from voice_assist.assembly import graph_folder, load_pack
from voice_assist.config import Settings
from voice_assist.hear.child import resident
from voice_assist.hear.gate import LIMIT
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.vosk import VoskRecognizer
from voice_assist.models.calibration import calibration_of
from voice_assist.samples import BLOCK, RATE, Samples, samples, seconds
from voice_assist.understand.grammar import sentences

SIZE, LOAD, RATIO, GROWTH = 15.0, 0.5, 0.10, 10.0
"""Bars: MB on disk; seconds; processor time by the length of the sound; MB."""

NOISE_S, NOISE_QUICK_S = 7200.0, 600.0
"""Seconds of noise, decoded without a pause, in utterances as long as the gate's longest."""

SETTLED = samples(60.0)
"""From here on memory counts: the first minute fills buffers that are kept."""

SPEECH = samples(120.0)
"""Speech on which the processor is timed: there is always somebody speaking in it."""


def measure(name: str, folder: Path, *, quick: bool) -> Iterator[Figure]:
    """Yield what the model in `folder` costs."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    yield Figure(f"{name}: size on disk", size, "MB", SIZE, basis=f"{len(files)} files")
    found = _apart(folder, NOISE_QUICK_S if quick else NOISE_S)
    yield Figure(f"{name}: load", found["load"], "s", LOAD, basis="model, list of sentences, first engine")
    basis = f"{found['spoken']:.0f} s of speech, block by block; processor time"
    yield Figure(f"{name}: real-time factor while decoding", found["ratio"], "", RATIO, basis=basis)
    basis = f"of {1000 * seconds(BLOCK):.0f} ms of sound; processor time"
    yield Figure(f"{name}: worst single block", 1000 * found["worst"], "ms", basis=basis)
    basis = f"{found['noise'] / 60:.0f} minutes of noise in utterances of 30 s; {found['memory']:.0f} MB at first"
    if quick:
        basis += "; the bar is for two hours"
    known = found["memory"] > 0
    yield Figure(
        f"{name}: memory growth in noise",
        found["growth"] if known else math.nan,
        "MB",
        GROWTH if known else None,
        basis=basis if known else "this system does not tell what a process takes",
    )
    if known:
        # What grows here is a leak; before, it may be room for the worst utterance, which is kept for the next.
        basis = "when every noise had been heard once"
        yield Figure(f"{name}:   of these later", found["later"], "MB", basis=basis)
    yield Figure(f"{name}: real-time factor in noise", found["noise_ratio"], "", RATIO, basis="the same noise")


def cost(folder: Path, noise_s: float) -> dict[str, float]:
    """Measure a model in this process, by the names that `measure` reads. Raises ModelError, SkippedError."""
    settings, calibration = Settings(), calibration_of(folder)
    pack = load_pack(settings)
    expected = sentences(pack.lexicon, calibration.weights)
    graph = graph_folder(folder, pack, calibration, settings.cache, _complain)
    # All of it before anything is counted: what is read later would look like growth.
    speech = sounds.load(sounds.shared_audio("speech")[0])[:SPEECH]
    noise = np.concatenate([sounds.load(path) for path in held_out_noise()])
    begin = time.perf_counter()
    recognizer = VoskRecognizer(folder, expected, graph=graph)
    load = time.perf_counter() - begin
    blocks = [_timed(recognizer, speech[start : start + BLOCK]) for start in range(0, len(speech), BLOCK)]
    recognizer.reset()
    first = heard_once = resident()
    spent = 0.0
    # A second at a time: what the gate passes comes no faster, and an utterance is as long as the gate lets it be.
    for second in range(round(noise_s)):
        start = second * RATE
        spent += _timed(recognizer, noise.take(range(start, start + RATE), mode="wrap"))
        if (start + RATE) % LIMIT == 0:
            recognizer.finish()
            recognizer.reset()
        if start + RATE == SETTLED:
            first = heard_once = resident()
        if start < len(noise) <= start + RATE:
            heard_once = resident()
    return {
        "load": load,
        "spoken": seconds(len(speech)),
        "ratio": sum(blocks) / seconds(len(speech)),
        "worst": max(blocks),
        "noise": noise_s,
        "noise_ratio": spent / noise_s,
        "memory": first / 1e6,
        "growth": (resident() - first) / 1e6,
        "later": (resident() - heard_once) / 1e6,
    }


def _complain(line: str) -> None:
    """Print a line where it is no part of the figures."""
    print(line, file=sys.stderr)


def _timed(recognizer: Recognizer, pcm: Samples) -> float:
    begin = time.process_time()
    recognizer.accept(pcm)
    return time.process_time() - begin


def _apart(folder: Path, noise_s: float) -> dict[str, float]:
    command = [sys.executable, "-m", "scripts.benchmarks.hearing.effort", str(folder.absolute()), str(noise_s)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or f"code {done.returncode}").splitlines()[-1]
        raise FailedError(f"the model in {folder} could not be measured in a process of its own: {last}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    print(json.dumps(cost(Path(sys.argv[1]), float(sys.argv[2]))))
