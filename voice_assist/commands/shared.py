"""What the commands share: their options, the settings they go by, and who is told what happens."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from voice_assist import config
from voice_assist.assembly import Assistant, Tell
from voice_assist.choices import with_choice
from voice_assist.config import PROFILES, Settings
from voice_assist.diary.keeping import Keeping
from voice_assist.diary.listening import Beside, DiaryListener, at_once
from voice_assist.duty.restarts import faults_aloud
from voice_assist.output import JsonLines, OnAction, PlainLines, both, journal_in, print_line

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the journal's JSON lines, with the words that were heard."
)
times_option = click.option("--times", is_flag=True, help="Print the seconds from the start after each line.")
quiet_option = click.option(
    "--quiet", is_flag=True, help="Print only what does not work: no screen reader then talks over the voice."
)
profile_option = click.option(
    "--profile", type=click.Choice(sorted(PROFILES)), help="night (the default), workout or low-vision."
)
model_option = click.option(
    "--model", metavar="MODEL", help="Name or folder of a Vosk model; `voice-assist models` lists them."
)
content_option = click.option(
    "--content",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder of a content pack, or the name of one that ships: en, de.",
)
journal_option = click.option(
    "--journal", type=click.Path(path_type=Path), metavar="FILE", help="Write what happens to FILE, with the words."
)


class Commands(click.Group):
    """A group whose help tells the whole first sentence of each command, not the half of it and three dots."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        commands = [(name, self.get_command(context, name)) for name in self.list_commands(context)]
        rows = [(name, command.get_short_help_str(limit=300)) for name, command in commands if command]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def settings_of(profile: str | None = None, model: str | None = None, folder: Path | None = None) -> Settings:
    """Return the user's settings, with what the command line says in place of theirs. Raises SettingsError."""
    return with_choice(config.load(profile=profile or ""), model, folder)


def settings_aloud(
    profile: str | None = None, model: str | None = None, folder: Path | None = None, *, service: bool = False
) -> Settings:
    """Return what `settings_of` does; a fault of the settings is said aloud as well."""
    with faults_aloud(service=service):
        return settings_of(profile, model, folder)


def teller(*, as_json: bool) -> Tell:
    """Return who tells the user a line: on standard error where programs read standard output."""
    return (lambda line: tell_line(line, error=True)) if as_json else tell_line


def tell_line(line: str, *, error: bool = False) -> None:
    """Print one plain line for the user."""
    print_line(line, sys.stderr if error else sys.stdout)


def open_assistant(stack: ExitStack, assistant: Assistant) -> Assistant:
    """Return an assistant whose session is closed with the stack."""
    stack.callback(assistant.session.close)
    return assistant


def diary_of(
    stack: ExitStack, assistant: Assistant, settings: Settings, tell: Tell, *, live: bool, writes: bool = True
) -> DiaryListener:
    """Return what keeps the diary until the stack ends: beside a live session, or at once where nothing is heard."""
    keeping = Keeping(assistant.pack, tell, assistant.prepare, on=settings.diary, writes=writes)
    if not live:
        stack.callback(keeping.close)
        return DiaryListener(assistant.session, keeping, at_once)
    beside = Beside()
    listening = DiaryListener(assistant.session, keeping, beside)

    def close() -> None:
        beside(keeping.close)
        if not beside.close():
            tell("The diary's disk does not answer; what was last noted may be missing.")

    stack.callback(close)
    return listening


def screen_of(*, as_json: bool, words: bool = False, times: bool = False, quiet: bool = False) -> OnAction:
    """Return who prints what happens: as lines for people, with `words` and `times`, or as JSON for programs."""
    return JsonLines() if as_json else PlainLines(words=words, times=times, only_troubles=quiet)


def listener(stack: ExitStack, journal: Path | None, screen: OnAction, *, live: bool = False) -> OnAction:
    """Return who is told what happens: the screen, and the journal if one is wanted."""
    return both(screen, stack.enter_context(journal_in(journal, live=live))) if journal else screen
