"""The command line: `python -m scripts.calibrate MODEL [--quick] [--picture FILE]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.benchmarks.figures import SkippedError
from scripts.calibrate import material
from scripts.calibrate.choice import choose
from scripts.calibrate.takes import take
from scripts.calibrate.written import picture, table, toml
from voice_assist import models
from voice_assist.assembly import graph_folder, load_pack
from voice_assist.config import Settings
from voice_assist.errors import VoiceAssistError
from voice_assist.hear.vosk import VoskRecognizer
from voice_assist.models.calibration import FILE, calibration_of
from voice_assist.understand.grammar import sentences
from voice_assist.understand.matcher import Matcher


def main(arguments: Sequence[str] | None = None) -> None:
    """Calibrate a model and write its `calibration.toml`; exit 1 with one line where that cannot be done."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parser = argparse.ArgumentParser(prog="calibrate", description="Find the values that a model is best used with.")
    parser.add_argument("model", metavar="MODEL", help="name or folder of a Vosk model")
    parser.add_argument("--quick", action="store_true", help="listen to a quarter of the material")
    parser.add_argument("--dry", action="store_true", help="print the file rather than write it")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw what is missed against what is false (SVG)")
    asked = parser.parse_args(arguments)
    try:
        calibrate(asked.model, quick=asked.quick, dry=asked.dry, drawn=asked.picture)
    except (SkippedError, VoiceAssistError, OSError) as fault:
        sys.exit(f"calibrate: {fault}")


def calibrate(model: str, *, quick: bool, dry: bool, drawn: Path | None) -> None:
    """Listen to all material with a model, choose its values, and write them into its folder.

    How sentences are weighed in the list is taken over from the file that is there: another weight needs
    another listening. Raises ModelError, SkippedError where the recordings are not here, OSError.
    """
    folder = models.find(model)
    pack = load_pack(Settings())
    before = calibration_of(folder)
    graph = graph_folder(folder, pack, before, Settings().cache, print)
    recognizer = VoskRecognizer(folder, sentences(pack.lexicon, before.weights), graph=graph)
    takes = []
    began = time.process_time()
    for pieces in (material.commands(pack, quick=quick), material.others(quick=quick)):
        takes += [take(piece, pack, recognizer, before.timing) for piece in pieces]
        print(f"{len(takes)} recordings heard, {time.process_time() - began:.0f} s of processor", flush=True)
    said = sum(bool(one.piece.wanted) for one in takes)
    minutes = 60 * material.hours([len(one.piece.pcm) for one in takes if not one.piece.wanted])
    choice = choose(takes, Matcher(pack.lexicon).match, before.timing)
    print("\n".join(table(choice)))
    text = toml(choice, before, f"{said} phrases and {minutes:.0f} minutes of talk and noise")
    if dry:
        print(text)
    else:
        (folder / FILE).write_text(text, encoding="utf-8")
        print(f"written: {folder / FILE}")
    if drawn:
        drawn.parent.mkdir(parents=True, exist_ok=True)
        picture(drawn, choice)


if __name__ == "__main__":
    main()
