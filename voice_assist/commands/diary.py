"""The commands for the diary of cramps."""

from __future__ import annotations

import click

from voice_assist.commands.report import report_command


@click.group("diary", no_args_is_help=False)
def diary_command() -> None:
    """Work on the diary of cramps, which is kept on this machine alone."""


diary_command.add_command(report_command)
