"""The journal: what happened, one JSON object a line, with the time in seconds; and its replay.

A journal holds what was heard in words. It is written only where the user names a file for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from voice_assist.errors import VoiceAssistError
from voice_assist.events import (
    Action,
    Changed,
    Errand,
    Heard,
    Hypothesis,
    Learned,
    Noted,
    Said,
    Say,
    Trouble,
    Unclear,
    Understood,
    Word,
)
from voice_assist.samples import BLOCK, Samples, seconds

_FLAGS = ("typed", "echo", "again", "barge_in", "over_us")
"""What a hypothesis may be besides final; written only where it is."""


def to_line(action: Action) -> str:
    """Return an action as one line of a journal, without the line's end."""
    return json.dumps(
        {"at": round(seconds(action.at), 4), **_FIELDS[type(action)](action), "sample": action.at}, ensure_ascii=False
    )


def _intent(action: Understood) -> dict[str, Any]:
    intent = action.intent
    return {"event": "intent", "name": intent.name, "slots": dict(intent.slots), "score": round(intent.score, 3)}


def _account(action: Noted) -> dict[str, Any]:
    account = action.account
    until = None if account.until is None else round(seconds(account.until), 4)
    told = {"place": account.place, "side": account.side, "tried": list(account.tried), "felt": account.felt}
    ends = {"began": round(seconds(account.began), 4), "until": until, "ended": account.ended}
    return {"event": "account", **told, **ends, "noise": action.noise}


_FIELDS: Mapping[type[Action], Callable[[Any], dict[str, Any]]] = {
    Heard: lambda action: {"event": "heard", **_hypothesis(action.hypothesis)},
    Understood: _intent,
    Unclear: lambda _: {"event": "unclear"},
    Say: lambda action: {"event": "say", "text": action.text},
    Said: lambda action: {"event": "said", "text": action.text, "cut": action.cut},
    Changed: lambda action: {"event": "state", "from": action.before, "to": action.after},
    Trouble: lambda action: {"event": "fault", "what": action.what},
    Learned: lambda action: {"event": "learned", "facts": list(action.facts)},
    Errand: lambda action: {"event": "errand", "name": action.name},
    Noted: _account,
}


def _hypothesis(heard: Hypothesis) -> dict[str, Any]:
    fields: dict[str, Any] = {"text": heard.text, "final": heard.final}
    if heard.words:
        fields["words"] = [[word.text, word.start, word.end, round(word.confidence, 3)] for word in heard.words]
    if heard.rivals:
        fields["rivals"] = [[text, round(behind, 3)] for text, behind in heard.rivals]
    return fields | {flag: True for flag in _FLAGS if getattr(heard, flag)}


class JournalWriter:
    """Writes actions to a journal as they happen."""

    def __init__(self, file: TextIO) -> None:
        """Take an open text file; whoever opened it closes it."""
        self._file = file

    def write(self, action: Action) -> None:
        """Write one line, at once: a process that is killed loses nothing."""
        self._file.write(to_line(action) + "\n")
        self._file.flush()


def read_heard(path: Path) -> list[Heard]:
    """Return what a journal says was heard; a line that is no journal line raises VoiceAssistError."""
    numbered = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [heard for number, line in numbered if (heard := _heard(f"{path}:{number}", line)) is not None]


def _heard(where: str, line: str) -> Heard | None:
    try:
        entry = json.loads(line)
        if entry["event"] != "heard":
            return None
        words = tuple(Word(*word) for word in entry.get("words", ()))
        rivals = tuple((text, behind) for text, behind in entry.get("rivals", ()))
        flags = {flag: entry.get(flag, False) for flag in _FLAGS}
        return Heard(entry["sample"], Hypothesis(entry["text"], entry["final"], words, rivals=rivals, **flags))
    except (ValueError, KeyError, TypeError) as error:
        raise VoiceAssistError(f"{where}: not a line of a journal; it was written by something else") from error


class JournalRecognizer:
    """A `Recognizer` that hears what a journal says was heard, when it says so, and nothing else.

    It counts blocks: give it to a session that hears silence.
    """

    name = "a journal"
    missing: frozenset[str] = frozenset()

    def __init__(self, heard: Iterable[Heard]) -> None:
        """Take what was heard, in order."""
        self._heard = sorted(heard, key=lambda entry: entry.at)
        self._now = 0

    @property
    def end(self) -> int:
        """Sample of the last thing heard."""
        return self._heard[-1].at if self._heard else 0

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        """Return what was heard in this block, whatever the sound."""
        del pcm, barge_in
        self._now += BLOCK
        return [entry.hypothesis for entry in self._heard if entry.at == self._now]

    def finish(self) -> Sequence[Hypothesis]:
        """Return nothing: finals are in the journal."""
        return ()

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        """Return nothing: what was heard again is in the journal."""
        del since, expected
        return ()

    def reset(self) -> None:
        """Do nothing."""

    def troubles(self) -> Sequence[str]:
        """Return nothing."""
        return ()

    def close(self) -> None:
        """Do nothing."""
