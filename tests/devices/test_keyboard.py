from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import voice_assist
from voice_assist.devices.keyboard import Console, converse, follow
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Said, Say
from voice_assist.samples import BLOCK, RATE, Samples, samples, silence

SENTENCE = samples(1.0)


class Parrot:
    """A session that says back each typed line, one second long, and then sleeps."""

    def __init__(self) -> None:
        self.clock = self.spoken = 0
        self.typed: list[tuple[int, str]] = []
        self._end = 0
        self._actions: list[Action] = []

    @property
    def idle(self) -> bool:
        return self.clock >= self._end

    def type(self, text: str) -> None:
        self.typed.append((self.clock, text))
        self._actions.append(Say(self.clock, len(self.typed), text))
        self._end = self.clock + SENTENCE

    def hear(self, pcm: Samples) -> None:
        assert not pcm.any()
        before, self.clock = self.clock, self.clock + len(pcm)
        if before < self._end <= self.clock:
            self._actions.append(Said(self._end, len(self.typed), self.typed[-1][1], cut=False))

    def speak(self, count: int) -> Samples:
        self.spoken += count
        return silence(count)

    def actions(self) -> tuple[Action, ...]:
        happened, self._actions = tuple(self._actions), []
        return happened

    def gap(self, count: int) -> None:
        raise NotImplementedError(count)

    def played(self, utterance: int, count: int) -> None:
        raise NotImplementedError((utterance, count))


class Typist:
    """Types lines at given times on a clock of its own; waiting makes the clock go."""

    def __init__(self, *lines: tuple[float, str], late: float = 0.0) -> None:
        self.now = 100.0
        self._start, self._late = self.now, late
        self._lines = list(lines)

    def wait(self, timeout_s: float) -> str | None:
        if not self._lines:
            raise EOFError
        due = self._start + self._lines[0][0]
        if due <= self.now + timeout_s:
            self.now = max(self.now, due)
            return self._lines.pop(0)[1]
        self.now += timeout_s + self._late
        return None


def test_time_passes_while_nobody_types() -> None:
    session, typist = Parrot(), Typist((1.0, "my calf\n"), (30.0, "better\n"))
    told: list[Action] = []
    converse(session, typist, told.append, clock=lambda: typist.now)
    assert [text for _, text in session.typed] == ["my calf", "better"]
    times = [at / RATE for at, _ in session.typed]
    assert times == pytest.approx([1.0, 30.0], abs=0.001)
    assert told == [
        Say(session.typed[0][0], 1, "my calf"),
        Said(session.typed[0][0] + SENTENCE, 1, "my calf", cut=False),
    ]


def test_a_late_computer_does_not_slow_time_down() -> None:
    session, typist = Parrot(), Typist((600.0, "better\n"), late=0.0137)
    converse(session, typist, lambda _: None, clock=lambda: typist.now)
    assert session.typed[0][0] / RATE == pytest.approx(600.0, abs=0.001)


def test_what_is_spoken_is_played_in_step() -> None:
    session, typist = Parrot(), Typist((1.0, "my calf\n"), (5.0, "better\n"))
    played: list[Samples] = []
    converse(session, typist, lambda _: None, played.append, clock=lambda: typist.now)
    assert len(np.concatenate(played)) == session.clock == session.spoken


def test_empty_lines_say_nothing() -> None:
    session, typist = Parrot(), Typist((0.5, "\n"), (0.6, "   \n"), (0.7, "  stop \n"))
    converse(session, typist, lambda _: None, clock=lambda: typist.now)
    assert [text for _, text in session.typed] == ["stop"]
    follow(script := Parrot(), ["\n", "  \n", " stop \n"], lambda _: None)
    assert [text for _, text in script.typed] == ["stop"]


def test_a_script_waits_for_each_sentence_and_the_end() -> None:
    session = Parrot()
    told: list[Action] = []
    follow(session, ["my calf\n", "better"], told.append)
    (first, _), (second, _) = session.typed
    assert first == 0
    assert abs(second - samples(3.0)) <= 2 * BLOCK
    assert [type(action) for action in told] == [Say, Said, Say, Said]
    assert session.idle
    assert session.spoken == session.clock


def test_a_script_is_over_though_the_session_never_rests() -> None:
    class Restless(Parrot):
        @property
        def idle(self) -> bool:
            return False

    session = Restless()
    follow(session, [], lambda _: None, tail_s=5.0)
    assert session.clock == samples(5.0)


@pytest.fixture
def pipe() -> Iterator[tuple[io.TextIOWrapper, io.FileIO]]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "r", encoding="utf-8") as stream, io.FileIO(writing, "w") as keys, closing(keys):
        yield stream, keys


def test_a_console_gives_lines_in_order_and_then_the_end(pipe: tuple[io.TextIOWrapper, io.FileIO]) -> None:
    stream, keys = pipe
    console = Console(stream)
    keys.write("my calf\nça va\nlast".encode())
    keys.close()
    assert [console.wait(30.0) for _ in range(3)] == ["my calf\n", "ça va\n", "last"]
    with pytest.raises(EOFError):
        console.wait(30.0)


def test_a_console_does_not_wait_longer_than_it_is_told(pipe: tuple[io.TextIOWrapper, io.FileIO]) -> None:
    stream, keys = pipe
    console = Console(stream)
    assert console.wait(0.0) is None
    # Its reader must end here: it would take what the next test writes to a pipe of the same number.
    keys.close()
    with pytest.raises(EOFError):
        console.wait(30.0)


def test_what_is_no_text_is_said_in_one_line(pipe: tuple[io.TextIOWrapper, io.FileIO]) -> None:
    stream, keys = pipe
    console = Console(stream)
    keys.write(b"\xff\xfe\n")
    with pytest.raises(DeviceError, match=r"^what was typed is not UTF-8 text; set the terminal to UTF-8$"):
        console.wait(30.0)


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts cannot be sent to one program there")
def test_an_interrupt_while_it_waits_for_a_line_is_quiet() -> None:
    program = """
import sys
from voice_assist.devices.keyboard import Console
console = Console(sys.stdin)
try:
    print("ready", flush=True)
    while True:
        console.wait(0.02)
except KeyboardInterrupt:
    sys.exit(130)
"""
    env = os.environ | {"PYTHONPATH": str(Path(voice_assist.__file__).parents[1])}
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", program], stdin=pipe, stdout=pipe, stderr=pipe, env=env) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGINT)
        # The keyboard stays open: the end must not wait for it.
        assert child.wait(30) == 130
        assert child.stderr is not None
        assert child.stderr.read() == b""
