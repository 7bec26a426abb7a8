"""Rendering: with the real voice where it is in a wheel (Linux), and with children that fail."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from voice_assist.errors import RenderError
from voice_assist.samples import BLOCK, RATE, Samples, seconds
from voice_assist.speak.engine import Pyttsx3Renderer

real_voice = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices of this system are its own")

LINES = (
    "I'm with you.",
    "Hold.",
    "Keep breathing.",
    "Ease off.",
    "Let it go soft.",
    "Where is it?",
    "Back of leg, or front?",
    "Pull your toes toward your nose.",
    "Firm but gentle.",
    "Press your heel away from you.",
    "Keep your knee straight.",
    "Ten.",
    "Seven.",
    "Two, three, four.",
    "Small breath in.",
    "Long breath out.",
    "Better, same, or worse?",
    "Okay. Quiet now.",
    "Say 'again' any time.",
    "Café, naïve: 20 °C & 5%.",
)


def decibels(pcm: Samples) -> float:
    """Loudness of the voiced part in dBFS, found another way than by the renderer: the median of its loud blocks."""
    power = np.square(pcm.astype(float) / 32768).reshape(-1, BLOCK).mean(axis=1)
    return float(10 * np.log10(np.mean(power[power > power.max() / 1000])))


def pitch(pcm: Samples) -> float:
    """The voice's pitch in Hz, by the autocorrelation of the loudest 80 ms."""
    power = np.convolve(np.square(pcm.astype(float)), np.ones(1280), mode="valid")
    part = pcm[int(power.argmax()) :][:1280].astype(float)
    lags = np.arange(RATE // 400, RATE // 60)
    return RATE / float(lags[np.argmax([part[:-lag] @ part[lag:] / (len(part) - lag) for lag in lags])])


@real_voice
def test_every_line_is_whole_loud_and_of_plausible_length(capfd: pytest.CaptureFixture[str]) -> None:
    sounds = dict(Pyttsx3Renderer().render_all(LINES, "", 145))
    assert list(sounds) == list(LINES)
    for text, pcm in sounds.items():
        assert pcm.dtype == np.int16
        assert len(pcm) % BLOCK == 0
        assert 0.15 < seconds(len(pcm)) < 0.4 + 1.0 * len(text.split()), text
        assert np.abs(pcm.astype(int)).max() <= 32768 * 10 ** (-3 / 20) + 1
        assert decibels(pcm) == pytest.approx(-23, abs=1), text
    assert capfd.readouterr() == ("", "")


@real_voice
def test_no_idle_time_at_either_end() -> None:
    pcm = Pyttsx3Renderer().render("Hold.", "", 145).astype(int)
    loud = np.flatnonzero(np.abs(pcm) > np.abs(pcm).max() / 100)
    assert seconds(int(loud[0])) < 0.05
    assert seconds(len(pcm) - int(loud[-1])) < 0.1


@real_voice
@pytest.mark.parametrize("voice", ["en-gb", "en-gb+f3", "en-us+m7", "en-029", "en-gb-scotland", "English (America)"])
def test_a_voice_goes_by_language_variant_or_name(voice: str) -> None:
    assert 0.5 < seconds(len(Pyttsx3Renderer().render("Keep your knee straight.", voice, 145))) < 3


@real_voice
def test_rate_pitch_and_variant_are_heard() -> None:
    text = "Pull your toes toward your nose."
    usual = Pyttsx3Renderer().render(text, "en-us", 145)
    assert len(Pyttsx3Renderer().render(text, "en-us", 200)) < 0.85 * len(usual)
    assert pitch(Pyttsx3Renderer(pitch=90).render(text, "en-us", 145)) > 1.2 * pitch(usual)
    assert pitch(Pyttsx3Renderer().render(text, "en-us+f3", 145)) > 1.2 * pitch(usual)


@real_voice
@pytest.mark.parametrize(
    ("voice", "message"),
    [
        ("nobody", r"There is no voice 'nobody'; choose .*, or leave it empty"),
        ("en-us+nobody", r"There is no voice 'en-us\+nobody'; its name without"),
    ],
)
def test_an_unknown_voice_is_one_line_that_helps(voice: str, message: str) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        Pyttsx3Renderer().render("Hold.", voice, 145)
    assert "\n" not in str(caught.value)


@real_voice
def test_a_text_without_words_is_an_error_not_a_silence() -> None:
    with pytest.raises(RenderError, match=r"The voice wrote .*, twice, at '\.\.\.'"):
        Pyttsx3Renderer().render("...", "", 145)


@pytest.mark.parametrize("rate", [0, 79, 600])
def test_a_rate_the_engine_would_change_is_refused(rate: int) -> None:
    with pytest.raises(RenderError, match=r"choose \d+ to \d+\."):
        Pyttsx3Renderer().render("Hold.", "", rate)


def faulty(folder: Path, fault: str, victim: str, times: int, patience: float = 60) -> Pyttsx3Renderer:
    script = Path(__file__).with_name("fake_voice.py")
    command = (sys.executable, str(script), str(folder / "starts"), fault, victim, str(times))
    return Pyttsx3Renderer(command=command, patience=patience)


def starts(folder: Path) -> list[int]:
    return [int(line) for line in (folder / "starts").read_text(encoding="ascii").split()]


def alive(process: int) -> bool:
    if sys.platform == "win32":
        pytest.skip("Windows has no way to ask after a process by signal")
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("fault", ["die", "nothing", "garbage", "silence"])
def test_a_child_that_fails_once_is_replaced_and_nothing_is_lost(tmp_path: Path, fault: str) -> None:
    texts = ["one", "two", "three", "four"]
    sounds = list(faulty(tmp_path, fault, "three", times=1).render_all(texts, "", 145))
    assert [text for text, _ in sounds] == texts
    assert all(pcm.any() for _, pcm in sounds)
    assert len(starts(tmp_path)) == 2


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("die", "broke off"),
        ("nothing", "wrote nothing"),
        ("garbage", "wrote nothing"),
        ("silence", "wrote only silence"),
    ],
)
def test_a_child_that_fails_again_is_an_error_that_names_the_cure(tmp_path: Path, fault: str, what: str) -> None:
    done: list[str] = []
    with pytest.raises(RenderError, match=rf"^The voice {what}, twice, at 'two'; \w+") as caught:
        done.extend(text for text, _ in faulty(tmp_path, fault, "two", times=9).render_all(["one", "two"], "", 145))
    assert "\n" not in str(caught.value)
    assert len(starts(tmp_path)) == 2


def test_a_child_that_hangs_is_ended(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="The voice hung for 1 seconds, twice, at 'one'"):
        faulty(tmp_path, "hang", "one", times=9, patience=1).render("one", "", 145)
    assert not any(alive(process) for process in starts(tmp_path))


def test_what_the_child_refuses_is_passed_on(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"^There is no engine; get one\.$"):
        faulty(tmp_path, "refuse", "one", times=9).render("one", "", 145)
    assert len(starts(tmp_path)) == 1


def test_leaving_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    sounds = faulty(tmp_path, "hang", "two", times=9).render_all(["one", "two"], "", 145)
    assert next(sounds)[0] == "one"
    sounds.close()
    assert not list(temporary.iterdir())
    assert not alive(starts(tmp_path)[0])


def test_no_folder_for_temporary_files_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(RenderError, match="set TMPDIR"):
        Pyttsx3Renderer().render("Hold.", "", 145)


def test_a_command_that_cannot_be_started_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="cannot be started"):
        Pyttsx3Renderer(command=(str(tmp_path / "gone"),)).render("Hold.", "", 145)


def test_nothing_to_render_starts_nothing(tmp_path: Path) -> None:
    assert list(faulty(tmp_path, "die", "", times=9).render_all([], "", 145)) == []
    assert not (tmp_path / "starts").exists()


def test_the_same_text_is_rendered_once(tmp_path: Path) -> None:
    sounds = list(faulty(tmp_path, "die", "", times=9).render_all(["one", "two", "one"], "", 145))
    assert [text for text, _ in sounds] == ["one", "two"]


def test_the_version_tells_what_changes_the_sound() -> None:
    assert "pyttsx3" in Pyttsx3Renderer().version
    assert Pyttsx3Renderer().version != Pyttsx3Renderer(pitch=20).version
