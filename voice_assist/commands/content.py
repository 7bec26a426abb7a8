"""The commands for content packs."""

from __future__ import annotations

from pathlib import Path

import click

from voice_assist import content
from voice_assist.assembly import how_to_teach, unknown_words
from voice_assist.choices import pack_folder
from voice_assist.commands.shared import model_option, settings_of, tell_line
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.content.lacks import lacks


@click.group("content", no_args_is_help=False)
def content_command() -> None:
    """Work on content packs."""


@content_command.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@model_option
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also list what the pack lacks that the one in DIR has: a translation against its original.",
)
def check(folder: Path | None, model: str | None, against: Path | None) -> None:
    """Check a content pack and list every fault in it: file, line, reason.

    With --model, also list the words of the pack that the model cannot hear. What is lacking is no fault: exit 0.
    """
    settings = settings_of(model=model, folder=folder)
    by_night = content.load(settings.content)
    # By itself it was whole; so must it be with what is added to set up.
    parts = content.parts_of(settings.content)
    pack = content.load(settings.content, parts=parts) if parts else by_night
    tell_line(f"No faults; {len(pack.guide.protocols)} places, {len(pack.lines())} spoken lines, in {pack.folder}.")
    if pack.language.review:
        tell_line(f"{pack.language.name}: {pack.language.review}.")
    if against:
        _compare(pack, content.load(pack_folder(against)))
    if model:
        _tell_unknown(by_night, pack, model, settings)


def _tell_unknown(by_night: Pack, whole: Pack, model: str, settings: Settings) -> None:
    """List the words that a model cannot hear: first those that are said to set up alone."""
    unknown = unknown_words(by_night, model)
    if by_day := [word for word in unknown_words(whole, model) if word not in unknown]:
        tell_line(f"To set up by ear {model} lacks: {', '.join(by_day)}.")
    if unknown:
        tell_line(f"{model} does not know: {', '.join(unknown)}.")
        tell_line(f"To teach it: {how_to_teach(settings, whole.language)}")
    else:
        tell_line(f"{model} knows every word.")


def _compare(pack: Pack, original: Pack) -> None:
    lacking = lacks(pack, original)
    tell_line(f"Against {original.folder} it lacks {'this' if lacking else 'nothing'}{':' if lacking else '.'}")
    for line in lacking:
        tell_line(f"  {line}")
