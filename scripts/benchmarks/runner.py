"""Runs the benches that are asked for, prints their table, writes JSON on request."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypedDict

from scripts.benchmarks import (
    claps,
    commands,
    diary,
    diary_report,
    faults,
    idle,
    interruption,
    knowledge,
    mistakes,
    night,
    own_voice,
    rates,
    setups,
    soak,
    speed,
    terminal,
)
from scripts.benchmarks.figures import Figure, SkippedError, as_json, row
from scripts.benchmarks.hearing import bench as hearing
from scripts.benchmarks.programs import FailedError
from voice_assist.errors import VoiceAssistError

HEARING, SOAK = "hearing", "soak"


class Bench(Protocol):
    """Measures; with `quick` only a sample. Raises SkippedError for what cannot be measured here."""

    def __call__(self, *, quick: bool) -> Iterator[Figure]:
        """Yield each figure as soon as it is known."""
        ...


BENCHES: Mapping[str, Bench] = {
    "commands": commands.measure,
    "knowledge": knowledge.measure,
    "stop": interruption.measure,
    "own-voice": own_voice.measure,
    "rates": rates.measure,
    "rehearsal": speed.measure_rehearsal,
    "start": speed.measure_start,
    "idle": idle.measure,
    "terminal": terminal.measure,
    "faults": faults.measure,
    "diary": diary.measure,
    "diary-report": diary_report.measure,
    "false-starts": mistakes.measure,
    "claps": claps.measure,
    "night": night.measure,
    "setup": setups.measure,
    HEARING: hearing.measure,
    SOAK: soak.measure,
}


class Record(TypedDict):
    """What a run came to, as JSON has it."""

    machine: str
    quick: bool
    figures: list[dict[str, Any]]
    skipped: list[str]
    """Why, one line each."""
    failed: list[str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit 1 if a bench failed, 2 for wrong usage. A bar that is not met is no failure."""
    # One thread each, as on a small board: what else runs here shall not blur the figures more than it must.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parser = _parser()
    asked = parser.parse_args(arguments)
    for name in asked.names:
        if name not in BENCHES:
            parser.error(f"no bench '{name}'; there are {', '.join(BENCHES)}")
    chosen = {name: BENCHES[name] for name in asked.names or BENCHES}
    options = hearing.Options(tuple(asked.model), asked.pictures, asked.mine, tuple(asked.set), asked.content)
    if options != hearing.Options():
        if HEARING not in asked.names:
            parser.error(f"--model, --set, --pictures, --mine and --content belong to the bench '{HEARING}'; name it")
        chosen[HEARING] = partial(hearing.measure, options=options)
    if asked.minutes:
        if SOAK not in asked.names:
            parser.error(f"--minutes belongs to the bench '{SOAK}'; name it")
        chosen[SOAK] = partial(soak.measure, minutes=asked.minutes)
    # Ended from outside it cleans up too: a sound server of ours must not be left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        record = run(chosen, quick=asked.quick, tell=_tell)
    except KeyboardInterrupt:
        sys.exit(130)
    if asked.json:
        asked.json.write_text(json.dumps(record, indent=1, ensure_ascii=False, default=vars) + "\n", encoding="utf-8")
    sys.exit(1 if record["failed"] else 0)


def run(benches: Mapping[str, Bench], *, quick: bool, tell: Callable[[str], None]) -> Record:
    """Run benches and return the record; a bench that is skipped or fails does not keep the next from running."""
    figures: list[dict[str, Any]] = []
    skipped: list[str] = []
    failed: list[str] = []
    for name, bench in benches.items():
        tell(f"{name}:")
        try:
            for figure in bench(quick=quick):
                figures.append({"bench": name, **as_json(figure)})
                tell("  " + row(figure))
        except SkippedError as reason:
            skipped.append(str(reason))
            tell(f"  skipped: {reason}")
        except (FailedError, VoiceAssistError) as fault:
            failed.append(f"{name}: {fault}")
            tell(f"  failed: {fault}")
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if hasattr(os, "getloadavg"):
        machine += f", load {os.getloadavg()[1]:.1f} at the end"
    tell(f"Measured on {machine}{', a sample only' if quick else ''}.")
    return {"machine": machine, "quick": quick, "figures": figures, "skipped": skipped, "failed": failed}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the assistant on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="measure a sample only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and what lies behind them")
    only = parser.add_argument_group(f"only for {HEARING}")
    only.add_argument(
        "--model", action="append", default=[], metavar="MODEL", help="name or folder of a model; may be repeated"
    )
    only.add_argument("--set", action="append", default=[], choices=hearing.SETS, help="measure this set only; repeat")
    only.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw the figures into FOLDER (matplotlib)")
    only.add_argument("--mine", type=Path, metavar="FOLDER", help="your own recordings: see voice-assist record")
    only.add_argument("--content", type=Path, metavar="DIR", help="a content pack: what its language is to a model")
    only = parser.add_argument_group(f"only for {SOAK}")
    only.add_argument("--minutes", type=float, default=0.0, metavar="N", help="how long it listens (20)")
    return parser


def _tell(line: str) -> None:
    print(line, flush=True)
