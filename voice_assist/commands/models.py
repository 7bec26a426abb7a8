"""The commands for recognizer models: list, fetch, extend."""

from __future__ import annotations

from pathlib import Path

import click

from voice_assist import models
from voice_assist.commands.shared import content_option, settings_of, tell_line
from voice_assist.teaching import add_words


@click.group(invoke_without_command=True, name="models")
@click.pass_context
def models_command(context: click.Context) -> None:
    """List the models that are here and those that can be fetched."""
    if context.invoked_subcommand is None:
        listed = models.listing()
        for model in listed:
            tell_line(_describe_model(model))
        if any(not model.folder and not model.fault for model in listed):
            tell_line("To fetch one: voice-assist models fetch NAME")


@models_command.command()
@click.argument("name")
def fetch(name: str) -> None:
    """Fetch a model from its publisher, check it and unpack it. The only command that uses the network."""
    from voice_assist.models.fetch import fetch as fetch_model  # noqa: PLC0415 - nothing else may load network code

    fetch_model(models.fetchable(name), tell_line)


@models_command.command()
@click.argument("name", required=False, metavar="[MODEL]")
@content_option
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
    add_words(settings_of(model=name, folder=folder), asked, tell_line)


def _describe_model(model: models.Listed) -> str:
    if model.fault:
        return model.fault
    if model.folder:
        return f"{model.name}: here, in {model.folder}"
    size = f", {model.entry.size / 1e6:.0f} MB" if model.entry else ""
    return f"{model.name}: can be fetched{size}"
