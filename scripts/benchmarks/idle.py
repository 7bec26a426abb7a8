"""A quiet night: what listening takes of the processor and the memory."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.programs import environment, family, memory_megabytes, processor_seconds, running, wait_for
from scripts.benchmarks.room import sound_room
from voice_assist.samples import RATE, samples

SETTLE_S, WATCHED_S = 20.0, 40.0
"""Seconds until the gate knows the room (it looks back over 12), and seconds of measuring."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Let it listen to a quiet room."""
    watched = WATCHED_S / 4 if quick else WATCHED_S
    with sound_room() as room, tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        # Once before, so that no phrase is left to render.
        env = {**environment(folder, folder / "cache"), **room}
        for listens in (False, True):
            with hiss(folder, env, SETTLE_S + watched + 30.0), running(["listen"], env) as program:
                wait_for(program, "Listening. ")
                if listens:
                    yield from _watch(program.pid, watched)


def _watch(pid: int, watched: float) -> Iterator[Figure]:
    time.sleep(SETTLE_S)
    before, begin = processor_seconds(pid), time.monotonic()
    time.sleep(watched)
    share = 100.0 * (processor_seconds(pid) - before) / (time.monotonic() - begin)
    basis = f"{watched:g} s of hiss at {sounds.ROOM:g} dBFS"
    yield Figure("processor while idle, of one core", share, "%", 5.0, basis=basis)
    yield Figure(
        "memory while idle", memory_megabytes(pid), "MB", 250.0, basis=f"{len(family(pid))} processes, shared once"
    )


@contextmanager
def hiss(folder: Path, env: dict[str, str], length: float) -> Iterator[None]:
    """Play faint noise into the microphone while the block runs."""
    path = folder / "hiss.wav"
    soundfile.write(path, sounds.hiss(sounds.ROOM, samples(length)), RATE, subtype="PCM_16")
    with subprocess.Popen(["paplay", "--device=microphone", str(path)], env=env) as player:  # noqa: S607
        yield
        player.terminate()
