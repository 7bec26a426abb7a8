"""Recorded speech is read as its table says, and a fault in the table is told with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.train_model.corpora import as_wave, heard_in_tests, normal, read_segments, write_all
from scripts.train_model.store import read_corpus

HEAD = "file\tstart\tend\tutterance\tspeaker\ttext\n"


def tell(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "SEGMENTS.tsv"
    path.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, value in (("so_000.wav", 100), ("lj_000.wav", 200)):
        soundfile.write(folder / name, np.full(32000, value, np.int16), 16000, subtype="PCM_16")
    tell(
        folder,
        'so_000.wav\t1.000\t1.500\tb\tanna\tStop, "now"!',
        "so_000.wav\t0.000\t0.250\ta\tanna\tmy calf",
        "lj_000.wav\t0.500\t2.000\tc\tlj\tIt’s gone",
    )
    return folder


def test_every_collection_becomes_a_corpus_in_the_order_of_its_files(data: Path, tmp_path: Path) -> None:
    assert write_all(data, tmp_path) == {"lj": 1, "so": 2}

    first, second = read_corpus(tmp_path / "sound", "so")
    assert (first.name, first.speaker, first.text, len(first.sound)) == ("a", "anna", "my calf", 4000)
    assert (second.name, second.text, len(second.sound)) == ("b", "stop now", 8000)
    assert set(second.sound) == {100}
    (other,) = read_corpus(tmp_path / "sound", "lj")
    assert (other.text, len(other.sound), set(other.sound)) == ("it's gone", 24000, {200})


def test_whoever_is_tested_with_is_not_learned_from(data: Path, tmp_path: Path) -> None:
    words = data.parent / "audio" / "words"
    for name in ("left/v1_0132a06d_nohash_0.flac", "one/8d4cdc60.flac"):
        (words / name).parent.mkdir(parents=True)
        (words / name).touch()
    speakers = ("gsc0132a06d", "gsc8d4cdc60", "gsc11111111")
    soundfile.write(data / "gsc_000.wav", np.zeros(16000, np.int16), 16000, subtype="PCM_16")
    tell(data, *(f"gsc_000.wav\t0.{number}\t0.9\tu{number}\t{who}\tleft" for number, who in enumerate(speakers)))
    assert write_all(data, tmp_path) == {"gsc": 1}
    assert [one.speaker for one in read_corpus(tmp_path / "sound", "gsc")] == ["gsc11111111"]


def test_three_of_four_to_test_with_are_known_by_their_names(shared: Path) -> None:
    tested = heard_in_tests(shared / "audio" / "words")
    assert len(tested) > 300
    speakers = {one.speaker for one in read_segments(shared / "training" / "SEGMENTS.tsv")}
    assert len([who for who in speakers if who.removeprefix("gsc") in tested]) == 299


def test_what_is_written_is_not_written_again(data: Path, tmp_path: Path) -> None:
    write_all(data, tmp_path)
    (tmp_path / "sound" / "lj.tsv").unlink()
    assert write_all(data, tmp_path) == {"lj": 1}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stop, now!", "stop now"),
        ('"forty two line bible" of about', "forty two line bible of about"),
        ("'tis the neighbours' dog", "tis the neighbours dog"),
        ("my-my calf's  gone", "my my calf's gone"),
        ("", ""),
    ],
)
def test_a_text_is_its_words(text: str, words: str) -> None:
    assert normal(text) == words


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x.wav\t0\t1\ta\tanna", "SEGMENTS.tsv:2: 5 columns, not 6"),
        ("x.wav\tzero\t1\ta\tanna\tstop", "SEGMENTS.tsv:2: start and end must be seconds, not 'zero' and '1'"),
        ("x.wav\t2\t1\ta\tanna\tstop", "SEGMENTS.tsv:2: an utterance must end after it starts, not 2 to 1"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_segments(tell(tmp_path, line))


def test_a_table_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the columns must be file, start"):
        read_segments(tell(tmp_path, head="path\ttext\n"))


def test_a_recording_of_another_rate_is_refused(data: Path, tmp_path: Path) -> None:
    soundfile.write(data / "lj_000.wav", np.zeros(16000, np.int16), 8000, subtype="PCM_16")
    with pytest.raises(ValueError, match="must be mono at 16000 samples a second, not 1 at 8000"):
        write_all(data, tmp_path)


def test_a_wave_is_at_most_one_in_size() -> None:
    wave = as_wave(np.array([-32768, 0, 16384], np.int16))
    assert wave.dtype == np.float32
    assert wave.tolist() == [-1, 0, 0.5]
