"""Devices, voice and pace, chosen by listening: what hears best, what is heard, and what is easier to understand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np

from voice_assist.assembly import Assistant, Tell, assemble
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.devices.live import Live
from voice_assist.devices.portaudio import Microphone, names_in_turn
from voice_assist.duty.aloud import say_line
from voice_assist.errors import DeviceError
from voice_assist.events import Action, Intent, Learned, Understood
from voice_assist.guide.protocol import spoken
from voice_assist.output import OnAction, both
from voice_assist.samples import Samples, samples, seconds, silence
from voice_assist.setup import keeping
from voice_assist.setup.hearing import best
from voice_assist.speak.choices import samples_of_voices

LISTENS = 5.0
"""Seconds in which somebody says anything."""

TURN_S = 0.05
"""Seconds that a microphone is waited for before the next one has its turn."""

PATIENCE = 3.0
"""Seconds besides, after which a microphone that gives nothing is left out: a sound server may take two to begin."""

CALMER = 130
"""The second pace that is offered, in words a minute: slower helps some who are old, and harms others, so it is for
them to hear (delivery.md section 2)."""

SAY_ANYTHING, SAMPLES = "say_anything", ("sample_first", "sample_second")
"""Routines of the part whose lines are spoken outside a session."""

HEAR_ME, CHOOSE_VOICE, CHOOSE_PACE = "hear_me", "choose_voice", "choose_pace"
"""Activities of the part, each one question."""


class Ear(Protocol):
    """A microphone: see `devices.portaudio.Microphone`."""

    def read(self, timeout_s: float) -> tuple[int, Samples] | None:
        """Return the samples lost before the next block, and that block; None if none came in time."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class OtherwiseWantedError(Exception):
    """Somebody wanted something else: help with a cramp, or an end. Never leaves this part."""


def heard(microphones: Mapping[str, Ear], length: float = LISTENS) -> dict[str, Samples]:
    """Return what each microphone hears in the same seconds; nothing of one that gives nothing."""
    found: dict[str, list[Samples]] = {name: [] for name in microphones}
    waits = dict.fromkeys(microphones, 0.0)

    def lacks(name: str) -> bool:
        return sum(map(len, found[name])) < samples(length) and waits[name] < length + PATIENCE

    while open_ones := [name for name in microphones if lacks(name)]:
        for name in open_ones:
            taken = microphones[name].read(TURN_S)
            if taken is None:
                # Each waits while the others have their turn, too.
                waits[name] += TURN_S * len(open_ones)
            else:
                found[name].append(taken[1])
    return {name: np.concatenate(blocks) if blocks else silence(0) for name, blocks in found.items()}


def best_microphone(wanted: Sequence[str], open_one: Callable[[str], Ear] = Microphone) -> str:
    """Listen with all of these microphones at once; return the name of the one that hears best, empty for none."""
    opened: dict[str, Ear] = {}
    try:
        for name in wanted:
            # One that another program holds is none to choose.
            with suppress(DeviceError):
                opened[name] = open_one(name)
        return best(heard(opened)) or ""
    finally:
        for microphone in opened.values():
            microphone.close()


@dataclass
class Choosing:
    """One session that asks single questions, over whichever devices."""

    assistant: Assistant
    on_action: OnAction

    def ask(self, topic: str, microphone: str, loudspeaker: str) -> str:
        """Ask what an activity asks, through these devices; return the fact that was answered, empty for none.

        Raises DeviceError, and OtherwiseWantedError where something else was wanted.
        """
        session = self.assistant.session
        answered: list[str] = []
        others: list[str] = []

        def note(action: Action) -> None:
            if isinstance(action, Learned):
                answered.extend(action.facts)
            elif isinstance(action, Understood) and (
                action.intent.kind in ("start", "emergency", "urgent") or action.intent.slots.get("word") == "stop"
            ):
                others.append(action.intent.name)

        session.act(Intent("question", "question", {"topic": topic}))
        Live(microphone, loudspeaker).run(session, both(self.on_action, note), lambda: session.idle)
        if others:
            raise OtherwiseWantedError
        return answered[-1] if answered else ""


def choose(settings: Settings, file: Path, tell: Tell, on_action: OnAction, load: Callable[[Settings], Pack]) -> bool:
    """Choose devices, voice and pace by listening, as far as nobody has; keep each at once.

    False where it was broken off: somebody said stop, or needed help. Raises SettingsError where nothing can be kept,
    DeviceError where no device works, and what an assistant raises that cannot be put together.
    """
    pack = load(settings)
    if "microphone" not in settings.chosen and len(found := names_in_turn("microphone")) > 1:
        say(pack, SAY_ANYTHING, settings, tell)
        microphone = best_microphone(found)
        tell(f"The microphone that hears you best is {microphone}." if microphone else _NOBODY_HEARD)
        if microphone:
            keeping.keep({"microphone": microphone}, {}, file)
            settings = replace(settings, microphone=microphone)
    assistant = assemble(settings, lambda _line: None, patient=False, load=load)
    with closing(assistant.session):
        try:
            _choose_heard(Choosing(assistant, on_action), settings, pack, file, tell)
        except OtherwiseWantedError:
            return False
    return True


_NOBODY_HEARD = "No microphone heard you well; the system's own is used. To choose again: voice-assist setup --again"


def _choose_heard(choosing: Choosing, settings: Settings, pack: Pack, file: Path, tell: Tell) -> None:
    """Choose what is heard: loudspeaker, voice and pace."""
    if "loudspeaker" not in settings.chosen and len(found := names_in_turn("loudspeaker")) > 1:
        settings = _choose_loudspeaker(choosing, settings, found, file, tell)
    chosen: dict[str, str | int | float | None] = {}
    # Who takes over the voice of a screen reader has chosen.
    ours = not settings.as_screen_reader
    if ours and "voice" not in settings.chosen and (another := _another_voice(pack)):
        offered = [settings, replace(settings, voice=another)]
        settings = _choose_sample(choosing, CHOOSE_VOICE, offered, pack, tell)
        chosen["voice"] = settings.voice
    if ours and "rate" not in settings.chosen:
        offered = [settings, replace(settings, rate=CALMER)]
        settings = _choose_sample(choosing, CHOOSE_PACE, offered, pack, tell)
        chosen["rate"] = settings.rate
    if chosen:
        keeping.keep(chosen, {}, file)


def _another_voice(pack: Pack) -> str:
    """Return a second voice to offer: of espeak-ng, lower than the usual one (delivery.md section 1); else another one.

    Empty where the system has but one for the pack's language. Raises RenderError where the engine does not start.
    """
    return next((choice.voice for choice in samples_of_voices(pack.language.code) if not choice.usual), "")


def _choose_loudspeaker(
    choosing: Choosing, settings: Settings, found: Iterable[str], file: Path, tell: Tell
) -> Settings:
    """Ask through one loudspeaker after the other whether it is heard; the first that is stays."""
    for name in found:
        try:
            answer = choosing.ask(HEAR_ME, settings.microphone, name)
        except DeviceError as fault:
            tell(f"{fault}.")
            continue
        if answer == HEAR_ME:
            tell(f"The loudspeaker that you hear is {name}.")
            keeping.keep({"loudspeaker": name}, {}, file)
            return replace(settings, loudspeaker=name)
    tell("No loudspeaker was heard; the system's own is used. To choose again: voice-assist setup --again")
    return settings


def _choose_sample(choosing: Choosing, topic: str, offered: Sequence[Settings], pack: Pack, tell: Tell) -> Settings:
    """Let two ways to speak be heard; return the one that is easier, the first where nobody says."""
    for routine, settings in zip(SAMPLES, offered, strict=True):
        say(pack, routine, settings, tell)
    answer = choosing.ask(topic, offered[0].microphone, offered[0].loudspeaker)
    return offered[answer == f"{topic} second"]


def say(pack: Pack, routine: str, settings: Settings, tell: Tell) -> None:
    """Say the lines of a routine, in the settings' voice and through its loudspeaker, and return when it is over."""
    for line in spoken(pack.guide.routines[routine].steps):
        tell(line)
        say_line(line, settings)
        threading.Event().wait(seconds(samples(0.2)))
