"""The renderer on pyttsx3: espeak-ng on Linux, the system's own voices on macOS and Windows."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import soundfile

from voice_assist.errors import RenderError
from voice_assist.samples import Samples, whole_blocks
from voice_assist.speak import voice_child
from voice_assist.speak.mastering import master
from voice_assist.speak.stretch import stretched

PATIENCE = 10.0
"""Seconds a child may take for one sentence, its own start included: a hundred times what it needs."""

CHILD = (sys.executable, voice_child.__file__)
"""The command that renders a job; the path of the job is added."""

SLOWEST = 80
"""Words a minute below which nothing is spoken."""

SETTINGS = range(80, 451)
"""Settings that an engine takes; beyond them espeak-ng silently takes the nearest."""

ESPEAK_HASTE = 1.25
"""How much faster espeak-ng is than its setting says: at 120 it speaks our sentences of four and more words at
150 words a minute (1.20 syllables a word). delivery.md section 1 asks for 140 to 150 real ones."""

_SHAPE = 2
"""Counts the changes of mastering, so that sound kept from before such a change is not used."""


class Pyttsx3Renderer:
    """Renders in short-lived child processes, and gives each sentence a second chance in a new one."""

    def __init__(self, pitch: int | None = None, *, command: Sequence[str] = CHILD, patience: float = PATIENCE) -> None:
        """Take the pitch, 0 to 100 with 50 as usual, where the engine knows one (espeak-ng does)."""
        self._pitch = pitch
        self._command = tuple(command)
        self._patience = patience

    @property
    def version(self) -> str:
        """Engine and version, part of the key under which its sound is kept."""
        engine = (
            f"espeakng_loader {_installed('espeakng_loader')}" if voice_child.LINUX else platform.platform(terse=True)
        )
        pitch = "" if self._pitch is None else f", pitch {self._pitch}"
        return f"pyttsx3 {_installed('pyttsx3')}, {engine}{pitch}, shape {_SHAPE}"

    def render(self, text: str, voice: str, rate: int) -> Samples:
        """Return one sentence as mono int16 at RATE, in whole blocks.

        `voice` is the engine's name of a voice, with espeak-ng also one with a variant such as
        `en-gb+f3`; empty for its default. `rate` is words a minute. Raises RenderError.
        """
        with closing(self.render_all([text], voice, rate)) as sounds:
            return next(sounds)[1]

    def render_all(self, texts: Sequence[str], voice: str, rate: int) -> Generator[tuple[str, Samples], None, None]:
        """Yield each different text with its sound, as it is ready. Raises RenderError like `render`."""
        if rate < SLOWEST or _setting(rate) > SETTINGS[-1]:
            most = round(SETTINGS[-1] * _haste())
            raise RenderError(f"The voice cannot speak {rate} words a minute; choose {SLOWEST} to {most}.")
        waiting = deque(dict.fromkeys(texts))
        failed = None
        while waiting:
            stall = yield from self._until_stalled(waiting, voice, rate)
            if stall and waiting[0] == failed:
                raise RenderError(f"The voice {stall}, twice, at '{failed}'; {voice_child.cure()}.")
            failed = waiting[0] if stall else None

    def _until_stalled(
        self, waiting: deque[str], voice: str, rate: int
    ) -> Generator[tuple[str, Samples], None, _StalledError | None]:
        """Yield from one child and take from `waiting` what it renders; return how it stalled, if it did."""
        with closing(self._sounds(tuple(waiting), voice, rate)) as sounds:
            try:
                for pcm in sounds:
                    yield waiting.popleft(), pcm
            except _StalledError as stall:
                return stall
        return None

    def _sounds(self, texts: Sequence[str], voice: str, rate: int) -> Generator[Samples, None, None]:
        """Yield the sounds of `texts` from one child. Raises _StalledError at the first without sound."""
        setting = max(_setting(rate), SETTINGS[0])
        order = {"voice": voice, "rate": setting, "pitch": self._pitch, "texts": texts}
        with _written(order) as job, self._start(job) as process:
            try:
                for number in range(len(texts)):
                    self._await_report(process)
                    pcm = _sound(job.with_name(f"{number}.wav"))
                    # Slower than the engine goes, its sound is drawn out.
                    yield stretched(pcm, whole_blocks(len(pcm) * setting // _setting(rate)))
            finally:
                process.kill()

    def _start(self, job: Path) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(  # noqa: S603  # our own script
                [*self._command, str(job)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                # On Windows a console program would flash up a window.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise RenderError(f"The voice cannot be started ({error.strerror}); install this program again.") from error

    def _await_report(self, process: subprocess.Popen[str]) -> None:
        """Wait for the child's next line, not longer than patience lasts."""
        hung = threading.Event()

        def give_up() -> None:
            hung.set()
            process.kill()

        # Killing the child ends the wait on every platform; select() on a pipe does not exist on Windows.
        watchdog = threading.Timer(self._patience, give_up)
        watchdog.start()
        try:
            report = process.stdout.readline() if process.stdout else ""
        finally:
            watchdog.cancel()
        if not report.endswith("\n"):
            raise _StalledError(f"hung for {self._patience:g} seconds" if hung.is_set() else "broke off")
        if report != "ok\n":
            raise RenderError(report.strip())


class _StalledError(Exception):
    """A child gave no sound; the message says how."""


@contextmanager
def _written(order: Mapping[str, object]) -> Iterator[Path]:
    """Write a job into a folder of its own, which goes with all that is in it."""
    with ExitStack() as stack:
        try:
            folder = tempfile.TemporaryDirectory(prefix="voice-assist-", ignore_cleanup_errors=True)
            job = Path(stack.enter_context(folder), "job.json")
            job.write_text(json.dumps(order), encoding="utf-8")
        except OSError as error:
            problem = f"The voice cannot write its temporary files ({error.strerror})"
            raise RenderError(f"{problem}; make room, or set TMPDIR to a folder that can be written.") from error
        yield job


def _sound(path: Path) -> Samples:
    try:
        # The header is believed, not the name: macOS writes AIFF.
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        raise _StalledError("wrote nothing") from None
    pcm = master(sound, rate)
    if not len(pcm):
        raise _StalledError("wrote only silence")
    return pcm


def _setting(rate: int) -> int:
    """Return the engine's setting for so many words a minute."""
    return round(rate / _haste())


def _haste() -> float:
    return ESPEAK_HASTE if sys.platform.startswith("linux") else 1.0


def _installed(package: str) -> str:
    try:
        return installed(package)
    except PackageNotFoundError:
        return "of the system"
