"""A set-up by keyboard, in tones: every question and every answer, without an engine and without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from voice_assist import config, content
from voice_assist.config import Settings, content_folder
from voice_assist.content import SETUP, Pack
from voice_assist.content.fills import FILLS
from voice_assist.events import Action, Intent, Say
from voice_assist.setup.course import remaining
from voice_assist.setup.interview import Interview
from voice_assist.setup.typed import TypedSetup
from voice_assist.testing import scripted_session

ZONE = "Europe/Berlin"


@dataclass
class Held:
    """A set-up that was held."""

    taken: Interview
    says: list[str]
    told: list[str]
    """Lines for the screen besides what was said."""
    left: list[str]
    """Lines that nobody took."""


class Keyboard:
    """Lines that end."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.left = list(lines)

    def wait(self, timeout_s: float) -> str | None:
        """Return the next line."""
        del timeout_s
        if not self.left:
            raise EOFError
        return self.left.pop(0)


Hold = Callable[..., Held]
"""`hold(lines, fresh=False)`: hold a set-up with these lines, from what is kept in the file."""


@pytest.fixture(scope="session")
def pack() -> Pack:
    return content.load(content_folder() / "en", FILLS, (SETUP,))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own" / "settings.toml"


@pytest.fixture
def hold(pack: Pack, file: Path) -> Hold:
    def hold(lines: Iterable[str], *, fresh: bool = False) -> Held:
        settings = config.load(file) if file.exists() else Settings()
        asked = pack if fresh else remaining(pack, settings)
        session = scripted_session(asked, person=settings.person)
        taken = Interview(session, asked, file, settings, ZONE)
        says: list[str] = []
        told: list[str] = []

        def on_action(action: Action) -> None:
            taken(action)
            if isinstance(action, Say):
                says.append(action.text)

        keyboard = Keyboard(lines)
        session.act(Intent("question", "question", {"topic": SETUP}))
        TypedSetup(session, asked, taken, on_action, told.append).run(keyboard, lambda: session.idle or taken.again)
        session.close()
        return Held(taken, says, told, keyboard.left)

    return hold
