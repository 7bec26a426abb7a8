"""What is kept of a room: how noisy it is, how our voice comes back in it, and what the last checks found.

One small file in the user's data folder, `room.toml`, that a person can read and delete. Nothing that was said is in
it. What cannot be read or written is told in one line, and listening goes on without it.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from voice_assist.config import PROFILES, Settings, data_folder
from voice_assist.errors import VoiceAssistError
from voice_assist.events import Action, Changed, Say, Understood

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Tell = Callable[[str], None]
"""Takes one plain line for the user."""

MOVED = 0.03
"""Seconds by which our voice must be heard later or sooner than is kept to be kept anew: devices begin a bit otherwise
each time."""

_HEAD = (
    "# What voice-assist keeps of this room. Show it: voice-assist check. Forget it: voice-assist check --forget\n"
    '# Forget only what "that was nothing" has taught: voice-assist check --forget-false-alarms\n'
    "# Levels are dB, delays seconds.\n"
)

_TABLE = "quiet_check"


@dataclass(frozen=True)
class QuietCheck:
    """What the last check found, a full or a nightly one."""

    at: str = ""
    """When, by the clock on the wall: `2026-11-27 15:00`; empty if there was none."""
    findings: tuple[str, ...] = ()
    """What is wrong, by the content pack's names for it (check.yaml); empty where all is well."""
    told: tuple[str, ...] = ()
    """Which of it somebody was told of, so that it is told once."""
    echo_level: float | None = None
    """dB of our sound in the microphone against what we played; None if it was not heard."""
    echo_delay: float | None = None
    """Seconds by which it was heard late; None if it was not heard."""


@dataclass(frozen=True)
class RoomMemory:
    """What is known of a room. None is what nobody has measured."""

    measured: str = ""
    """Date of the last full check: `2026-11-27`; empty before the first."""
    microphone: str = ""
    """Name of the microphone that it was measured with."""
    loudspeaker: str = ""
    """Name of the loudspeaker."""
    noise: float | None = None
    """The room's own loudness, dBFS at the microphone."""
    echo_level: float | None = None
    """dB of our voice in the microphone against what we played; None if it is not heard, as with headphones."""
    echo_delay: float | None = None
    """Seconds by which it is heard late."""
    volume: float | None = None
    """dB of the night's voice that suits this room; None where it could not be calibrated."""
    false_alarms: int = 0
    """How often somebody said "that was nothing"."""
    asked: str = ""
    """When a quiet question was last asked that nobody answered: `2026-11-27 03:12`; empty where none was."""
    unanswered: int = 0
    """How many of that night nobody answered."""
    zone: str = ""
    """The time zone in which it was last told that the emergency number was confirmed in another; empty for none."""
    quiet_check: QuietCheck = field(default_factory=QuietCheck)


def room_file() -> Path:
    """Return the file; it need not exist."""
    return data_folder() / "room.toml"


def load(tell: Tell, file: Path | None = None) -> RoomMemory:
    """Return what is kept in `room_file()` or another file; what nobody kept is not known.

    A file that is no such file is told of and set aside, beside itself, with the ending `.broken`.
    """
    path = file or room_file()
    try:
        return _read(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return RoomMemory()
    except OSError as error:
        tell(f"What is kept of this room cannot be read: {path}: {error.strerror or error}; going on without it.")
    except ValueError as fault:
        tell(f"{path} is broken ({_one_line(fault)}); {_set_aside(path)} To measure anew: voice-assist check")
    return RoomMemory()


def save(memory: RoomMemory, tell: Tell, file: Path | None = None) -> bool:
    """Keep it, whole or not at all; where it cannot be kept that is told, and False is returned."""
    path = file or room_file()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("w", encoding="utf-8", errors="replace") as written:
                written.write(_HEAD + "".join(_lines(memory)))
                written.flush()
                # Without it a power cut may leave the new name on an empty file.
                os.fsync(written.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        tell(f"What was found cannot be kept in {path}: {error.strerror or error}; make room, or allow to write there.")
        return False
    return True


def forget(file: Path | None = None) -> bool:
    """Forget the room; False if nothing was kept. Raises VoiceAssistError where the file cannot be deleted."""
    path = file or room_file()
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise VoiceAssistError(f"{path} cannot be deleted: {error.strerror or error}; delete it yourself") from None
    return True


def fitted(settings: Settings, memory: RoomMemory) -> Settings:
    """Return settings with the voice of the night as loud as it suits the room; a volume of one's own stays."""
    usual = min(PROFILES["night"].volume, settings.loudest)
    if settings.profile != "night" or settings.volume != usual or memory.volume is None:
        return settings
    return replace(settings, volume=min(memory.volume, settings.loudest))


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.broken")
    try:
        path.replace(aside)
    except OSError as error:
        return f"it could not be set aside: {error.strerror or error}."
    return f"set aside as {aside.name}."


def _one_line(fault: ValueError) -> str:
    return "not UTF-8 text" if isinstance(fault, UnicodeDecodeError) else " ".join(str(fault).split())


# Reading: raises ValueError with what is wrong


def _read(text: str) -> RoomMemory:
    table = tomllib.loads(text)
    values = _values(table, RoomMemory)
    inner = table.get(_TABLE, {})
    if not isinstance(inner, dict):
        raise ValueError(f"{_TABLE} must be a table")  # noqa: TRY004 - readers raise one kind of error
    return RoomMemory(**values, quiet_check=QuietCheck(**_values(inner, QuietCheck)))


def _values(table: Mapping[str, Any], kind: type[RoomMemory | QuietCheck]) -> dict[str, Any]:
    # A name that we do not know is of a newer version, and none of our business.
    readers = {one.name: _READERS[str(one.type)] for one in fields(kind) if str(one.type) in _READERS}
    return {name: readers[name](name, value) for name, value in table.items() if name in readers}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text in quotes")  # noqa: TRY004 - readers raise one kind of error
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list of texts")  # noqa: TRY004 - readers raise one kind of error
    return tuple(_text(name, one) for one in value)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a number")
    return float(value)


def _count(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} must be a whole number, 0 or more")
    return value


_READERS: Mapping[str, Callable[[str, object], Any]] = {
    "str": _text,
    "float | None": _number,
    "int": _count,
    "tuple[str, ...]": _texts,
}


# Writing


def _lines(memory: RoomMemory) -> Iterator[str]:
    yield from _fields(memory)
    if memory.quiet_check != QuietCheck():
        yield f"\n[{_TABLE}]\n"
        yield from _fields(memory.quiet_check)


def _fields(kept: RoomMemory | QuietCheck) -> Iterator[str]:
    for one in fields(kept):
        value = getattr(kept, one.name)
        if value is not None and not isinstance(value, QuietCheck):
            yield f"{one.name} = {_written(value)}\n"


def _written(value: str | float | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    # A text in JSON's quotes is one in TOML's, but for one sign that TOML does not take as it is.
    return json.dumps(round(value, 4) if isinstance(value, float) else value, ensure_ascii=False).replace("\x7f", "")


def false_alarms(tell: Tell) -> Callable[[Action], None]:
    """Return who keeps count, action by action, of how often somebody says "that was nothing"."""

    def count(action: Action) -> None:
        if isinstance(action, Understood) and action.intent.slots.get("word") == "nothing":
            memory = load(tell)
            save(replace(memory, false_alarms=memory.false_alarms + 1), tell)

    return count


def echo_delays(late: Callable[[], float | None], tell: Tell) -> Callable[[Action], None]:
    """Return who keeps, after each time that it spoke with somebody, by how many seconds the microphone heard us late.

    `late` tells it, None for not at all. So the very first line of another day can be interrupted, too.
    """

    def keep(action: Action) -> None:
        if isinstance(action, Changed) and action.after == "asleep" and (found := late()) is not None:
            memory = load(tell)
            if memory.echo_delay is None or abs(found - memory.echo_delay) > MOVED:
                save(replace(memory, echo_delay=found), tell)

    return keep


def findings_told(lines: Mapping[str, str], tell: Tell) -> Callable[[Action], None]:
    """Return who keeps, action by action, which findings somebody was told of; `lines` is what is said of each."""
    names = {line: name for name, line in lines.items()}

    def keep(action: Action) -> None:
        if isinstance(action, Say) and action.text in names:
            memory = load(tell)
            check, name = memory.quiet_check, names[action.text]
            if name in check.findings and name not in check.told:
                save(replace(memory, quiet_check=replace(check, told=(*check.told, name))), tell)

    return keep
