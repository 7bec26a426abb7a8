"""Erasing by voice, in the night's own session: the file, what was rendered with a name, and what the session knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from voice_assist import config
from voice_assist.assembly import Assistant, known_of, load_pack
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.errors import SettingsError
from voice_assist.events import Action, Intent, Say
from voice_assist.session import Session
from voice_assist.setup import keeping
from voice_assist.setup.errands import Errands
from voice_assist.speak.phrasebook import Phrasebook
from voice_assist.testing import play, scripted_session


@pytest.fixture
def settings(file: Path, tmp_path: Path) -> Settings:
    keeping.keep({"emergency_number": "112", "call_name": "Anna"}, {"over_65": True}, file)
    return replace(config.load(file), cache=tmp_path / "cache")


class Evening:
    """A session of the night, with its errands."""

    def __init__(self, settings: Settings, file: Path) -> None:
        self.pack: Pack = load_pack(settings)
        self.session: Session = scripted_session(self.pack, person=known_of(settings, self.pack))
        self.session.know({"number": "one one two", "call_name": settings.call_name})
        self.told: list[str] = []
        self.errands = Errands(Assistant(self.session, self.pack, lambda _: None), settings, file, self.told.append)

    def asks(self, topic: str, answer: str = "") -> list[str]:
        """Ask for something, answer what it asks back, and return what is said."""
        self.session.act(Intent("question", "question", {"topic": topic}))
        says = self.lives(4.0)
        if answer:
            self.session.act(Intent("answer", "answer", {"value": answer}))
        return [*says, *self.lives(16.0)]

    def lives(self, seconds: float) -> list[str]:
        """Let seconds go by."""
        says: list[str] = []
        for _ in range(round(seconds / 0.1)):
            actions: list[Action] = play(self.session, 0.1)[0]
            for action in actions:
                self.errands(action)
            says += [action.text for action in actions if isinstance(action, Say)]
        return says


def test_who_asks_what_is_known_is_told_all_of_it(settings: Settings, file: Path) -> None:
    says = Evening(settings, file).asks("about_me")
    assert says == ["Your emergency number is one one two.", "After that, you call Anna.",
                    "You are sixty-five or older.", "I know no more about you."]  # fmt: skip


def test_erased_is_erased_everywhere(settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: list[str] = []
    monkeypatch.setattr(Phrasebook, "forget", lambda _self, texts: forgotten.extend(texts))
    evening = Evening(settings, file)
    says = evening.asks("forget_me", "yes")
    assert says == ["Erase all I know about you?", "All I knew about you is erased.",
                    "Set me up again before the night."]  # fmt: skip
    assert not file.exists()
    assert evening.asks("about_me") == ["I know no more about you."]
    # Whatever was rendered with the name or the number.
    assert {"Then call Anna.", "After that, you call Anna.", "Your emergency number is one one two."} <= set(forgotten)
    assert "I'm here." not in forgotten


@pytest.mark.parametrize("answer", ["no", ""])
def test_nothing_is_erased_without_a_yes(settings: Settings, file: Path, answer: str) -> None:
    says = Evening(settings, file).asks("forget_me", answer)
    assert says[-1] == "I keep what I know."
    assert config.load(file).call_name == "Anna"


def test_what_could_not_be_erased_is_not_said_to_be(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path) -> bool:
        raise SettingsError("settings.toml: cannot be written: Read-only file system; allow to write there")

    monkeypatch.setattr(keeping, "erase", full)
    evening = Evening(settings, file)
    says = evening.asks("forget_me", "yes")
    assert says == ["Erase all I know about you?", "I could not erase it. The screen says more."]
    assert evening.told == ["Not erased: settings.toml: cannot be written: Read-only file system; allow to write there"]


def test_practice_says_so_and_is_the_whole_of_a_calf(settings: Settings, file: Path) -> None:
    evening = Evening(settings, file)
    evening.session.act(Intent("question", "question", {"topic": "practice"}))
    says = evening.lives(60.0)
    assert says[0] == "This is practice. Nothing has to hurt."
    assert "Straighten that leg." in says
    assert "Better, same, or worse?" in says
