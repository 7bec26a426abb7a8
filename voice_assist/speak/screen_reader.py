"""How the user's screen reader speaks on Linux: Orca's settings, or else those of speech-dispatcher.

Speech-dispatcher plays what it speaks and gives no sound back, so its settings are taken over and espeak-ng speaks by
them, as its own espeak-ng module would. Read from the files: neither program has to run. Orca 50 keeps its settings in
dconf, which is not read here: what speech-dispatcher's file says is taken then.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ESPEAK = "espeak-ng"

ETC = Path("/etc/speech-dispatcher")
"""Where the settings of speech-dispatcher are for whom has none of their own."""

VARIANTS = {
    "male1": "",
    "male2": "+m1",
    "male3": "+m2",
    "female1": "+f1",
    "female2": "+f2",
    "female3": "+f3",
    "child_male": "+m4",
    "child_female": "+f4",
}
"""Voice types of speech-dispatcher to what its espeak-ng module puts behind a language."""

_RATES = {"EspeakMinRate": 80, "EspeakNormalRate": 170, "EspeakMaxRate": 390}
"""Settings of espeak-ng for -100, 0 and 100 of speech-dispatcher, as its module has them where its file does not."""


@dataclass(frozen=True)
class Speech:
    """How a screen reader speaks, as espeak-ng is told it."""

    source: str = ""
    """The program whose settings these are; empty where there are none."""
    voice: str = ""
    """Name of a voice, with a variant behind a plus; empty where none is set."""
    language: str = ""
    """Such as `en-us`, with a variant behind a plus; empty where none is set."""
    rate: int | None = None
    """Words a minute as espeak-ng counts them; None where none is set."""
    pitch: int | None = None
    """0 to 100; None where none is set."""
    module: str = ESPEAK
    """What speaks for the screen reader."""
    troubles: tuple[str, ...] = ()
    """What could not be taken over, one line each."""


@dataclass
class _Reading:
    """Values of a file of settings, with what is wrong with them."""

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def number(self, key: str, least: int, most: int) -> int | None:
        """Return a number between two bounds; None where it is not set, or is none."""
        text = self.values.get(key)
        if text is None:
            return None
        if not re.fullmatch(r"[+-]?\d{1,6}", text) or not least <= int(text) <= most:
            self.troubles.append(
                f"{self.path}: {key} is '{text}', not a number from {least} to {most}; it is not taken"
            )
            return None
        return int(text)


def found(home: Path | None = None, etc: Path = ETC) -> Speech:
    """Return how the screen reader of the user speaks, Orca's settings before those of speech-dispatcher."""
    dispatcher = _dispatcher(home, etc)
    orca = _orca(_folder("XDG_DATA_HOME", ".local/share", home) / "orca" / "user-settings.conf", dispatcher, etc, home)
    return orca or dispatcher


def _folder(variable: str, usual: str, home: Path | None) -> Path:
    named = os.environ.get(variable, "") if home is None else ""
    return Path(named) if named else (home or Path(os.path.expanduser("~"))) / usual  # noqa: PTH111 - Path.home raises where there is none


def _dispatcher(home: Path | None, etc: Path) -> Speech:
    """Return what speech-dispatcher is set to; its user's file takes the place of the system's."""
    reading = _first("speechd.conf", home, etc)
    if reading is None:
        return Speech()
    values = reading.values
    variant = VARIANTS.get(values.get("DefaultVoiceType", "male1").lower())
    if variant is None:
        reading.troubles.append(f"{reading.path}: DefaultVoiceType is no type of voice; it is not taken")
    language = values.get("DefaultLanguage", "").lower().replace("_", "-")
    rate = reading.number("DefaultRate", -100, 100)
    pitch = reading.number("DefaultPitch", -100, 100)
    return Speech(
        "speech-dispatcher" if values.keys() & _TAKEN else "",
        language=f"{language}{variant or ''}" if language or variant else "",
        rate=None if rate is None else _words(rate, home, etc),
        pitch=None if pitch is None else _pitch(pitch),
        module=values.get("DefaultModule", ESPEAK),
        troubles=tuple(reading.troubles),
    )


_TAKEN = {"DefaultRate", "DefaultPitch", "DefaultVoiceType", "DefaultLanguage"}


def _orca(path: Path, dispatcher: Speech, etc: Path, home: Path | None) -> Speech | None:
    """Return what Orca is set to, with speech-dispatcher's settings for what it leaves open; None without Orca."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        profile = settings.get("general", {}).get("startingProfile", ["", "default"])[1]
        speaking = {**settings.get("general", {}), **settings.get("profiles", {}).get(profile, {})}
        voice = speaking.get("voices", {}).get("default", {})
        family = voice.get("family") or {}
        rate, pitch = _within(voice.get("rate", 50), 99), _within(voice.get("average-pitch", 5), 9)
        server = (speaking.get("speechServerInfo") or ["", "default"])[1]
        name, language = str(family.get("name") or ""), _language(family)
    except FileNotFoundError:
        return None
    except OSError as error:
        return replace(dispatcher, troubles=(*dispatcher.troubles, f"{path}: cannot be read: {error.strerror}"))
    # What stands in a file of another program may have any form: it is not ours to check it piece by piece.
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        trouble = f"{path}: Orca's settings have a form that is not known here; they are not taken"
        return replace(dispatcher, troubles=(*dispatcher.troubles, trouble))
    return Speech(
        "Orca",
        # Orca names the default voice of a synthesizer so that it is nobody's name.
        voice="" if name.endswith("default voice") else name,
        language=language or dispatcher.language,
        rate=_words(int(2 * rate - 98), home, etc),
        pitch=_pitch(int(20 * pitch - 90)),
        module=dispatcher.module if server == "default" else server,
        troubles=dispatcher.troubles,
    )


def _within(value: Any, most: float) -> float:
    return max(0.0, min(most, float(value)))


def _language(family: Mapping[str, Any]) -> str:
    parts = (str(family.get("lang") or ""), str(family.get("dialect") or ""))
    return "-".join(part for part in parts if part).lower().replace("_", "-")


def _words(rate: int, home: Path | None, etc: Path) -> int:
    """Return espeak-ng's setting for a rate from -100 to 100, as speech-dispatcher's module for it does."""
    reading = _first("modules/espeak-ng.conf", home, etc) or _Reading(etc)
    slowest, usual, fastest = (reading.number(key, 1, 1000) or value for key, value in _RATES.items())
    return usual + int((usual - slowest if rate < 0 else fastest - usual) * rate / 100)


def _pitch(pitch: int) -> int:
    """Return espeak-ng's setting for a pitch from -100 to 100."""
    return (pitch + 100) * 50 // 100


def _first(name: str, home: Path | None, etc: Path) -> _Reading | None:
    """Read the user's file of that name, or else the system's; None where there is none."""
    for folder in (_folder("XDG_CONFIG_HOME", ".config", home) / "speech-dispatcher", etc):
        path = folder / name
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            return _Reading(path, troubles=[f"{path}: cannot be read: {error.strerror}"])
        return _Reading(path, _values(text))
    return None


def _values(text: str) -> dict[str, str]:
    """Return the settings of a file of speech-dispatcher that hold for every client: a key, a blank, a value."""
    values: dict[str, str] = {}
    of_one_client = False
    for line in text.splitlines():
        match = re.match(r"""\s*(\w+)(?:\s+["']?([^"'#]*?)["']?\s*(?:\#.*)?)?$""", line)
        if match is None:
            continue
        if match[1] in ("BeginClient", "EndClient"):
            of_one_client = match[1] == "BeginClient"
        elif not of_one_client and match[2] is not None:
            values[match[1]] = match[2]
    return values
