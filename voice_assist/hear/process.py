"""The parent's end of the recognizer's child process: start it, send, read, kill."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, cast

import voice_assist
from voice_assist.hear.child import Open, Reply, Request


class Child:
    """A child process with a recognizer in it, and the thread that reads its replies."""

    def __init__(self, folder: Path) -> None:
        """Start it, and have it load the engine and the model in `folder` ahead, until it is told what to expect."""
        self.replies: SimpleQueue[Reply | None] = SimpleQueue()
        """What it replied, in order; None at its end."""
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", "from voice_assist.hear.child import main; main()", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Engines write their last words there; the user gets one line of ours instead.
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no black box on the screen
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._reader: Thread | None = None

    def open(self, opening: Open) -> None:
        """Tell it what to expect; the first reply says whether it can."""
        self._reader = Thread(target=self._read, args=(opening,), name="recognizer", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, request: Open | Request) -> None:
        """Send a request. Returns at once if it fits into the pipe and the child waits for one."""
        with suppress(OSError):  # it died; the reader tells
            pickle.dump(request, self._requests)
            self._requests.flush()

    def fate(self) -> str:
        """Wait for its end and tell it, as the second half of a sentence."""
        code = self._process.wait()
        return f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"

    def end(self) -> None:
        """Kill it, whatever it is doing. Safe to call twice."""
        self._process.kill()
        self._process.wait()
        if self._reader is not None:
            self._reader.join()
        self._answers.close()
        with suppress(OSError):  # what it did not read any more
            self._requests.close()

    def _read(self, opening: Open) -> None:
        # Sent from here: a large grammar is more than the pipe takes before the child reads.
        self.send(opening)
        with suppress(EOFError, pickle.UnpicklingError):  # dead, perhaps in the middle of a reply
            while True:
                self.replies.put(pickle.load(self._answers))  # noqa: S301  # from our own child
        self.replies.put(None)


def _environment() -> dict[str, str]:
    """Return the child's environment: this very package, one thread, nothing imported from the working folder."""
    package = str(Path(voice_assist.__file__).parent.parent)
    path = os.pathsep.join([package, *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
