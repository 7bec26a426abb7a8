"""Nights put together from recordings, the same every time: what sounds, when, how loud; and their sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import SkippedError
from voice_assist.devices.recording import Recording
from voice_assist.samples import RATE, Samples, samples, silence
from voice_assist.testing import at_level

SEED = 312

WALL = 600.0
"""Hz above which a wall lets through ever less: 12 dB an octave."""

HISS_S = 60
"""Seconds of the room's hiss, which then begins anew."""


@dataclass(frozen=True)
class Stretch:
    """A part of a night in which sounds of one sort come now and then."""

    name: str
    minutes: float
    every: int
    """Seconds from one sound to the next."""
    lasts: int
    """Seconds of each: as long as `every`, they follow each other without a pause."""
    levels: tuple[float, float]
    """dBFS of the softest and of the loudest."""
    sources: tuple[str, ...]
    """Recordings, without their endings, or folders of them, in the shared audio: one after another in turn."""
    walled: bool = False
    """True if a wall is between."""


TELEVISION = tuple(f"speech/so762_{who}" for who in ("adults_01", "children_01", "adults_04", "adults_07"))
STREET = ("urban_crowd", "places_crowded-bar", "urban_traffic", "places_restaurant", "places_cafe")
HOUSEHOLD = ("washing-machine", "dryer", "keyboard", "tuning-radio", "vinyl-effect")
ANIMALS = ("places_night-village", "animals_dog-barking", "animals_cat-purring", "nature_howling-wind")
MORNING = ("alarm", "places_office", "urban_ambulance-siren", "transport_inside-a-train", "places_supermarket")


def _moodist(names: Sequence[str], prefix: str = "") -> tuple[str, ...]:
    return tuple(f"noise/moodist/{prefix}{name}" for name in names)


def _esc10(*names: str) -> tuple[str, ...]:
    return tuple(f"noise/esc10/{name}" for name in names)


def _background(*names: str) -> tuple[str, ...]:
    return tuple(f"noise/gsc_background/{name}" for name in names)


CLOCKS = ("noise/esc10/clock_tick", "noise/moodist/things_clock")
RUSTLE = ("noise/moodist/nature_walk-on-gravel",)

BUSY = (
    Stretch("street and neighbours", 25, 60, 12, (-48, -40), _moodist(STREET)),
    Stretch("television through the open door", 10, 30, 30, (-40, -34), TELEVISION),
    Stretch(
        "household",
        25,
        60,
        15,
        (-50, -40),
        (
            *_moodist(HOUSEHOLD, "things_"),
            *_background("doing_the_dishes", "running_tap", "exercise_bike"),
            "noise/moodist/places_laundry-room",
            "noise/pv_kitchen",
        ),
    ),
    Stretch("sleep, a clock", 60, 300, 5, (-55, -45), (*CLOCKS, *RUSTLE)),
    Stretch("a fan, now and then changed", 50, 300, 240, (-50, -42), _moodist(["things_ceiling-fan"])),
    Stretch("a baby", 30, 60, 5, (-48, -38), _esc10("baby_cry")),
    Stretch("sleep, something rustles", 70, 300, 5, (-55, -45), (*RUSTLE, *CLOCKS)),
    Stretch(
        "rain",
        30,
        60,
        45,
        (-52, -42),
        (*_esc10("rain", "sea_waves"), *_moodist(["rain_heavy-rain", "rain_rain-on-window"])),
    ),
    Stretch(
        "animals outside",
        30,
        60,
        10,
        (-50, -38),
        (*_moodist(ANIMALS), *_esc10("dog_bark"), *_background("dude_miaowing")),
    ),
    Stretch("television behind a wall", 10, 30, 30, (-40, -34), TELEVISION[::-1], walled=True),
    Stretch("sleep, a clock again", 60, 300, 5, (-55, -45), (*CLOCKS, *RUSTLE)),
    Stretch("a cold and a stove", 40, 60, 5, (-46, -38), _esc10("person_sneeze", "fire_crackling")),
    Stretch(
        "the house wakes",
        40,
        60,
        15,
        (-50, -38),
        (*_moodist(MORNING), *_esc10("helicopter"), *_background("running_tap", "doing_the_dishes")),
    ),
)
"""Eight hours in a flat of thin walls. Of snores there are none in the shared audio."""

QUIET = (
    Stretch(
        "sleep", 480, 600, 4, (-55, -45), (*CLOCKS, *RUSTLE, "noise/moodist/things_keyboard", "noise/esc10/clock_tick")
    ),
)
"""Eight hours in which next to nothing happens."""


@dataclass(frozen=True)
class Piece:
    """A sound of a night."""

    at: int
    """Second of the night at which it begins."""
    lasts: int
    """Seconds; a shorter recording is repeated."""
    path: Path
    since: int
    """Second of the recording from which on it is played."""
    level: float
    """dBFS of its voiced blocks."""
    stretch: Stretch


@dataclass(frozen=True)
class Night:
    """What sounds in a night over the hiss of its room."""

    seconds: int
    pieces: tuple[Piece, ...]
    """In order; one ends before the next begins."""

    def sounding(self, second: int) -> str:
        """Return what sounds at a second, or sounded last."""
        before = [piece for piece in self.pieces if piece.at <= second]
        return f"{before[-1].path.parent.name}/{before[-1].path.stem}" if before else "nothing"

    def sound(self) -> Iterator[Samples]:
        """Yield it second by second; no more than one piece is in memory."""
        hiss = sounds.hiss(sounds.ROOM, HISS_S * RATE).astype(np.int32)
        waiting = list(reversed(self.pieces))
        now = silence(0)
        for second in range(self.seconds):
            if waiting and waiting[-1].at == second:
                now = _sound_of(waiting.pop())
            mixed = hiss[second % HISS_S * RATE :][:RATE].copy()
            mixed[: len(now[:RATE])] += now[:RATE]
            now = now[RATE:]
            yield np.clip(mixed, -32768, 32767).astype(np.int16)


def compose(stretches: Sequence[Stretch], audio: Path, part: float = 1.0) -> Night:
    """Put a night together from the recordings in `audio`, each stretch only a `part` of its length.

    Raises SkippedError where a source has no recording.
    """
    chance = np.random.default_rng(SEED)
    pieces: list[Piece] = []
    begin = 0
    for stretch in stretches:
        sources = [_recordings(audio, source) for source in stretch.sources]
        length = max(stretch.lasts, round(60 * stretch.minutes * part))
        for turn, at in enumerate(range(0, length - stretch.lasts + 1, stretch.every)):
            paths = sources[turn % len(sources)]
            again, number = divmod(turn // len(sources), len(paths))
            spare = min(stretch.every, length - at) - stretch.lasts
            pieces.append(
                Piece(
                    begin + at + int(chance.integers(spare + 1)),
                    stretch.lasts,
                    paths[number],
                    _since(paths[number], again * stretch.lasts, stretch.lasts),
                    round(float(chance.uniform(*stretch.levels)), 1),
                    stretch,
                )
            )
        begin += length
    return Night(begin, tuple(pieces))


def _recordings(audio: Path, source: str) -> list[Path]:
    found = sorted(path for path in audio.glob(f"{source}*") if path.with_suffix("") == audio / source)
    found = [path for item in found for path in (sorted(item.iterdir()) if item.is_dir() else [item])]
    if not found:
        raise SkippedError(f"no recordings of shared audio/{source}; name their folder in VOICE_ASSIST_SHARED")
    return found


def _since(path: Path, wanted: int, lasts: int) -> int:
    """Return from which second on a recording is played: later each time, as far as it is long enough."""
    over = int(soundfile.info(path).duration) - lasts
    return wanted % over if over > 0 else 0


def _sound_of(piece: Piece) -> Samples:
    pcm = _read(piece.path, samples(piece.since), samples(piece.lasts))
    if piece.stretch.walled:
        pcm = behind_a_wall(pcm)
    return np.resize(at_level(pcm, piece.level), samples(piece.lasts))


def _read(path: Path, first: int, count: int) -> Samples:
    """Return `count` samples of a recording from `first` on, or what there is; the rest is not kept in memory."""
    recording, at = Recording(path), 0
    kept: list[Samples] = [silence(0)]
    try:
        for block in recording.blocks():
            kept.append(block[max(0, first - at) : max(0, first + count - at)])
            at += len(block)
            if at >= first + count:
                break
    finally:
        recording.close()
    return np.concatenate(kept)


def behind_a_wall(pcm: Samples) -> Samples:
    """Return sound as it comes through a wall: its low part."""
    frequencies = np.fft.rfftfreq(len(pcm), 1 / RATE)
    muffled = np.fft.irfft(np.fft.rfft(pcm) / (1 + np.square(frequencies / WALL)), len(pcm))
    return np.rint(np.clip(muffled, -32768, 32767)).astype(np.int16)
