"""Stands in for the rendering child: a tone for each sentence, and one fault.

Called with: file that gets a line (the process id) at each start, fault, the sentence it comes at,
in how many starts it comes, and, like the real one, the job.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import wave
from array import array
from pathlib import Path


def write(path: Path, peak: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(array("h", (int(peak * math.sin(n / 10)) for n in range(11_025))).tobytes())


def report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(log: str, fault: str, victim: str, times: str, job: str) -> None:
    with Path(log).open("a+", encoding="ascii") as starts:
        starts.write(f"{os.getpid()}\n")
        starts.seek(0)
        faulty = len(starts.readlines()) <= int(times)
    for number, text in enumerate(json.loads(Path(job).read_text(encoding="utf-8"))["texts"]):
        sound = Path(job).with_name(f"{number}.wav")
        if not (faulty and text == victim):
            write(sound, 9000)
        elif fault == "hang":
            threading.Event().wait()
        elif fault == "die":
            os._exit(3)
        elif fault == "garbage":
            sound.write_bytes(b"this is no sound")
        elif fault == "silence":
            write(sound, 0)
        elif fault == "refuse":
            report("There is no engine; get one.")
            continue
        report("ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
