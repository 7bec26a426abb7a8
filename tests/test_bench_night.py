# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import sounds
from scripts.benchmarks.figures import SkippedError
from scripts.benchmarks.night import spend
from scripts.benchmarks.nights import BUSY, QUIET, TELEVISION, Night, Stretch, behind_a_wall, compose
from scripts.benchmarks.touched import watched
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.events import Heard
from voice_assist.samples import RATE, Samples, samples
from voice_assist.session import Session
from voice_assist.testing import said, scripted_session, voiced_level

EIGHT_HOURS = 8 * 3600
SOURCES = sorted({source for stretch in (*BUSY, *QUIET) for source in stretch.sources})
SOUND = Stretch("sound", 1.0, 10, 2, (-40.0, -40.0), ("noise/some",))


def tone(seconds: float, frequency: float = 500.0, amplitude: float = 8000.0) -> Samples:
    wave = amplitude * np.sin(2 * np.pi * frequency * np.arange(samples(seconds)) / RATE)
    return np.rint(wave).astype(np.int16)


def write(audio: Path, name: str, pcm: Samples) -> None:
    path = audio / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, pcm, RATE, subtype="PCM_16")


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """A recording of every kind, of half a second."""
    for source in SOURCES:
        write(tmp_path, f"{source}/one", tone(0.5))
    return tmp_path


# What a night is put together from


@pytest.mark.parametrize("stretches", [BUSY, QUIET])
def test_a_night_is_eight_hours_and_the_same_every_time(audio: Path, stretches: tuple[Stretch, ...]) -> None:
    night = compose(stretches, audio)
    assert night.seconds >= EIGHT_HOURS
    assert night == compose(stretches, audio)


@pytest.mark.parametrize("stretches", [BUSY, QUIET])
def test_a_night_holds_every_kind(audio: Path, stretches: tuple[Stretch, ...]) -> None:
    night = compose(stretches, audio)
    for stretch in stretches:
        heard = {piece.path.parent for piece in night.pieces if piece.stretch == stretch}
        assert heard == {audio / source for source in stretch.sources}


def test_the_sounds_of_a_bedroom_are_among_them() -> None:
    wanted = "baby_cry clock_tick dog_bark rain person_sneeze fire_crackling ceiling-fan night-village tuning-radio"
    named = " ".join(source for stretch in BUSY for source in stretch.sources)
    assert [name for name in (*wanted.split(), "washing-machine", "urban_crowd") if name not in named] == []


def test_a_television_speaks_twice_for_ten_minutes_and_louder_than_all_else(audio: Path) -> None:
    night = compose(BUSY, audio)
    speaking = [stretch for stretch in BUSY if set(stretch.sources) == set(TELEVISION)]
    assert len(speaking) == 2
    for stretch in speaking:
        pieces = [piece for piece in night.pieces if piece.stretch == stretch]
        assert sum(piece.lasts for piece in pieces) == 600
        assert all(-40 <= piece.level <= -34 for piece in pieces)
    assert all(-55 <= piece.level <= -38 for piece in night.pieces if piece.stretch not in speaking)


@pytest.mark.parametrize("part", [1.0, 1 / 16])
def test_one_sound_ends_before_the_next_begins(audio: Path, part: float) -> None:
    night = compose(BUSY, audio, part)
    ends = [piece.at + piece.lasts for piece in night.pieces]
    assert all(end <= piece.at for end, piece in zip(ends, night.pieces[1:], strict=False))
    assert ends[-1] <= night.seconds


def test_a_part_of_a_night_still_holds_something_of_every_stretch(audio: Path) -> None:
    night = compose(BUSY, audio, 1 / 16)
    assert night.seconds < EIGHT_HOURS / 12
    assert {piece.stretch for piece in night.pieces} == set(BUSY)


def test_a_kind_without_a_recording_is_named(audio: Path) -> None:
    (audio / "noise/esc10/baby_cry/one.wav").unlink()
    with pytest.raises(SkippedError, match="shared audio/noise/esc10/baby_cry"):
        compose(BUSY, audio)


def test_a_name_that_another_begins_with_is_another(tmp_path: Path) -> None:
    write(tmp_path, "noise/some", tone(3.0))
    write(tmp_path, "noise/something", tone(3.0))
    assert {piece.path.stem for piece in compose([SOUND], tmp_path).pieces} == {"some"}


def test_a_long_recording_is_played_on_from_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, "noise/some", tone(7.0))
    assert [piece.since for piece in compose([SOUND], tmp_path).pieces] == [0, 2, 4, 1, 3, 0]


# How it sounds


def heard(night: Night) -> Samples:
    return np.concatenate(list(night.sound()))


def test_a_piece_sounds_at_its_time_at_its_level_and_the_room_hisses_around_it(tmp_path: Path) -> None:
    write(tmp_path, "noise/some", tone(0.7))  # shorter than the piece: repeated
    night = compose([SOUND], tmp_path)
    sound = heard(night)
    assert len(sound) == night.seconds * RATE == 60 * RATE
    sounding = {piece.at + second for piece in night.pieces for second in range(piece.lasts)}
    for second in range(night.seconds):
        level = voiced_level(sound[second * RATE :][:RATE])
        assert level == pytest.approx(-40.0 if second in sounding else sounds.ROOM, abs=0.5), second


def test_a_night_sounds_the_same_every_time(audio: Path) -> None:
    night = compose(BUSY, audio, 1 / 400)
    assert np.array_equal(heard(night), heard(night))


def test_what_is_played_of_a_long_recording_is_that_part_of_it(tmp_path: Path) -> None:
    write(tmp_path, "noise/some", np.concatenate((tone(2.0, 300), tone(3.0, 2000))))
    sound = heard(compose([SOUND], tmp_path))
    low, high = (compose([SOUND], tmp_path).pieces[turn].at * RATE for turn in (0, 1))
    for begin, frequency in ((low, 300), (high, 2000)):
        assert np.abs(np.fft.rfft(sound[begin:][:RATE])).argmax() == frequency


def test_a_wall_lets_through_what_is_low(tmp_path: Path) -> None:
    for frequency, lost in ((100, 0.2), (600, 6.0), (3000, 28.3)):
        wave = tone(1.0, frequency)
        assert voiced_level(wave) - voiced_level(behind_a_wall(wave)) == pytest.approx(lost, abs=0.3)
    write(tmp_path, "noise/some", np.concatenate([tone(1.0, 300) + tone(1.0, 3000)] * 3))
    plain, walled = (heard(compose([replace(SOUND, walled=wall)], tmp_path)) for wall in (False, True))
    at = compose([SOUND], tmp_path).pieces[0].at * RATE
    ratios = [np.divide(*np.abs(np.fft.rfft(sound[at:][:RATE]))[[3000, 300]]) for sound in (plain, walled)]
    assert ratios[0] == pytest.approx(1.0, abs=0.1)
    assert ratios[1] < 0.1


# What comes of it


@dataclass(frozen=True)
class Scripted:
    """Makes sessions that hear a script, whatever sounds."""

    script: Iterable[Heard]

    def session(self) -> Session:
        return scripted_session(load_pack(Settings()), self.script)


@pytest.fixture
def minute(tmp_path: Path) -> Night:
    write(tmp_path, "noise/some", tone(3.0))
    return compose([SOUND], tmp_path)


def test_every_mistake_of_a_night_counts_and_none_hides_the_next(minute: Night) -> None:
    script = [said("my calf is cramping", 5.0), said("i have chest pain", 15.5), said("my foot is cramping", 40.0)]
    happened = spend(Scripted(script), minute)
    assert {kind: happened.counts[kind] for kind in ("start", "doubt", "alarm")} == {"start": 2, "doubt": 0, "alarm": 1}
    assert happened.counts["line"] >= 3
    first = happened.events[0]
    assert first[0] == "0:00:05"
    assert first[2].startswith("'my calf is cramping' taken for cramp")


def test_a_quiet_question_is_no_protocol(minute: Night) -> None:
    happened = spend(Scripted([said("calf", 5.0)]), minute)
    assert (happened.counts["doubt"], happened.counts["start"]) == (1, 0)


def test_of_a_night_in_which_nothing_is_said_nothing_is_told(minute: Night) -> None:
    happened = spend(Scripted([]), minute)
    assert (happened.events, sum(happened.counts.values())) == ([], 0)
    assert (happened.touched.sockets, happened.touched.files) == ([], [])
    assert len(happened.memory) == 8


# What is reached for


def test_a_socket_and_a_file_are_noticed_and_reading_is_not(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with watched() as touched:
        socket.socket().close()
        path.write_bytes(b"sound")
        path.read_bytes()
        (tmp_path / "folder").mkdir()
        path.rename(tmp_path / "other")
    assert touched.sockets
    assert [event.split()[0] for event in touched.files] == ["open", "os.mkdir", "os.rename"]


def test_what_comes_later_is_no_longer_watched(tmp_path: Path) -> None:
    with watched() as touched:
        pass
    (tmp_path / "later").write_bytes(b"")
    socket.socket().close()
    assert (touched.sockets, touched.files) == ([], [])
