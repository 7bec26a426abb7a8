"""The synthetic people: which voices there are, who of them trains and who is only for tuning, and who is neither.

Three sets that share nobody: those to train on, those to tune on (`development`), and those that the bench tests with.
The last never get in here: not by name, not by a name that sounds nearly the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scripts.train_model import accents

Part = Literal["train", "development"]

ESPEAK = "espeak"
FLITE = "flite"
FESTIVAL = "festival"
PICO = "pico"

TEST_ACCENTS = frozenset({"gmw/en-GB-x-rp", "gmw/en-GB-x-gbclan", "gmw/en-029"})
TEST_VARIANTS = frozenset({"f4", "f5", "m7"})
"""Whom the bench tests with. No sound of theirs is ever trained or tuned on."""

NEAR_TEST_VARIANTS = frozenset({"aunty", "linda", "f2", "whisperf", "Nguyen"})
"""Variants that share five lines or more of their file with one of the test: the same throat by another name."""

NOT_HUMAN = frozenset(
    {
        "Demonic", "UniRobot", "anikaRobot", "Tweaky", "Storm", "fast", "kaukovalta", "announcer",
        "robosoft", "robosoft2", "robosoft3", "robosoft4", "robosoft5", "robosoft6", "robosoft7", "robosoft8",
    }
)  # fmt: skip
"""Variants that nobody sounds like, or that are one of the others but for their speed."""

ACCENTS = ("gmw/en-US", "gmw/en-US-nyc", "gmw/en", "gmw/en-GB-x-gbcwmd")
"""espeak-ng's accents to train on, by the file of the voice: a name may be taken by another voice."""

DEVELOPMENT_ACCENT = "gmw/en-GB-scotland"
"""An accent that is only tuned on, as the accents of the test are only tested on."""

DEVELOPMENT_VARIANTS = ("f3", "m3", "Andy", "belinda", "steph", "edward", "grandma", "klatt4")

VARIANTS = (
    "", "f1", "m1", "m2", "m4", "m5", "m6", "m8", "klatt", "klatt2", "klatt3", "klatt5", "klatt6",
    "Alex", "Alicia", "Andrea", "Annie", "AnxiousAndy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo", "Jacky",
    "Lee", "Marco", "Mario", "Michael", "Mike", "Mr serious", "Reed", "RicishayMax", "RicishayMax2", "RicishayMax3",
    "adam", "anika", "antonio", "benjamin", "boris", "caleb", "croak", "david", "ed", "edward2", "grandpa", "gustave",
    "ian", "iven", "iven2", "iven3", "iven4", "john", "marcelo", "max", "michel", "miguel", "mike2", "norbert",
    "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph2", "steph3", "travis", "victor",
    "whisper", "zac",
)  # fmt: skip
"""espeak-ng's variants to train on; which of them there are depends on its release. The empty one is the plain voice.
Each lends its throat to every accent."""

OWN = "own"
"""What the names of variants of our own begin with: see `own_variant`."""
OWN_VARIANTS = 200
OWN_DEVELOPMENT = 20
"""How many throats of our own there are, and how many of them, the first ones, are only for tuning."""

FLITE_VOICES = ("awb", "kal", "kal16", "rms", "slt")
FESTIVAL_VOICES = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
PICO_VOICES = ("en-US", "en-GB")

_OWN_ACCENT = "own accent"
_WEIGHTS = {ESPEAK: 3.0, OWN: 3.0, _OWN_ACCENT: 5.0, FLITE: 3.0, FESTIVAL: 1.0, PICO: 1.5}
"""How much of the speech each kind of voice says, accents of our own in any throat. What is recorded from people
(flite, pico) is worth more a voice, but they are few: a network learns the few by heart."""


@dataclass(frozen=True)
class Voice:
    """One synthetic person."""

    engine: str
    """Who makes the sound: `espeak`, `flite`, `festival` or `pico`."""
    name: str
    """The voice's own name there; of espeak-ng the accent."""
    variant: str = ""
    """Of espeak-ng: whose throat says it; empty for its own."""

    @property
    def speaker(self) -> str:
        """The name in a corpus."""
        name = f"{self.engine}:{self.name}"
        return f"{name}+{self.variant}".replace(" ", "_") if self.variant else name


@dataclass(frozen=True)
class Manner:
    """How a voice says one line."""

    rate: float = 160.0
    """Words a minute."""
    pitch: float = 1.0
    """The voice's pitch, as a multiple of its own."""
    liveliness: float = 1.0
    """How far the pitch moves, as a multiple of what the voice does by itself."""


def refused(voice: Voice) -> bool:
    """Tell whether this is a voice of the test, or one that is nearly the same: nobody may train or tune on it."""
    if voice.engine != ESPEAK:
        return False
    accents = {accent.lower() for accent in TEST_ACCENTS}
    accent = voice.name.lower()
    return (
        accent in accents
        or any(known.endswith(f"/{accent}") for known in accents)
        or voice.variant.lower() in {variant.lower() for variant in TEST_VARIANTS | NEAR_TEST_VARIANTS}
    )


def cast(part: Part) -> tuple[Voice, ...]:
    """Return every voice of a part, in a fixed order. No voice is in both, and none of the test is in either."""
    own = tuple(f"{OWN}{number:03d}" for number in range(OWN_VARIANTS))
    if part == "development":
        pairs = [(accent, variant) for accent in (*ACCENTS, DEVELOPMENT_ACCENT) for variant in DEVELOPMENT_VARIANTS]
        pairs += [(DEVELOPMENT_ACCENT, variant) for variant in ("", *own[:OWN_DEVELOPMENT])]
        found = [Voice(ESPEAK, accent, variant) for accent, variant in pairs]
    else:
        variants = (*VARIANTS, *own[OWN_DEVELOPMENT:])
        own_accents = map(accents.accent_name, range(accents.COUNT))
        found = [Voice(ESPEAK, accent, variant) for accent in (*ACCENTS, *own_accents) for variant in variants]
        found += [Voice(FLITE, name) for name in FLITE_VOICES]
        found += [Voice(FESTIVAL, name) for name in FESTIVAL_VOICES]
        found += [Voice(PICO, name) for name in PICO_VOICES]
    if wrong := [voice.speaker for voice in found if refused(voice)]:
        raise ValueError(f"voices of the test are among those to learn from: {', '.join(wrong)}")
    return tuple(found)


def weights(voices: tuple[Voice, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how often each voice is to speak: [voices], the sum is 1."""
    kinds = [_kind(voice) for voice in voices]
    shares = np.array([_WEIGHTS[kind] / kinds.count(kind) for kind in kinds])
    return np.asarray(shares / shares.sum())


def _kind(voice: Voice) -> str:
    if accents.is_own(voice.name):
        return _OWN_ACCENT
    return OWN if voice.variant.startswith(OWN) else voice.engine


def manner(rng: np.random.Generator) -> Manner:
    """Return a manner of speaking: slow or hurried, low or high, flat or lively."""
    return Manner(
        rate=float(np.exp(rng.uniform(np.log(110), np.log(210)))),
        pitch=float(np.exp2(np.clip(rng.normal(0.0, 0.2), -0.5, 0.5))),
        liveliness=float(rng.uniform(0.3, 1.7)),
    )


def upset(calm: Manner, rng: np.random.Generator) -> Manner:
    """Return the manner of somebody in pain: up to an octave higher, faster or slower, flat or all over the place."""
    return Manner(
        rate=float(np.clip(calm.rate * np.exp(rng.normal(0.0, 0.2)), 90, 260)),
        pitch=float(calm.pitch * np.exp2(rng.uniform(0.0, 0.8))),
        liveliness=float(rng.uniform(0.1, 2.5)),
    )


def own_variant(number: int) -> str:
    """Return the file of one throat of our own for espeak-ng; the same number is always the same throat.

    The first formants move together, as a longer or shorter throat moves them, and each a little by itself; a child's
    are up to 40 % higher than a man's. It is drawn anew while it is near one of the test.
    """
    rng = np.random.default_rng([20261121, number])
    while True:
        size = float(rng.uniform(0.88, 1.32))
        formants = np.round(100 * size * np.exp(rng.normal(0.0, 0.035, 6)))
        if not any(np.abs(formants[:3] - known).max() < _NEAR for known in _TEST_THROATS):
            break
    low = float(rng.uniform(72, 110) * size ** rng.uniform(1.0, 3.2))
    heights, widths = rng.uniform(70, 120, 6).round(), rng.uniform(75, 150, 6).round()
    lines = ["language variant", f"name {OWN}{number:03d}", f"pitch {low:.0f} {low * rng.uniform(1.2, 1.75):.0f}"]
    lines += [
        f"formant {place} {formant:.0f} {height:.0f} {width:.0f}"
        for place, (formant, height, width) in enumerate(zip(formants, heights, widths, strict=True))
    ]
    lines.append(f"voicing {rng.uniform(70, 130):.0f}")
    lines.append(f"consonants {rng.uniform(70, 140):.0f} {rng.uniform(70, 140):.0f}")
    lines.append(f"flutter {rng.uniform(0, 12):.0f}")
    if rng.random() < 0.4:  # noqa: PLR2004 - two of five are breathy
        lines.append("breath " + " ".join(f"{depth:.0f}" for depth in rng.uniform(0, 10) * np.linspace(0.5, 1.2, 8)))
    if rng.random() < 0.25:  # noqa: PLR2004 - one of four is hoarse
        lines.append(f"roughness {rng.integers(1, 5)}")
    if rng.random() < 0.35:  # noqa: PLR2004 - one of three is of the other synthesiser that espeak-ng has
        lines.append(f"klatt {rng.integers(1, 6)}")
    lines.append(f"stressAdd {' '.join(f'{rng.uniform(-20, 30):.0f}' for _ in range(8))}")
    return "\n".join(lines) + "\n"


_NEAR = 4
_TEST_THROATS = (np.array([120.0, 115.0, 130.0]), np.array([105.0, 110.0, 110.0]))
"""First three formants (0, 1, 2, in % of espeak-ng's own) of f4 and f5. Those of m7 are espeak-ng's own: its plain
voice has them too, and m7 differs by how loud they are."""
