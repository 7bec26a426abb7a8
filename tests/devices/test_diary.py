"""The diary of the whole program on real devices: kept, there after a kill, and no need of a night."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voice_assist.diary.entries import Entry
from voice_assist.diary.store import Store

if TYPE_CHECKING:
    from tests.devices.conftest import Program, SoundRoom

pytestmark = pytest.mark.live

MAIN = "from voice_assist.cli import main; main()"


@contextmanager
def coached(sound_room: SoundRoom, record: Callable[..., Path], home: Path) -> Iterator[Program]:
    """Have the program listen, and somebody call for help."""
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    with sound_room.started("-c", MAIN, "listen") as program:
        program.wait_for("Listening. Say where it cramps")
        sound_room.play(record({0.5: "my calf is cramping"}, 3.0, "call.wav"))
        program.wait_for("understood: cramp, place calf")
        for _ in range(3):
            program.wait_for("says: ")
        yield program


def kept(sound_room: SoundRoom) -> Sequence[Entry]:
    with closing(Store(Path(sound_room.env["HOME"]) / ".local" / "share" / "voice-assist" / "diary.sqlite")) as store:
        return store.entries()


def test_a_cramp_is_kept_without_a_word_of_what_was_said(
    sound_room: SoundRoom, record: Callable[..., Path], home: Path
) -> None:
    before = dt.datetime.now(dt.timezone.utc)
    with coached(sound_room, record, home) as program:
        sound_room.play(record({0.2: "stop"}, 1.5, "stop.wav"))
        program.wait_for("understood: control, word stop")
        assert (program.finish(signal.SIGINT), program.errors) == (130, [])
    (entry,) = kept(sound_room)
    assert before < entry.began < dt.datetime.now(dt.timezone.utc)
    assert (entry.place, entry.tried, entry.ended) == ("calf", ("move",), "stopped")
    assert entry.lasted is not None
    assert 1.0 < entry.lasted < 60.0


def test_after_a_kill_it_holds_what_was_known(sound_room: SoundRoom, record: Callable[..., Path], home: Path) -> None:
    with coached(sound_room, record, home) as program:
        assert program.finish(signal.SIGKILL) == -signal.SIGKILL
    (entry,) = kept(sound_room)
    assert (entry.place, entry.ended, entry.lasted) == ("calf", "", None)


def test_where_it_cannot_be_kept_that_is_one_line_and_the_help_goes_on(
    sound_room: SoundRoom, record: Callable[..., Path], home: Path
) -> None:
    sound_room.env["XDG_DATA_HOME"] = "/dev/full"
    with coached(sound_room, record, home) as program:
        assert program.finish(signal.SIGINT) == 130
        told = [line for line in program.lines if "diary" in line]
    assert len(told) == 1
    assert told[0].endswith("make room, or allow to write there; all else goes on without it.")
