"""The commands of the command line: the only place, with `assembly`, that wires the parts together."""

from __future__ import annotations

import click

from voice_assist import __version__, config
from voice_assist.commands.by_hand import cramp_command, press_command, stop_command
from voice_assist.commands.check import check_command
from voice_assist.commands.content import content_command
from voice_assist.commands.diary import diary_command
from voice_assist.commands.listen import listen_command, listen_or_show, start_command
from voice_assist.commands.models import models_command
from voice_assist.commands.numbers import numbers_command
from voice_assist.commands.record import record_command
from voice_assist.commands.rehearse import rehearse_command
from voice_assist.commands.report import report_command
from voice_assist.commands.service import service_command
from voice_assist.commands.setup import setup_command
from voice_assist.commands.shared import Commands, settings_aloud
from voice_assist.commands.typed import type_command
from voice_assist.commands.voices import voices_command


@click.group(
    cls=Commands,
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
        listen_or_show(settings_aloud())


cli.add_command(setup_command)
cli.add_command(listen_command)
cli.add_command(start_command)
cli.add_command(type_command)
cli.add_command(cramp_command)
cli.add_command(stop_command)
cli.add_command(press_command)
cli.add_command(rehearse_command)
cli.add_command(check_command)
cli.add_command(record_command)
cli.add_command(diary_command)
cli.add_command(voices_command)
cli.add_command(models_command)
cli.add_command(content_command)
cli.add_command(numbers_command)
cli.add_command(service_command)
diary_command.add_command(report_command)
