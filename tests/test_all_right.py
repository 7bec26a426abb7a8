# ruff: noqa: E402 - the benches are found only once the checkout is on the path
""" "Are you all right?", as several voices ask it, through the real session and the real recognizer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import sounds
from scripts.benchmarks.listening import Listener, describe, listener
from voice_assist.events import Say
from voice_assist.testing import Room

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices are espeak-ng's")

NAME, ASKED, CALLED = "assistant", "are you all right", "assistant, are you all right"


@pytest.fixture(scope="module")
def ears() -> Iterator[Listener]:
    with listener() as opened:
        yield opened


def answered(ears: Listener, voice: str, asked: dict[float, str], lasts: float) -> tuple[list[str], list[str]]:
    """Return what is said, and what was heard, where somebody speaks at seconds from the start."""
    session = ears.session()
    session.stand(("unheard",))
    room = Room(session, noise=lambda begin, end: sounds.hiss(sounds.ROOM, end - begin))
    said = sounds.spoken(voice, (NAME, ASKED, CALLED))
    for at, text in asked.items():
        room.person_says(said[text], at)
    room.run(lasts)
    return [action.text for action in room.actions if isinstance(action, Say)], describe(room.actions)


@pytest.mark.parametrize("voice", sounds.VOICES)
def test_asleep_it_answers_who_calls_it_by_name(ears: Listener, voice: str) -> None:
    texts, heard = answered(ears, voice, {1.0: CALLED}, 6.0)
    assert texts[-1:] == [ears.pack.check.findings["unheard"]], heard


@pytest.mark.parametrize("voice", sounds.VOICES)
def test_awake_it_answers_who_asks(ears: Listener, voice: str) -> None:
    texts, heard = answered(ears, voice, {1.0: NAME, 5.0: ASKED}, 9.0)
    assert ears.pack.check.findings["unheard"] in texts, heard


@pytest.mark.parametrize("voice", sounds.VOICES)
def test_asleep_it_is_no_business_of_ours_whether_somebody_else_is_all_right(ears: Listener, voice: str) -> None:
    texts, heard = answered(ears, voice, {1.0: ASKED}, 5.0)
    assert texts == []
    assert any("are you al" in line for line in heard), heard
