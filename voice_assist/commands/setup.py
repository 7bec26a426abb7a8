"""Set up by ear or by keyboard."""

from __future__ import annotations

import sys
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path

import click

from voice_assist import clocks, config
from voice_assist.commands.shared import content_option, journal_option, tell_line
from voice_assist.config import Settings
from voice_assist.devices.keyboard import Console
from voice_assist.devices.live import Live
from voice_assist.duty.restarts import faults_aloud
from voice_assist.duty.vigil import alone
from voice_assist.errors import DeviceError, SettingsError
from voice_assist.events import Action, Say
from voice_assist.output import OnAction, both, journal_in
from voice_assist.setup import keeping
from voice_assist.setup.devices import choose
from voice_assist.setup.interview import Interview
from voice_assist.setup.sittings import Edge, check_hour, interview, practice, setup_pack


@click.command("setup")
@click.option("--typed", is_flag=True, help="By keyboard, a line for each question: no microphone is used.")
@click.option("--now", is_flag=True, help="At night, too.")
@click.option("--again", is_flag=True, help="From the start, what is known included.")
@content_option
@journal_option
def setup_command(folder: Path | None, journal: Path | None, *, typed: bool, now: bool, again: bool) -> None:
    """Set up by ear: your emergency number, and what changes the help for you. Ask it by day.

    Any question may be skipped. What you answer is kept at once, in one file on this machine.
    """
    file = config.settings_file()
    settings = _settings(folder)
    if not now:
        check_hour(settings, clocks.wall())
    keeping.check_writable(file)
    with ExitStack() as stack:
        on_action: OnAction = _say_only
        if journal:
            on_action = both(on_action, stack.enter_context(journal_in(journal)))
        edge = _edge(settings, stack, on_action, typed=typed)
        with faults_aloud(settings) if edge.lines is None else nullcontext():
            asked = replace(settings, chosen=frozenset()) if again else settings
            if edge.lines is None and not choose(asked, file, tell_line, on_action, setup_pack):
                tell_line(f"Set-up has stopped. What you told is kept in {file}. To go on: voice-assist setup")
                return
            taken = _interviews(folder, file, edge, again=again)
        _tell_end(taken, file)
        if taken.practise:
            practice(_settings(folder), file, edge)


def _settings(folder: Path | None) -> Settings:
    # The file need not be there yet, even where it was asked for by name: this is what makes it.
    settings = config.load() if config.settings_file().exists() else Settings()
    return replace(settings, content=folder or settings.content)


def _edge(settings: Settings, stack: ExitStack, on_action: OnAction, *, typed: bool) -> Edge:
    """Return where the answers come from: the microphone, or the keyboard where there is none."""
    if not typed:
        stack.enter_context(alone(tell_line))
        live = Live(settings.microphone, settings.loudspeaker)
        try:
            live.open()
        except DeviceError as fault:
            reason = str(fault)
            tell_line(f"{reason[:1].upper()}{reason[1:]}. Type your answers instead.")
        else:
            live.close()
            return Edge(tell_line, on_action)
    tell_line("Type an answer after each question, then press Enter; Enter alone skips it. Ctrl-D ends it.")
    return Edge(tell_line, on_action, Console(sys.stdin), paced=sys.stdin.isatty())


def _interviews(folder: Path | None, file: Path, edge: Edge, *, again: bool) -> Interview:
    """Interview, anew as often as somebody wants to start over."""
    while True:
        taken = interview(_settings(folder), file, edge, clocks.zone(), fresh=again)
        if not taken.again:
            return taken
        again = True


def _tell_end(taken: Interview, file: Path) -> None:
    if taken.forgotten:
        tell_line(f"All that was known about you is erased from {file}. To set up anew: voice-assist setup")
    elif not taken.number:
        raise SettingsError(
            f"set-up is not finished: no emergency number is confirmed; what you told is kept in {file}; "
            "to go on: voice-assist setup"
        )
    elif taken.ended:
        tell_line(f"You are set up. What you told is kept in {file}. To listen: voice-assist")
    else:
        tell_line(f"Set-up has stopped. What you told is kept in {file}. To go on: voice-assist setup")


def _say_only(action: Action) -> None:
    """Print what is said and nothing else: a screen reader reads along."""
    if isinstance(action, Say):
        tell_line(action.text)
