"""What set-up writes: the settings file, value by value, with all that somebody wrote by hand left as it stands.

It is the one file that tells of a person, and they can read it. It appears whole or not at all.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from voice_assist import config
from voice_assist.errors import SettingsError

PERSON = "person"
"""The table of what is known of the person."""

OF_THE_PERSON = ("emergency_number", "advice_line", "country", "time_zone", "call_name", PERSON)
"""Settings that tell who somebody is and where they live: erased when everything is to be forgotten. The names of
microphone and loudspeaker, voice and rate stay: they tell of the machine."""

_HEAD = "What voice-assist knows of you and of this machine. It never leaves it. Change or delete it as you like."
_PRIVATE = 0o600
"""Mode of a new file: health is nobody else's business."""


def keep(values: Mapping[str, str | int | float | None], person: Mapping[str, bool | None], file: Path) -> None:
    """Write values into a settings file, and facts into its table of the person; None takes one out.

    Raises SettingsError, in one line, where it cannot be read or written.
    """
    document = _read(file)
    for name, value in values.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = value
    if person:
        _set_person(document, person)
    _write(file, tomlkit.dumps(document))


def erase(file: Path) -> bool:
    """Take all out that tells of the person, and the file with it where nothing else is left; False if nothing was.

    Raises SettingsError, in one line, where it cannot be read or written.
    """
    document = _read(file)
    if not any(name in document for name in OF_THE_PERSON):
        return False
    for name in OF_THE_PERSON:
        document.pop(name, None)
    if document.unwrap():
        _write(file, tomlkit.dumps(document))
    else:
        with _blamed(file):
            file.unlink()
    return True


def check_writable(file: Path) -> None:
    """Raise SettingsError, in one line, where a settings file could not be read or written: before anybody is asked."""
    _read(file)
    with _blamed(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Tried, not asked: a system may promise what a read-only disk does not keep.
        with tempfile.TemporaryFile(dir=_target(file).parent):
            pass


def _set_person(document: tomlkit.TOMLDocument, person: Mapping[str, bool | None]) -> None:
    table = document.get(PERSON)
    if not isinstance(table, Table):
        table = tomlkit.table()
        document[PERSON] = table
    for name, known in person.items():
        if known is None:
            table.pop(name, None)
        else:
            table[name] = known


def _read(file: Path) -> tomlkit.TOMLDocument:
    # What is wrong in it is told as ever, with its line, before anything is asked.
    if file.exists():
        config.load(file)
    try:
        return tomlkit.parse(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        document = tomlkit.document()
        document.add(tomlkit.comment(_HEAD))
        return document
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from None


def _target(file: Path) -> Path:
    # Of a link the file that it leads to: it may be kept among others under version control.
    return file.resolve() if file.is_symlink() else file


def _write(file: Path, text: str) -> None:
    with _blamed(file):
        target = _target(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = target.stat().st_mode & 0o777 if target.exists() else _PRIVATE
        handle, part = tempfile.mkstemp(suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as written:
                written.write(text)
                written.flush()
                # Without it a power cut may leave the new name on an empty file.
                os.fsync(written.fileno())
            Path(part).chmod(mode)
            Path(part).replace(target)
        finally:
            Path(part).unlink(missing_ok=True)


@contextmanager
def _blamed(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(f"{file}: cannot be written: {reason}; allow to write there, or make room") from None
