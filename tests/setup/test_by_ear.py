"""The whole set-up by ear, from the recognizer to the file: somebody answers every question in a voice of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.benchmarks import sounds
from scripts.benchmarks.setups import PEOPLE, held


def test_it_comes_to_its_end_and_all_is_kept_as_it_was_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    outcome = held(PEOPLE[0], sounds.VOICES[0])
    assert outcome.ended, outcome.said
    assert outcome.wrong == ()
