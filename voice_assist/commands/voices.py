"""The command `voices`: what can speak, which voice is set, and how each of them sounds."""

from __future__ import annotations

from dataclasses import replace

import click

from voice_assist.assembly import load_pack
from voice_assist.commands.shared import settings_of, tell_line
from voice_assist.config import Settings, settings_file
from voice_assist.duty.aloud import say_line
from voice_assist.speak.choices import Choice, samples_of_voices


@click.command("voices")
@click.option("--say", "number", type=int, metavar="N", help="Say a line with voice number N.")
@click.option("--language", default="en", show_default=True, help="Another language, such as de; all for every one.")
def voices_command(number: int | None, language: str) -> None:
    """List the voices of this system by number, the one that speaks now among them."""
    settings = settings_of()
    choices = samples_of_voices("" if language == "all" else language)
    if not choices:
        raise click.BadParameter(f"no voice speaks '{language}'; try all", param_hint="--language")
    if number is None:
        _list(choices, settings)
        return
    if not 1 <= number <= len(choices):
        raise click.BadParameter(f"{number} is no voice; there are 1 to {len(choices)}", param_hint="--say")
    chosen = choices[number - 1]
    breath = load_pack(settings).guide.breath
    line = f"{breath.line_in} {breath.line_out}"
    tell_line(f"{chosen.name}: {line}")
    say_line(line, replace(settings, voice=chosen.voice, as_screen_reader=False))


def _list(choices: tuple[Choice, ...], settings: Settings) -> None:
    for number, choice in enumerate(choices, 1):
        speaks = choice.voice == settings.voice if settings.voice else choice.usual
        now = ", this one speaks" if speaks else ""
        tell_line(f"{number}. {choice.voice}: {choice.name}{now}")
    if settings.as_screen_reader:
        tell_line("The setting as_screen_reader takes the voice of your screen reader before these.")
    tell_line("To hear one: voice-assist voices --say 2")
    tell_line(f'To keep it, write into {settings_file()}: voice = "{choices[-1].voice}"')
