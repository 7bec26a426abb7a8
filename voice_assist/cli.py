"""The command line: the only place that wires the parts together."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import click

from voice_assist import __version__, config, content, models
from voice_assist.assembly import Assistant, Tell, assemble, assemble_typing, load_pack
from voice_assist.config import PROFILES, Settings
from voice_assist.devices.live import Live
from voice_assist.devices.recording import Recording, rehearse
from voice_assist.errors import DeviceError, VoiceAssistError
from voice_assist.events import Intent
from voice_assist.journal import JournalWriter
from voice_assist.output import JsonLines, OnAction, PlainLines, both
from voice_assist.samples import seconds

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

DEMO = "demo.flac"
"""The recording in a content pack that is rehearsed where there is no microphone."""

DEMO_ANSWER = Path("voice-assist-demo.wav")

_json = click.option("--json", "as_json", is_flag=True, help="Print the journal's JSON lines instead of plain ones.")
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
    "--journal",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what happens to FILE, with the words that were heard.",
)


def main() -> None:
    """Run the command line and exit: 0, 1 for a fault, 2 for wrong usage, 130 for Ctrl-C."""
    try:
        cli.main(prog_name="voice-assist", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as usage:
        print(usage.format_message())
        sys.exit(2)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except VoiceAssistError as fault:
        print(f"voice-assist: {fault}", file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our lines has gone; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voice-assist")
@click.pass_context
def cli(context: click.Context) -> None:
    """Hands-free help with muscle cramps, on this machine alone.

    With no command it listens. Say where it cramps, for example "my calf is cramping"; say "stop" for
    silence. It is no doctor and cannot call for help.
    """
    if context.invoked_subcommand is None:
        _listen_or_show(config.load())


def _listen_or_show(settings: Settings) -> None:
    """Listen; where there is no microphone, say so and rehearse the recording that ships with the content."""
    try:
        live = Live(settings.microphone, settings.loudspeaker)
        live.open()
    except DeviceError as fault:
        _tell(f"{fault} Rehearsing a recording instead.")
        demo = settings.content / DEMO
        _rehearse(settings, demo, _answer_file(), None, PlainLines(words=True), _tell)
        return
    _run_live(settings, live, None, PlainLines(words=False), _tell)


def _answer_file() -> Path:
    """Return where the demonstration's answer goes: here, or where one may write."""
    if os.access(Path.cwd(), os.W_OK):
        return DEMO_ANSWER
    return config.cache_folder() / DEMO_ANSWER


@cli.command()
@_profile
@_model
@_content
@_journal
@_json
def listen(profile: str | None, model: str | None, folder: Path | None, journal: Path | None, *, as_json: bool) -> None:
    """Listen through the microphone and speak through the loudspeaker, until Ctrl-C."""
    settings = _settings(profile, model, folder)
    live = Live(settings.microphone, settings.loudspeaker)
    live.open()
    _run_live(settings, live, journal, _printer(as_json=as_json, words=False), _teller(as_json=as_json))


@cli.command("rehearse")
@click.argument("recording", type=click.Path(path_type=Path), metavar="IN.wav")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
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
    _rehearse(settings, recording, out, journal, _printer(as_json=as_json, words=True), _teller(as_json=as_json))


@cli.command()
@click.argument("place")
@_profile
@_content
@_journal
@_json
def start(place: str, profile: str | None, folder: Path | None, journal: Path | None, *, as_json: bool) -> None:
    """Begin the protocol of PLACE at once (calf, hamstring …), then listen as ever."""
    settings = _settings(profile, None, folder)
    pack = load_pack(settings)
    if place not in pack.guide.protocols:
        known = ", ".join(sorted(pack.guide.protocols))
        raise click.BadParameter(f"'{place}' has no protocol; there are {known}", param_hint="PLACE")
    live = Live(settings.microphone, settings.loudspeaker)
    live.open()
    intent = Intent(pack.start, "start", {"place": place})
    _run_live(settings, live, journal, _printer(as_json=as_json, words=False), _teller(as_json=as_json), intent)


@cli.command("type")
@_profile
@_content
@_journal
@_json
def type_command(profile: str | None, folder: Path | None, journal: Path | None, *, as_json: bool) -> None:
    """Hold the dialogue by keyboard: everything that can be spoken can be typed."""
    from voice_assist.devices.keyboard import Keyboard  # noqa: PLC0415

    settings = _settings(profile, None, folder)
    tell = _teller(as_json=as_json)
    with ExitStack() as stack:
        assistant = _open(stack, assemble_typing(settings, tell))
        on_action = _journaled(stack, journal, _printer(as_json=as_json, words=False))
        tell("Type where it cramps, then press Enter. Ctrl-D or Ctrl-C ends it.")
        Keyboard().run(assistant.session, on_action)


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
    from voice_assist.fetch import fetch as fetch_model  # noqa: PLC0415 - nothing else may load network code

    fetch_model(models.fetchable(name), _tell)


@cli.group("content")
def content_command() -> None:
    """Work on content packs."""


@content_command.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
def check(folder: Path | None) -> None:
    """Check a content pack and list every fault in it: file, line, reason."""
    pack = content.load(folder or config.load().content)
    _tell(f"{pack.folder}: no faults; {len(pack.guide.protocols)} places, {len(pack.lines())} spoken lines.")


# What the commands share


def _settings(profile: str | None, model: str | None, folder: Path | None) -> Settings:
    settings = config.load(profile=profile or "")
    chosen: dict[str, object] = {}
    if model:
        chosen["model"] = model
    if folder:
        chosen["content"] = folder
    return replace(settings, **chosen) if chosen else settings  # type: ignore[arg-type] # the keys are fields


def _printer(*, as_json: bool, words: bool) -> OnAction:
    return JsonLines() if as_json else PlainLines(words=words)


def _teller(*, as_json: bool) -> Tell:
    # Programs read standard output; what only people read goes beside it.
    return (lambda line: _tell(line, error=True)) if as_json else _tell


def _tell(line: str, *, error: bool = False) -> None:
    click.echo(line, err=error)


def _open(stack: ExitStack, assistant: Assistant) -> Assistant:
    stack.callback(assistant.session.close)
    return assistant


def _journaled(stack: ExitStack, journal: Path | None, on_action: OnAction) -> OnAction:
    if journal is None:
        return on_action
    return both(on_action, JournalWriter(stack.enter_context(_journal_file(journal))).write)


@contextmanager
def _journal_file(path: Path) -> Iterator[object]:
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise DeviceError(f"the journal {path} cannot be written: {error.strerror}") from None
    with file:
        yield file


def _run_live(
    settings: Settings, live: Live, journal: Path | None, on_action: OnAction, tell: Tell, intent: Intent | None = None
) -> None:
    with ExitStack() as stack:
        stack.callback(live.close)
        assistant = _open(stack, assemble(settings, tell, patient=False))
        on_action = _journaled(stack, journal, on_action)
        tell("Listening. Say where it cramps, or Ctrl-C to end.")
        if intent:
            assistant.session.act(intent)
        live.run(assistant.session, on_action)


def _rehearse(
    settings: Settings,
    path: Path,
    out: Path | None,
    journal: Path | None,
    on_action: OnAction,
    tell: Callable[[str], None],
) -> None:
    with ExitStack() as stack:
        recording = Recording(path)
        stack.callback(recording.close)
        assistant = _open(stack, assemble(settings, tell, patient=True))
        on_action = _journaled(stack, journal, on_action)
        result = rehearse(assistant.session, recording, on_action, out)
    if recording.damage:
        tell(recording.damage)
    tell(f"Heard {seconds(result.recorded):.1f} s of {path}.")
    if out:
        tell(f"The spoken answer is in {out}.")


def _describe_model(model: models.Listed) -> str:
    if model.fault:
        return model.fault
    if model.folder:
        return f"{model.name}: here, in {model.folder}"
    size = f", {model.entry.size / 1e6:.0f} MB" if model.entry else ""
    return f"{model.name}: can be fetched{size}: voice-assist models fetch {model.name}"
