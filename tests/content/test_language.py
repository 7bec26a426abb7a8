"""language.yaml: what depends on the language of a pack, and what a pack without it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content.fills import DIGITS, FILLS, filled
from voice_assist.content.lacks import lacks
from voice_assist.content.language import ENGLISH, FAULTS, language_of
from voice_assist.errors import ContentError

EN, DE = content_folder() / "en", content_folder() / "de"


def faults(folder: Path, old: str, new: str) -> list[str]:
    shutil.copytree(DE, folder)
    file = folder / "language.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        content.load(folder)
    assert language_of(folder) == ENGLISH
    return [str(fault) for fault in raised.value.faults if fault.file == "language.yaml"]


def test_a_pack_without_it_is_english() -> None:
    assert content.load(EN).language == ENGLISH == language_of(EN)
    assert (ENGLISH.code, ENGLISH.model, ENGLISH.voice, ENGLISH.digits) == ("en", "en-small", "", DIGITS)
    assert dict(ENGLISH.unset) == dict(FILLS)


def test_german_is_content() -> None:
    german = language_of(DE)
    assert (german.code, german.model, german.sounds) == ("de", "vosk-model-small-de-0.15", "cologne")
    assert german.faults.keys() == FAULTS.keys()
    assert not set(german.faults.values()) & set(FAULTS.values())


def test_a_number_is_spoken_in_the_digits_of_the_language() -> None:
    fills = language_of(DE).fills("112", "116 117")
    assert filled("Wähl jetzt {emergency}.", fills) == "Wähl jetzt: eins eins zwei. Eins eins zwei."
    assert filled("Hol dir Rat: {advice}.", fills) == "Hol dir Rat: eins eins sechs, eins eins sieben."
    assert filled("Rat: {emergency}.", fills) == "Rat: eins eins zwei. Eins eins zwei."
    assert ENGLISH.fills("112")["emergency"] == ": one one two. One one two;"


def test_a_sentence_that_begins_with_an_umlaut_has_a_capital_one() -> None:
    assert filled("Halt. {advice}.", {"advice": "ärztlicher Rat"}) == "Halt. Ärztlicher Rat."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("language: de", "language: german", "language is 'german'; it must be two small letters"),
        ("name: German\n", "", "lacks its field 'name'"),
        ("sounds: cologne", "sounds: colonge", "nobody here knows the sounds 'colonge'; "),
        ("eins, zwei,", "eins,", "digits has 9 words; it must have ten"),
        ('["null"', "[null", "must be a text, not nothing"),
        ("{linux: de", "{linus: de", "voice has no field 'linus'"),
        ("  helpless: Ich kann gerade nicht helfen.\n", "", "faults lacks its field 'helpless'"),
        ("Sag: {words}.", "Sag das.", "prompt has no {words}"),
    ],
)
def test_what_is_wrong_with_it_is_told_with_its_line(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert any(reason in fault for fault in faults(tmp_path / "de", old, new))


def test_the_lacks_of_a_translation_are_listed() -> None:
    english, german = content.load(EN), content.load(DE)
    found = dict(line.split(": ", 1) for line in lacks(german, english))
    assert "hamstring" in found["places that are coached or answered"]
    assert "calf" not in found["places that are coached or answered"]
    # Nothing that keeps somebody safe, and nothing that steers.
    assert found.keys().isdisjoint({"safety answers", "control words", "signs of danger that are understood"})
    assert found.keys().isdisjoint({"notices of devices", "findings of the self-test"})
    assert lacks(english, english) == []
