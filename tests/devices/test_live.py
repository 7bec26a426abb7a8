from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from voice_assist.samples import RATE, Samples, samples

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

BELL = Path(__file__).with_name("bell.py")


@pytest.fixture
def voice(shared_audio: Path, tmp_path: Path) -> Path:
    """Nearly three seconds of a person's speech, as a WAV."""
    sound, rate = soundfile.read(shared_audio / "speech" / "so762_adults_01.opus", frames=3 * RATE, dtype="float32")
    path = tmp_path / "voice.wav"
    soundfile.write(path, 0.5 * sound / np.abs(sound).max(), rate)
    return path


def journal(bell: Program, what: str) -> list[Any]:
    return [entry[what] for line in bell.lines if what in (entry := json.loads(line))]


def sounds(recording: Samples) -> list[tuple[int, int]]:
    """Return the first and last sample of each stretch of sound; less than 0.2 s of silence parts nothing."""
    loud = np.flatnonzero(np.abs(recording.astype(np.int32)) > 3_000)
    cuts = np.flatnonzero(np.diff(loud) > samples(0.2))
    starts, ends = np.r_[loud[:1], loud[cuts + 1]], np.r_[loud[cuts], loud[-1:]]
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def test_a_voice_in_the_microphone_is_answered_from_the_loudspeaker(sound_room: SoundRoom, voice: Path) -> None:
    with sound_room.recorded() as heard, sound_room.started(BELL) as bell:
        bell.wait_for("listening")
        sound_room.play(voice)
        assert (bell.finish(), bell.errors) == (0, [])
    says = journal(bell, "Say")
    assert [say["utterance"] for say in says] == [1, 2]
    assert journal(bell, "played") == [1, 2]
    assert journal(bell, "Trouble") == []
    rings = sounds(heard[0])
    assert len(rings) == 2
    # The loudspeaker keeps the session's time; a busy machine may put a little silence in.
    apart = rings[1][0] - rings[0][0]
    assert apart / RATE == pytest.approx((says[1]["at"] - says[0]["at"]) / RATE, abs=0.3)
    for start, end in rings:
        assert (end - start) / RATE == pytest.approx(0.5, abs=0.3)


def test_devices_are_found_by_a_part_of_their_name(sound_room: SoundRoom, voice: Path) -> None:
    with sound_room.recorded() as heard, sound_room.started(BELL, "Puls", "FAULT") as bell:
        bell.wait_for("listening")
        sound_room.play(voice)
        assert bell.finish() == 0
    assert len(sounds(heard[0])) == 2


def test_an_unknown_microphone_is_named_with_those_there_are(sound_room: SoundRoom) -> None:
    with sound_room.started(BELL, "The Good One") as bell:
        assert bell.finish() == 1
    assert bell.errors == ["there is no microphone named 'The Good One'; there are: 'pulse', 'default'"]


def test_a_lost_sound_server_is_told_once_and_used_again_when_it_is_back(sound_room: SoundRoom, voice: Path) -> None:
    with sound_room.started(BELL) as bell:
        bell.wait_for("listening")
        sound_room.close()
        for _ in range(2):
            bell.wait_for("is gone")
        sound_room.open()
        for _ in range(2):
            bell.wait_for("is back")
        with sound_room.recorded() as heard:
            sound_room.play(voice)
            assert bell.finish() == 0
    told = journal(bell, "Trouble")
    assert sorted(told[:2]) == ["the loudspeaker is gone; plug it in again", "the microphone is gone; plug it in again"]
    assert sorted(told[2:]) == ["the loudspeaker is back", "the microphone is back"]
    assert sum(journal(bell, "gap")) > samples(1.0)
    assert len(sounds(heard[0])) == 2


def test_an_interrupt_is_quiet(sound_room: SoundRoom) -> None:
    with sound_room.started(BELL) as bell:
        bell.wait_for("listening")
        assert (bell.finish(signal.SIGINT), bell.errors) == (130, [])


@pytest.mark.skipif(any(Path("/proc/asound").glob("card*")), reason="this computer has a sound card of its own")
def test_no_microphone_is_one_line_with_the_cure(sound_room: SoundRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    (Path(sound_room.env["HOME"]) / ".asoundrc").unlink()
    with monkeypatch.context() as nobody:
        # Debian's ALSA looks for PulseAudio by itself.
        nobody.setitem(sound_room.env, "PULSE_SERVER", "unix:/nowhere")
        with sound_room.started(BELL) as bell:
            assert bell.finish() == 1
    assert bell.errors == ["no microphone was found; plug one in, or try a recording: voice-assist rehearse IN.wav"]
