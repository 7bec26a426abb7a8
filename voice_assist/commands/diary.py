"""The commands for the diary of cramps."""

from __future__ import annotations

import click


@click.group("diary", no_args_is_help=False)
def diary_command() -> None:
    """Work on the diary of cramps, which is kept on this machine alone."""
