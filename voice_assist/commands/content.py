"""The commands for content packs."""

from __future__ import annotations

from pathlib import Path

import click

from voice_assist import content
from voice_assist.assembly import how_to_teach, unknown_words
from voice_assist.commands.shared import model_option, settings_of, tell_line


@click.group("content", no_args_is_help=False)
def content_command() -> None:
    """Work on content packs."""


@content_command.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@model_option
def check(folder: Path | None, model: str | None) -> None:
    """Check a content pack and list every fault in it: file, line, reason.

    With --model, also list the words of the pack that the model cannot hear.
    """
    settings = settings_of(model=model, folder=folder)
    pack = content.load(settings.content)
    if parts := content.parts_of(settings.content):
        # By itself it was whole; so must it be with what is added.
        pack = content.load(settings.content, parts=parts)
    tell_line(f"{pack.folder}: no faults; {len(pack.guide.protocols)} places, {len(pack.lines())} spoken lines.")
    if not model:
        return
    if unknown := unknown_words(pack, model):
        tell_line(f"{model} does not know: {', '.join(unknown)}.")
        tell_line(f"To teach it: {how_to_teach(settings)}")
    else:
        tell_line(f"{model} knows every word.")
