"""A recognizer in a child process, watched: if it dies, hangs or swells, another takes over.

The last seconds of sound are kept and fed to the new child, so that a word spoken meanwhile is still heard.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty

from voice_assist.errors import ModelError
from voice_assist.events import Hypothesis
from voice_assist.hear.child import Answer, Finish, Look, Open, Ready, Refused, Reply, Request, Reset, Sound
from voice_assist.hear.process import Child
from voice_assist.hear.vosk import check_folder, unusable
from voice_assist.samples import Samples, samples

KEPT = samples(4.0)
"""Sound of the utterance that is fed again after a restart: a whole command, since half a one is misheard."""

PIECE = samples(0.1)
"""Sound of one request: 3200 bytes, so that it fits into the smallest pipe (4096 on Windows) and no send blocks."""

START = 30.0
"""Seconds a model may take to load. Ours needs 0.3; a large one on a small board needs many."""

HANG = 0.4
"""Live: seconds one request may take. A piece takes about 3 ms; with the restart the outage stays below 1 s."""

LOOK_HANG = 4.0
"""Live: seconds a second look may take: it is whole words at once, on the slowest board in about their own time."""

PATIENT_HANG = 20.0
"""From a recording: seconds one request may take. A busy machine is no fault there."""

PATIENCE = 0.02
"""Live: seconds a call waits for its answers: a block, so that the session keeps pace. No call waits for a start."""

GROWTH = 300 * 2**20
"""Bytes that a child may grow beyond its size when ready: vosk hoards memory in long noise."""

DEATHS = 5
"""So many deaths within a minute end it: something is wrong that no restart heals."""

POISON = 3
"""From this death within a minute on, the kept sound is dropped: it may be what kills."""


def open_recognizer(
    folder: Path,
    grammar: Sequence[str],
    patient: bool,  # noqa: FBT001
    graph: Path | None = None,
    barge_in: Sequence[str] = (),
    child: Child | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> SupervisedRecognizer:
    """Load the Vosk model in `folder` in a child process and return it, ready to listen.

    `graph` and `barge_in`: see `VoskRecognizer`.

    `patient` is for a recording: each call waits for its own answer. Live (not patient), no call
    waits longer than PATIENCE. Raises ModelError, in one line, if the model cannot be used.
    `child` was started ahead for this folder, and `meanwhile` is done while it loads.
    """
    return SupervisedRecognizer(
        folder, grammar, patient=patient, graph=graph, barge_in=barge_in, child=child, meanwhile=meanwhile
    )


class SupervisedRecognizer:
    """A `Recognizer` run in a child process. Accepting no samples asks for late answers only.

    Any call raises ModelError when restarting has not helped. Memory is watched on Linux and macOS;
    Windows does not tell it.
    """

    def __init__(
        self,
        folder: Path,
        grammar: Sequence[str],
        *,
        patient: bool,
        hang: float | None = None,
        growth: int = GROWTH,
        graph: Path | None = None,
        barge_in: Sequence[str] = (),
        child: Child | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Start the child and wait for its model; `hang` (seconds) and `growth` (bytes) replace the usual limits.

        `child` and `meanwhile`: see `open_recognizer`.
        """
        check_folder(folder)
        self._opening = Open(folder, tuple(grammar), graph, tuple(barge_in))
        self._patient = patient
        self._hang = hang or (PATIENT_HANG if patient else HANG)
        self._growth = growth
        self._heard = 0  # samples since the last reset
        self._zero = 0  # where, in these, the child began to count
        self._todo: deque[Request] = deque()  # not answered; the first may be with the child
        self._done: deque[Sound] = deque()  # answered sound of this utterance, kept to be fed again
        self._deaths: deque[float] = deque()
        self._troubles: list[str] = []
        self._closed = False
        self._ready = self._busy = self._stale = False
        self._start(child)
        try:
            meanwhile()
            ready = self._first_reply()
        except BaseException:  # Ctrl-C while the model loads: no child may be left
            self._child.end()
            raise
        self.name = ready.name
        self.missing = ready.missing

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        """See `Recognizer.accept`."""
        for start in range(0, len(pcm), PIECE):
            piece = pcm[start : start + PIECE]
            self._todo.append(Sound(piece.tobytes(), self._heard, barge_in))
            self._heard += len(piece)
        return self._exchange()

    def finish(self) -> Sequence[Hypothesis]:
        """See `Recognizer.finish`."""
        self._todo.append(Finish())
        return self._exchange()

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        """See `Recognizer.look_again`. A child that was started anew since knows only what it was fed again."""
        self._todo.append(Look(max(0, since - self._zero), expected))
        return self._exchange()

    def reset(self) -> None:
        """See `Recognizer.reset`. What is still on its way belongs to the past and is dropped."""
        self._todo.clear()
        self._done.clear()
        self._todo.append(Reset())
        self._heard = 0
        self._stale = self._busy
        self._exchange()

    def troubles(self) -> Sequence[str]:
        """Return what went wrong since the last call: one line for each restart."""
        told, self._troubles = self._troubles, []
        return told

    def close(self) -> None:
        """See `Recognizer.close`."""
        self._closed = True
        self._child.end()

    def _exchange(self) -> list[Hypothesis]:
        """Give the child what is to be done and take its answers, as long as patience lasts."""
        if self._closed:
            raise ValueError("the recognizer is closed")
        entered = time.monotonic()
        found: list[Hypothesis] = []
        while self._await_reply():
            until = math.inf if self._patient else entered + (PATIENCE if self._ready else 0.0)
            try:
                reply = self._child.replies.get(timeout=max(0.0, min(until, self._due) - time.monotonic()))
            except Empty:
                if time.monotonic() < self._due:
                    break
                self._restart("did not answer")
            else:
                found += self._take(reply)
        return found

    def _await_reply(self) -> bool:
        """Send the next request if the child is free; tell whether a reply is to come."""
        if self._ready and not self._busy and self._todo:
            self._child.send(self._todo[0])
            self._busy = True
            now = time.monotonic()
            hang = max(self._hang, LOOK_HANG) if isinstance(self._todo[0], Look) else self._hang
            # Each restart of late doubles the limit: a machine that is merely busy must not end it.
            self._due = now + hang * 2 ** self._recent_deaths(now)
        return self._busy or not self._ready

    def _take(self, reply: Reply | None) -> Sequence[Hypothesis]:
        match reply:
            case None:
                self._restart(self._child.fate())
            case Refused(message):
                raise ModelError(message)
            case Ready(memory=memory):
                self._ready = True
                self._most = memory + self._growth
            case Answer():
                return self._answered(reply)
        return ()

    def _answered(self, answer: Answer) -> Sequence[Hypothesis]:
        self._busy = False
        if self._stale:
            self._stale = False
            return ()
        request = self._todo.popleft()
        if isinstance(request, Reset):
            self._zero = 0
        found = [hypothesis.later(self._zero) for hypothesis in answer.hypotheses]
        if isinstance(request, Look):
            return found
        if not isinstance(request, Sound) or any(hypothesis.final for hypothesis in found):
            self._done.clear()  # fed again, it would be told again
        else:
            self._done.append(request)
            while self._done[0].start < request.start - KEPT:
                self._done.popleft()
        if answer.memory > self._most:
            self._restart(f"took {answer.memory >> 20} MB of memory")
        return found

    def _restart(self, why: str) -> None:
        self._child.end()
        now = time.monotonic()
        self._deaths.append(now)
        deaths = self._recent_deaths(now)
        if deaths >= DEATHS:
            raise ModelError(f"The recognizer {why}, {DEATHS} times in a minute: choose another model with --model.")
        self._troubles.append(f"The recognizer {why} and was started again.")
        if deaths >= POISON:
            self._todo = deque(request for request in self._todo if not isinstance(request, Sound))
        else:
            self._todo.extendleft(reversed(self._done))
        self._done.clear()
        self._zero = next((request.start for request in self._todo if isinstance(request, Sound)), self._heard)
        self._start()

    def _recent_deaths(self, now: float) -> int:
        while self._deaths and self._deaths[0] < now - 60.0:
            self._deaths.popleft()
        return len(self._deaths)

    def _start(self, child: Child | None = None) -> None:
        self._child = child or Child(self._opening.folder)
        self._child.open(self._opening)
        self._ready = self._busy = self._stale = False
        self._due = time.monotonic() + START

    def _first_reply(self) -> Ready:
        """Wait until the model is loaded. A child that dies now is not started again: it would die again."""
        reason = "the recognizer died while loading it"
        try:
            reply = self._child.replies.get(timeout=START)
        except Empty:
            reply = None
            reason = f"loading it took more than {START:.0f} seconds"
        if isinstance(reply, Ready):
            self._take(reply)
            return reply
        self.close()
        raise ModelError(reply.message if isinstance(reply, Refused) else unusable(self._opening.folder, reason))
