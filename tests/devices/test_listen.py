"""The live path, whole: a person in the virtual microphone, our voice from the virtual loudspeaker."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from voice_assist.samples import RATE, Samples, samples, seconds, silence
from voice_assist.speak.engine import Pyttsx3Renderer

if TYPE_CHECKING:
    from tests.devices.conftest import SoundRoom

pytestmark = pytest.mark.live

RUN = ("-c", "from voice_assist.cli import main; main()")
AUDIBLE = 150
"""Least sample of our voice at night, -35 dBFS on average; the virtual devices add no noise."""


def recording_of(words: str, folder: Path) -> Path:
    """Write what a person says, half a second of silence around it."""
    path = folder / f"{words}.wav"
    spoken = Pyttsx3Renderer().render(words, "en-gb+m7", 165)
    around = silence(samples(0.5))
    soundfile.write(path, np.concatenate([around, spoken, around]), RATE)
    return path


def loud_share(sound: Samples, start: float, end: float) -> float:
    """Return the share of 20 ms pieces between two times in which something can be heard; 0 of none."""
    piece = samples(0.02)
    part = np.abs(sound[samples(start) : samples(end)].astype(int))
    peaks = part[: len(part) // piece * piece].reshape(-1, piece).max(axis=1)
    return float(np.mean(peaks > AUDIBLE)) if len(peaks) else 0.0


def test_a_call_in_the_night_is_answered_and_stopped(sound_room: SoundRoom, tmp_path: Path) -> None:
    call, stop = recording_of("oh no my calf is cramping", tmp_path), recording_of("stop", tmp_path)
    journal = tmp_path / "night.jsonl"
    with sound_room.recorded() as heard, sound_room.started(*RUN, "listen", "--journal", journal) as assistant:
        assistant.wait_for("Listening. Say")
        sound_room.play(call)
        assistant.wait_for("says: Push your heel away from you.")
        sound_room.play(stop)
        assistant.wait_for("understood: control, word stop")
        assert assistant.finish(signal.SIGINT) == 130
    assert assistant.errors == []
    events: list[dict[str, Any]] = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    intents = [(event["name"], event["slots"]) for event in events if event["event"] == "intent"]
    assert intents == [("cramp", {"place": "calf"}), ("control", {"word": "stop"})]

    says = [event for event in events if event["event"] == "say"]
    ends = [event for event in events if event["event"] == "said"]
    assert [say["text"] for say in says][:3] == ["I'm here.", "Straighten that leg.", "Push your heel away from you."]
    sound = heard[0]
    first = seconds(int(np.flatnonzero(np.abs(sound.astype(int)) > AUDIBLE)[0]))
    offset = first - says[0]["at"]
    for say, end in zip(says, ends, strict=True):
        assert loud_share(sound, say["at"] + offset, end["at"] + offset) > 0.5, say["text"]
    for end, say in zip(ends, says[1:], strict=False):
        # Between two lines it is quiet; the virtual devices' clocks may wander a little.
        assert loud_share(sound, end["at"] + offset + 0.15, say["at"] + offset - 0.15) < 0.2, say["text"]
    assert loud_share(sound, ends[-1]["at"] + offset + 0.3, seconds(len(sound))) == 0.0


def test_the_words_of_the_person_are_not_printed(sound_room: SoundRoom, tmp_path: Path) -> None:
    call = recording_of("my hamstring is cramping", tmp_path)
    with sound_room.started(*RUN, "listen") as assistant:
        assistant.wait_for("Listening. Say")
        sound_room.play(call)
        assistant.wait_for("understood: cramp, place hamstring")
        assistant.wait_for("says: Lie back")
        assert assistant.finish(signal.SIGINT) == 130
    printed = "\n".join(assistant.lines + assistant.errors)
    assert "cramping" not in printed.replace('"my calf is cramping"', "")
