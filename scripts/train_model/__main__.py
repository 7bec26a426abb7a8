"""The command line: `python -m scripts.train_model DATA MODEL`."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

from scripts.train_model.network import Shape
from scripts.train_model.recipe import STEPS, Recipe
from voice_assist.errors import VoiceAssistError

DEEPER = (*Shape().later, (-4, -2, 0))
"""A layer more, which looks back and not ahead: it adds no delay."""
FACTORISED = (*((-1, 0, 1),) * 5, *((-3, 0),) * 4, *((0,),) * 3)
"""More layers, each cheaper; they look further back, and ahead as far as the others do."""


def main() -> None:
    """Make a model, or do one step of it."""
    parser = argparse.ArgumentParser(
        prog="train_model", description="From a folder of speech to a model that Vosk loads: see README.md beside this."
    )
    parser.add_argument("data", type=Path, metavar="DATA", help="has training/ (speech) and audio/ (noises, rooms)")
    parser.add_argument("model", type=Path, metavar="MODEL", help="the folder of the model to make")
    parser.add_argument("--work", type=Path, default=Path("work"), metavar="DIR", help="what the steps leave behind")
    parser.add_argument("--start", type=Path, metavar="CHECKPOINT", help="a network to go on from; none: from nothing")
    parser.add_argument("--units", type=int, default=608, metavar="N", help="width of the network")
    parser.add_argument("--bottleneck", type=int, default=0, metavar="N", help="of factorised layers; 0: plain ones")
    parser.add_argument("--hours", type=float, default=12.0, metavar="N", help="of synthetic speech")
    parser.add_argument("--passes", type=int, default=8, metavar="N", help="over the data")
    parser.add_argument("--minutes", type=float, default=math.inf, metavar="N", help="end the training after so long")
    parser.add_argument(
        "--rate", type=float, default=1e-3, metavar="N", help="of learning; less to go on from what learned long"
    )
    parser.add_argument("--bits", type=int, default=8, choices=(8, 16, 32), help="of a weight in the model")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of the training, on a processor")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--batch", type=int, default=64, metavar="N", help="chunks of 1.5 s in a batch")
    parser.add_argument("--preparers", type=int, default=1, metavar="N", help="processes that prepare passes")
    parser.add_argument("--feeders", type=int, default=0, metavar="N", help="processes that make batches of them")
    parser.add_argument("--parts", type=int, default=1, metavar="N", help="files that a pass is prepared in")
    parser.add_argument("--again", type=int, default=1, metavar="N", help="times that each is learned from in a row")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--only", choices=tuple(STEPS), help="do this step alone")
    arguments = vars(parser.parse_args())
    only, units, bottleneck = (arguments.pop(name) for name in ("only", "units", "bottleneck"))
    shape = Shape(units=units, later=FACTORISED if bottleneck else DEEPER, bottleneck=bottleneck)
    try:
        Recipe(shape=shape, **arguments).run(only)
    except (VoiceAssistError, ImportError, OSError, ValueError) as fault:
        sys.exit(f"train_model: {fault}")


if __name__ == "__main__":
    main()
