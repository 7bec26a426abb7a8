"""It is there at 3:12: everything that can go wrong in a night is done to the real program, and it must hear again."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.duty import Duty, Person, listening
from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.programs import PROGRAM, FailedError, environment, family
from scripts.benchmarks.room import plug_in, server_pid, sound_room, start_server, unplug

BAR_S = 2.0
"""The worst time in seconds, from the end of a fault until it listens again."""

AWAY_S = 6.0
"""Seconds for which a device is gone: long enough to be noticed, told and looked for."""

BLIP_S = 0.3
"""Seconds of an outage that is over before it is noticed."""

SETTLE_S = 1.5
"""Seconds after which nothing more comes of what was said before."""

STALL_S = 3.0
"""Seconds for which a process stands still."""

ZERO_S = 12.0
"""Seconds of nothing but zeros: more than are taken for a quiet room."""

SMALL = 64 * 2**20
"""Bytes of memory that a recognizer is left with: less than it has."""


@dataclass
class Scene:
    """What a fault is done to."""

    env: dict[str, str]
    folder: Path
    duty: Duty


Fault = Callable[[Scene], float]
"""Does it, undoes it, and returns when all was there again (time.monotonic)."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Do every fault to the program, or with `quick` every third."""
    if not hasattr(os, "sched_getaffinity"):
        raise SkippedError("faults: they are done through /proc and signals, on Linux")
    chosen = dict(list(FAULTS.items())[:: 3 if quick else 1])
    taken: dict[str, float] = {}
    failed: dict[str, str] = {}
    with sound_room(brisk=True) as room, tempfile.TemporaryDirectory(prefix="voice-assist-bench-") as name:
        folder = Path(name)
        env = {**environment(folder, folder / "cache"), **room}
        person = Person(folder, env)
        scene = Scene(env, folder, _on_duty(env))
        with ExitStack() as stack:
            stack.callback(lambda: scene.duty.close())  # noqa: PLW0108 - it is another one by then
            for what, fault in chosen.items():
                late = _survive(scene, person, fault)
                yield _one(what, late)
                if isinstance(late, float):
                    taken[what] = late
                else:
                    failed[what] = late
                    scene.duty.close()
                    scene.duty = _on_duty(env)
    yield from _summed_up(taken, failed)


def _one(what: str, late: float | str) -> Figure:
    """Return the figure of a fault: the seconds until it listened again, or why it did not."""
    if isinstance(late, float):
        return Figure(f"  {what}", late, "s", BAR_S)
    return Figure(f"  {what}", math.nan, "s", BAR_S, basis=f"not survived: {late}")


def _summed_up(taken: Mapping[str, float], failed: Mapping[str, str]) -> Iterator[Figure]:
    details = [{"fault": what, "seconds": round(late, 2)} for what, late in taken.items()]
    details += [{"fault": what, "failed": why} for what, why in failed.items()]
    injected = len(taken) + len(failed)
    yield Figure("faults injected", injected, "", details=details)
    yield Figure("faults survived", len(taken), "", injected, at_least=True, basis="; ".join(failed))
    worst = max(taken, key=lambda what: taken[what], default="")
    basis = f"{worst}; to the first words heard of a call"
    yield Figure("worst time to listening again", taken.get(worst, math.nan), "s", BAR_S, basis=basis)


def _on_duty(env: Mapping[str, str], *options: str) -> Duty:
    duty = Duty(env, *options)
    duty.wait(listening)
    return duty


def _survive(scene: Scene, person: Person, fault: Fault) -> float | str:
    """Do a fault; return the seconds from its end until a call was heard, or why it was not survived.

    The call must be understood, too, and a stop after it.
    """
    time.sleep(SETTLE_S)
    try:
        there = fault(scene)
        first, _ = person.call_until_understood(scene.duty, there)
    except FailedError as reason:
        return str(reason)
    return first - there


# The faults. Time must pass while something is gone: that is what sleeps here.


def _microphone_pulled_out(scene: Scene) -> float:
    unplug(scene.env, "microphone")
    time.sleep(AWAY_S)
    plug_in(scene.env, "microphone")
    return time.monotonic()


def _microphone_out_for_a_moment(scene: Scene) -> float:
    unplug(scene.env, "microphone")
    time.sleep(BLIP_S)
    plug_in(scene.env, "microphone")
    return time.monotonic()


def _microphone_with_another_rate(scene: Scene) -> float:
    unplug(scene.env, "microphone")
    plug_in(scene.env, "microphone", "rate=44100", "channels=1")
    return time.monotonic()


def _microphone_muted(scene: Scene) -> float:
    _pactl(scene.env, "set-source-mute", "microphone.monitor", "1")
    time.sleep(ZERO_S)
    _pactl(scene.env, "set-source-mute", "microphone.monitor", "0")
    return time.monotonic()


def _moved_to_our_own_monitor(scene: Scene) -> float:
    listed = _pactl(scene.env, "list", "short", "source-outputs").split()
    _pactl(scene.env, "move-source-output", listed[0], "loudspeaker.monitor")
    return time.monotonic()


def _loudspeaker_pulled_out(scene: Scene) -> float:
    unplug(scene.env, "loudspeaker")
    return time.monotonic()  # the microphone never goes


def _loudspeaker_comes_back(scene: Scene) -> float:
    plug_in(scene.env, "loudspeaker")
    return time.monotonic()


def _server_crashes(scene: Scene, away: float = AWAY_S) -> float:
    os.kill(server_pid(scene.env), signal.SIGKILL)
    (Path(scene.env["PULSE_RUNTIME_PATH"]) / "pid").unlink()
    time.sleep(away)
    start_server(scene.env, brisk=True)
    return time.monotonic()


def _server_crashes_for_a_moment(scene: Scene) -> float:
    return _server_crashes(scene, BLIP_S)


def _server_stands_still(scene: Scene) -> float:
    return _still([server_pid(scene.env)], AWAY_S)


def _program_stands_still(scene: Scene) -> float:
    return _still([scene.duty.process.pid], STALL_S)


def _machine_sleeps(scene: Scene) -> float:
    return _still([*family(scene.duty.process.pid), server_pid(scene.env)], AWAY_S)


def _still(processes: list[int], length: float) -> float:
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for process in processes:
            with suppress(ProcessLookupError):  # one that only lives for a moment
                os.kill(process, number)
        if number == signal.SIGSTOP:
            time.sleep(length)
    return time.monotonic()


def _recognizer_crashes(scene: Scene) -> float:
    os.kill(_recognizer(scene), signal.SIGSEGV)
    return time.monotonic()


def _recognizer_hangs(scene: Scene) -> float:
    os.kill(_recognizer(scene), signal.SIGSTOP)
    return time.monotonic()


def _recognizer_finds_no_memory(scene: Scene) -> float:
    import resource  # noqa: PLC0415 - not on Windows

    resource.prlimit(_recognizer(scene), resource.RLIMIT_AS, (SMALL, SMALL))
    return time.monotonic()


def _recognizer(scene: Scene) -> int:
    for process in family(scene.duty.process.pid):
        if b"voice_assist.hear.child" in Path(f"/proc/{process}/cmdline").read_bytes():
            return process
    raise FailedError("the program has no recognizer")


def _second_instance(scene: Scene) -> float:
    command = [*PROGRAM, "listen"]
    done = subprocess.run(command, env=scene.env, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode != 1:
        raise FailedError(f"a second one ended with code {done.returncode}")
    return time.monotonic()


def _killed_and_started_again(scene: Scene) -> float:
    scene.duty.close()
    scene.duty = Duty(scene.env)
    return scene.duty.began


def _disk_full(scene: Scene) -> float:
    """Start it with a journal that finds no room, and phrases that find no folder."""
    scene.duty.close()
    settings = scene.folder / "full.toml"
    settings.write_text('cache = "/dev/full/cache"\n', encoding="utf-8")
    env = scene.env | {"VOICE_ASSIST_SETTINGS": str(settings)}
    scene.duty = _on_duty(env, "--journal", "/dev/full")
    return time.monotonic()


def _pactl(env: Mapping[str, str], *arguments: str) -> str:
    command = ["pactl", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


FAULTS: Mapping[str, Fault] = {
    "microphone pulled out and put back": _microphone_pulled_out,
    "microphone out for a moment": _microphone_out_for_a_moment,
    "microphone back with another rate": _microphone_with_another_rate,
    "microphone muted, then not": _microphone_muted,
    "microphone's stream moved to our own monitor": _moved_to_our_own_monitor,
    "loudspeaker pulled out": _loudspeaker_pulled_out,
    "loudspeaker put back": _loudspeaker_comes_back,
    "sound server crashed, started again": _server_crashes,
    "sound server crashed for a moment": _server_crashes_for_a_moment,
    "sound server stood still": _server_stands_still,
    "program stood still for three seconds": _program_stands_still,
    "all stood still, as in a machine's sleep": _machine_sleeps,
    "recognizer crashed": _recognizer_crashes,
    "recognizer hung": _recognizer_hangs,
    "recognizer found no memory": _recognizer_finds_no_memory,
    "started a second time": _second_instance,
    "killed, and started again": _killed_and_started_again,
    "disk full: no journal, no cache": _disk_full,
}
"""Each by its name, in the order in which they are done."""
