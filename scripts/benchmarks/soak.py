"""A night in real time: on duty for long, called now and then, it must not drift, swell or slow down."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.duty import PATIENCE_S, Duty, Person, listening, understood
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.programs import environment, memory_megabytes, processor_seconds
from scripts.benchmarks.room import sound_room
from voice_assist.samples import BLOCK, RATE, samples

MINUTES, QUICK_MINUTES = 20.0, 2.0

EVERY_S, QUICK_EVERY_S = 120.0, 25.0
"""Seconds from call to call."""

CLOCKS_APART = 200.0
"""Parts in a million: the session's clock is the device's, and devices differ from the wall by so much. Sound that is
lost is more: a block in a minute is 333."""

LOUD = 300
"""A sample from the loudspeaker, of 32767, that is our voice."""

REST_S = 10.0
"""Seconds after a call until memory is looked at: what it took has been let go."""


@dataclass
class Night:
    """What was measured at each call."""

    called: list[float] = field(default_factory=list)
    """When, in seconds of the wall."""
    late: list[float] = field(default_factory=list)
    """Seconds by which the wall is ahead of the session's clock."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the printed line to its sound in the loudspeaker."""
    memory: list[float] = field(default_factory=list)
    """Megabytes, some seconds later."""


def measure(*, quick: bool, minutes: float = 0.0) -> Iterator[Figure]:
    """Let it listen for so many minutes (20, with `quick` 2), and call it at times."""
    length = 60.0 * (minutes or (QUICK_MINUTES if quick else MINUTES))
    night = Night()
    with sound_room(brisk=True) as room, tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        env = {**environment(folder, folder / "cache"), **room}
        person = Person(folder, env)
        with closing(Duty(env)) as duty, _hiss(folder, env):
            duty.wait(listening)
            begin, before = time.monotonic(), processor_seconds(duty.process.pid)
            while time.monotonic() - begin < length:
                _call(night, person, duty, env)
                _wait_until(min(begin + length, time.monotonic() + (QUICK_EVERY_S if quick else EVERY_S)))
            processor = 100.0 * (processor_seconds(duty.process.pid) - before) / (time.monotonic() - begin)
            faults = [line.entry["what"] for line in duty.lines if line.entry.get("event") == "fault"]
    calls = len(night.late)
    basis = f"{length / 60:g} min, {calls} calls, all understood and stopped"
    yield Figure("faults told", len(faults), "", 0.0, basis=basis, details=faults)
    apart = abs(night.late[-1] - night.late[0])
    share = 1e6 * apart / (night.called[-1] - night.called[0])
    yield Figure("session's clock against the wall", share, "parts in a million", CLOCKS_APART, basis=f"{apart:.3f} s")
    yield Figure(
        "loudspeaker's delay, last against first",
        abs(night.delays[-1] - night.delays[0]),
        "s",
        0.2,
        details=night.delays,
    )
    yield Figure("memory after the first call", night.memory[0], "MB")
    yield Figure("memory at the end", night.memory[-1], "MB", night.memory[0] + 30.0, details=night.memory)
    yield Figure("processor, of one core", processor, "%")


def _call(night: Night, person: Person, duty: Duty, env: Mapping[str, str]) -> None:
    """Call until it understands, note what there is to note, and stop it."""
    since = time.monotonic()
    with _first_sound(env) as sound:
        with person.calling():
            line = duty.wait(understood, since)
            said = duty.wait(lambda line: line.entry.get("event") == "say", line.at)
        night.delays.append(sound() - said.at)
    night.called.append(line.at)
    night.late.append(line.at - line.entry["at"])
    person.stop(duty)
    _wait_until(time.monotonic() + REST_S)
    night.memory.append(memory_megabytes(duty.process.pid))


@contextmanager
def _first_sound(env: Mapping[str, str]) -> Iterator[Callable[[], float]]:
    """Listen to the loudspeaker; what is yielded waits for its first loud block and returns when it came."""
    came: queue.Queue[float] = queue.Queue()
    options = ["--raw", "--latency-msec=20", "--format=s16le", f"--rate={RATE}", "--channels=1"]
    command = ["parec", *options, "--device=loudspeaker.monitor"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as recorder:

        def follow() -> None:
            while recorder.stdout and (sound := recorder.stdout.read(2 * BLOCK)):
                if np.abs(np.frombuffer(sound, dtype="<i2").astype(np.int32)).max() > LOUD:
                    came.put(time.monotonic())

        reader = threading.Thread(target=follow)
        reader.start()
        try:
            yield lambda: came.get(timeout=PATIENCE_S)
        finally:
            recorder.terminate()
            reader.join()


@contextmanager
def _hiss(folder: Path, env: Mapping[str, str]) -> Iterator[None]:
    """Play faint noise into the microphone, over and over, while the block runs."""
    path = folder / "hiss.wav"
    soundfile.write(path, sounds.hiss(sounds.ROOM, samples(60.0)), RATE, subtype="PCM_16")
    loop = ["sh", "-c", 'while paplay --device=microphone "$0"; do :; done', str(path)]
    with subprocess.Popen(loop, env=env, start_new_session=True) as player:
        yield
        os.killpg(player.pid, signal.SIGTERM)


def _wait_until(then: float) -> None:
    time.sleep(max(0.0, then - time.monotonic()))
