"""The check of the sound in a simulated room: right, deaf, mute, cut off, noisy."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pytest

from voice_assist.assembly import load_pack
from voice_assist.check.calibrate import ABOVE_NOISE, calibrate
from voice_assist.check.measure import Heard
from voice_assist.check.self_test import Result, SelfTest, Sounds
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.events import Context, Hypothesis
from voice_assist.hear.probe import Echo
from voice_assist.journal import JournalRecognizer
from voice_assist.room import RoomMemory
from voice_assist.samples import BLOCK, RATE, Samples, silence
from voice_assist.speak.mastering import LOUDNESS
from voice_assist.testing import EchoPath, EchoSound
from voice_assist.understand.matcher import Matcher

AT = "2026-11-27 15:00"
BEFORE = RoomMemory(volume=-5.0, false_alarms=3)


class Devices:
    """A microphone and a loudspeaker in a room of so much noise (dBFS); `top` is where the sound is cut off."""

    def __init__(self, level: float = -20.0, noise: float = -60.0, top: int = 32767, gain: float = 0.0) -> None:
        self._echo = EchoSound(EchoPath(level=level, delay=0.12))
        self._noise = 32768 * 10 ** (noise / 20)
        self._top, self._gain = top, 10 ** (gain / 20)
        self._random = np.random.default_rng(3)

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        if not timeout_s:
            return None
        sound = self._gain * (self._echo.block() + self._random.normal(0, self._noise, BLOCK))
        return 0, np.rint(np.clip(sound, -self._top, self._top)).astype(np.int16)

    def write(self, pcm: Samples) -> None:
        self._echo.push(np.concatenate((pcm, silence(BLOCK - len(pcm)))))


class Ears(JournalRecognizer):
    """Understands one text, whatever it hears."""

    def __init__(self, text: str) -> None:
        super().__init__(())
        self._text = text

    def finish(self) -> Sequence[Hypothesis]:
        return (Hypothesis(self._text, final=True),)


@functools.cache
def pack() -> Pack:
    return load_pack(Settings())


def voice(seed: int) -> Samples:
    """Return two seconds that swell and fade as syllables do, as loud as a rendered line."""
    count = 2 * RATE // BLOCK * BLOCK
    swell = np.abs(np.sin(2 * np.pi * 2 * np.arange(count) / RATE))
    sound = np.random.default_rng(seed).normal(0, 1, count) * swell
    loud: Samples = np.rint(sound * 32768 * 10 ** (LOUDNESS / 20) / np.sqrt(np.square(sound).mean())).astype(np.int16)
    return loud


def run(devices: Devices, text: str = "please stop talking") -> Result:
    test = SelfTest(devices, devices, volume=-12.0, most=0.0, date=AT)
    return test.run(Sounds(voice(1), voice(2)), pack(), Ears(text), BEFORE)


def names(result: Result) -> set[str]:
    return {finding.name for finding in result.findings if not finding.ok}


def test_a_room_in_which_all_is_well_is_measured_and_the_voice_fitted_to_it() -> None:
    result = run(Devices())
    assert all(finding.ok and not finding.name for finding in result.findings)
    room = result.room
    assert room.echo_level == pytest.approx(-20.0, abs=1.5)
    assert room.echo_delay == pytest.approx(0.12, abs=0.025)
    # The voice is the wanted step above the room's noise at the microphone.
    assert room.noise is not None
    assert room.volume == pytest.approx(room.noise + ABOVE_NOISE - LOUDNESS + 20.0, abs=1.5)
    assert (room.measured, room.false_alarms, room.quiet_check.findings) == ("2026-11-27", 3, ())


@pytest.mark.parametrize(
    ("devices", "name", "word"),
    [
        (Devices(level=-200.0), "unheard", "not heard by the microphone"),
        (Devices(level=-200.0, noise=-200.0), "mute", "nothing but zeros"),
        (Devices(level=0.0, top=1500), "clipped", "cut off at the top"),
        (Devices(noise=-30.0, top=2000), "clipped", "cut off at the top"),
        (Devices(noise=-25.0), "noisy", "very noisy"),
        (Devices(gain=-40.0), "soft", "too soft"),
    ],
)
def test_what_is_wrong_is_named_and_the_kept_loudness_stays(devices: Devices, name: str, word: str) -> None:
    result = run(devices)
    assert name in names(result)
    assert any(word in finding.what for finding in result.findings)
    assert name in result.room.quiet_check.findings
    if name != "soft":
        assert result.room.volume == BEFORE.volume
        assert "unfitted" in result.room.quiet_check.findings, "it is said, too"


def test_a_room_that_is_too_noisy_for_the_ceiling_is_no_fault_and_is_said() -> None:
    result = run(Devices(level=-25.0, noise=-45.0))
    assert not names(result)
    assert [finding.name for finding in result.findings if finding.name] == ["unfitted"]
    assert result.room.volume == BEFORE.volume


def test_a_phrase_that_is_misheard_is_told_of() -> None:
    assert names(run(Devices(), "the cat sat")) == {"misheard"}


@pytest.mark.parametrize(
    ("heard", "noise", "why"),
    [
        (Heard(None, -90.0, clipped=False), -60.0, "not heard"),
        (Heard(Echo(-20.0, 0.1), -50.0, clipped=True), -60.0, "cut off"),
        (Heard(Echo(-30.0, 0.1), -65.0, clipped=False), -50.0, "too noisy"),
    ],
)
def test_what_cannot_be_calibrated_is_said(heard: Heard, noise: float, why: str) -> None:
    calibration = calibrate(heard, noise, most=0.0)
    assert calibration.volume is None
    assert why in calibration.why


def test_the_test_phrase_means_something_awake_and_nothing_asleep() -> None:
    matcher = Matcher(pack().lexicon)
    assert matcher.match(pack().check.phrase, Context(awake=True)) is not None
    assert matcher.match(pack().check.phrase, Context()) is None
