"""Phrases are rendered once, survive on disk whatever happens to it, and are checked before they are played."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from voice_assist.errors import RenderError
from voice_assist.samples import RATE, Samples, samples
from voice_assist.speak import phrasebook
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import COUNTED, KEPT_DAYS, BatchRenderer, Phrasebook

PHRASES = ["Hold.", "Ease off.", "Keep breathing."]
ROOT = Path(__file__).resolve().parents[2]


class Tones:
    """A renderer that makes a tone of each text, and remembers what it was asked for."""

    def __init__(self, version: str = "tones 1", duration: float = 0.5, peak: int = 9000) -> None:
        self.version = version
        self.rendered: list[str] = []
        self._count = samples(duration)
        self._peak = peak

    def render(self, text: str, voice: str, rate: int) -> Samples:
        self.rendered.append(text)
        pitch = 200 + sum(map(ord, f"{text}{voice}{rate}"))
        wave: Samples = np.rint(self._peak * np.sin(np.arange(self._count) * 2 * np.pi * pitch / RATE)).astype(np.int16)
        return wave

    def render_all(self, texts: Sequence[str], voice: str, rate: int) -> Generator[tuple[str, Samples], None, None]:
        for text in texts:
            yield text, self.render(text, voice, rate)


def book(renderer: BatchRenderer, folder: Path | None, voice: str = "", rate: int = 145) -> Phrasebook:
    return Phrasebook(renderer, voice, rate, folder)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.phrase"))


def test_phrases_are_rendered_once_and_never_again(tmp_path: Path) -> None:
    first, again = Tones(), Tones()
    told: list[tuple[int, int]] = []
    book(first, tmp_path / "new" / "folder").prepare(PHRASES, lambda done, total: told.append((done, total)))
    assert first.rendered == PHRASES
    assert told == [(1, 3), (2, 3), (3, 3)]

    second = book(again, tmp_path / "new" / "folder")
    second.prepare(PHRASES, lambda done, total: told.append((done, total)))
    assert again.rendered == []
    assert len(told) == 3
    assert second.troubles == ()
    for text in PHRASES:
        assert np.array_equal(second.sound(text), first.render(text, "", 145))


def test_only_what_is_new_is_rendered(tmp_path: Path) -> None:
    book(Tones(), tmp_path).prepare(PHRASES[:2])
    renderer = Tones()
    book(renderer, tmp_path).prepare(PHRASES)
    assert renderer.rendered == PHRASES[2:]


def test_voice_rate_and_version_each_have_their_own_sound(tmp_path: Path) -> None:
    book(Tones(), tmp_path, "a", 145).prepare(["Hold."])
    for renderer, voice, rate in ((Tones(), "b", 145), (Tones(), "a", 150), (Tones("tones 2"), "a", 145)):
        book(renderer, tmp_path, voice, rate).prepare(["Hold."])
        assert renderer.rendered == ["Hold."]
    assert len(files(tmp_path)) == 4


def test_an_unprepared_phrase_is_rendered_when_it_is_asked_for(tmp_path: Path) -> None:
    renderer = Tones()
    phrases = book(renderer, tmp_path)
    assert np.array_equal(phrases.sound("Hold."), phrases.sound("Hold."))
    assert renderer.rendered == ["Hold."]


@pytest.mark.parametrize("warm", [False, True])
def test_nobody_can_change_a_phrase_that_others_play_too(tmp_path: Path, *, warm: bool) -> None:
    if warm:
        book(Tones(), tmp_path).prepare(["Hold."])
    with pytest.raises(ValueError, match="read-only"):
        book(Tones(), tmp_path).sound("Hold.")[0] = 1


def test_without_a_folder_memory_serves() -> None:
    renderer = Tones()
    phrases = book(renderer, None)
    phrases.prepare(PHRASES)
    phrases.prepare(PHRASES)
    assert renderer.rendered == PHRASES
    assert phrases.troubles == ()


def test_a_folder_that_cannot_be_written_is_said_once_and_memory_serves(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    renderer = Tones()
    phrases = book(renderer, tmp_path / "file" / "folder")
    phrases.prepare(PHRASES)
    phrases.prepare([*PHRASES, "Again."])
    assert renderer.rendered == [*PHRASES, "Again."]
    assert [phrases.sound(text).any() for text in PHRASES] == [True] * 3
    (trouble,) = phrases.troubles
    assert "cannot be written" in trouble
    assert str(tmp_path / "file" / "folder") in trouble
    assert "\n" not in trouble


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be made only on Linux, by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_once_memory_serves_and_what_found_room_is_whole(small_disk: Path) -> None:
    texts = [f"Hold for {number}." for number in range(40)]
    phrases = book(Tones(), small_disk)
    phrases.prepare(texts)
    assert [phrases.sound(text).any() for text in texts] == [True] * len(texts)
    (trouble,) = phrases.troubles
    assert f"cannot be written ({os.strerror(errno.ENOSPC)})" in trouble
    again = book(Tones(), small_disk)
    kept = set(texts) - set(again.recall(texts))
    assert 0 < len(kept) < len(texts)
    for text in kept:
        assert np.array_equal(again.sound(text), phrases.sound(text))
    assert {path.suffix for path in small_disk.iterdir()} == {".phrase"}, "nothing is left half-written"


def test_every_phrase_comes_back_as_it_was_rendered_however_many_were_asked_for_since() -> None:
    texts = [f"Hold for {number}." for number in range(2 * phrasebook.AT_HAND)]
    phrases = book(Tones(), None)
    phrases.prepare(texts)
    for text in (*texts, *texts):
        assert np.array_equal(phrases.sound(text), Tones().render(text, "", 145))


def test_phrases_of_an_earlier_version_are_pruned_too(tmp_path: Path) -> None:
    old = tmp_path / "0123.pcm"
    old.touch()
    past = time.time() - (KEPT_DAYS + 1) * 86_400
    os.utime(old, (past, past))
    book(Tones(), tmp_path).prepare(["Hold."])
    assert not old.exists()


def flip_a_bit(content: bytes) -> bytes:
    return content[:500] + bytes([content[500] ^ 1]) + content[501:]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda _: b"\0\0\0",
        lambda content: content[: len(content) // 2],
        lambda content: content + b"\0\0",
        lambda content: bytes(len(content)),
        flip_a_bit,
    ],
    ids=["empty", "tiny", "cut short", "too long", "zeros", "one bit"],
)
def test_a_spoiled_file_is_rendered_again(tmp_path: Path, spoil: object) -> None:
    book(Tones(), tmp_path).prepare(PHRASES)
    (path,) = set(files(tmp_path)) - {phrase_file(tmp_path, text) for text in PHRASES[1:]}
    assert callable(spoil)
    path.write_bytes(spoil(path.read_bytes()))
    for rendered in (["Hold."], []):
        renderer = Tones()
        phrases = book(renderer, tmp_path)
        phrases.prepare(PHRASES)
        assert renderer.rendered == rendered
        assert np.array_equal(phrases.sound("Hold."), Tones().render("Hold.", "", 145))
        assert phrases.troubles == ()


def phrase_file(folder: Path, text: str) -> Path:
    """The file of a phrase, found by writing it into a folder of its own."""
    alone = folder / "alone" / str(len(text))
    book(Tones(), alone).prepare([text])
    return folder / files(alone)[0].name


@pytest.mark.parametrize(
    ("renderer", "fault"),
    [
        (Tones(duration=0.05), "lasts 0.05 s"),
        (Tones(duration=31), "lasts 31.00 s"),
        (Tones(duration=0), "lasts 0.00 s"),
        (Tones(peak=100), "is silent"),
    ],
    ids=["short", "long", "empty", "silent"],
)
def test_an_implausible_sound_is_an_error_and_is_not_kept(tmp_path: Path, renderer: Tones, fault: str) -> None:
    with pytest.raises(RenderError, match=f"The sound of 'Hold.' {fault}; choose another voice"):
        book(renderer, tmp_path).prepare(["Hold."])
    assert not files(tmp_path)


def test_what_was_rendered_before_an_error_is_kept(tmp_path: Path) -> None:
    class Failing(Tones):
        def render(self, text: str, voice: str, rate: int) -> Samples:
            if text == PHRASES[2]:
                raise RenderError("no more")
            return super().render(text, voice, rate)

    with pytest.raises(RenderError, match="no more"):
        book(Failing(), tmp_path).prepare(PHRASES)
    assert len(files(tmp_path)) == 2


def test_ctrl_c_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        book(Tones(), tmp_path).prepare(PHRASES)
    assert not list(tmp_path.iterdir())


def test_what_was_not_used_for_long_is_pruned(tmp_path: Path) -> None:
    book(Tones(), tmp_path, voice="old").prepare(PHRASES)
    old, used = files(tmp_path)[:2], files(tmp_path)[2]
    part = tmp_path / "killed.part"
    foreign = tmp_path / "notes.txt"
    for path in (part, foreign):
        path.touch()
    past = time.time() - (KEPT_DAYS + 1) * 86_400
    for path in (*old, part, foreign):
        os.utime(path, (past, past))
    book(Tones(), tmp_path).prepare(["Hold."])
    assert not any(path.exists() for path in (*old, part))
    assert used.exists()
    assert foreign.exists()


def test_use_keeps_a_phrase_young(tmp_path: Path) -> None:
    book(Tones(), tmp_path).prepare(["Hold."])
    (path,) = files(tmp_path)
    past = time.time() - (KEPT_DAYS + 1) * 86_400
    os.utime(path, (past, past))
    book(Tones(), tmp_path).prepare(["Hold."])
    assert path.stat().st_mtime > past + 86_400


def run(script: str, *args: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    return subprocess.Popen([sys.executable, "-c", script, *args], env={**os.environ, "PYTHONPATH": path})


def test_a_process_killed_half_way_leaves_only_whole_phrases(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from test_phrasebook import *\n"
        "def die(done, total): done == 2 and os._exit(9)\n"
        "book(Tones(), Path(sys.argv[1])).prepare(PHRASES, die)"
    )
    assert run(script, str(tmp_path)).wait() == 9
    assert len(files(tmp_path)) == 2
    renderer = Tones()
    book(renderer, tmp_path).prepare(PHRASES)
    assert renderer.rendered == PHRASES[2:]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices of this system are its own")
def test_two_processes_prepare_at_once_with_the_real_voice(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from test_phrasebook import *\nprepare_for_real(Path(sys.argv[1]))"
    processes = [run(script, str(tmp_path)) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    # A renderer that cannot be started shows that nothing is rendered again.
    phrases = book(Pyttsx3Renderer(command=("there is no such command",)), tmp_path)
    phrases.prepare(PHRASES)
    assert all(len(phrases.sound(text)) >= phrasebook.SHORTEST for text in PHRASES)
    assert sorted(tmp_path.iterdir()) == files(tmp_path)


def prepare_for_real(folder: Path) -> None:
    phrases = book(Pyttsx3Renderer(), folder)
    phrases.prepare(PHRASES)
    assert not phrases.troubles


def test_what_tells_of_a_person_is_not_kept_on_disk(tmp_path: Path) -> None:
    first = book(Tones(), tmp_path)
    first.prepare(PHRASES[:1])
    first.prepare(PHRASES[1:], stored=False)
    assert len(files(tmp_path)) == 1
    for text in PHRASES:
        assert len(first.sound(text))
    assert len(files(tmp_path)) == 1


def test_a_number_of_a_count_fits_into_its_second(tmp_path: Path) -> None:
    phrases = Phrasebook(Tones(duration=1.2), "", 80, tmp_path, ["Nine."])
    assert len(phrases.sound("Nine.")) == COUNTED < samples(1)
    assert len(phrases.sound("Hold.")) == samples(1.2)
    # What fits is left as it is, and the two are not taken for one another on disk.
    assert len(Phrasebook(Tones(duration=0.6), "", 80, tmp_path, ["Ten."]).sound("Ten.")) == samples(0.6)
    assert len(Phrasebook(Tones(duration=1.2), "", 80, tmp_path).sound("Nine.")) == samples(1.2)


def test_the_numbers_of_a_slow_voice_are_spoken_less_slowly() -> None:
    slow = Phrasebook(Tones(), "", 80, None, ["Nine."])
    assert np.array_equal(slow.sound("Nine."), Tones().render("Nine.", "", 120))
    assert np.array_equal(slow.sound("Hold."), Tones().render("Hold.", "", 80))
