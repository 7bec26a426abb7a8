"""The renderer on piper: a natural voice from a file of the user's, for whoever wants one."""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from voice_assist.errors import RenderError
from voice_assist.samples import Samples
from voice_assist.speak import piper_child
from voice_assist.speak.jobs import Jobs

CHILD = (sys.executable, piper_child.__file__)
"""The command that renders a job; the path of the job is added."""

PATIENCE = 60.0
"""Seconds a child may take for one sentence, its own start included: a small board needs some for the voice's file."""

CURE = "take another voice file, or leave voice empty for the usual one"

_SHAPE = 1
"""Counts the changes of how a voice is paced, so that sound kept from before such a change is not used."""


class PiperRenderer:
    """Renders with one voice file, in child processes."""

    def __init__(self, voice: Path, *, command: Sequence[str] = CHILD, patience: float = PATIENCE) -> None:
        """Take the voice's file; its description lies beside it, with .json added to its name.

        Raises RenderError where one of them, or piper, is not there.
        """
        try:
            self._package = installed("piper-tts")
        except PackageNotFoundError:
            raise RenderError(
                "A voice of piper needs a package that is not here; install it: pip install 'voice-assist[piper]'."
            ) from None
        for file in (voice, Path(f"{voice}.json")):
            if not file.is_file():
                raise RenderError(f"There is no file {file}, which the voice needs; copy it there.")
        self._voice = voice
        self._jobs = Jobs(command, CURE, patience)

    @property
    def version(self) -> str:
        """Engine and version, part of the key under which its sound is kept."""
        file = self._voice.stat()
        return f"piper {self._package}, {file.st_size} bytes of {file.st_mtime_ns}, shape {_SHAPE}"

    def render(self, text: str, voice: str, rate: int) -> Samples:
        """Return one sentence as mono int16 at RATE, in whole blocks; `voice` is the file's. Raises RenderError."""
        with closing(self.render_all([text], voice, rate)) as sounds:
            return next(sounds)[1]

    def render_all(self, texts: Sequence[str], voice: str, rate: int) -> Generator[tuple[str, Samples], None, None]:
        """Yield each different text with its sound, as it is ready. Raises RenderError like `render`."""
        return self._jobs.render(texts, {"voice": voice, "rate": rate})
