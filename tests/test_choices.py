"""What a pack brings where the user chose nothing: its model and its voice; and a model that would be deaf to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist import config, models
from voice_assist.choices import check_hears, pack_folder, with_choice
from voice_assist.config import Settings, content_folder
from voice_assist.content.language import ENGLISH, language_of
from voice_assist.duty import aloud
from voice_assist.errors import ModelError

DE = content_folder() / "de"
GERMAN = language_of(DE)


def test_a_pack_that_ships_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert pack_folder(Path("de")) == DE
    assert pack_folder(Path("elsewhere/de")) == Path("elsewhere/de")
    assert pack_folder(Path("xx")) == Path("xx")
    # A folder that is there is meant before one that ships.
    (tmp_path / "de").mkdir()
    assert pack_folder(Path("de")) == Path("de")


def test_a_setting_may_name_a_pack_that_ships(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('content = "de"\n', encoding="utf-8")
    assert config.load(file).content == DE
    assert config.salvaged(file).content == DE
    file.write_text('content = "packs/de"\n', encoding="utf-8")
    assert config.load(file).content == tmp_path / "packs" / "de"


def test_the_pack_brings_its_model_where_nobody_chose_one() -> None:
    assert with_choice(Settings()).model == "en-small"
    assert with_choice(Settings(), content=DE).model == GERMAN.model
    assert with_choice(Settings(model="mine"), content=DE).model == "mine"
    # Asked for by name it is not passed over: it is told that it would be deaf.
    assert with_choice(Settings(), model="en-small", content=DE).model == "en-small"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("en-small", "en"),
        ("en-small-extended", "en"),
        ("vosk-model-small-en-us-0.15", "en"),
        ("vosk-model-small-de-0.15", "de"),
        ("vosk-model-de-0.21", "de"),
        ("vosk-model-small-cn-0.22", ""),
        ("my-own", ""),
    ],
)
def test_a_model_is_known_by_its_name(name: str, language: str) -> None:
    assert models.language_of(Path("/somewhere") / name) == language


def test_a_model_that_hears_another_language_is_a_fault_in_one_line() -> None:
    with pytest.raises(ModelError) as raised:
        check_hears(models.find("en-small"), GERMAN)
    told = str(raised.value)
    assert told == (
        "the content pack is German, and the model en-small hears 'en' only; "
        "fetch the pack's own: voice-assist models fetch vosk-model-small-de-0.15"
    )
    check_hears(models.find("en-small"), ENGLISH)
    # Of a model that nobody knows its words are asked for, as of any.
    check_hears(Path("my-own"), GERMAN)


def test_a_fault_is_said_in_the_language_of_the_pack() -> None:
    assert aloud.sentences(ModelError("no"), GERMAN) == (
        "Ich kann gerade nicht helfen.",
        "Das Hörmodell geht nicht.",
        "Der Bildschirm sagt mehr.",
    )
