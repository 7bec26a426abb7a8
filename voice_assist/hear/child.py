"""The recognizer's child process: requests come in on standard input, answers go out on standard output.

A plain Python process rather than one of `multiprocessing`, which would import the parent's main module (the
whole product) a second time and keep one process more for its book-keeping.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from voice_assist.errors import ModelError
from voice_assist.events import Hypothesis
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.vosk import Model, VoskRecognizer, load


@dataclass(frozen=True)
class Open:
    """The first request: load the model."""

    folder: Path
    grammar: tuple[str, ...]
    graph: Path | None = None
    """A copy of the model that hears nothing but whole sentences, to listen with."""
    barge_in: tuple[str, ...] = ()
    """What is said over our voice."""


@dataclass(frozen=True)
class Sound:
    """Take in sound."""

    pcm: bytes
    """Int16, native byte order, mono, at RATE."""
    start: int
    """Its first sample, counted since the last reset."""
    barge_in: bool = False
    """Listen also for what is said over our voice."""


@dataclass(frozen=True)
class Finish:
    """End the utterance."""


@dataclass(frozen=True)
class Look:
    """Hear the sound of late once more."""

    since: int
    """From this sample on, counted since the last reset."""
    expected: bool = False
    """In the words that are expected, rather than in any."""


@dataclass(frozen=True)
class Reset:
    """Forget the utterance, count from zero."""


Request = Sound | Finish | Look | Reset


@dataclass(frozen=True)
class Ready:
    """The answer to Open: the model is loaded."""

    name: str
    missing: frozenset[str]
    memory: int
    """Resident bytes; 0 where the system does not tell."""


@dataclass(frozen=True)
class Refused:
    """The answer to Open: the model cannot be used."""

    message: str
    """One line for the user."""


@dataclass(frozen=True)
class Answer:
    """The answer to any other request."""

    hypotheses: tuple[Hypothesis, ...]
    """Times counted since the child's last reset, or since its start."""
    memory: int
    """Resident bytes; 0 where the system does not tell."""


Reply = Ready | Refused | Answer


def main() -> None:
    """Serve the parent until it closes our standard input, or is no more."""
    # Ctrl-C reaches the whole terminal; it is the parent that decides to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever a library prints must not get between the answers.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):  # the parent is gone
        _serve(_ahead(Path(sys.argv[1])), sys.stdin.buffer, replies)
    # At once: vosk's destructors take time, and nothing here needs keeping.
    os._exit(0)


def _ahead(folder: Path) -> Model | None:
    """Load the model before we are told what to expect, which the parent reads meanwhile; None where it cannot be."""
    try:
        return load(folder)
    except ModelError:
        return None  # it is told as the answer to Open


def _serve(model: Model | None, requests: BinaryIO, replies: BinaryIO) -> None:
    opening: Open = pickle.load(requests)  # noqa: S301  # from our own parent
    try:
        recognizer = VoskRecognizer(
            opening.folder, opening.grammar, graph=opening.graph, barge_in=opening.barge_in, model=model
        )
    except ModelError as error:
        _send(replies, Refused(str(error)))
        return
    _send(replies, Ready(recognizer.name, recognizer.missing, resident()))
    while True:
        request: Request = pickle.load(requests)  # noqa: S301  # from our own parent
        _send(replies, Answer(_obey(recognizer, request), resident()))
        # Once it is answered nobody waits: an utterance leaves megabytes of small holes, a second look more.
        if isinstance(request, Finish | Look):
            give_back_memory()


def _obey(recognizer: Recognizer, request: Request) -> tuple[Hypothesis, ...]:
    match request:
        case Sound(pcm, _, barge_in):
            return tuple(recognizer.accept(np.frombuffer(pcm, dtype=np.int16), barge_in=barge_in))
        case Finish():
            return tuple(recognizer.finish())
        case Look(since, expected):
            return tuple(recognizer.look_again(since, expected=expected))
        case Reset():
            recognizer.reset()
            return ()


def _send(replies: BinaryIO, reply: Reply) -> None:
    pickle.dump(reply, replies)
    replies.flush()


def give_back_memory() -> None:
    """Give the system back what was freed, where that does not happen by itself: with glibc."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "malloc_trim"):
            libc.malloc_trim(0)


def resident() -> int:
    """Return the bytes of memory that this process holds; 0 where that is not known (Windows)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return 0
    # The peak rather than the present: macOS tells no more. Bytes there, while Linux would count kilobytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
