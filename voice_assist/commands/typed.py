"""Hold the dialogue by keyboard."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from voice_assist.assembly import assemble_typing
from voice_assist.commands.shared import (
    content_option,
    diary_of,
    journal_option,
    json_option,
    listener,
    open_assistant,
    profile_option,
    screen_of,
    settings_of,
    teller,
    times_option,
)
from voice_assist.devices.keyboard import Console, converse, follow
from voice_assist.devices.typed import script
from voice_assist.output import both


@click.command("type")
@profile_option
@content_option
@journal_option
@times_option
@json_option
def type_command(profile: str | None, folder: Path | None, journal: Path | None, *, times: bool, as_json: bool) -> None:
    """Hold the dialogue by keyboard: everything that can be spoken can be typed."""
    settings = settings_of(profile, None, folder)
    tell = teller(as_json=as_json)
    with ExitStack() as stack:
        assistant = open_assistant(stack, assemble_typing(settings, tell))
        session = assistant.session
        typing = sys.stdin.isatty()
        # A script runs faster than the clock on the wall: it may ask, but no cramp of its is a cramp.
        diary = diary_of(stack, assistant, settings, tell, live=False, writes=typing)
        on_action = both(diary, listener(stack, journal, screen_of(as_json=as_json, times=times)))
        if typing:
            tell("Type where it cramps, then press Enter. Ctrl-D or Ctrl-C ends it.")
            converse(session, Console(sys.stdin), on_action)
        else:
            follow(session, script(sys.stdin), on_action)
