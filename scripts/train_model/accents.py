"""Accents of our own for espeak-ng: English as it is said in many places, drawn by chance.

espeak-ng has a handful of English accents, and a network that learned from four of them knows four. How accents differ
is known: by set of words ("face", "goat", "trap", …) and by consonant, each a little apart from the others; what is
listed here is from J. C. Wells, Accents of English (Cambridge 1982). Each accent of ours takes some of it. None is
meant to be anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

COUNT = 30
"""How many there are. espeak-ng lists 350 voices, variants among them, and forgets the rest."""

_FOLDER = "gmw"
_NAME = "own-accent-"

_BASES = ("en", "en-us", "en-us-nyc", "en-wm")
"""The sounds it starts from, by espeak-ng's name for its table: those of the accents that the network trains on, and
never those of an accent that tunes or tests."""

_SHIFTS: Mapping[str, tuple[str, ...]] = {
    # Each in espeak-ng's notation: where (00: everywhere, 03: at the end of a word), which sound, what is said instead.
    "thigh": ("00 T t", "00 T f", "00 T s"),
    "there": ("00 D d", "00 D v", "00 D z"),
    "face": ("00 eI e:", "00 eI aI", "00 eI E"),
    "goat": ("00 oU o:", "00 oU aU"),
    "trap": ("00 a E", "00 a aa"),
    "lot": ("00 0 A:", "00 0 O:", "00 0 a"),
    "strut": ("00 V U", "00 V a"),
    "nurse": ("00 3: E", "00 3: @", "00 3: O:"),
    "kit": ("00 I i", "00 I @"),
    "dress": ("00 E e", "00 E I"),
    "price": ("00 aI OI", "00 aI A:"),
    "mouth": ("00 aU oU",),
    "bath": ("00 aa A:", "00 aa a"),
    "start": ("00 A: a", "00 A: O:"),
    "foot": ("00 U u:", "00 u: U"),
    "fleece": ("00 i: I",),
    "square": ("00 e@ e:",),
    "cure": ("00 U@ O:",),
    "letter": ("03 3 a", "03 3 V"),
    "comma": ("03 @ a", "03 @ V"),
    "happy": ("03 i I",),
    "hand": ("00 h NULL",),
    "cramping": ("03 N n",),
    "toes": ("03 z s",),
    "very": ("00 v w",),
    "away": ("00 w v",),
    "red": ("00 r *", "00 r R"),
    "leg": ("00 l L",),
}
"""Named by a word that has it. Shifts that would leave a sound out altogether are not here, but for "hand"."""

_TAKEN = 0.2
"""How likely an accent takes each: five or six of them. With more nobody would understand it."""


def accent_name(number: int) -> str:
    """Return the name by which espeak-ng knows an accent of ours: that of its file."""
    return f"{_FOLDER}/{_NAME}{number:02d}"


def is_own(name: str) -> bool:
    """Tell whether an accent is one of ours."""
    return name.startswith(f"{_FOLDER}/{_NAME}")


def accent(number: int) -> str:
    """Return the file of an accent; the same number is always the same accent."""
    rng = np.random.default_rng([20261122, number])
    base = _BASES[number % len(_BASES)]
    lines = [f"name {_NAME}{number:02d}", f"language en-own-{number:02d}", f"phonemes {base}"]
    if base.startswith("en-us"):
        lines.append("dictrules 3 6")
    # How long syllables are, from the weakest to the stressed at the end: all alike, or very unlike.
    even = rng.uniform(0.0, 1.0)
    lengths = np.array([150, 130, 180, 170, 200, 200, 250, 290]) * (1 - even) + 200 * even
    lines.append(f"stressLength {' '.join(f'{length:.0f}' for length in lengths * rng.uniform(0.9, 1.1, 8))}")
    lines.append(f"intonation {rng.integers(1, 5)}")
    for ways in _SHIFTS.values():
        chosen = ways[int(rng.integers(len(ways)))]
        if rng.random() < _TAKEN:
            lines.append(f"replace {chosen}")
    return "\n".join(lines) + "\n"
