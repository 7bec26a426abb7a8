"""The commands that keep it on duty: install, remove, status."""

from __future__ import annotations

import click

from voice_assist.duty import service


@click.group("service", no_args_is_help=False)
def service_command() -> None:
    """Keep it on duty: started at login, and again whenever it ends."""


@service_command.command()
def install() -> None:
    """Write the service for this system, and start it now and at every login."""
    kept = service.manager()
    kept.install(service.listen_command(), service.environment())
    click.echo(f"It listens now, and at every login. What was written: {kept.file}")
    click.echo("To see whether it does: voice-assist service status. To end it: voice-assist service remove")
    if advice := kept.advice():
        click.echo(advice)


@service_command.command()
def remove() -> None:
    """Stop the service and take away what was written for it."""
    kept = service.manager()
    click.echo(f"Removed: {kept.file}" if kept.remove() else f"There is no service: {kept.file} is not here.")


@service_command.command()
def status() -> None:
    """Tell whether the service is installed, and whether it runs."""
    kept = service.manager()
    if kept.file.exists():
        click.echo(f"{kept.file}: {kept.status()}")
    else:
        click.echo("No service is installed; to do it: voice-assist service install")
