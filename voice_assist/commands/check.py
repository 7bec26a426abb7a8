"""The command that checks everything that a night needs, and tells it in plain words and by voice."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import click

from voice_assist import config, models, room
from voice_assist.assembly import graph_folder, load_pack, speakable
from voice_assist.check.duplex import play_and_hear
from voice_assist.check.report import Finding, Report, kept
from voice_assist.check.self_test import SelfTest, Sounds, speak, unfitted
from voice_assist.choices import check_hears, with_choice
from voice_assist.clocks import wall
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.content.language import language_of
from voice_assist.devices.portaudio import Loudspeaker, Microphone
from voice_assist.duty.aloud import play_on
from voice_assist.errors import VoiceAssistError
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.worker import open_recognizer
from voice_assist.models.calibration import calibration_of
from voice_assist.output import message_first
from voice_assist.samples import Samples
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speech import speech_of
from voice_assist.understand.grammar import sentences

OTHER = "+f3" if sys.platform.startswith("linux") else ""
"""The variant of a voice that says the test phrase: not the assistant's own, where the engine knows variants."""

ENGLISH_VOICE = "en-us" if sys.platform.startswith("linux") else ""
"""The voice that this is a variant of, where the pack names none."""

OTHER_RATE = 140
"""Words a minute of the test phrase."""


@click.command("check")
@click.option("--forget", is_flag=True, help="Forget what is kept of this room, and check nothing.")
@click.option(
    "--forget-false-alarms",
    is_flag=True,
    help='Forget only how often somebody said "that was nothing", and check nothing.',
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--model", metavar="MODEL", help="Name or folder of a Vosk model.")
@click.option("--content", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Folder of a content pack.")
def check_command(
    *, forget: bool, forget_false_alarms: bool, as_json: bool, model: str | None, folder: Path | None
) -> None:
    """Check content, voice, recognizer, loudspeaker and microphone, by listening to its own voice.

    It takes about half a minute, speaks softly, and fits the night's voice to the room. Exits 1 where something does
    not work.
    """
    if forget:
        file = room.room_file()
        click.echo(f"Forgotten: {file}" if room.forget() else f"Nothing is kept of this room: {file} is not here.")
        return
    if forget_false_alarms:
        _forget_false_alarms()
        return
    settings = with_choice(config.load(), model, folder)
    report = _Check(settings, as_json=as_json).run()
    if as_json:
        click.echo(report.as_json())
    raise click.exceptions.Exit(0 if report.ok else 1)


def _forget_false_alarms() -> None:
    """Forget what "that was nothing" has taught, and nothing else."""

    def aside(line: str) -> None:
        click.echo(line, err=True)

    memory = room.load(aside)
    if not memory.false_alarms:
        click.echo(f"No false alarms are kept of this room in {room.room_file()}.")
    elif room.save(replace(memory, false_alarms=0), aside):
        count = memory.false_alarms
        click.echo(f"Forgotten: false alarms, {count}. What listens already goes by them until it is started anew.")
    else:
        raise click.exceptions.Exit(1)


class _Check:
    """One run of the check; what it finds is told as it is found."""

    def __init__(self, settings: Settings, *, as_json: bool) -> None:
        self._settings = settings
        self._as_json = as_json
        self._language = language_of(settings.content)
        self._findings: list[Finding] = []
        self._speech = speech_of(settings, self._aside, self._language)
        self._voice = self._speech.phrasebook(settings.cache)

    def run(self) -> Report:
        """Check one part after another; a part that fails does not keep the others from being checked."""
        before = room.load(self._aside)
        pack, sounds, after = None, None, before
        with ExitStack() as stack:
            recognizer = None
            with self._blamed("content"):
                pack = load_pack(self._settings)
                places = len(pack.guide.protocols)
                self._right(
                    "content", f"no faults; {places} places, {len(pack.lines())} spoken lines, in {pack.folder}"
                )
                self._number()
            if pack:
                with self._blamed("voice"):
                    sounds = self._sounds(pack)
                    self._right("voice", f"it speaks ({self._speech.renderer.version})")
                with self._blamed("recognizer"):
                    recognizer = stack.enter_context(closing(self._recognizer(pack)))
            after = self._sound(stack, pack, sounds, recognizer, before)
        for line in kept(after):
            self._right("room", line)
        return Report(tuple(self._findings), after)

    def _sound(
        self,
        stack: ExitStack,
        pack: Pack | None,
        sounds: Sounds | None,
        recognizer: Recognizer | None,
        before: room.RoomMemory,
    ) -> room.RoomMemory:
        """Check both devices together; return what is known of the room afterwards."""
        microphone, loudspeaker = None, None
        with self._blamed("microphone"):
            microphone = stack.enter_context(closing(Microphone(self._settings.microphone)))
        with self._blamed("loudspeaker"):
            loudspeaker = stack.enter_context(closing(Loudspeaker(self._settings.loudspeaker)))
        if not (loudspeaker and pack and sounds):
            return before
        if microphone is None:
            self._tell(unfitted("there is no microphone"))
            with suppress(VoiceAssistError):
                play_on(loudspeaker, self._aloud(pack, before))
            return before
        settings, today = self._settings, f"{wall():%Y-%m-%d %H:%M}"
        test = SelfTest(microphone, loudspeaker, volume=settings.volume, most=settings.loudest, date=today)
        after = before
        with self._blamed("microphone"):
            named = replace(before, microphone=microphone.name, loudspeaker=loudspeaker.name)
            result = test.run(sounds, pack, recognizer, named)
            for finding in result.findings:
                self._tell(finding)
            if result.room != named:
                after = result.room
                room.save(after, self._aside)
            # Whoever checks with headphones on reads the screen; a voice that fails was told of above.
            with suppress(VoiceAssistError):
                play_and_hear(microphone, loudspeaker, self._aloud(pack, after))
        return after

    def _aloud(self, pack: Pack, known: room.RoomMemory) -> Samples:
        """Return what was found, as sound; that all is right only where nothing was."""
        names, settings, check = Report(tuple(self._findings)).names, self._settings, pack.check
        lines = [check.findings[name] for name in names if name in check.findings]
        if not names and check.all_right:
            lines = [check.all_right]
        volume = settings.volume if known.volume is None else min(known.volume, settings.loudest)
        return speak(lines, self._voice.sound, volume)

    def _sounds(self, pack: Pack) -> Sounds | None:
        if not pack.check.phrase:
            self._right("voice", "the pack has no check.yaml, so the sound of the room is not checked")
            return None
        voice = f"{self._language.voice or ENGLISH_VOICE}{OTHER}"
        other = Pyttsx3Renderer().render(pack.check.phrase, voice, OTHER_RATE)
        return Sounds(self._voice.sound(pack.check.listen), other)

    def _recognizer(self, pack: Pack) -> Recognizer:
        folder = models.find(self._settings.model)
        check_hears(folder, pack.language)
        calibration = calibration_of(folder)
        graph = graph_folder(folder, pack, calibration, self._settings.cache, self._aside)
        recognizer = open_recognizer(folder, sentences(pack.lexicon, calibration.weights), patient=True, graph=graph)
        unknown = len(speakable(recognizer.missing))
        knows = f"it does not know {unknown} words of the pack" if unknown else "it knows every word of the pack"
        self._right("recognizer", f"{recognizer.name}: {knows}")
        return recognizer

    def _number(self) -> None:
        number = self._settings.emergency_number
        told = f"{number} is said in an emergency" if number else "none is set; to set yours: voice-assist setup"
        self._right("number", told)

    def _blamed(self, part: str) -> _Blamed:
        return _Blamed(self, part)

    def _right(self, part: str, what: str) -> None:
        self._tell(Finding(part, what))

    def _tell(self, finding: Finding) -> None:
        self._findings.append(finding)
        if not self._as_json:
            click.echo(str(finding))

    def _aside(self, line: str) -> None:
        click.echo(line, err=True)

    def fail(self, part: str, fault: VoiceAssistError) -> None:
        """Take note of a part that does not work."""
        for line in str(fault).splitlines():
            self._tell(Finding(part, message_first(line), ok=False, name="broken"))


class _Blamed:
    """Turns a fault of the block into a line of the report."""

    def __init__(self, check: _Check, part: str) -> None:
        self._check, self._part = check, part

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> bool:
        """Take a fault that a user can meet; all others go on."""
        if isinstance(fault, VoiceAssistError):
            self._check.fail(self._part, fault)
            return True
        return False
