"""The command that keeps the user's own voice, in a folder of theirs."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import click

from voice_assist import own_phrases
from voice_assist.assembly import load_pack
from voice_assist.commands.shared import content_option, settings_of, tell_line
from voice_assist.devices.portaudio import Microphone
from voice_assist.duty.aloud import say_line


@click.command("record")
@click.argument("into", type=click.Path(path_type=Path), metavar="FOLDER")
@content_option
def record_command(into: Path, folder: Path | None) -> None:
    """Record ten phrases of yours into FOLDER, to see how well you are understood.

    This is the only command that keeps sound. It asks for each phrase aloud. To erase them, delete FOLDER.
    """
    settings = settings_of(folder=folder)
    pack = load_pack(settings)
    asked = own_phrases.phrases(pack)
    with closing(Microphone(settings.microphone)) as microphone:
        say = partial(say_line, settings=settings)
        own_phrases.record(into, asked, microphone, say, tell_line, pack.language.prompt)
