"""Every phrase as sound: rendered once, kept on disk, played from memory."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from voice_assist.errors import RenderError
from voice_assist.samples import RATE, Samples, samples, seconds
from voice_assist.speak.renderer import Renderer
from voice_assist.speak.stretch import stretched

SHORTEST, LONGEST = samples(0.1), samples(30.0)
"""What a phrase may last. Outside, something went wrong: "Two." takes 0.14 s at 400 words a minute, our longest line
14 s at 80."""

COUNTED = samples(0.8)
"""The longest that a number of a count lasts: one falls on each second, with a silence before the next."""

COUNTED_RATE = 120
"""Words a minute at which numbers are spoken at the least, so that hardly one has to be shortened."""

QUIETEST = 300
"""The least peak of a phrase that can be heard, of 32767: about -40 dBFS."""

KEPT_DAYS = 30
"""How long a phrase stays on disk after its last use: other packs and voices share the folder."""

AT_HAND = 16
"""Phrases that are kept ready as samples, those that were asked for last. It takes a millisecond to unpack another."""

_DAY = 86_400
_CHECK = 4
"""Bytes of the CRC-32 in front of the sound: what a crash or a bad disk left is never played."""
_SUFFIX = ".phrase"
_OLD_SUFFIXES = (".pcm", ".part")
"""Of phrases as versions before this one kept them, and of those that a killed process left half-written."""


class BatchRenderer(Renderer, Protocol):
    """A renderer that is quicker with many sentences than with one at a time."""

    def render_all(self, texts: Sequence[str], voice: str, rate: int) -> Generator[tuple[str, Samples], None, None]:
        """Yield each text with its sound, as it is ready; raises RenderError like `render`."""
        ...


class Phrasebook:
    """The sounds of phrases in one voice at one rate.

    All of them are in memory, packed without loss (FLAC): they are half of what the program takes all night.
    On disk there is a file per phrase, named by a hash of renderer version, voice, rate and text,
    holding a CRC-32 and the packed sound. A file appears whole or not at all, so processes may share the
    folder and be killed at any time. What was not used for KEPT_DAYS is deleted by `prepare`.
    """

    def __init__(
        self, renderer: BatchRenderer, voice: str, rate: int, folder: Path | None, counted: Iterable[str] = ()
    ) -> None:
        """Take the folder of the kept sounds, made when needed; None keeps them in memory only.

        `counted` are the numbers that must fit into a second each, at any rate.
        """
        self._counted = frozenset(counted)
        self._renderer = renderer
        self._voice = voice
        self._rate = rate
        self._folder = folder
        self._version = renderer.version
        self._packed: dict[str, bytes] = {}
        self._at_hand: OrderedDict[str, Samples] = OrderedDict()
        self._troubles: list[str] = []

    @property
    def troubles(self) -> Sequence[str]:
        """What works less well than it should, one line each, each said once."""
        return tuple(self._troubles)

    def sound(self, text: str) -> Samples:
        """Return a phrase, read-only; one that was never prepared takes the time to render it.

        Raises RenderError.
        """
        if text not in self._packed:
            self.prepare([text])
        if text not in self._at_hand:
            self._at_hand[text] = _unpacked(self._packed[text])
            if len(self._at_hand) > AT_HAND:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(text)
        return self._at_hand[text]

    def recall(self, texts: Iterable[str]) -> Sequence[str]:
        """Take those of these phrases into memory that are kept on disk; return the others."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self._packed]
        return [text for text in wanted if not self._load(text)]

    def prepare(
        self, texts: Iterable[str], progress: Callable[[int, int], None] | None = None, *, stored: bool = True
    ) -> None:
        """Have all these phrases in memory afterwards, and, unless `stored` is False, on disk.

        `progress` is told how many of those that must be rendered are done, and how many they are;
        it is not called if there are none. Raises RenderError; what was rendered until then stays.
        """
        missing = self.recall(texts)
        self._prune()
        with closing(self._rendered(missing)) as rendered:
            for done, (text, pcm) in enumerate(rendered, 1):
                if fault := _fault(pcm):
                    raise RenderError(f"The sound of '{text}' {fault}; choose another voice.")
                self._packed[text] = _packed(pcm)
                if stored:
                    self._store(text)
                if progress:
                    progress(done, len(missing))

    def forget(self, texts: Iterable[str]) -> None:
        """Delete these phrases from disk. Raises OSError where one cannot be deleted."""
        if self._folder is not None:
            for text in texts:
                self._path(self._folder, text).unlink(missing_ok=True)

    def _rendered(self, texts: Sequence[str]) -> Generator[tuple[str, Samples], None, None]:
        """Yield texts with their sounds, in any order; numbers fit into their second."""
        rates: dict[int, list[str]] = {}
        for text in texts:
            rates.setdefault(self._rate_of(text), []).append(text)
        for rate, spoken in rates.items():
            with closing(self._renderer.render_all(spoken, self._voice, rate)) as rendered:
                for text, pcm in rendered:
                    fits = text not in self._counted or len(pcm) <= COUNTED
                    yield text, pcm if fits else stretched(pcm, COUNTED)

    def _rate_of(self, text: str) -> int:
        return max(self._rate, COUNTED_RATE) if text in self._counted else self._rate

    def _path(self, folder: Path, text: str) -> Path:
        counted = f" counted in {COUNTED}" if text in self._counted else ""
        key = "\n".join((self._version, self._voice, f"{self._rate_of(text)}{counted}", text))
        return folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}{_SUFFIX}"

    def _load(self, text: str) -> bool:
        """Take a phrase from disk; False if it is not there or not as it was written."""
        if self._folder is None:
            return False
        path = self._path(self._folder, text)
        try:
            content = path.read_bytes()
            used = path.stat().st_mtime
        except OSError:
            # Not there, or not readable: either way it is rendered, and writing tells what is wrong.
            return False
        check, data = content[:_CHECK], content[_CHECK:]
        # Nothing implausible was ever kept, so there is nothing else to look for.
        if zlib.crc32(data).to_bytes(_CHECK, "little") != check:
            return False
        self._packed[text] = data
        if time.time() - used > _DAY:
            # In a folder that cannot be written nothing is pruned either.
            with suppress(OSError):
                os.utime(path)
        return True

    def _store(self, text: str) -> None:
        if self._folder is None:
            return
        data = self._packed[text]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._path(self._folder, text), zlib.crc32(data).to_bytes(_CHECK, "little") + data)
        except OSError as error:
            self._troubles.append(
                f"The folder for rendered phrases, {self._folder}, cannot be written ({error.strerror}); "
                "they are kept in memory and rendered again at the next start."
            )
            self._folder = None

    def _prune(self) -> None:
        """Delete what was not used for long, half-written files of killed processes with it."""
        if self._folder is None:
            return
        oldest = time.time() - KEPT_DAYS * _DAY
        # Another process may prune at the same time, or the folder may not be there yet.
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                if entry.name.endswith((_SUFFIX, *_OLD_SUFFIXES)) and entry.stat().st_mtime < oldest:
                    Path(entry).unlink(missing_ok=True)


def _packed(pcm: Samples) -> bytes:
    """Return a sound as FLAC, from which the very same samples come back."""
    file = io.BytesIO()
    soundfile.write(file, pcm, RATE, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def _unpacked(data: bytes) -> Samples:
    pcm: Samples
    pcm, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    pcm.flags.writeable = False
    return pcm


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all."""
    handle, part = tempfile.mkstemp(suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    except BaseException:
        # Ctrl-C too must leave nothing half-written.
        Path(part).unlink(missing_ok=True)
        raise


def _fault(pcm: Samples) -> str:
    """Return what is wrong with a phrase's sound; empty if nothing is."""
    if not SHORTEST <= len(pcm) <= LONGEST:
        return f"lasts {seconds(len(pcm)):.2f} s"
    return "" if np.abs(pcm.astype(np.int32)).max() >= QUIETEST else "is silent"
