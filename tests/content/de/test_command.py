"""The German pack through the real command: typed to the end, compared, and refused by a model that hears English."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Command

FETCH = "voice-assist models fetch vosk-model-small-de-0.15"


def test_typed_in_german_and_answered_in_german(command: Command) -> None:
    done = command.run(
        "type", "--content", "de", "--journal", "journal.jsonl", stdin="meine Wade krampft\nzurueck\nstopp\n"
    )
    assert (done.code, done.err) == (0, "")
    assert "The content pack in German: not reviewed by a native clinician" in done.out
    assert done.texts("say")[:2] == ["Ich bin da.", "Streck das Bein."]
    assert [(intent["name"], intent.get("place") or intent.get("word")) for intent in done.intents] == [
        ("cramp", "calf"),
        ("control", "back"),
        ("control", "stop"),
    ]


def test_a_setting_names_the_pack_and_the_number_is_spoken_in_its_digits(command: Command) -> None:
    settings = command.folder / "settings.toml"
    settings.write_text('content = "de"\nemergency_number = "112"\n', encoding="utf-8")
    done = command.run(
        "type",
        "--journal",
        "journal.jsonl",
        stdin="ich habe brustschmerzen\n",
        env={"VOICE_ASSIST_SETTINGS": str(settings)},
    )
    assert done.code == 0
    assert "Wähl jetzt: eins eins zwei. Eins eins zwei." in done.texts("say")


def test_what_the_translation_lacks_is_listed_and_is_no_fault(command: Command) -> None:
    done = command.run("content", "check", "de", "--against", "en")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "No faults; 7 places" in lines[0]
    assert any(line.startswith("  places that are coached or answered: 14 of 21 lacking: biceps, ") for line in lines)


def test_an_english_model_is_refused_with_what_to_fetch(command: Command) -> None:
    done = command.run("content", "check", "de", "--model", "en-small")
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert done.err.endswith(f"hears 'en' only; fetch the pack's own: {FETCH}\n")


def test_without_the_german_model_it_says_what_to_fetch_and_does_not_listen_deaf(
    command: Command, record: Callable[..., Path]
) -> None:
    call = record({0.5: "my calf is cramping"}, 3.0)
    done = command.run("rehearse", call, "--content", "de")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(f"vosk-model-small-de-0.15 is not here yet; fetch it once with: {FETCH}\n")
    done = command.run("rehearse", call, "--content", "de", "--model", "en-small")
    assert done.code == 1
    assert "the model en-small hears 'en' only" in done.err
    done = command.run("models", "extend", "en-small", "--content", "de")
    assert done.code == 1
    assert "the model en-small hears 'en' only" in done.err


def test_without_a_microphone_and_a_recording_of_its_own_it_says_what_is_wrong(command: Command) -> None:
    settings = command.folder / "settings.toml"
    settings.write_text('content = "de"\n', encoding="utf-8")
    done = command.run(env={"VOICE_ASSIST_SETTINGS": str(settings)})
    assert (done.code, done.out) == (1, "")
    assert done.err.count("\n") == 1
