# ruff: noqa: E402 - the benches are found only once the checkout is on the path
"""Some minutes of every part of a night, through the real session and the real recognizer, without a network."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks.figures import SkippedError
from tests import replay
from tests.closed import closed

if TYPE_CHECKING:
    from tests.conftest import Command


@pytest.fixture
def audio(shared: Path) -> Path:
    """The recordings that a night is made of; where one is missing, it says which."""
    try:
        replay.short_night(shared / "audio")
    except SkippedError as reason:
        pytest.skip(str(reason))
    return shared / "audio"


def spent(command: Command, audio: Path) -> Mapping[str, Any]:
    """Return what came of a night in a process that can reach no network, nor can its recognizer."""
    temporary = command.folder.with_name("temporary")
    temporary.mkdir()
    env = command.env | {"PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)}
    program = [sys.executable, replay.__file__, str(audio), env["HOME"], env["TMPDIR"], str(command.folder)]
    done = closed(*program, env=env, folder=command.folder)
    assert done.returncode == 0, done.stderr
    happened: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return happened


@pytest.mark.usefixtures("kernel")
def test_a_night_begins_nothing_and_reaches_for_nothing(command: Command, audio: Path) -> None:
    happened = spent(command, audio)
    counts = happened["counts"]
    assert counts["utterance"] > 0, "the gate let nothing through: nothing was tested"
    assert [counts.get(kind, 0) for kind in ("start", "alarm")] == [0, 0], happened["events"]
    assert counts.get("doubt", 0) <= 1, happened["events"]
    # Nor was the recognizer killed for a socket and started again: that would be told.
    assert not any("recognizer" in what for _, _, what in happened["events"]), happened["events"]
    assert (happened["touched"], happened["changed"]) == ([], [])
