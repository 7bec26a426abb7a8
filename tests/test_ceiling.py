"""How loud it gets: louder when it is asked to or not answered, and never above the ceiling that was set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from tests.check.test_self_test import Devices, Ears
from voice_assist import assembly, config, room
from voice_assist.assembly import assemble_typing, load_pack
from voice_assist.check.self_test import SelfTest, Sounds, speak
from voice_assist.config import PROFILES, Settings
from voice_assist.duty import aloud
from voice_assist.errors import SettingsError
from voice_assist.events import Action, Say
from voice_assist.room import RoomMemory, fitted
from voice_assist.samples import BLOCK, Samples, samples, silence
from voice_assist.session import Session
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.loudness import SOFTEST, STEP, UNANSWERED
from voice_assist.speak.playout import Playout
from voice_assist.testing import Tones

PEAK = int(Tones().sound("Hold.").max())
"""The loudest sample of the voice, at 0 dB."""

COMMANDS = (
    *("louder", "louder", "louder", "quieter", "slower", "faster", "repeat that", "go back", "next", "wait", "go on"),
    *("better", "same", "worse", "other leg", "why", "how long", "help", "my calf is cramping", "chest pain", "stop"),
)

LINES = ("Straighten that leg.", "Hold. Keep breathing.", "Ease off. Let it go soft.", "Better, same, or worse?")


class Phrases(Tones):
    """A phrasebook in which nothing need be rendered."""

    troubles: ClassVar[tuple[str, ...]] = ()

    def prepare(self, lines: Iterable[str], progress: Callable[[int, int], None]) -> None:
        del lines, progress


def never(line: str) -> None:
    assert line.startswith("No emergency number"), line


@pytest.fixture
def phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load_pack(Settings())
    monkeypatch.setattr(assembly, "load_pack", lambda _: pack)
    monkeypatch.setattr(assembly, "_phrasebook", lambda *_: Phrases())


def run(session: Session, typed: Iterable[tuple[str, float]]) -> tuple[list[Action], Samples]:
    """Type one text after another and let so many seconds go by after each; return what happened and was played."""
    played: list[Samples] = []
    actions: list[Action] = []
    for text, lasts in typed:
        session.type(text)
        for _ in range(samples(lasts) // BLOCK):
            session.hear(silence(BLOCK))
            played.append(session.speak(BLOCK))
            actions += session.actions()
    return actions, np.concatenate(played)


def peak(sound: Samples) -> int:
    return int(np.abs(sound.astype(np.int32)).max(initial=0))


def top(ceiling: float) -> float:
    return PEAK * 10 ** (ceiling / 20) + 1


@pytest.mark.usefixtures("phrases")
@tried(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    profile=st.sampled_from(sorted(PROFILES)),
    loudest=st.none() | st.integers(-30, 6),
    said=st.lists(st.sampled_from(COMMANDS), max_size=6),
)
def test_whatever_is_said_no_sample_is_above_the_ceiling(
    tmp_path_factory: pytest.TempPathFactory, profile: str, loudest: int | None, said: Sequence[str]
) -> None:
    file = tmp_path_factory.getbasetemp() / "ceiling.toml"
    file.write_text("" if loudest is None else f"loudest = {loudest}\n")
    settings = config.load(file, profile=profile)
    assert settings.loudest == (PROFILES[profile].loudest if loudest is None else loudest)
    session = assemble_typing(settings, never).session
    _, played = run(session, [("my calf is cramping", 4.0), *((text, 2.0) for text in said), ("", 8.0)])
    assert 0 < peak(played) <= top(settings.loudest)


@pytest.mark.usefixtures("phrases")
@pytest.mark.parametrize("profile", PROFILES)
def test_louder_is_louder_in_each_profile_up_to_its_ceiling(profile: str) -> None:
    settings = Settings(profile=profile, volume=PROFILES[profile].volume, loudest=PROFILES[profile].loudest)
    session = assemble_typing(settings, never).session
    _, soft = run(session, [("my calf is cramping", 3.0)])
    _, louder = run(session, [("louder", 3.0)])
    assert peak(soft) == pytest.approx(top(settings.volume), rel=0.01)
    assert peak(louder) == pytest.approx(top(settings.volume + STEP), rel=0.01)
    _, loudest = run(session, [("louder", 2.0)] * 4)
    assert peak(loudest) == pytest.approx(top(settings.loudest), rel=0.01)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_step_up_is_heard_and_is_not_lost_at_the_top_of_the_scale(profile: str) -> None:
    """Of the real voice: its peaks may not be cut off, so above some gain it gets no louder."""
    gained = []
    for line in (
        "Straighten that leg.",
        "Hold. Keep breathing.",
        "Ease off. Let it go soft.",
        "Better, same, or worse?",
    ):
        pcm = Pyttsx3Renderer().render(line, "", PROFILES[profile].rate)
        powers = []
        for volume in (PROFILES[profile].volume, PROFILES[profile].volume + STEP):
            playout = Playout(gain=volume)
            playout.say(1, pcm)
            sound, _ = playout.play(len(pcm))
            powers.append(float(np.square(sound.astype(np.float64)).mean()))
        gained.append(10 * np.log10(powers[1] / powers[0]))
    assert min(gained) > 3.0
    assert np.median(gained) > 4.0


@pytest.mark.usefixtures("phrases")
@pytest.mark.parametrize(("loudest", "raised"), [(0.0, UNANSWERED), (-12.0, 0.0)])
def test_a_question_that_nobody_answers_is_put_again_louder_where_the_ceiling_allows(
    loudest: float, raised: float
) -> None:
    session = assemble_typing(Settings(loudest=loudest), never).session
    actions, played = run(session, [("my neck is cramping", 30.0)])
    asked = [one for one in actions if isinstance(one, Say) and one.text.endswith("?")]
    first, second = next((one, again) for one, again in pairwise(asked) if one.text == again.text)
    # The ramp is over after 0.1 s.
    levels = [peak(played[say.at + samples(0.15) : say.at + samples(0.3)]) for say in (first, second)]
    assert 20 * np.log10(levels[1] / levels[0]) == pytest.approx(raised, abs=0.1)


def test_a_voice_that_is_fitted_to_the_room_is_not_above_the_ceiling_and_may_be_below_it() -> None:
    low = Settings(volume=-20.0, loudest=-20.0)  # what a file gives in which only the ceiling stands
    assert fitted(low, RoomMemory(volume=-5.0)).volume == -20.0
    assert fitted(low, RoomMemory(volume=-23.0)).volume == -23.0


def test_a_fault_is_said_no_louder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    played: list[Samples] = []
    monkeypatch.setattr(aloud, "play", lambda sound, _: played.append(sound))
    file = tmp_path / "settings.toml"
    for lines in ("", "loudest = -26\n"):
        file.write_text(f"{lines}volum = 3\n")
        assert aloud.say_fault(SettingsError(), config.salvaged(file))
    usual, soft = map(peak, played)
    assert 20 * np.log10(soft / usual) == pytest.approx(-14.0, abs=0.2)


def test_a_check_speaks_no_louder() -> None:
    pack = load_pack(Settings())
    devices = Loud(level=-200.0)  # nothing is heard, so it tries once more and louder
    test = SelfTest(devices, devices, volume=-26.0, most=-20.0, date="2026-11-27 15:00")
    tone = Tones().sound("This is a test. I listen to my own voice.")
    test.run(Sounds(tone, tone), pack, Ears(""), room.RoomMemory())
    assert devices.peak == pytest.approx(top(-20.0), rel=0.01)


def test_a_check_cuts_no_peak_off() -> None:
    tone = Tones().sound("This is a test.")
    sound = speak(["This is a test."], lambda _: tone, 12.0 + 6.0)[: len(tone)]
    assert np.corrcoef(sound, tone)[0, 1] > 0.9999


class Loud(Devices):
    """Devices that know the loudest sample they were given."""

    peak = 0

    def write(self, pcm: Samples) -> None:
        self.peak = max(self.peak, peak(pcm))
        super().write(pcm)


def test_the_softest_voice_is_below_the_lowest_ceiling_that_can_be_set() -> None:
    assert SOFTEST <= -30.0
