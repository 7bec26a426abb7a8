"""Rendering in short-lived child processes: an engine that prints, hangs or aborts takes nobody with it."""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import soundfile

from voice_assist.errors import RenderError
from voice_assist.samples import Samples
from voice_assist.speak.mastering import master

PATIENCE = 10.0
"""Seconds a child may take for one sentence, its own start included: a hundred times what espeak-ng needs."""


class Jobs:
    """Gives jobs to children, and each sentence a second chance in a new child.

    A child is started with the path of a job, a JSON object. It writes sentence n of the job's `texts` beside it as
    n.wav, and then a line "ok"; any other line says why nothing can be rendered, and what to do.
    """

    def __init__(self, command: Sequence[str], cure: str, patience: float = PATIENCE) -> None:
        """Take the command, to which the path of a job is added, and what to do where its voice does not work."""
        self._command = tuple(command)
        self._cure = cure
        self._patience = patience

    def render(self, texts: Sequence[str], order: Mapping[str, object]) -> Generator[tuple[str, Samples], None, None]:
        """Yield each different text with its sound, as it is ready. Raises RenderError."""
        waiting = deque(dict.fromkeys(texts))
        failed = None
        while waiting:
            stall = yield from self._until_stalled(waiting, order)
            if stall and waiting[0] == failed:
                raise RenderError(f"The voice {stall}, twice, at '{failed}'; {self._cure}.")
            failed = waiting[0] if stall else None

    def ask(self, order: Mapping[str, object]) -> str:
        """Return the line with which a child answers a job without texts. Raises RenderError."""
        with _written({**order, "texts": []}) as job, self._start(job) as process:
            try:
                return self._report(process)
            except _StalledError as stall:
                raise RenderError(f"The voice {stall}; {self._cure}.") from None
            finally:
                process.kill()

    def _until_stalled(
        self, waiting: deque[str], order: Mapping[str, object]
    ) -> Generator[tuple[str, Samples], None, _StalledError | None]:
        """Yield from one child and take from `waiting` what it renders; return how it stalled, if it did."""
        with closing(self._sounds(tuple(waiting), order)) as sounds:
            try:
                for pcm in sounds:
                    yield waiting.popleft(), pcm
            except _StalledError as stall:
                return stall
        return None

    def _sounds(self, texts: Sequence[str], order: Mapping[str, object]) -> Generator[Samples, None, None]:
        """Yield the sounds of `texts` from one child. Raises _StalledError at the first without sound."""
        with _written({**order, "texts": texts}) as job, self._start(job) as process:
            try:
                for number in range(len(texts)):
                    if (report := self._report(process)) != "ok":
                        raise RenderError(report)
                    yield _sound(job.with_name(f"{number}.wav"))
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

    def _report(self, process: subprocess.Popen[str]) -> str:
        """Return the child's next line, not waiting longer than patience lasts."""
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
        return report.strip()


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
