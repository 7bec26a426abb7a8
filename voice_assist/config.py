"""Settings of the user, profiles, and the folders that things live in."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from voice_assist.errors import SettingsError, did_you_mean
from voice_assist.names import country_code, spoken_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_PACKAGE = Path(__file__).parent
_APP = "voice-assist"


def content_folder() -> Path:
    """Return the folder of the content packs that ship with the program, one folder for each language."""
    return _shipped("content")


def models_folder() -> Path:
    """Return the folder of the models that ship with the program, and of their manifest."""
    return _shipped("models")


def _shipped(name: str) -> Path:
    # An installed wheel has its data inside the package; a checkout has it beside the package.
    installed = _PACKAGE / "data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def data_folder() -> Path:
    """Return the user's folder for what was added, such as fetched models; it need not exist."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def cache_folder() -> Path:
    """Return the user's folder for what can be made again, such as rendered phrases; it need not exist."""
    return platformdirs.user_cache_path(_APP, appauthor=False)


def settings_file() -> Path:
    """Return the settings file: what VOICE_ASSIST_SETTINGS names, else the one in the user's folder."""
    named = os.environ.get("VOICE_ASSIST_SETTINGS")
    return Path(named) if named else platformdirs.user_config_path(_APP, appauthor=False) / "settings.toml"


@dataclass(frozen=True)
class Profile:
    """Defaults for one way of life. What the settings file says comes before them."""

    volume: float
    """dB above or below the voice as it is rendered."""
    loudest: float
    """dB that are never exceeded: above `volume`, so that "louder" has room, and not above PLAYABLE."""
    pause: float
    """Seconds of silence after a command (delivery.md section 1: 1.5; 1 to 3; for older people 2)."""
    rate: int = 145
    """Words a minute inside a sentence (delivery.md section 1: 140 to 150)."""


RATES = range(80, 401)
"""Words a minute that can be set. Whoever wakes is best served by 140 to 150, and nobody by less than 120 (delivery.md
section 1); whoever lives with a screen reader listens at 300 and more, and knows best."""

PIPER = ".onnx"
"""What the name of a file ends in that is a voice of piper."""

PLAYABLE = 6.0
"""dB above which a voice gains next to nothing: its peaks are at the top (half of our lines reach it at 5 dB)."""

PROFILES: Mapping[str, Profile] = {
    # Soft: sounds above 45 dBA disturb the others who sleep.
    "night": Profile(volume=-12, loudest=0, pause=1.5),
    # Loud and brisk: awake, on their feet, out of breath, music on.
    "workout": Profile(volume=0, loudest=PLAYABLE, pause=1.0),
    # More time: nothing can be looked up on a screen.
    "low-vision": Profile(volume=0, loudest=PLAYABLE, pause=2.0),
}


HOLDS: Mapping[str, frozenset[str]] = {"workout": frozenset({"brief", "upright", "after_effort"})}
"""What is known of whoever chooses a profile: names of `guide.facts`, and of content packs."""


@dataclass(frozen=True)
class Settings:
    """What the user chose, with the defaults of a profile for the rest. Made by `load()`."""

    profile: str = "night"
    """One of PROFILES."""
    model: str = "en-small"
    """Name or path of the recognizer's model; `voice_assist.models.find` takes it."""
    content: Path = field(default_factory=lambda: content_folder() / "en")
    """Folder of the content pack. A setting may also be the name of one that ships, such as "de"."""
    voice: str = ""
    """The engine's own name of a voice, or the file of a voice of piper (.onnx); empty for the engine's default."""
    rate: int = PROFILES["night"].rate
    """Words a minute, one of RATES."""
    pitch: int | None = None
    """0 to 100, with 50 as usual, where the engine knows a pitch (espeak-ng on Linux); None for the voice's own."""
    as_screen_reader: bool = False
    """Whether the voice, the rate and the pitch of the user's screen reader are taken, where it has them (Linux)."""
    volume: float = PROFILES["night"].volume
    """dB, -30 to +12."""
    loudest: float = PROFILES["night"].loudest
    """dB, -30 to +12: what is never exceeded, whoever asks for it and whatever is said. Never below `volume`."""
    pause: float = PROFILES["night"].pause
    """Seconds after a command, 1 to 3."""
    microphone: str = ""
    """Name of the device, or a part of it; empty for the system's default."""
    loudspeaker: str = ""
    """Name of the device, or a part of it; empty for the system's default."""
    echo_cancellation: bool = True
    """Whether our own voice is taken out of the microphone's sound."""
    nightly_check: str = ""
    """Time of day from which on it once listens for its own soft sound, such as 15:00; empty for never."""
    quiet_hours: str = ""
    """Times of day between which nothing is said unasked, such as 22:00-07:00; empty for none."""
    diary: bool = True
    """Whether a diary of cramps is kept on this machine: no sound, and no word of what was said."""
    clap: bool = False
    """Whether two claps of the hands are asked about, as a bare word is."""
    keep_awake: bool = True
    """Whether the machine is kept from falling asleep while it listens."""
    emergency_number: str = ""
    """Digits; empty if not set. It is never guessed: 111 saves lives in one country and not in another."""
    advice_line: str = ""
    """Digits of a line for medical advice that is no emergency; empty if not set."""
    country: str = ""
    """The country that the emergency number is for, as a code of two letters; empty if nobody told."""
    time_zone: str = ""
    """The time zone in which the emergency number was confirmed; in another the user is asked to look at it."""
    call_name: str = ""
    """Who is to be called after the emergency number, as it is said: "your wife", "Anna"; empty for nobody."""
    person: Mapping[str, bool] = field(default_factory=dict)
    """What is known of the person, by the names that the content pack has for it (its person.yaml)."""
    cache: Path = field(default_factory=cache_folder)
    """Folder for what can be made again."""
    chosen: frozenset[str] = field(default=frozenset(), compare=False)
    """Names of the settings that somebody chose: what is known of the person leaves these as they are."""


def load(file: Path | None = None, *, profile: str = "") -> Settings:
    """Read the settings file, `settings_file()` unless told otherwise; `profile` outranks the one in it.

    No file in the user's folder means the defaults. Raises SettingsError with one line for each
    fault, and for a file that was asked for by name but is not there.
    """
    path = file or settings_file()
    text = _read(path, must_exist=file is not None or bool(os.environ.get("VOICE_ASSIST_SETTINGS")))
    chosen = _values(path, text)
    if profile:
        chosen["profile"] = _checked("--profile", _profile, profile)
    return _with_defaults(chosen)


def salvaged(file: Path | None = None) -> Settings:
    """Return what can still be read of a settings file that has faults, for telling of them: defaults are the rest.

    So a fault is not said in quiet hours, nor by another loudspeaker, whatever is wrong beside them. Raises nothing.
    """
    chosen: dict[str, Any] = {}
    path = file or settings_file()
    folder = path.parent
    with suppress(OSError):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            # Each line by itself: one that is no TOML spoils the others for the reader. Its error is a ValueError.
            with suppress(ValueError):
                for key, value in tomllib.loads(line).items():
                    if key in _SALVAGED:
                        chosen[key] = _READERS[key](value, folder)
    return _with_defaults(chosen)


def _with_defaults(chosen: Mapping[str, Any]) -> Settings:
    """Return settings with the profile's values for those that nobody chose: these yield to what somebody did."""
    values = {**vars(PROFILES[chosen.get("profile", Settings.profile)]), **chosen}
    if "loudest" in chosen:
        values["volume"] = min(values["volume"], values["loudest"])
    else:
        values["loudest"] = max(values["volume"], values["loudest"])
    return Settings(**values, chosen=frozenset(chosen))


def _read(path: Path, *, must_exist: bool) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        if must_exist:
            raise SettingsError(f"{path}: no such settings file; make it, or unset VOICE_ASSIST_SETTINGS") from None
        return ""
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None


def _values(path: Path, text: str) -> dict[str, Any]:
    """Return the checked values of a settings file, or raise all its faults at once."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_not_toml(path, str(error))) from None
    values: dict[str, Any] = {}
    faults: list[str] = []
    for key, value in table.items():
        where = f"{path}:{_line(text, key)}"
        if key not in _READERS:
            faults.append(f"{where}: no setting '{key}'; {_nearest(key)}")
            continue
        try:
            values[key] = _READERS[key](value, path.parent)
        except ValueError as fault:
            faults.append(f"{where}: {key} {fault}")
    volume, loudest = values.get("volume"), values.get("loudest")
    if volume is not None and loudest is not None and volume > loudest:
        faults.append(f"{path}:{_line(text, 'volume')}: volume is {volume}; it must not be above loudest, {loudest} dB")
    if faults:
        raise SettingsError("\n".join(faults))
    return values


def _not_toml(path: Path, problem: str) -> str:
    # The reader tells the place only inside its message: "… (at line 3, column 5)".
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", problem, re.DOTALL)
    reason, line = match.groups() if match else (problem, None)
    return f"{path}{f':{line}' if line else ''}: is not valid TOML: {reason}"


def _line(text: str, key: str) -> int:
    """Return the line that sets a key: the TOML reader does not keep it."""
    setting = re.compile(rf"""\s*(\[+\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if setting.match(line)), 1)


def _nearest(key: str) -> str:
    return did_you_mean(key.lower().replace("-", "_"), _READERS) or f"there are {', '.join(_READERS)}"


def _checked(what: str, reader: _Reader, value: object) -> Any:
    try:
        return reader(value, Path())
    except ValueError as fault:
        raise SettingsError(f"{what} {fault}") from None


# Readers of one value each: they take it and the settings file's folder, and raise ValueError with the
# rest of a sentence that begins with the setting's name.

_Reader = Callable[[object, Path], Any]

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"


def _text(value: object, _folder: Path) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a text in quotes, not {value}")  # noqa: TRY004 - readers raise one kind of error
    return value.strip()


def _profile(value: object, folder: Path) -> str:
    name = _text(value, folder)
    if name not in PROFILES:
        raise ValueError(f"is '{name}'; it must be one of {', '.join(PROFILES)}")
    return name


def _switch(value: object, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not '{value}'")  # noqa: TRY004 - readers raise one kind of error
    return value


def _digits(value: object, folder: Path) -> str:
    number = _text(value, folder)
    if number and not re.fullmatch(r"\+?\d(?:[\d -]*\d)?", number, re.ASCII):
        raise ValueError(f"is '{number}'; it must be digits, such as \"112\"")
    return number


def _time(value: object, folder: Path) -> str:
    time = _text(value, folder)
    if time and not re.fullmatch(_TIME, time, re.ASCII):
        raise ValueError(f"is '{time}'; it must be a time of day, such as \"15:00\", or empty for never")
    return time


def _hours(value: object, folder: Path) -> str:
    hours = _text(value, folder)
    if not hours:
        return hours
    times = re.fullmatch(rf"({_TIME}) *- *({_TIME})", hours, re.ASCII)
    if times is None or times[1] == times[2]:
        raise ValueError(f"is '{hours}'; it must be two times of day, such as \"22:00-07:00\", or empty for none")
    return f"{times[1]}-{times[2]}"


def _country(value: object, folder: Path) -> str:
    return country_code(_text(value, folder))


def _name(value: object, folder: Path) -> str:
    return spoken_name(_text(value, folder))


def _person(value: object, _folder: Path) -> Mapping[str, bool]:
    if not isinstance(value, dict):
        raise ValueError("must be a table, such as [person] with the line: over_65 = true")  # noqa: TRY004 - one kind
    for name, known in value.items():
        if not isinstance(known, bool):
            raise ValueError(f"{name} must be true or false, not '{known}'")  # noqa: TRY004 - readers raise one kind
    return value


def _path(value: object, folder: Path) -> Path:
    name = _text(value, folder)
    if not name:
        raise ValueError("is empty; name a folder, or leave the setting out")
    return folder / os.path.expanduser(name)  # noqa: PTH111 - Path.expanduser raises where there is no home


def _pack(value: object, folder: Path) -> Path:
    named = _path(value, folder)
    shipped = content_folder() / _text(value, folder)
    return shipped if not named.is_dir() and shipped.parent == content_folder() and shipped.is_dir() else named


def _model(value: object, folder: Path) -> str:
    name = _text(value, folder)
    is_path = "/" in name or os.sep in name or name.startswith(("~", "."))
    return str(_path(name, folder)) if is_path or not name else name


def _number(least: float, most: float, unit: str) -> _Reader:
    def read(value: object, _folder: Path) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"must be a number, not '{value}'")  # noqa: TRY004 - readers raise one kind of error
        if not least <= value <= most:
            raise ValueError(f"is {value}; it must lie between {least:g} and {most:g} {unit}".rstrip())
        return value

    return read


def _voice(value: object, folder: Path) -> str:
    name = _text(value, folder)
    return str(_path(name, folder)) if name.endswith(PIPER) else name


def _pitch(value: object, folder: Path) -> int:
    return int(_number(0, 100, "")(value, folder))


def _rate(value: object, folder: Path) -> int:
    return int(_number(RATES[0], RATES[-1], "words a minute")(value, folder))


_READERS: Mapping[str, _Reader] = {
    "profile": _profile,
    "model": _model,
    "content": _pack,
    "voice": _voice,
    "rate": _rate,
    "pitch": _pitch,
    "as_screen_reader": _switch,
    "volume": _number(-30, 12, "dB"),
    "loudest": _number(-30, 12, "dB"),
    "pause": _number(1, 3, "seconds"),
    "microphone": _text,
    "loudspeaker": _text,
    "echo_cancellation": _switch,
    "nightly_check": _time,
    "quiet_hours": _hours,
    "diary": _switch,
    "clap": _switch,
    "keep_awake": _switch,
    "emergency_number": _digits,
    "advice_line": _digits,
    "country": _country,
    "time_zone": _text,
    "call_name": _name,
    "person": _person,
    "cache": _path,
}

_SALVAGED = frozenset({"content", "profile", "volume", "loudest", "loudspeaker", "quiet_hours"})
"""What telling of a fault needs."""
