"""Renders sentences with pyttsx3, as a process of its own: engines print, hang and abort.

Run as a script with the path of a job: a JSON object with `voice`, `rate`, `pitch` (or null) and
`texts`. Sentence n is written beside it as n.wav, and then a line "ok" to standard output; any
other line says why nothing can be rendered, and what to do. A job with `list` is answered by one
line of JSON: the voices, and which one is usual.

It imports nothing of this package, so that it starts at once. pyttsx3 loses sentences and settings
if it is used freely, so this uses it narrowly: one voice and one rate a process, set after an empty
first run; files only, one a run; on Linux each step only when espeak-ng has done the one before.
"""

from __future__ import annotations

import ctypes
import difflib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

LINUX = sys.platform.startswith("linux")

LINUX_VOICE = "en-us"
"""What espeak-ng speaks with if no voice is asked for: its own default depends on the version."""

CURES = {
    "linux": "install espeak-ng: pip install espeakng-loader, or your system's package espeak-ng",
    "darwin": "choose an English voice in System Settings, Accessibility, Spoken Content",
    "win32": "add an English voice in Settings, Time & language, Speech",
}
"""What to do on each platform when its voices do not work."""


class Voice(Protocol):
    """A voice as pyttsx3 lists it."""

    id: str
    name: str | None
    languages: Sequence[str]


class UnusableError(Exception):
    """Nothing can be rendered; the message says why, and what to do."""


def cure() -> str:
    """Return what to do on this platform when its voices do not work."""
    return CURES.get(sys.platform, CURES["linux"])


def load_espeak() -> None:
    """Make pyttsx3 find the espeak-ng of the wheel; without the wheel it looks for the system's."""
    try:
        import espeakng_loader  # noqa: PLC0415  # there is none outside Linux
    except ImportError:
        return
    data = Path(espeakng_loader.get_data_path())
    # Without this espeak-ng ends the process when it finds no data of its own.
    os.environ["ESPEAK_DATA_PATH"] = str(data)
    ctypes.CDLL(str(data.parent / "libespeak-ng.so.1"), mode=ctypes.RTLD_GLOBAL)


def find_voice(wanted: str, voices: Sequence[Voice]) -> str:
    """Return the engine's id of a voice given by id, short id (`en-us`), name or language.

    A variant of espeak-ng stays behind it: `en-gb+f3`. Raises UnusableError for an unknown voice.
    """
    base, plus, variant = wanted.partition("+")
    ids = {voice.id.casefold(): voice.id for voice in voices}
    languages = {name.casefold(): voice.id for voice in reversed(voices) for name in _languages(voice)}
    # Whoever asks for German takes it of Germany, Austria or Switzerland.
    languages = {name.partition("-")[0]: voice for name, voice in languages.items()} | languages
    names = {voice.name.casefold(): voice.id for voice in voices if voice.name}
    short_ids = {voice.id.casefold().rpartition("/")[2]: voice.id for voice in voices}
    # An id counts before a name, and a name before a language, which several voices may speak.
    known = languages | names | short_ids | ids
    if base.casefold() in known:
        return f"{known[base.casefold()]}{plus}{variant}"
    near = difflib.get_close_matches(base.casefold(), short_ids.keys() | names, n=3, cutoff=0.0)
    raise UnusableError(f"There is no voice '{base}'; choose {', '.join(near)}, or leave it empty for the usual one.")


def default_voice(current: str | None, voices: Sequence[Voice]) -> str | None:
    """Return the system's default voice, or its first English one if the default speaks another language."""
    english = [voice.id for voice in voices if any(name.lower().startswith("en") for name in _languages(voice))]
    return current if current in english or not english else english[0]


def settle() -> None:
    """Wait until espeak-ng has done all it was told: the start of a run cancels what is under way."""
    if LINUX:
        from pyttsx3.drivers import _espeak  # noqa: PLC0415  # loads espeak-ng, and only there

        while _espeak.IsPlaying():
            time.sleep(0.001)


def start_engine() -> tuple[Any, Sequence[Voice], str | None]:
    """Return a pyttsx3 engine, its voices, and the id of the one that it speaks with now. Raises UnusableError."""
    try:
        if LINUX:
            load_espeak()
        import pyttsx3  # noqa: PLC0415  # loads espeak-ng, so not before us

        engine = pyttsx3.init()
        return engine, engine.getProperty("voices"), engine.getProperty("voice")
    # Whatever a foreign driver raises here, there is no voice, and the person is told why.
    except Exception as error:
        raise UnusableError(f"The voice does not start ({error}); {cure()}.") from error


def chosen_voice(voice: str, voices: Sequence[Voice], current: str | None) -> str | None:
    """Return the id of a voice that was asked for, or of the usual one. Raises UnusableError."""
    wanted = voice or (LINUX_VOICE if LINUX else "")
    return find_voice(wanted, voices) if wanted else default_voice(current, voices)


def variants() -> list[str]:
    """Return what may stand behind a voice and a plus; empty where espeak-ng is not that of the wheel."""
    try:
        import espeakng_loader  # noqa: PLC0415  # there is none outside Linux
    except ImportError:
        return []
    return sorted(file.name for file in Path(espeakng_loader.get_data_path(), "voices", "!v").iterdir())


def listing() -> str:
    """Return the voices, which of them is usual, and their variants, as one line of JSON. Raises UnusableError."""
    _, voices, current = start_engine()
    known = [{"id": voice.id, "name": voice.name or voice.id, "languages": _languages(voice)} for voice in voices]
    return json.dumps({"voices": known, "usual": chosen_voice("", voices, current) or "", "variants": variants()})


def open_engine(voice: str, rate: int, pitch: int | None) -> Any:
    """Return a pyttsx3 engine that speaks so. Raises UnusableError."""
    engine, voices, current = start_engine()
    found = chosen_voice(voice, voices, current)
    if pitch is not None and engine.getProperty("pitch") is None:
        raise UnusableError("The voices of this system have no pitch to choose; leave it out.")
    settle()
    # On Linux the first run returns before its sentence is written: let it have none.
    engine.runAndWait()
    for name, value in (("voice", found), ("rate", rate), ("pitch", pitch)):
        if value is not None:
            engine.setProperty(name, value)
    settle()
    # pyttsx3 keeps quiet about a voice that the engine refused.
    if found and str(engine.getProperty("voice")).casefold() != found.casefold():
        raise UnusableError(f"There is no voice '{voice}'; its name without the variant behind the plus may work.")
    if round(engine.getProperty("rate")) != rate:
        raise SystemExit("The rate was lost on its way to the engine; a new process does better.")
    return engine


def render(job: Path) -> None:
    """Render a job."""
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # pyttsx3 prints where each file went.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    order = json.loads(job.read_text(encoding="utf-8"))
    try:
        if order.get("list"):
            print(listing(), file=reports, flush=True)
            return
        engine = open_engine(order["voice"], order["rate"], order["pitch"])
    except UnusableError as error:
        print(" ".join(str(error).split()), file=reports, flush=True)
        return
    for number, text in enumerate(order["texts"]):
        settle()
        if not LINUX:
            # As in a first run: else macOS cuts the sentence short and Windows waits for ever.
            engine.proxy.setBusy(True)
        engine.save_to_file(text, str(job.with_name(f"{number}.wav")))
        engine.runAndWait()
        print("ok", file=reports, flush=True)


def _languages(voice: Voice) -> list[str]:
    return [str(language).replace("_", "-") for language in voice.languages]


if __name__ == "__main__":
    render(Path(sys.argv[1]))
