"""How often two claps are found where nobody clapped: in noises, in speech, and in a whole night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import Figure, SkippedError
from scripts.benchmarks.nights import BUSY, compose
from voice_assist.hear.clap import Claps
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence
from voice_assist.testing import recorded

KINDS = {"noises": "noise", "people's speech": "speech", "single words": "words"}
"""What is listened to, and its folder in the shared audio."""

SOUND = (".flac", ".opus", ".wav", ".mp3", ".ogg")

QUICK = 1 / 16
"""The part that is listened to with --quick."""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Listen for claps where there are none."""
    audio = sounds.SHARED / "audio"
    for name, folder in KINDS.items():
        paths = sorted(path for path in (audio / folder).rglob("*") if path.suffix in SOUND)
        if not paths:
            raise SkippedError(f"no recordings in shared audio/{folder}; name their folder in VOICE_ASSIST_SHARED")
        yield _figure(name, (piece for path in paths[:: round(1 / QUICK) if quick else 1] for piece in _padded(path)))
    yield _figure("a night of noises", compose(BUSY, audio, QUICK if quick else 1.0).sound())


def _padded(path: Path) -> Iterator[Samples]:
    """Yield a recording with silence around it: a pair that ends with it counts, too."""
    yield from (silence(samples(1.0)), recorded(path), silence(samples(1.0)))


def _figure(name: str, sound: Iterable[Samples]) -> Figure:
    claps, heard, found = Claps(), 0, list[float]()
    for piece in sound:
        for at in range(0, len(piece), BLOCK):
            block = piece[at : at + BLOCK]
            heard += len(block)
            if claps.push(block, ours=False):
                found.append(round(heard / RATE, 2))
    return Figure(f"claps found in {name}", len(found), "", 0.0, basis=f"{heard / RATE / 60:.0f} min", details=found)
