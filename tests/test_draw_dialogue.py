"""The diagram in the README is the one that the table draws."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from voice_assist.guide.transitions import State

ROOT = Path(__file__).resolve().parent.parent


def test_the_readme_shows_the_dialogue_as_it_is() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "draw_dialogue")]
    drawing = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert drawing in (ROOT / "README.md").read_text(encoding="utf-8"), "run scripts/draw_dialogue --write"
    for state in State:
        assert f"- From **{state.value}**: " in drawing
