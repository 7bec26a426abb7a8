"""Synthetic corpora are made once, of the voices of their part, and never of digital silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="effects need scipy: pip install '.[train]'")
pytest.importorskip("pocketsphinx", reason="which words are common is known from pocketsphinx: pip install '.[train]'")

from scripts.train_model import synthesis
from scripts.train_model.corpora import Wave
from scripts.train_model.engines import Line
from scripts.train_model.sentences import Vocabulary
from scripts.train_model.store import Utterance, read_corpus
from scripts.train_model.synthesis import Script, Studio, recorded, speech
from scripts.train_model.voices import ESPEAK, cast

RATE = 16000
FEW = ("my calf", "stop")
WORDS = Vocabulary(FEW, FEW, FEW, FEW, FEW, ("ow",), FEW, FEW, np.array([0.5, 0.5]))


def humming(lines: Sequence[Line]) -> Iterator[Wave | None]:
    """Hum a tone for each line, but nothing for every fifth, and silence for every seventh."""
    for number, line in enumerate(lines):
        tone = 0.3 * np.sin(np.arange(int(RATE * 100 / line.manner.rate)) * 0.05 * line.manner.pitch)
        yield None if number % 5 == 0 else np.asarray(tone * (number % 7 != 0), dtype=np.float32)


STUDIO = Studio(WORDS, {ESPEAK: humming})


def spoken(script: Script, seed: int = 1) -> list[Utterance]:
    return list(speech(STUDIO, script, np.random.default_rng(seed)))


def test_there_is_as_much_as_was_asked_for_by_the_voices_of_the_part() -> None:
    script = Script("development", 0.05, lambda words, rng: words.product[int(rng.integers(2))])
    made = spoken(script)
    assert 180 <= sum(len(one.sound) for one in made) / RATE < 180 + 256 * 2
    assert {one.text for one in made} == set(FEW)
    assert {one.speaker for one in made} <= {voice.speaker for voice in cast("development")}
    assert len({one.name for one in made}) == len(made)


def test_what_nobody_said_is_left_out_and_nothing_is_digital_silence() -> None:
    for one in spoken(Script("train", 0.02, lambda _words, _rng: "my, calf")):
        assert one.text == "my calf"
        assert np.abs(one.sound).max() > 5000
        assert np.unique(one.sound[:400]).size > 2
        assert np.unique(one.sound[-400:]).size > 2


def test_effort_changes_some_and_leaves_the_words() -> None:
    calm, upset = (spoken(Script("train", 0.02, lambda _words, _rng: "stop", effort), 4) for effort in (0, 1))
    assert {one.text for one in upset} == {"stop"}
    lengths = [np.mean([len(one.sound) for one in made]) for made in (calm, upset)]
    assert lengths[1] > lengths[0]


def test_the_room_is_quiet_and_around_the_words() -> None:
    rng = np.random.default_rng(2)
    wave = np.full(RATE, 0.2, np.float32)
    for _ in range(20):
        sound = recorded(wave, rng).astype(float) / 32767
        around = len(sound) - len(wave)
        assert 0.1 * RATE - 2 <= around <= RATE
        loud = np.flatnonzero(np.abs(sound) > 0.1)
        assert loud[-1] - loud[0] == pytest.approx(RATE - 1, abs=3)
        assert 10 ** (-15 / 20) < np.abs(sound).max() <= 1
        assert 0 < np.abs(sound[:700]).std() < 0.002


def test_corpora_are_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(synthesis, "engines", lambda _work: (STUDIO.available, {"flite": "apt-get install flite"}))
    monkeypatch.setattr(synthesis, "vocabulary", lambda _data: WORDS)
    monkeypatch.setattr(synthesis, "HOURS", 0.01)
    monkeypatch.setattr(synthesis, "TUNING_HOURS", 0.005)
    written = synthesis.write_all(tmp_path, 0.03, 1, tmp_path)
    assert list(written) == ["development", "rejection", "synthetic-0", "synthetic-1", "synthetic-2", "words-0"]
    assert capsys.readouterr().out == "no voices of flite: apt-get install flite\n"
    before = {path.name: path.read_bytes() for path in (tmp_path / "sound").iterdir()}

    (tmp_path / "sound" / "synthetic-1.tsv").unlink()
    assert list(synthesis.write_all(tmp_path, 0.03, 1, tmp_path)) == ["synthetic-1"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "sound").iterdir()} == before
    trained = {one.speaker for one in read_corpus(tmp_path / "sound", "synthetic-2")}
    assert trained <= {voice.speaker for voice in cast("train")}


def test_a_machine_without_voices_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(synthesis, "engines", lambda _work: ({}, {"flite": "apt-get install flite"}))
    with pytest.raises(OSError, match="nobody can speak here"):
        synthesis.write_all(tmp_path, 1, 1, tmp_path)
    assert "apt-get install flite" in capsys.readouterr().out
