"""Live, from the microphone to the loudspeaker, while the kernel closes every network."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.devices.conftest import SoundRoom

pytestmark = pytest.mark.live

CLOSED = "from tests.closed import without_network; without_network(); from voice_assist.cli import main; main()"


@pytest.mark.usefixtures("kernel")
def test_to_listen_and_to_answer_opens_no_socket_but_the_sound_servers(
    sound_room: SoundRoom, record: Callable[..., Path], home: Path
) -> None:
    sound_room.env["XDG_CACHE_HOME"] = str(home / ".cache")
    call = record({0.5: "my calf is cramping"}, 3.0)
    with sound_room.started("-c", CLOSED, "listen") as program:
        program.wait_for("Listening. Say where it cramps")
        sound_room.play(call)
        program.wait_for("understood: cramp, place calf")
        program.wait_for("says: ")
        assert (program.finish(signal.SIGINT), program.errors) == (130, [])
        # Whoever of its children is killed for a socket is told of.
        assert not any("trouble" in line for line in program.lines), program.lines
