"""Renders sentences with piper, as a process of its own: a broken voice file may end it.

Run as a script with the path of a job: a JSON object with `voice` (a file), `rate` and `texts`. Sentence n is written
beside it as n.wav, and then a line "ok" to standard output; any other line says why nothing can be rendered, and what
to do. It imports nothing of this package.
"""

from __future__ import annotations

import json
import os
import re
import sys
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]

MEASURED = {
    "en": (
        "Bring your toes back toward your nose.",
        "Push your heel away from you.",
        "Turn on your back and float.",
        "Let your arms drift forward.",
    ),
    "de": ("Zieh die Zehen zur Nase hin.", "Schieb die Ferse von dir weg.", "Lass das Knie ganz gerade."),
}
"""Sentences whose length tells how fast a voice speaks, by language; in others the job's own are measured."""

OFFLINE = ("espeak", "text")
"""Ways from letters to sounds for which piper has all that it needs; for others it may fetch a model."""

LEAST_WORDS, MOST_SENTENCES = 4, 4
"""Of the job's own sentences: those with so many words, and so many of them."""

ROUNDS = 2
"""How often the pace is measured and corrected: what a voice makes of its scale is not quite in proportion."""

SCALES = (0.1, 10.0)
"""The scale of a voice's length is kept within: beyond, it babbles or stands still."""

PAUSE_S = 0.35
"""Seconds between two sentences of one text, at the voice's own pace."""

_SILENT = 10 ** (-50 / 20)
"""What lies under this part of the peak is silence at the ends."""

_EDGES_S = 0.04
"""Seconds of it that stay when the sentence is played."""


class UnusableError(Exception):
    """Nothing can be rendered; the message says why, and what to do."""


class Speaker:
    """A voice at a pace."""

    def __init__(self, voice: Any, make: Any, language: str) -> None:
        """Take a PiperVoice, piper's class of settings, and the voice's language."""
        self._voice, self._make, self._language = voice, make, language
        self.rate = int(voice.config.sample_rate)
        self._scale = float(voice.config.length_scale)

    def pace(self, wanted: int, texts: Sequence[str]) -> None:
        """Speak at so many words a minute from now on, as this voice is measured."""
        long = [text for text in texts if len(words(text)) >= LEAST_WORDS][:MOST_SENTENCES]
        spoken = MEASURED.get(self._language) or long or list(texts)
        for _ in range(ROUNDS):
            heard = sum(len(trimmed(self.sound(text))) for text in spoken) / self.rate
            if heard <= 0:
                raise UnusableError("The voice file gives no sound; take another one.")
            lasts = heard + len(spoken) * _EDGES_S
            measured = 60 * sum(len(words(text)) for text in spoken) / lasts
            self._scale = min(max(self._scale * measured / wanted, SCALES[0]), SCALES[1])

    def sound(self, text: str) -> Sound:
        """Return a text as sound, one sentence after the other."""
        own = float(self._voice.config.length_scale)
        pause = np.zeros(int(PAUSE_S * self.rate * self._scale / own), dtype=np.float32)
        parts: list[Sound] = []
        for chunk in self._voice.synthesize(text, self._make(length_scale=self._scale)):
            parts += [*([pause] if parts else []), np.asarray(chunk.audio_float_array, dtype=np.float32).reshape(-1)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def words(text: str) -> Sequence[str]:
    """Return the words of a text."""
    return re.findall(r"[\w'’]+", text)


def trimmed(sound: Sound) -> Sound:
    """Return a sound without the silence at its ends."""
    heard = np.flatnonzero(np.abs(sound) > np.abs(sound).max(initial=0.0) * _SILENT)
    return sound[heard[0] : heard[-1] + 1] if len(heard) else sound[:0]


def load(path: str) -> Speaker:
    """Return the speaker of a voice file. Raises UnusableError."""
    try:
        from piper import PiperVoice, SynthesisConfig  # noqa: PLC0415  # an extra; and it takes a second

        described = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
        voice = PiperVoice.load(path)
        kind = described.get("phoneme_type", "espeak")
        language = str(described.get("language", {}).get("family") or voice.config.espeak_voice)
    except ImportError as error:
        raise UnusableError(
            f"piper does not start ({error}); install it again: pip install 'voice-assist[piper]'."
        ) from error
    # Whatever onnxruntime or a foreign file raises here, there is no voice, and the person is told why.
    except Exception as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise UnusableError(f"The voice file {path} cannot be used ({reason}); take another one.") from error
    if kind not in OFFLINE:
        raise UnusableError(f"The voice file {path} needs parts that piper fetches from the network; take another one.")
    return Speaker(voice, SynthesisConfig, language.partition("-")[0])


def write(path: Path, sound: Sound, rate: int) -> None:
    """Write a sound as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def render(job: Path) -> None:
    """Render a job."""
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What the engine prints is no report.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    order = json.loads(job.read_text(encoding="utf-8"))
    try:
        speaker = load(order["voice"])
        speaker.pace(order["rate"], order["texts"])
    except UnusableError as error:
        print(" ".join(str(error).split()), file=reports, flush=True)
        return
    for number, text in enumerate(order["texts"]):
        write(job.with_name(f"{number}.wav"), speaker.sound(text), speaker.rate)
        print("ok", file=reports, flush=True)


if __name__ == "__main__":
    # The folder of this script is no place to import from: a module beside it may be called as one that piper needs.
    del sys.path[0]
    render(Path(sys.argv[1]))
