"""The engines say what they are told, in order, and leave out what they cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scripts.train_model.corpora import Wave
from scripts.train_model.engines import Engine, Line, engines, say
from scripts.train_model.voices import ESPEAK, FESTIVAL, FLITE, PICO, Manner, Voice

CALM = Line(Voice(ESPEAK, "gmw/en-US"), Manner(), "my left calf")


@pytest.fixture(scope="module")
def present(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Engine]:
    found, missing = engines(tmp_path_factory.mktemp("voices"))
    if ESPEAK in missing:
        pytest.skip(f"espeak-ng is missing: {missing[ESPEAK]}")
    return found


def said(line: Line, present: Mapping[str, Engine]) -> Wave:
    (wave,) = say([line], present)
    assert wave is not None
    return wave


def pitch(wave: Wave) -> float:
    """The strongest period, in Hz, of the loudest tenth of a second."""
    starts = range(0, len(wave) - 1600, 400)
    start = max(starts, key=lambda start: float(np.square(wave[start : start + 1600]).sum()))
    part = wave[start : start + 1600]
    alike = np.correlate(part, part, "full")[1599:]
    return 16000 / (40 + int(alike[40:320].argmax()))


@pytest.mark.parametrize(
    "voice",
    [
        Voice(ESPEAK, "gmw/en-GB-scotland", "steph"),
        Voice(ESPEAK, "gmw/en", "own007"),
        Voice(FLITE, "slt"),
        Voice(FESTIVAL, "kal_diphone"),
        Voice(PICO, "en-GB"),
    ],
    ids=lambda voice: voice.speaker,
)
def test_every_engine_speaks(voice: Voice, present: Mapping[str, Engine]) -> None:
    if voice.engine not in present:
        pytest.skip(f"{voice.engine} is not on this machine")
    wave = said(replace(CALM, voice=voice), present)
    assert 0.4 < len(wave) / 16000 < 4
    assert 0.05 < np.abs(wave).max() <= 1.5
    assert wave.dtype == np.float32


def test_slow_is_longer_and_high_is_higher(present: Mapping[str, Engine]) -> None:
    slow, fast = (said(replace(CALM, manner=Manner(rate=rate)), present) for rate in (110, 210))
    assert len(slow) > 1.3 * len(fast)
    low, high = (said(replace(CALM, manner=Manner(pitch=factor, liveliness=0)), present) for factor in (0.75, 1.5))
    assert pitch(high) > 1.3 * pitch(low)


def test_the_order_stays_when_several_engines_speak() -> None:
    def counting(lines: Sequence[Line]) -> Iterator[Wave | None]:
        for line in lines:
            yield np.full(int(line.words), 1, np.float32)

    lines = [Line(Voice(name, "any"), Manner(), str(number)) for number, name in enumerate((FLITE, PICO, FLITE, PICO))]
    waves = list(say(lines, {FLITE: counting}))
    assert [None if wave is None else len(wave) for wave in waves] == [0, None, 2, None]


def test_what_this_release_lacks_is_left_out(present: Mapping[str, Engine]) -> None:
    voices = (Voice(ESPEAK, "gmw/en-US", "nobody"), CALM.voice, Voice(ESPEAK, "xx/yy"))
    lines = [replace(CALM, voice=voice) for voice in voices]
    assert [wave is None for wave in say(lines, present)] == [True, False, True]


@pytest.mark.parametrize("voice", [Voice(ESPEAK, "gmw/en-029"), Voice(ESPEAK, "gmw/en-US", "f5")])
def test_nobody_of_the_test_can_speak(voice: Voice) -> None:
    with pytest.raises(ValueError, match="voices of the test must not speak here: espeak:"):
        next(say([CALM, replace(CALM, voice=voice)], {}))


def test_what_is_missing_is_told_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    _, missing = engines(tmp_path)
    assert missing[FLITE] == "apt-get install flite"
    assert "festival" in missing[FESTIVAL]
