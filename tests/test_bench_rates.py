# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.rates import Held, holds, place
from tests.speak.test_phrasebook import Tones
from voice_assist.samples import RATE, Samples, samples, silence
from voice_assist.speak.phrasebook import Phrasebook

NUMBERS = ("One.", "Two.", "Three.")

COUNT = [("Hold.", 0), ("Three.", RATE), ("Two.", 2 * RATE), ("One.", 3 * RATE), ("Ease off.", 4 * RATE)]


def spoken(lines: list[tuple[str, int]], voice: Phrasebook) -> Samples:
    sound = silence(10 * RATE)
    for text, at in lines:
        sound[at : at + len(voice.sound(text))] = voice.sound(text) // 4
    return sound


def test_a_hold_is_measured_in_what_was_told_and_in_what_sounds() -> None:
    voice = Phrasebook(Tones(duration=0.3), "", 145, None)
    late = [*COUNT[:-1], ("Ease off.", COUNT[-1][1] + samples(0.2))]
    assert holds(COUNT, spoken(COUNT, voice), voice, NUMBERS) == [Held(3, 3.0, 3.0)]
    # The journal says one thing and the sound another: the worse counts.
    (held,) = holds(COUNT, spoken(late, voice), voice, NUMBERS)
    assert held.told == 3.0
    assert held.sounded == pytest.approx(3.2)
    assert held.error == pytest.approx(0.2)


def test_breaths_and_broken_counts_are_no_holds() -> None:
    voice = Phrasebook(Tones(duration=0.3), "", 145, None)
    breath = [("Breathe in.", 0), ("Two.", RATE), ("Three.", 2 * RATE), ("Breathe out.", 3 * RATE)]
    broken = [("Three.", 0), ("Stop.", RATE)]
    assert holds(breath, spoken(breath, voice), voice, NUMBERS) == []
    assert holds(broken, spoken(broken, voice), voice, NUMBERS) == []


def test_a_line_is_found_where_it_begins() -> None:
    line = np.random.default_rng(1).normal(0, 3000, 4000).astype(np.int16)
    sound = np.concatenate((silence(10_123), line, silence(8000)))
    assert place(sound, line, 9000) == place(sound, line, 12_000) == 10_123
