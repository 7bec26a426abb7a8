"""The commands of the command line: the only place, with `assembly`, that wires the parts together."""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import click

from voice_assist import __version__, config, content, models, own_phrases, room
from voice_assist.aloud import say_line
from voice_assist.assembly import Assistant, Tell, assemble, assemble_typing, how_to_teach, load_pack, unknown_words
from voice_assist.check.nightly import Nightly
from voice_assist.check_command import check_command
from voice_assist.config import PROFILES, Settings
from voice_assist.devices.edge import Together
from voice_assist.devices.keyboard import Console, converse, follow
from voice_assist.devices.live import Live
from voice_assist.devices.portaudio import Loudspeaker, Microphone
from voice_assist.devices.recording import Recording, rehearse
from voice_assist.devices.typed import UntilIdle, script
from voice_assist.devices.watch import Watch
from voice_assist.errors import DeviceError
from voice_assist.events import Intent
from voice_assist.hours import Nights, QuietHours
from voice_assist.numbers_command import numbers_command
from voice_assist.on_duty import alone, awake
from voice_assist.output import JsonLines, OnAction, PlainLines, both, journal_in, print_line
from voice_assist.restarts import Restarts, faults_aloud
from voice_assist.samples import seconds
from voice_assist.service_command import service_command
from voice_assist.teaching import add_words

DEMO = "demo.flac"
"""The recording in a content pack that is rehearsed where there is no microphone."""

DEMO_ANSWER = "voice-assist-demo.wav"
"""The spoken answer to it."""

_json = click.option(
    "--json", "as_json", is_flag=True, help="Print the journal's JSON lines, with the words that were heard."
)
_profile = click.option(
    "--profile", type=click.Choice(sorted(PROFILES)), help="night (the default), workout or low-vision."
)
_model = click.option(
    "--model", metavar="MODEL", help="Name or folder of a Vosk model; `voice-assist models` lists them."
)
_content = click.option(
    "--content", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Folder of a content pack."
)
_journal = click.option(
    "--journal", type=click.Path(path_type=Path), metavar="FILE", help="Write what happens to FILE, with the words."
)


@click.group(
    invoke_without_command=True,
    epilog=f"Settings are read from {config.settings_file()}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="voice-assist")
@click.pass_context
def cli(context: click.Context) -> None:
    """Hands-free help with muscle cramps, on this machine alone.

    With no command it listens. Say where it cramps, for example "my calf is cramping"; say "stop" for
    silence. It is no doctor and cannot call for help.
    """
    if context.invoked_subcommand is None:
        _listen_or_show(_settings_aloud())


def _listen_or_show(settings: Settings) -> None:
    """Listen; where there is no microphone, say so and rehearse the recording that ships with the content."""
    live = Live(settings.microphone, settings.loudspeaker)
    try:
        live.open()
    except DeviceError as fault:
        reason = str(fault)
        _tell(f"{reason[:1].upper()}{reason[1:]}.")
        _tell("Until then, this is how it sounds: a recording is heard and answered.")
        _rehearse(settings, settings.content / DEMO, _writable_folder(settings) / DEMO_ANSWER, None)
    else:
        with faults_aloud(settings):
            _run_live(settings, live, None, as_json=False)


def _writable_folder(settings: Settings) -> Path:
    """Return where the demonstration's answer goes: here, or where one may write."""
    for folder in (Path(), settings.cache):
        # Tried, not asked: a system may promise what a read-only disk does not keep.
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return Path(tempfile.gettempdir())


@cli.command()
@_profile
@_model
@_content
@_journal
@click.option("--wait", is_flag=True, help="Wait for a microphone and a loudspeaker that are not there yet.")
@_json
def listen(
    profile: str | None,
    model: str | None,
    folder: Path | None,
    journal: Path | None,
    *,
    wait: bool,
    as_json: bool,
) -> None:
    """Listen through the microphone and speak through the loudspeaker, until Ctrl-C."""
    settings = _settings_aloud(profile, model, folder, service=wait)
    with faults_aloud(settings, service=wait):
        live = Live(settings.microphone, settings.loudspeaker, waits=wait)
        live.open()
        _run_live(settings, live, journal, as_json=as_json)


@cli.command("rehearse")
@click.argument("recording", type=click.Path(path_type=Path), metavar="IN.wav")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="OUT.wav",
    help="Write the spoken answer to OUT.wav.",
)
@_journal
@_profile
@_model
@_content
@_json
def rehearse_command(
    recording: Path,
    out: Path | None,
    journal: Path | None,
    profile: str | None,
    model: str | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Listen to a recording instead of the microphone, faster than real time."""
    settings = _settings(profile, model, folder)
    _rehearse(settings, recording, out, journal, as_json=as_json)


@cli.command()
@click.argument("place")
@_profile
@_content
@_journal
@_json
def start(place: str, profile: str | None, folder: Path | None, journal: Path | None, *, as_json: bool) -> None:
    """Begin the protocol of PLACE at once (calf, hamstring …), then listen as ever."""
    settings = _settings_aloud(profile, None, folder)
    with faults_aloud(settings):
        pack = load_pack(settings)
        if place not in pack.guide.protocols:
            known = ", ".join(sorted(pack.guide.protocols))
            raise click.BadParameter(f"'{place}' has no protocol; there are {known}", param_hint="PLACE")
        intent = Intent(pack.start, "start", {"place": place})
        live = Live(settings.microphone, settings.loudspeaker)
        try:
            live.open()
        except DeviceError as fault:
            _speak_unheard(settings, journal, intent, f"{fault}.", as_json=as_json)
        else:
            _run_live(settings, live, journal, intent, as_json=as_json)


def _speak_unheard(settings: Settings, journal: Path | None, intent: Intent, why: str, *, as_json: bool) -> None:
    """Guide somebody who cannot be heard, as long as it takes; what is typed meanwhile counts.

    Raises DeviceError where there is no loudspeaker either.
    """
    tell = _teller(as_json=as_json)
    with ExitStack() as stack:
        loudspeaker = stack.enter_context(closing(Loudspeaker(settings.loudspeaker)))
        tell(f"{why} Type your answers, or just follow the voice.")
        session = _open(stack, assemble_typing(settings, tell)).session
        on_action = _listener(stack, journal, as_json=as_json, words=False)
        session.act(intent)
        converse(session, UntilIdle(session, sys.stdin), on_action, loudspeaker.write)


@cli.command("type")
@_profile
@_content
@_journal
@_json
def type_command(profile: str | None, folder: Path | None, journal: Path | None, *, as_json: bool) -> None:
    """Hold the dialogue by keyboard: everything that can be spoken can be typed."""
    settings = _settings(profile, None, folder)
    tell = _teller(as_json=as_json)
    with ExitStack() as stack:
        session = _open(stack, assemble_typing(settings, tell)).session
        on_action = _listener(stack, journal, as_json=as_json, words=False)
        if sys.stdin.isatty():
            tell("Type where it cramps, then press Enter. Ctrl-D or Ctrl-C ends it.")
            converse(session, Console(sys.stdin), on_action)
        else:
            follow(session, script(sys.stdin), on_action)


@cli.group(invoke_without_command=True, name="models")
@click.pass_context
def models_command(context: click.Context) -> None:
    """List the models that are here and those that can be fetched."""
    if context.invoked_subcommand is None:
        for model in models.listing():
            _tell(_describe_model(model))


@models_command.command()
@click.argument("name")
def fetch(name: str) -> None:
    """Fetch a model from its publisher, check it and unpack it. The only command that uses the network."""
    from voice_assist.models.fetch import fetch as fetch_model  # noqa: PLC0415 - nothing else may load network code

    fetch_model(models.fetchable(name), _tell)


@models_command.command()
@click.argument("name", required=False, metavar="[MODEL]")
@_content
@click.option(
    "--words",
    "asked",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A list of more words; a line may say how one is said: hammy HH AE M IY",
)
def extend(name: str | None, folder: Path | None, asked: Path | None) -> None:
    """Teach a model of ours, such as en-small, the words of a content pack that it lacks.

    A model that ships with the program stays as it is: a copy of it, with more words, goes among your own models.
    """
    add_words(_settings(model=name, folder=folder), asked, _tell)


@cli.group("content", no_args_is_help=False)
def content_command() -> None:
    """Work on content packs."""


@content_command.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@_model
def check(folder: Path | None, model: str | None) -> None:
    """Check a content pack and list every fault in it: file, line, reason.

    With --model, also list the words of the pack that the model cannot hear.
    """
    settings = _settings(model=model, folder=folder)
    pack = content.load(settings.content)
    _tell(f"{pack.folder}: no faults; {len(pack.guide.protocols)} places, {len(pack.lines())} spoken lines.")
    if not model:
        return
    if unknown := unknown_words(pack, model):
        _tell(f"{model} does not know: {', '.join(unknown)}.")
        _tell(f"To teach it: {how_to_teach(settings)}")
    else:
        _tell(f"{model} knows every word.")


@cli.command("record")
@click.argument("into", type=click.Path(path_type=Path), metavar="FOLDER")
@_content
def record_command(into: Path, folder: Path | None) -> None:
    """Record ten phrases of yours into FOLDER, to see how well you are understood.

    This is the only command that keeps sound. It asks for each phrase aloud. To erase them, delete FOLDER.
    """
    settings = _settings(folder=folder)
    asked = own_phrases.phrases(load_pack(settings))
    with closing(Microphone(settings.microphone)) as microphone:
        own_phrases.record(into, asked, microphone, lambda line: say_line(line, settings), _tell)


cli.add_command(check_command)
cli.add_command(numbers_command)
cli.add_command(service_command)


# What the commands share


def _settings(profile: str | None = None, model: str | None = None, folder: Path | None = None) -> Settings:
    settings = config.load(profile=profile or "")
    return replace(settings, model=model or settings.model, content=folder or settings.content)


def _settings_aloud(
    profile: str | None = None, model: str | None = None, folder: Path | None = None, *, service: bool = False
) -> Settings:
    with faults_aloud(service=service):
        return _settings(profile, model, folder)


def _teller(*, as_json: bool) -> Tell:
    # Programs read standard output; what only people read goes beside it.
    return (lambda line: _tell(line, error=True)) if as_json else _tell


def _tell(line: str, *, error: bool = False) -> None:
    print_line(line, sys.stderr if error else sys.stdout)


def _open(stack: ExitStack, assistant: Assistant) -> Assistant:
    stack.callback(assistant.session.close)
    return assistant


def _listener(stack: ExitStack, journal: Path | None, *, as_json: bool, words: bool, live: bool = False) -> OnAction:
    """Return who is told what happens: the screen, and the journal if one is wanted."""
    screen = JsonLines() if as_json else PlainLines(words=words)
    return both(screen, stack.enter_context(journal_in(journal, live=live))) if journal else screen


def _run_live(
    settings: Settings, live: Live, journal: Path | None, intent: Intent | None = None, *, as_json: bool
) -> None:
    """Run a session on devices that are open, until Ctrl-C; `intent` is what it begins with."""
    tell = _teller(as_json=as_json)
    with ExitStack() as stack:
        stack.callback(live.close)
        if intent is None:
            # Whoever asks for a protocol is helped at once, whoever listens besides.
            stack.enter_context(alone(tell))
        stack.enter_context(awake(tell, wanted=settings.keep_awake))
        memory = room.load(tell)
        nightly = Nightly(settings.nightly_check, memory, tell, quiet_hours=settings.quiet_hours)
        fitted = room.fitted(settings, memory)
        assistant = _open(stack, assemble(fitted, tell, patient=False, self_check=nightly.check))
        nightly.tells(assistant.session)
        assistant.session.taught(memory.false_alarms)
        assistant.session.in_room(memory.echo_delay)
        on_action = both(
            _listener(stack, journal, as_json=as_json, words=False, live=True),
            room.false_alarms(tell),
            room.echo_delays(lambda: assistant.session.echo_delay, tell),
            room.findings_told(assistant.pack.check.findings, tell),
        )
        tell("Listening. Say where it cramps, or press Ctrl-C to end.")
        if intent:
            assistant.session.act(intent)
        watch, restarts = Watch(), Restarts()
        watch.ready()
        restarts.listens()
        hours = QuietHours(settings.quiet_hours, assistant.session)
        nights = Nights(settings.quiet_hours, assistant.session, memory, tell)
        live.run(assistant.session, on_action, passing=Together(watch, hours, nights, restarts))


def _rehearse(settings: Settings, path: Path, out: Path | None, journal: Path | None, *, as_json: bool = False) -> None:
    tell = _teller(as_json=as_json)
    if journal and any(other and _same_file(journal, other) for other in (path, out)):
        raise DeviceError(f"{journal} cannot be the journal, too; give the journal another name")
    with ExitStack() as stack:
        recording = Recording(path)
        stack.callback(recording.close)
        assistant = _open(stack, assemble(settings, tell, patient=True))
        on_action = _listener(stack, journal, as_json=as_json, words=True)
        result = rehearse(assistant.session, recording, on_action, out)
    tell(f"Heard {seconds(result.recorded):.1f} s of {path}.")
    if not result.settled:
        tell("It was not at rest when the longest wait was over; the end of the answer is missing.")
    if out:
        tell(f"The spoken answer is in {out}.")


def _same_file(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or (one.exists() and other.exists() and one.samefile(other))


def _describe_model(model: models.Listed) -> str:
    if model.fault:
        return model.fault
    if model.folder:
        return f"{model.name}: here, in {model.folder}"
    size = f", {model.entry.size / 1e6:.0f} MB" if model.entry else ""
    return f"{model.name}: can be fetched{size}: voice-assist models fetch {model.name}"
