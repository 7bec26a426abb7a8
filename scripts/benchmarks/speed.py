"""Speed: a rehearsal against its recording's length, and the time from start to listening."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, quantile
from scripts.benchmarks.programs import environment, running, wait_for
from scripts.benchmarks.room import sound_room
from voice_assist.samples import RATE, samples, silence

CALL = ((1.0, "my calf is cramping"), (30.0, "same"), (55.0, "stop"))
"""Seconds from the start, and what the person says then."""

LENGTH = 60.0

FIRST, AGAIN = "first start ever", "started before"


def measure_rehearsal(*, quick: bool) -> Iterator[Figure]:
    """Rehearse a call of a minute, with all phrases still to be rendered and with them kept."""
    with tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        call = folder / "call.wav"
        _write_call(call)
        for state, tries in ((FIRST, 1), (AGAIN, 1 if quick else 3)):
            taken = []
            before = _processor_seconds()
            for _ in range(tries):
                begin = time.monotonic()
                with running(["rehearse", str(call)], environment(folder, folder / "cache")) as program:
                    taken.append(wait_for(program, "Heard ") - begin)
            processor = (_processor_seconds() - before) / tries
            basis = (
                f"{LENGTH:g} s in {quantile(taken, 0.5):.1f} s, process start included; {processor:.1f} s of processor"
            )
            ratio = LENGTH / quantile(taken, 0.5)
            yield Figure(f"rehearsal against real time, {state}", ratio, "times", 15.0, at_least=True, basis=basis)


def _processor_seconds() -> float:
    """Return the processor time of all programs that have run and ended: unlike the clock it hardly feels the load."""
    times = os.times()
    return times.children_user + times.children_system


def _write_call(path: Path) -> None:
    sound = silence(samples(LENGTH))
    said = sounds.spoken(sounds.VOICES[0], tuple(words for _, words in CALL))
    for at, words in CALL:
        sound[samples(at) : samples(at) + len(said[words])] = said[words]
    soundfile.write(path, sound, RATE, subtype="PCM_16")


def measure_start(*, quick: bool) -> Iterator[Figure]:
    """Start it live, first with nothing rendered, then again."""
    with sound_room() as room, tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        env = {**environment(folder, folder / "cache"), **room}
        first = _start(env)
        yield Figure("first start ever to listening", first, "s", 15.0, basis="all phrases rendered")
        again = [_start(env) for _ in range(2 if quick else 5)]
        yield Figure("warm start to listening", quantile(again, 0.5), "s", 2.0, basis=f"median of {len(again)}")


def _start(env: Mapping[str, str]) -> float:
    begin = time.monotonic()
    with running(["listen"], env) as program:
        return wait_for(program, "Listening. ") - begin
