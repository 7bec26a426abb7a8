"""What the commands share: their options, the settings they go by, and who is told what happens."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from voice_assist import config
from voice_assist.assembly import Assistant, Tell
from voice_assist.config import PROFILES, Settings
from voice_assist.output import JsonLines, OnAction, PlainLines, both, journal_in, print_line
from voice_assist.restarts import faults_aloud

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the journal's JSON lines, with the words that were heard."
)
profile_option = click.option(
    "--profile", type=click.Choice(sorted(PROFILES)), help="night (the default), workout or low-vision."
)
model_option = click.option(
    "--model", metavar="MODEL", help="Name or folder of a Vosk model; `voice-assist models` lists them."
)
content_option = click.option(
    "--content", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Folder of a content pack."
)
journal_option = click.option(
    "--journal", type=click.Path(path_type=Path), metavar="FILE", help="Write what happens to FILE, with the words."
)


def settings_of(profile: str | None = None, model: str | None = None, folder: Path | None = None) -> Settings:
    """Return the user's settings, with what the command line says in place of theirs. Raises SettingsError."""
    settings = config.load(profile=profile or "")
    return replace(settings, model=model or settings.model, content=folder or settings.content)


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


def listener(stack: ExitStack, journal: Path | None, *, as_json: bool, words: bool, live: bool = False) -> OnAction:
    """Return who is told what happens: the screen, and the journal if one is wanted."""
    screen = JsonLines() if as_json else PlainLines(words=words)
    return both(screen, stack.enter_context(journal_in(journal, live=live))) if journal else screen
