# ruff: noqa: E402 - the benches are found only once the checkout is on the path
"""Some minutes of every part of a night, through the real session and the real recognizer."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.figures import SkippedError
from scripts.benchmarks.listening import listener
from scripts.benchmarks.night import spend
from scripts.benchmarks.nights import BUSY, Night, compose

PART, LONGEST = 1 / 100, 12
"""The part of each stretch that is played, and seconds of one sound."""


@pytest.fixture
def night(shared: Path) -> Night:
    """A night of some minutes; where a recording is missing, it says which."""
    try:
        shortened = [replace(stretch, lasts=min(stretch.lasts, LONGEST)) for stretch in BUSY]
        return compose(shortened, shared / "audio", PART)
    except SkippedError as reason:
        pytest.skip(str(reason))


def test_a_night_begins_nothing_and_reaches_for_nothing(night: Night) -> None:
    with listener() as ears:
        happened = spend(ears, night)
    assert happened.counts["utterance"] > 0, "the gate let nothing through: nothing was tested"
    assert [happened.counts[kind] for kind in ("start", "alarm")] == [0, 0], happened.events
    assert happened.counts["doubt"] <= 1, happened.events
    assert (happened.touched.sockets, happened.touched.files) == ([], [])
