"""The check of the sound: the room, our own voice in it, and a phrase that the recognizer must understand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from voice_assist.check.calibrate import Calibration, calibrate
from voice_assist.check.duplex import Loudspeaker, Microphone, play_and_hear
from voice_assist.check.measure import NOISY as NOISY_FROM
from voice_assist.check.measure import SOFT, Heard, clipped, heard_of, in_words, noise_of
from voice_assist.check.report import Finding
from voice_assist.content import Pack
from voice_assist.events import Context
from voice_assist.hear.loudness import SILENCE
from voice_assist.hear.probe import Echo
from voice_assist.hear.recognizer import Recognizer
from voice_assist.room import QuietCheck, RoomMemory
from voice_assist.samples import Samples, samples, silence
from voice_assist.understand.matcher import Matcher

QUIET = samples(2.0)
"""Samples in which the room is listened to."""

LEAD, TAIL = samples(0.3), samples(1.0)
"""Silence before a sound of ours, and after it: what comes late is heard, too."""

RAISED = 12.0
"""dB by which our voice is raised where it was not heard at first."""

TOP = 29_000
"""The loudest sample of it, of 32767."""

TOO_SOFT = -60.0
"""dBFS of our own voice in the microphone below which somebody's voice will be too soft, too."""


@dataclass(frozen=True)
class Sounds:
    """What is played."""

    own: Samples
    """A line in our own voice, as it is rendered."""
    other: Samples
    """The test phrase in another voice."""


@dataclass(frozen=True)
class Result:
    """What came of it: a line each, and what is to be kept."""

    findings: tuple[Finding, ...]
    room: RoomMemory


class SelfTest:
    """One check of the sound, on devices that are open."""

    def __init__(
        self, microphone: Microphone, loudspeaker: Loudspeaker, *, volume: float, most: float, date: str
    ) -> None:
        """Take the devices, the voice's volume and the most that it may have (dB), and the time: `2026-11-27 15:00`."""
        self._microphone, self._loudspeaker = microphone, loudspeaker
        self._volume, self._most, self._date = volume, most, date
        self._findings: list[Finding] = []

    def run(self, sounds: Sounds, pack: Pack, recognizer: Recognizer | None, room: RoomMemory) -> Result:
        """Play, listen, and tell. Raises DeviceError where a device is lost on the way."""
        quiet = play_and_hear(self._microphone, self._loudspeaker, silence(QUIET))
        noise = noise_of(quiet)
        if not self._microphone_works(quiet, noise):
            self._tell_calibration(Calibration(None, "the microphone gives nothing"))
            return Result(tuple(self._findings), replace(room, quiet_check=self._checked(None)))
        heard, volume = self._own_voice(sounds.own, noise)
        self._tell_voice(heard, noise)
        calibration = calibrate(heard, noise, self._most)
        self._tell_calibration(calibration)
        if recognizer is not None and heard.echo is not None:
            self._recognizer(sounds.other, volume, pack, recognizer)
        return Result(tuple(self._findings), self._kept(room, noise, heard, calibration))

    def _microphone_works(self, quiet: Samples, noise: float) -> bool:
        if not quiet.any():
            cure = "unmute it, and allow programs to use it in the system's settings"
            self._wrong("microphone", f"it gives nothing but zeros; {cure}", "mute")
            return False
        if clipped(quiet):
            self._wrong("microphone", "its sound is cut off at the top; turn its level down", "clipped")
        elif noise >= NOISY_FROM:
            self._wrong("microphone", f"the room is {in_words(noise)} ({noise:.0f} dBFS); make it quieter", "noisy")
        else:
            self._right("microphone", f"it hears; the room is {in_words(noise)}, {noise:.0f} dBFS")
        return True

    def _own_voice(self, own: Samples, noise: float) -> tuple[Heard, float]:
        """Play our voice, once more and louder where it is not heard; return what became of it and its volume."""
        heard, volume = Heard(None, SILENCE, clipped=False), self._volume
        for volume in dict.fromkeys((self._volume, min(self._volume + RAISED, self._most))):
            sound = _padded(_at(own, volume))
            heard = heard_of(sound, play_and_hear(self._microphone, self._loudspeaker, sound), noise)
            if heard.echo is not None:
                break
        return heard, volume

    def _tell_voice(self, heard: Heard, noise: float) -> None:
        if heard.echo is None:
            cure = "switch it on, turn it up, or bring the microphone nearer; with headphones this cannot be tested"
            self._wrong("loudspeaker", f"our own voice is not heard by the microphone; {cure}", "unheard")
            return
        late = f"{1000 * heard.echo.delay:.0f} ms late"
        self._right("loudspeaker", f"our voice comes back at {heard.echo.level:.0f} dB, {late}")
        if heard.clipped:
            self._wrong("microphone", "our voice is cut off at the top in it; turn its level down", "clipped")
        elif heard.loudness < TOO_SOFT and noise < SOFT:
            self._wrong("microphone", f"it is too soft ({heard.loudness:.0f} dBFS); turn its level up", "soft")

    def _tell_calibration(self, calibration: Calibration) -> None:
        if calibration.volume is None:
            self._findings.append(unfitted(calibration.why))
        else:
            self._right("loudness", f"the voice of the night is {calibration.volume:+.0f} dB in this room")

    def _recognizer(self, other: Samples, volume: float, pack: Pack, recognizer: Recognizer) -> None:
        sound = _padded(_at(other, volume))
        heard = play_and_hear(self._microphone, self._loudspeaker, sound)
        recognizer.reset()
        texts = [one.text for one in (*recognizer.accept(heard), *recognizer.finish()) if one.final]
        matcher = Matcher(pack.lexicon)
        wanted = matcher.match(pack.check.phrase, Context(awake=True))
        found = [matcher.match(text, Context(awake=True)) for text in texts]
        if any(one is not None and one.same_as(wanted) for one in found):
            self._right("recognizer", f"it understood '{pack.check.phrase}', spoken by another voice")
        else:
            cure = "bring the microphone nearer, or make the room quieter"
            self._wrong("recognizer", f"it did not understand '{pack.check.phrase}'; {cure}", "misheard")

    def _kept(self, room: RoomMemory, noise: float, heard: Heard, calibration: Calibration) -> RoomMemory:
        return replace(
            room,
            measured=self._date[:10],
            noise=noise,
            echo_level=heard.echo.level if heard.echo else None,
            echo_delay=heard.echo.delay if heard.echo else None,
            volume=room.volume if calibration.volume is None else calibration.volume,
            quiet_check=self._checked(heard.echo),
        )

    def _checked(self, echo: Echo | None) -> QuietCheck:
        names = tuple(dict.fromkeys(finding.name for finding in self._findings if finding.name))
        # They are said at the end of the check: nobody need be told of them again.
        return QuietCheck(self._date, names, names, echo.level if echo else None, echo.delay if echo else None)

    def _right(self, part: str, what: str) -> None:
        self._findings.append(Finding(part, what))

    def _wrong(self, part: str, what: str, name: str) -> None:
        self._findings.append(Finding(part, what, ok=False, name=name))


def unfitted(why: str) -> Finding:
    """Return that the loudness was not fitted: no fault by itself, as with headphones, but it is said."""
    return Finding("loudness", f"it cannot be calibrated, and stays as it is: {why}", name="unfitted")


def speak(texts: Sequence[str], sound: Callable[[str], Samples], volume: float) -> Samples:
    """Return lines as one sound, with a pause after each."""
    parts = [part for text in texts for part in (_at(sound(text), volume), silence(LEAD))]
    return np.concatenate([*parts, silence(TAIL)])


def _at(sound: Samples, volume: float) -> Samples:
    # As in the night: what would be cut off at the top is played less loud, and no other sound.
    most = TOP / max(int(np.abs(sound.astype(np.int32)).max(initial=0)), 1)
    louder: Samples = np.rint(sound * min(10 ** (volume / 20), most)).astype(np.int16)
    return louder


def _padded(sound: Samples) -> Samples:
    return np.concatenate((silence(LEAD), sound, silence(TAIL)))
