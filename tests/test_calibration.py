"""A model's own calibration: read, checked to the line, and used."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist.config import models_folder
from voice_assist.errors import ModelError
from voice_assist.models.calibration import FILE, Calibration, calibration_of
from voice_assist.models.ngram import NGram
from voice_assist.samples import samples
from voice_assist.understand.commit import Timing
from voice_assist.understand.grammar import Weights
from voice_assist.understand.second_look import Doubts


def calibrated(folder: Path, text: str) -> Calibration:
    (folder / FILE).write_text(text, encoding="utf-8")
    return calibration_of(folder)


def test_a_model_that_brings_none_is_used_like_any_model(tmp_path: Path) -> None:
    found = calibration_of(tmp_path)
    assert found == Calibration(Weights(), Timing(), Doubts())
    assert not found.own


def test_what_the_file_says_counts_and_the_rest_is_as_usual(tmp_path: Path) -> None:
    found = calibrated(
        tmp_path,
        "[grammar]\ndecoys = 3\n[timing]\nstable = 0.2  # seconds\npause = 1\n"
        "[doubts]\nbrief = 3\ntalk = true\nrivals = 1.5\nquestions = true\n",
    )
    assert found.own
    assert found.weights == Weights(decoys=3)
    assert found.timing == Timing(stable=samples(0.2), pause=samples(1.0))
    assert found.doubts == Doubts(brief=3, talk=True, rivals=1.5, questions=True)
    assert found.ngram is None


def test_only_a_model_that_says_so_hears_nothing_but_whole_sentences(tmp_path: Path) -> None:
    assert calibrated(tmp_path, "[ngram]\n").ngram == NGram()
    assert calibrated(tmp_path, "[ngram]\norder = 4\nunknown = 2.5\n").ngram == NGram(order=4, unknown=2.5)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[grammar]\ndecoy = 3\n", 2, "[grammar] has no 'decoy'; did you mean 'decoys'?"),
        ("# first\n\n[timings]\nstable = 1\n", 3, "'timings' is no table of a calibration; did you mean 'timing'?"),
        ("timing = 3\n", 1, "'timing' is no table"),
        (
            "[timing]\npause = 0.6\n\n[grammar]\ndecoys = 2.5\n",
            5,
            "decoys must be a whole number from 0 to 100, not 2.5",
        ),
        ("[grammar]\nunknown = true\n", 2, "unknown must be a whole number"),
        ("[grammar]\nalarms = -1\n", 2, "alarms must be a whole number"),
        ("[timing]\nend = 'soon'\n", 2, "end must be seconds from 0 to 5, not 'soon'"),
        ("[timing]\nlate_end = 60\n", 2, "late_end must be seconds"),
        ("[doubts]\nbrief = true\n", 2, "brief must be a whole number from 0 to 20, not True"),
        ("[doubts]\nquestions = 1\n", 2, "questions must be true or false, not 1"),
        ("[doubts]\nrivals = -1\n", 2, "rivals must be a number from 0 to 50, not -1"),
        ("[ngram]\nalarms = 60\n", 2, "alarms must be a number from 0 to 50, not 60"),
        ("[ngram]\norder = 1\n", 2, "order must be a whole number from 2 to 20, not 1"),
        ("[ngram]\ndiscount = 2\n", 2, "discount must be a number from 0 to 1, not 2"),
        ("[ngram]\nalarm = 6\n", 2, "[ngram] has no 'alarm'; did you mean 'alarms'?"),
        ("[timing]\nlate_end = nan\n", 2, "late_end must be seconds"),
    ],
)
def test_a_fault_is_one_line_that_names_its_place(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        calibrated(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / FILE}:{line}: ")
    assert reason in message
    assert "\n" not in message


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is no TOML: .*line 2"):
        calibrated(tmp_path, "[grammar]\ndecoys == 3\n")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="cannot be read"):
        calibration_of(tmp_path)


def test_the_model_that_ships_brings_its_own() -> None:
    assert calibration_of(models_folder() / "en-small").own
