"""Alignment finds the best way to say a text, and leaves out what does not fit it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from scripts.train_model.align import (
    Found,
    Scores,
    Trellis,
    align_corpora,
    even_shares,
    read_lexicon,
)
from scripts.train_model.network import Shape
from scripts.train_model.store import (
    Features,
    Utterance,
    read_alignments,
    write_corpus,
)
from voice_assist.models.phones import SOUNDS

PAIRS = Shape(contexts=1).pairs()
LEXICON = {"my": ((12, 7),), "calf": ((20, 3, 15), (20, 2, 15)), "a": ((4,), (14,))}


def scores_of(said: list[tuple[int, int]], pairs: int = 41) -> Scores:
    """Return scores that are best for sounds, each with its number of frames."""
    rows = []
    for sound, frames in said:
        for at in range(frames):
            row = np.full(2 * pairs, -5, np.float32)
            row[2 * sound + (at > 0)] = 0
            rows.append(row)
    return np.array(rows)


def states(trellis: Trellis, path: np.ndarray) -> list[int]:
    """Return the sounds of a path, one after the other."""
    begins = np.flatnonzero(np.diff(path, prepend=-1))
    return [int(trellis.sounds[state]) for state in path[begins]]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([(0, 4), (12, 2), (7, 3), (20, 1), (3, 4), (15, 2), (0, 5)], id="silence around"),
        pytest.param([(12, 2), (7, 3), (20, 1), (3, 4), (15, 2)], id="no silence"),
        pytest.param([(12, 2), (7, 3), (0, 2), (20, 1), (2, 4), (15, 2)], id="a pause, the other way to say it"),
        pytest.param([(12, 1), (7, 1), (20, 1), (2, 1), (15, 1)], id="as fast as can be"),
    ],
)
def test_the_best_path_is_what_was_said(said: list[tuple[int, int]]) -> None:
    trellis = Trellis.of(["my", "calf"], LEXICON, PAIRS)
    path = trellis.best_path(scores_of(said))
    assert path is not None
    assert states(trellis, path) == [sound for sound, _ in said]
    words = [int(trellis.words[state]) for state in path]
    assert [word for word in words if word >= 0] == sorted(word for word in words if word >= 0)
    assert {trellis.sounds[state] for state, word in zip(path, words, strict=True) if word < 0} <= {0}


def test_the_same_word_twice_is_entered_twice() -> None:
    trellis = Trellis.of(["a", "a"], LEXICON, PAIRS)
    path = trellis.best_path(scores_of([(4, 3), (4, 3)]))
    assert path is not None
    assert [int(trellis.words[state]) for state in path] == [0, 0, 0, 1, 1, 1]


def test_too_many_sounds_for_the_time_have_no_path() -> None:
    assert Trellis.of(["my", "calf"], LEXICON, PAIRS).best_path(scores_of([(12, 4)])) is None


def test_an_unknown_word_is_garbage() -> None:
    trellis = Trellis.of(["my", "zyzzyva"], LEXICON, PAIRS)
    path = trellis.best_path(scores_of([(12, 2), (7, 3), (1, 9)]))
    assert path is not None
    assert states(trellis, path) == [12, 7, 1]


def test_a_sound_is_scored_by_what_was_before_it() -> None:
    shape = Shape()
    trellis = Trellis.of(["a", "calf"], LEXICON, shape.pairs())
    found = {int(pair) for pair, sound in zip(trellis.pairs, trellis.sounds, strict=True) if sound == 20}
    # K after one way to say "a", after the other, and after a pause.
    assert found == {shape.pair(before, 20) for before in (4, 14, 0)}


def test_a_lexicon_has_every_way_to_say_a_word(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("calf K AE F\ncalf K AA F\nmy M AY\n", encoding="utf-8")
    lexicon = read_lexicon(path)
    assert [[SOUNDS[number] for number in way] for way in lexicon["calf"]] == [["K", "AE", "F"], ["K", "AA", "F"]]


@pytest.mark.parametrize("line", ["calf", "calf K QQ F", ""])
def test_a_wrong_line_of_a_lexicon_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text(f"my M AY\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"lexicon\.txt:2: not a word and its sounds"):
        read_lexicon(path)


def test_even_shares_give_every_sound_its_part_of_the_loud_part() -> None:
    features = np.zeros((120, 40), np.float16)
    features[30:90, 0] = 50
    found = even_shares("my calf", features, LEXICON)
    assert found is not None
    assert found.segments.tolist() == [
        [0, 0, 30, -1],
        [12, 30, 42, 0],
        [7, 42, 54, 0],
        [20, 54, 66, 1],
        [3, 66, 78, 1],
        [15, 78, 90, 1],
        [0, 90, 120, -1],
    ]
    assert even_shares("my calf " * 9, features, LEXICON) is None


def test_corpora_are_aligned_once_and_what_does_not_fit_is_left_out(tmp_path: Path) -> None:
    sound = np.random.default_rng(1).integers(-99, 99, 16_000).astype(np.int16)
    texts = {"good": "my calf", "noise": "", "misfit": "my my", "doubtful": "calf", "short": "my"}
    utterances = [
        Utterance(name, "s", text, sound[: 2_000 if name == "short" else None]) for name, text in texts.items()
    ]
    write_corpus(tmp_path / "sound", "some", utterances)
    asked: list[str] = []

    def find(text: str, features: Features) -> Found | None:
        asked.append(text)
        whole = np.array([(12, 0, len(features), 0)], np.int32)
        return None if text == "my my" else Found(whole, 9.0 if text == "calf" else 0.5)

    lines: list[str] = []
    align_corpora(tmp_path, find, lines.append)
    aligned = read_alignments(tmp_path / "alignments" / "some.npz")
    assert {name: segments.tolist() for name, segments in aligned.items()} == {
        "good": [[12, 0, 98, 0]],
        "noise": [[0, 0, 98, -1]],
    }
    assert "2 aligned" in lines[0]
    assert "1 short, 1 without a way, 1 doubtful" in lines[0]
    align_corpora(tmp_path, find, lines.append)
    assert asked == ["my calf", "my my", "calf"]
    assert len(lines) == 1
