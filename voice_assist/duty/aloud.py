"""Say a fault through the loudspeaker: whoever lies in bed with a cramp reads no screen."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace

import numpy as np

from voice_assist.config import PROFILES, Settings
from voice_assist.content.language import ENGLISH, Language, language_of
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.errors import (
    ContentError,
    DeviceError,
    ModelError,
    NobodyListensError,
    SettingsError,
    VoiceAssistError,
)
from voice_assist.samples import BLOCK, Samples, samples, seconds, silence
from voice_assist.speech import speech_of

_REASONS: Mapping[type[VoiceAssistError], str] = {
    ContentError: "content",
    DeviceError: "device",
    ModelError: "model",
    NobodyListensError: "unheard",
    SettingsError: "setting",
}
"""Kind of fault to the language's name for what is said of it."""

PAUSE = samples(0.4)
"""Silence after each sentence."""

QUEUED_S = 0.06
"""Seconds of sound kept ahead of the loudspeaker."""

STUCK_S = 6.0
"""Seconds after which a loudspeaker that does not play is given up; a sound server may take two to its first block."""


def sentences(fault: VoiceAssistError, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return what is said of a fault: short, without the paths and names that are on the screen."""
    parts = ("helpless", _REASONS.get(type(fault), "other"), "screen")
    return tuple(language.faults[part] for part in parts)


def say_fault(fault: VoiceAssistError, settings: Settings) -> bool:
    """Say a fault, and tell whether there was a loudspeaker and a voice for it.

    Raises nothing of its own: the fault is printed anyway.
    """
    with suppress(VoiceAssistError):
        # The usual voice and rate: those of the settings may be what is wrong.
        usual = replace(settings, voice="", rate=PROFILES["night"].rate, pitch=None, as_screen_reader=False)
        _say(sentences(fault, language_of(settings.content)), usual)
        return True
    return False


def say_line(text: str, settings: Settings) -> None:
    """Say a line that is on the screen, too, and return when it is over; nothing where there is no loudspeaker."""
    with suppress(VoiceAssistError):
        _say((text,), settings)


def _say(texts: Sequence[str], settings: Settings) -> None:
    # What of the settings is not there was told at the start.
    speech = speech_of(settings, lambda _: None, language_of(settings.content))
    rendered = [speech.render(text) for text in texts]
    sound = np.concatenate([part for pcm in rendered for part in (pcm, silence(PAUSE))])
    gain = min(1.0, 10 ** (settings.volume / 20))
    play((sound * gain).astype(np.int16), settings.loudspeaker)


def play(sound: Samples, loudspeaker: str) -> None:
    """Play sound that ends in silence, to its end. Raises DeviceError where the loudspeaker is missing or stuck."""
    with closing(Loudspeaker(loudspeaker)) as device:
        play_on(device, sound)


def play_on(device: Loudspeaker, sound: Samples) -> None:
    """Play sound on a loudspeaker that is open, as `play` does."""
    way = device.pending_s  # nothing is queued yet: this is the sound system's own delay
    for start in range(0, len(sound), BLOCK):
        device.write(sound[start : start + BLOCK])
        _wait_until(device, way + QUEUED_S)
    threading.Event().wait(way)


def _wait_until(device: Loudspeaker, pending_s: float) -> None:
    """Wait until no more than `pending_s` seconds are still to be played."""
    waiting = threading.Event()  # never set: the card's thread plays on, and does not tell
    for _ in range(round(STUCK_S / seconds(BLOCK))):
        if device.pending_s <= pending_s:
            return
        waiting.wait(seconds(BLOCK))
    raise DeviceError("the loudspeaker does not play; plug it in again")
