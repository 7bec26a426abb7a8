from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voice_assist import own_phrases
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.devices.recording import Recording
from voice_assist.errors import DeviceError
from voice_assist.events import Context
from voice_assist.own_phrases import COUNT, LENGTH, PHRASES, Phrase, heard, kept, phrases, record
from voice_assist.samples import BLOCK, Samples, samples
from voice_assist.understand.matcher import Matcher

if TYPE_CHECKING:
    from tests.conftest import Command

CALF = Phrase("calf", "my calf is cramping")
FOOT = Phrase("foot", "cramp in my foot")


def block(value: int) -> Samples:
    return np.full(BLOCK, value, dtype=np.int16)


class Microphone:
    """Gives what waits at once, then what comes, then nothing."""

    def __init__(self, waiting: Iterable[Samples], coming: Iterable[Samples]) -> None:
        self._waiting, self._coming = deque(waiting), iter(coming)

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        if self._waiting:
            return 0, self._waiting.popleft()
        sound = next(self._coming, None) if timeout_s else None
        return None if sound is None else (0, sound)


def speaking(value: int = 500) -> Iterable[Samples]:
    while True:
        yield block(value)


def sound_of(path: Path) -> Samples:
    recording = Recording(path)
    try:
        return np.concatenate(list(recording.blocks()))
    finally:
        recording.close()


def test_each_phrase_is_told_said_recorded_and_kept_with_its_place(tmp_path: Path) -> None:
    folder, told, said = tmp_path / "mine", list[str](), list[str]()
    record(folder, (CALF, FOOT), Microphone((), speaking()), said.append, told.append)
    assert said == ["Say: my calf is cramping.", "Say: cramp in my foot."]
    assert told[1:3] == ["1 of 2. Say: my calf is cramping", "2 of 2. Say: cramp in my foot"]
    found = kept(folder)
    assert [one.phrase for one in found] == [CALF, FOOT]
    assert {path.name for path in folder.iterdir()} == {PHRASES, *(one.path.name for one in found)}
    assert np.array_equal(sound_of(found[0].path), np.full(samples(LENGTH), 500, dtype=np.int16))


def test_it_is_said_first_that_it_is_kept_and_how_it_is_erased(tmp_path: Path) -> None:
    told: list[str] = []
    record(tmp_path / "my voice", (CALF,), Microphone((), speaking()), told.append, told.append)
    assert f"recorded and kept in {tmp_path / 'my voice'}" in told[0]
    assert f"rm -r '{tmp_path / 'my voice'}'" in told[0]


def test_what_came_while_we_spoke_is_not_the_phrase() -> None:
    assert set(heard(Microphone([block(1)] * 3, speaking(2)), 5 * BLOCK)) == {2}


def test_an_interrupt_leaves_what_was_said_before_it(tmp_path: Path) -> None:
    def say(line: str) -> None:
        if "foot" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record(tmp_path, (CALF, FOOT), Microphone((), speaking()), say, lambda _: None)
    assert [one.phrase for one in kept(tmp_path)] == [CALF]


def test_recordings_are_never_mixed_with_others(tmp_path: Path) -> None:
    record(tmp_path, (CALF,), Microphone((), speaking()), lambda _: None, lambda _: None)
    with pytest.raises(DeviceError, match="holds recordings already; name another folder"):
        record(tmp_path, (CALF,), Microphone((), speaking()), lambda _: None, lambda _: None)


@pytest.mark.parametrize(("coming", "said"), [((), "is gone"), (speaking(0), "nothing but silence")])
def test_a_microphone_that_is_gone_or_mute_is_told_of(coming: Iterable[Samples], said: str) -> None:
    with pytest.raises(DeviceError, match=said):
        heard(Microphone((), coming), 5 * BLOCK)


def test_a_folder_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="nothing can be kept"):
        record(tmp_path / "file" / "inside", (CALF,), Microphone((), speaking()), lambda _: None, lambda _: None)


def test_a_list_that_is_missing_or_spoilt_is_told_of_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="record phrases first"):
        kept(tmp_path)
    (tmp_path / PHRASES).write_text("file\tplace\tsaid\n01.wav\tcalf\n", encoding="utf-8")
    with pytest.raises(DeviceError, match=rf"{PHRASES}:2: not a file"):
        kept(tmp_path)


def test_ten_phrases_of_ten_places_are_asked_for_and_each_begins_its_own_protocol() -> None:
    pack = load_pack(Settings())
    asked = phrases(pack)
    assert len({phrase.place for phrase in asked}) == len({phrase.said for phrase in asked}) == COUNT
    matcher = Matcher(pack.lexicon)
    for phrase in asked:
        intent = matcher.match(phrase.said, Context())
        assert intent is not None
        assert (intent.kind, intent.slots["place"]) == ("start", phrase.place)


def test_without_a_microphone_nothing_is_kept(command: Command) -> None:
    done = command.run("record", "mine")
    assert done.code == 1
    assert not (command.folder / "mine").exists()


def test_nothing_else_in_the_program_can_keep_sound() -> None:
    package = Path(own_phrases.__file__).parent
    users = [path.stem for path in package.rglob("*.py") if "own_phrases" in path.read_text(encoding="utf-8")]
    assert set(users) <= {"record", "own_phrases"}
