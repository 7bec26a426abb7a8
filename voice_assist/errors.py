"""The errors a user can meet. Each message is one line: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LIKELY = 60.0
"""rapidfuzz ratio, 0 to 100, from which on one name was probably meant for another."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about a name that is none: which was probably meant; empty if none was."""
    # Late: the recognizer's process asks for nothing of it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    near = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=LIKELY)
    return f"did you mean '{near[0]}'?" if near else ""


class VoiceAssistError(Exception):
    """Base of every error that the command line prints as one line."""

    exit_code = 1
    """What the command line exits with."""


class ModelError(VoiceAssistError):
    """A recognizer model is missing, half there, corrupt, or its engine died on it."""


class DeviceError(VoiceAssistError):
    """A microphone, a loudspeaker or a recording cannot be opened, or was lost."""


class RenderError(VoiceAssistError):
    """The voice could not be rendered; the message names the cure."""


class SettingsError(VoiceAssistError):
    """The settings file holds something that cannot be used."""


class ServiceError(VoiceAssistError):
    """The system does not keep the program running; the message tells which part of it said so."""


class DiaryError(VoiceAssistError):
    """The diary cannot be read or written; everything else goes on without it."""


class OnDutyError(VoiceAssistError):
    """Another one listens already. Never said aloud: it would be said over the other."""


class NobodyListensError(VoiceAssistError):
    """An order was given to the one that listens, and there is none."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a content pack."""

    file: str
    """Path of the file, relative to the pack's folder."""
    line: int
    """Line in that file, counted from 1; 0 where the whole file is meant."""
    reason: str
    """What is wrong and what to do, in one sentence."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.reason}"


class ContentError(VoiceAssistError):
    """A content pack has faults; all of them are listed at once, one line each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
