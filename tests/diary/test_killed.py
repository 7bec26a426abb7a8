# ruff: noqa: E402 - the benches are found only once the checkout is on the path
"""The diary survives a kill at any statement: it opens whole, and what was acknowledged is there."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import diary
from voice_assist.diary.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is killed through fork")


def test_no_kill_tears_the_diary_or_loses_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    kills, lost, torn = diary.killed(tmp_path, every=4, moments=6)
    assert kills >= 50
    assert (lost, torn) == (0, 0)


def test_a_row_that_is_lost_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "diary.sqlite"
    with closing(Store(file)) as store:
        number = store.add(diary.made()[0])
    assert diary._looked_at(file, [f"{number}  "]) == (0, True)
    assert diary._looked_at(file, [f"{number}  same"]) == (1, True)
    assert diary._looked_at(file, [f"{number + 1}  "]) == (1, True)
