"""What makes the sound of the synthetic people: espeak-ng, flite, festival and Pico, each with many lines at a time.

An engine that is not on this machine is named with what to install, and the others speak in its place.
"""

from __future__ import annotations

import ctypes
import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from scripts.train_model import accents
from scripts.train_model.corpora import Wave, as_wave
from scripts.train_model.voices import ESPEAK, FESTIVAL, FLITE, OWN_VARIANTS, PICO, Manner, Voice, own_variant, refused
from voice_assist.samples import RATE


@dataclass(frozen=True)
class Line:
    """Something to say, by whom and how."""

    voice: Voice
    manner: Manner
    words: str
    """As it is spoken: a comma is a pause."""


Engine = Callable[[Sequence[Line]], Iterator[Wave | None]]
"""Says lines, in order; None for one that it cannot say."""


def engines(work: Path) -> tuple[Mapping[str, Engine], Mapping[str, str]]:
    """Return the engines that are on this machine by their names, and for the others what to do to have them."""
    found: dict[str, Engine] = {}
    missing: dict[str, str] = {}
    try:
        found[ESPEAK] = Espeak(work / "espeak").say
    except (ImportError, OSError) as fault:
        missing[ESPEAK] = f"pip install espeakng_loader ({fault})"
    for name, program, how in (
        (FLITE, "flite", "apt-get install flite"),
        (FESTIVAL, "festival", "apt-get install festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts"),
    ):
        if path := shutil.which(program):
            found[name] = partial(flite if name == FLITE else festival, path)
        else:
            missing[name] = how
    try:
        pico_module: Any = importlib.import_module("ttspico")
        found[PICO] = partial(pico, pico_module)
    except ImportError:
        missing[PICO] = "pip install ttspico (it is compiled: it needs a C compiler)"
    return found, missing


def say(lines: Sequence[Line], available: Mapping[str, Engine]) -> Iterator[Wave | None]:
    """Yield the sound of each line, in order; None where its engine is not here or cannot say it."""
    if wrong := sorted({line.voice.speaker for line in lines if refused(line.voice)}):
        raise ValueError(f"voices of the test must not speak here: {', '.join(wrong)}")
    streams = {
        name: engine([line for line in lines if line.voice.engine == name]) for name, engine in available.items()
    }
    for line in lines:
        stream = streams.get(line.voice.engine)
        yield next(stream) if stream else None


_RETRIEVAL = 2
_DONT_EXIT = 0x8000
_UTF8 = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_MIDDLE = 50
"""Of espeak-ng's interface: samples are handed over and not played; its parameters; pitch and range as they are."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Named(ctypes.Structure):
    """The beginning of espeak-ng's `espeak_VOICE`."""

    _fields_ = (("name", ctypes.c_char_p), ("languages", ctypes.c_char_p), ("identifier", ctypes.c_char_p))


class Espeak:
    """espeak-ng in this process, with throats and accents of our own beside those that it has."""

    def __init__(self, folder: Path) -> None:
        """Load it, from copies of its library and its voices in `folder`.

        Copies, because variants are files among its own, and because two users of one library would share a voice.
        Raises ImportError where the package espeakng_loader is not here, OSError where it does not work.
        """
        loader = importlib.import_module("espeakng_loader")
        data = folder / "espeak-ng-data"
        library = folder / Path(loader.get_library_path()).name
        if not library.exists():
            shutil.copytree(loader.get_data_path(), data, ignore=_other_languages, dirs_exist_ok=True)
            shutil.copy(loader.get_library_path(), library)
        for number in range(accents.COUNT):
            (data / "lang" / accents.accent_name(number)).write_text(accents.accent(number), encoding="ascii")
        for number in range(OWN_VARIANTS):
            text = own_variant(number)
            (data / "voices" / "!v" / text.split()[3]).write_text(text, encoding="ascii")
        self._library = ctypes.CDLL(str(library))
        self._rate = self._library.espeak_Initialize(_RETRIEVAL, 0, str(data).encode(), _DONT_EXIT)
        if self._rate <= 0:
            raise OSError("espeak-ng finds no data of its own")
        self._library.espeak_GetCurrentVoice.restype = ctypes.POINTER(_Named)
        self._blocks: list[npt.NDArray[np.int16]] = []
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._variants = {path.name for path in (data / "voices" / "!v").iterdir()}

    def say(self, lines: Sequence[Line]) -> Iterator[Wave | None]:
        """Yield the sound of each line; None where its accent or its variant is not in this release."""
        for line in lines:
            if line.voice.variant and line.voice.variant not in self._variants:
                yield None
                continue
            name = f"{line.voice.name}+{line.voice.variant}" if line.voice.variant else line.voice.name
            if self._library.espeak_SetVoiceByName(name.encode()):
                yield None
                continue
            accent = (self._library.espeak_GetCurrentVoice().contents.identifier or b"").decode()
            if accent.split("+")[0] != line.voice.name:
                raise OSError(f"espeak-ng speaks as {accent}, not as {line.voice.name}")
            yield self._spoken(line)

    def _spoken(self, line: Line) -> Wave:
        how = line.manner
        for number, value in (
            (_RATE, how.rate),
            (_PITCH, _MIDDLE * (1 + np.log2(how.pitch))),
            (_RANGE, _MIDDLE * how.liveliness),
            (_VOLUME, 100),
        ):
            self._library.espeak_SetParameter(number, int(np.clip(value, 0, 450)), 0)
        self._blocks.clear()
        text = line.words.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
        sound = np.concatenate([*self._blocks, np.zeros(0, np.int16)])
        return _at_rate(as_wave(sound), self._rate)

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if count > 0 and samples:
            self._blocks.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


def _other_languages(folder: str, names: list[str]) -> list[str]:
    """Name what is not English: espeak-ng lists at most 350 voices, variants among them, and forgets the rest."""
    if Path(folder).name == "lang":
        return [name for name in names if name != "gmw"]
    return [name for name in names if name.endswith("_dict") and name != "en_dict"]


def flite(program: str, lines: Sequence[Line]) -> Iterator[Wave | None]:
    """Yield the sound of each line as flite says it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for line in lines:
            how = line.manner
            settings = {
                "duration_stretch": _NATURAL / how.rate,
                "int_f0_target_mean": 110 * how.pitch,  # of kal; the others are shifted from their own
                "int_f0_target_stddev": 11 * how.liveliness,
                "f0_shift": how.pitch,
            }
            given = [part for name, value in settings.items() for part in ("--setf", f"{name}={value:.3f}")]
            command = [program, "-voice", line.voice.name, *given, "-t", line.words, "-o", str(path)]
            done = subprocess.run(command, check=False, capture_output=True, timeout=60)
            yield _read(path) if done.returncode == 0 else None


def festival(program: str, lines: Sequence[Line]) -> Iterator[Wave | None]:
    """Yield the sound of each line as festival says it, many in one run: it takes a second to start."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = "\n".join(_scheme(line, folder / f"{number}.wav") for number, line in enumerate(lines))
        (folder / "say.scm").write_text(script, encoding="ascii")
        command = [program, "--batch", str(folder / "say.scm")]
        subprocess.run(command, check=False, capture_output=True, timeout=60 + 5 * len(lines))
        for number in range(len(lines)):
            yield _read(folder / f"{number}.wav")


def pico(module: Any, lines: Sequence[Line]) -> Iterator[Wave | None]:
    """Yield the sound of each line as SVOX Pico says it."""
    voices: dict[str, Any] = {}
    for line in lines:
        voice = voices.setdefault(line.voice.name, module.TtsEngine(line.voice.name))
        voice.rate = int(np.clip(100 * line.manner.rate / _NATURAL, 20, 500))
        voice.pitch = int(np.clip(100 * line.manner.pitch, 50, 200))
        voice.volume = 50  # at 100 it clips
        sound = as_wave(np.frombuffer(voice.speak(line.words), dtype="<i2"))
        yield _at_rate(sound, RATE) if len(sound) else None


_NATURAL = 160.0
"""Words a minute of a voice that says nothing faster or slower than it is made to."""


def _scheme(line: Line, path: Path) -> str:
    how = line.manner
    own = 170.0 if "slt" in line.voice.name else 105.0
    return (
        f"(unwind-protect (begin (voice_{line.voice.name})"
        f" (Parameter.set 'Duration_Stretch {_NATURAL / how.rate:.3f})"
        f" (set! int_lr_params '((target_f0_mean {own * how.pitch:.0f}) (target_f0_std {14 * how.liveliness:.0f})"
        f" (model_f0_mean 170) (model_f0_std 34)))"
        f' (utt.save.wave (utt.synth (Utterance Text "{line.words}")) "{path}" \'riff)) nil)'
    )


def _read(path: Path) -> Wave | None:
    if not path.exists():
        return None
    sound, rate = soundfile.read(path, dtype="float32")
    path.unlink()
    return _at_rate(np.asarray(sound), rate) if len(sound) else None


def _at_rate(sound: Wave, rate: int) -> Wave:
    return sound if rate == RATE else np.asarray(soxr.resample(sound, rate, RATE, "MQ"), dtype=np.float32)
