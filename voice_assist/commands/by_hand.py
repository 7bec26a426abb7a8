"""The commands for a key or a switch that has no terminal: each reaches the one that listens."""

from __future__ import annotations

import click

from voice_assist.by_hand import CRAMP, PRESS, STOP
from voice_assist.commands.shared import settings_aloud, tell_line
from voice_assist.duty.call_button import call
from voice_assist.duty.restarts import faults_aloud
from voice_assist.errors import VoiceAssistError


@click.command("cramp")
@click.argument("place", required=False, metavar="[PLACE]")
def cramp_command(place: str | None) -> None:
    """Tell the one that listens of a cramp, at PLACE if it is named (calf, hamstring …): for a key or a switch."""
    _call(f"{CRAMP} {place}" if place else CRAMP, "It begins.")


@click.command("stop")
def stop_command() -> None:
    """Have the one that listens fall silent: for a key or a switch."""
    _call(STOP, "It is silent.")


@click.command("press")
def press_command() -> None:
    """Press the only switch there is: the one that listens begins, or ends what goes on."""
    _call(PRESS, "Pressed.")


def _call(order: str, done: str) -> None:
    # Whoever presses a switch at night looks at no screen: that nobody listens is said aloud, too.
    try:
        call(order)
    except VoiceAssistError:
        with faults_aloud(settings_aloud()):
            raise
    tell_line(done)
