"""Setting up by ear, on real devices: somebody answers what is asked, and it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voice_assist import config

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"

SEVERAL = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
pcm.desk {
    type pulse
    device "microphone.monitor"
    hint { show on description "desk" }
}
pcm.screen {
    type asym
    playback.pcm { type pulse device "screen" }
    hint { show on description "screen" }
}
"""
"""A microphone and a loudspeaker besides those that are the default."""


@pytest.fixture
def file(sound_room: SoundRoom, home: Path, tmp_path: Path) -> Path:
    """The settings file of the person, not there yet."""
    file = tmp_path / "own" / "settings.toml"
    sound_room.env |= {"XDG_CACHE_HOME": str(home / ".cache"), "VOICE_ASSIST_SETTINGS": str(file)}
    return file


@pytest.fixture
def answer(sound_room: SoundRoom, record: Callable[..., Path]) -> Callable[[Program, str, str], None]:
    """Return a function that waits for a question and says something, after it was spoken."""

    def answer(program: Program, question: str, said: str, after: float = 3.0) -> None:
        recording = record({after: said}, after + 2.0, f"{said.replace(' ', '_')}.wav")
        program.wait_for(question, 60.0)
        sound_room.play(recording)

    return answer


def test_country_number_and_person_are_asked_for_and_kept(
    sound_room: SoundRoom, file: Path, answer: Callable[..., None]
) -> None:
    file.parent.mkdir()
    file.write_text('# Chosen by hand.\nmicrophone = ""\nloudspeaker = ""\nvoice = ""\nrate = 145\n')
    with sound_room.started("-c", MAIN, "setup", "--now") as program:
        answer(program, "Which country are you in?", "germany")
        program.wait_for("For Germany: one one two.")
        answer(program, "Is that your emergency number?", "yes")
        answer(program, "Is this for a child?", "no")
        answer(program, "Are you sixty-five or older?", "yes")
        answer(program, "Do you take blood thinners?", "stop")
        assert program.finish() == 0
        assert "Set-up has stopped." in program.lines[-1]
    settings = config.load(file)
    assert (settings.emergency_number, settings.country) == ("112", "DE")
    assert settings.person == {"child": False, "over_65": True}
    assert file.read_text().startswith("# Chosen by hand.")
    # Where it ended it goes on.
    with sound_room.started("-c", MAIN, "setup", "--now") as program:
        answer(program, "Do you take blood thinners?", "yes")
        answer(program, "Do you have diabetes, or numb feet?", "stop")
        assert program.finish() == 0
        assert not [line for line in program.lines if "Which country" in line]
    assert config.load(file).person["blood_thinners"]


def test_voice_and_pace_are_chosen_by_hearing_two(
    sound_room: SoundRoom, file: Path, answer: Callable[..., None]
) -> None:
    file.parent.mkdir()
    file.write_text('microphone = ""\nloudspeaker = ""\n')
    with sound_room.recorded() as heard, sound_room.started("-c", MAIN, "setup", "--now") as program:
        answer(program, "Which voice is easier, first or second?", "the second one")
        answer(program, "Which pace is easier, first or second?", "the first one")
        answer(program, "Which country are you in?", "stop")
        # No number is confirmed.
        assert program.finish() == 1
    assert heard[0].any()
    settings = config.load(file)
    assert settings.voice != ""
    assert settings.rate == 145
    assert any("no emergency number is confirmed" in line for line in program.errors)


def test_devices_are_chosen_by_listening(
    sound_room: SoundRoom, file: Path, answer: Callable[..., None], record: Callable[..., Path]
) -> None:
    sound_room.plug_in("elsewhere")
    sound_room.plug_in("screen")
    sound_room.told("pactl", "set-default-source", "elsewhere.monitor")
    (Path(sound_room.env["HOME"]) / ".asoundrc").write_text(SEVERAL)
    speech = record({0.3 + 2 * at: "well this is what i sound like" for at in range(8)}, 17.0, "speech.wav")
    file.parent.mkdir()
    file.write_text('voice = ""\nrate = 145\n')
    with sound_room.started("-c", MAIN, "setup", "--now") as program:
        program.wait_for("Say anything now", 60.0)
        # The default microphone hears nothing of it.
        sound_room.play(speech)
        program.wait_for("The microphone that hears you best is desk.")
        answer(program, "Did you hear this?", "no")
        answer(program, "Did you hear this?", "yes")
        program.wait_for("The loudspeaker that you hear is ")
        answer(program, "Which country are you in?", "stop")
        program.finish()
    settings = config.load(file)
    assert settings.microphone == "desk"
    assert settings.loudspeaker not in ("", "default")
