"""Listen and speak, live: the main job, and a protocol at once."""

from __future__ import annotations

import sys
from contextlib import ExitStack, closing
from pathlib import Path

import click

from voice_assist import config, room
from voice_assist.assembly import Tell, assemble, assemble_typing, load_pack
from voice_assist.by_hand import ByHand, ClapCall, keyboard_of
from voice_assist.check.nightly import Nightly
from voice_assist.commands.rehearse import DEMO, rehearse_demo
from voice_assist.commands.shared import (
    content_option,
    diary_of,
    journal_option,
    json_option,
    listener,
    model_option,
    open_assistant,
    profile_option,
    quiet_option,
    screen_of,
    settings_aloud,
    tell_line,
    teller,
    times_option,
)
from voice_assist.config import Settings
from voice_assist.devices.edge import Together
from voice_assist.devices.keyboard import converse
from voice_assist.devices.live import Live
from voice_assist.devices.portaudio import Loudspeaker
from voice_assist.devices.typed import UntilIdle
from voice_assist.devices.watch import Watch
from voice_assist.duty.call_button import CallButton
from voice_assist.duty.hours import Nights, QuietHours
from voice_assist.duty.restarts import Restarts, faults_aloud
from voice_assist.duty.vigil import alone, awake
from voice_assist.errors import DeviceError
from voice_assist.events import Intent
from voice_assist.output import OnAction, both
from voice_assist.setup.errands import Errands
from voice_assist.setup.moved import Moved


@click.command("listen")
@profile_option
@model_option
@content_option
@journal_option
@click.option("--wait", is_flag=True, help="Wait for a microphone and a loudspeaker that are not there yet.")
@times_option
@quiet_option
@json_option
def listen_command(
    profile: str | None,
    model: str | None,
    folder: Path | None,
    journal: Path | None,
    *,
    wait: bool,
    times: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Listen through the microphone and speak through the loudspeaker, until Ctrl-C.

    At a terminal what is typed counts, too; Enter alone begins, or ends what goes on.
    """
    settings = settings_aloud(profile, model, folder, service=wait)
    with faults_aloud(settings, service=wait):
        live = Live(settings.microphone, settings.loudspeaker, waits=wait)
        live.open()
        run_live(settings, live, journal, screen_of(as_json=as_json, times=times, quiet=quiet), teller(as_json=as_json))


def listen_or_show(settings: Settings) -> None:
    """Listen; where there is no microphone, say so and rehearse the recording that ships with the content.

    Raises DeviceError where the content brings no recording.
    """
    live = Live(settings.microphone, settings.loudspeaker)
    try:
        live.open()
    except DeviceError as fault:
        if not (settings.content / DEMO).is_file():
            raise
        reason = str(fault)
        tell_line(f"{reason[:1].upper()}{reason[1:]}.")
        tell_line("Until then, this is how it sounds: a recording is heard and answered.")
        rehearse_demo(settings)
    else:
        with faults_aloud(settings):
            run_live(settings, live, None, screen_of(as_json=False), tell_line)


@click.command("start")
@click.argument("place")
@profile_option
@content_option
@journal_option
@times_option
@quiet_option
@json_option
def start_command(
    place: str,
    profile: str | None,
    folder: Path | None,
    journal: Path | None,
    *,
    times: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Begin the protocol of PLACE at once (calf, hamstring …), then listen as ever."""
    settings = settings_aloud(profile, None, folder)
    with faults_aloud(settings):
        pack = load_pack(settings)
        if place not in pack.guide.protocols:
            known = ", ".join(sorted(pack.guide.protocols))
            raise click.BadParameter(f"'{place}' has no protocol; there are {known}", param_hint="PLACE")
        intent = Intent(pack.start, "start", {"place": place})
        live = Live(settings.microphone, settings.loudspeaker)
        screen, tell = screen_of(as_json=as_json, times=times, quiet=quiet), teller(as_json=as_json)
        try:
            live.open()
        except DeviceError as fault:
            _speak_unheard(settings, journal, intent, screen, tell, why=f"{fault}.")
        else:
            run_live(settings, live, journal, screen, tell, intent)


def _speak_unheard(
    settings: Settings, journal: Path | None, intent: Intent, screen: OnAction, tell: Tell, *, why: str
) -> None:
    """Guide somebody who cannot be heard, as long as it takes; what is typed meanwhile counts.

    Raises DeviceError where there is no loudspeaker either.
    """
    with ExitStack() as stack:
        loudspeaker = stack.enter_context(closing(Loudspeaker(settings.loudspeaker)))
        tell(f"{why} Type your answers, or just follow the voice.")
        assistant = open_assistant(stack, assemble_typing(settings, tell))
        session = assistant.session
        diary = diary_of(stack, assistant, settings, tell, live=True)
        on_action = both(diary, listener(stack, journal, screen))
        session.act(intent)
        converse(session, UntilIdle(session, sys.stdin), on_action, loudspeaker.write)


def run_live(
    settings: Settings, live: Live, journal: Path | None, screen: OnAction, tell: Tell, intent: Intent | None = None
) -> None:
    """Run a session on devices that are open, until Ctrl-C; `intent` is what it begins with.

    `screen` prints what happens, `tell` what only people read.
    """
    with ExitStack() as stack:
        stack.callback(live.close)
        if intent is None:
            # Whoever asks for a protocol is helped at once, whoever listens besides.
            stack.enter_context(alone(tell))
        button = CallButton() if intent is None else None
        stack.enter_context(awake(tell, wanted=settings.keep_awake))
        memory = room.load(tell)
        moved = Moved(settings, tell)
        nightly = Nightly(settings.nightly_check, memory, tell, quiet_hours=settings.quiet_hours, besides=moved.stands)
        fitted = room.fitted(settings, memory)
        assistant = open_assistant(stack, assemble(fitted, tell, patient=False, self_check=nightly.check))
        moved.says(assistant.pack)
        nightly.tells(assistant.session)
        assistant.session.taught(memory.false_alarms)
        assistant.session.in_room(memory.echo_delay)
        diary = diary_of(stack, assistant, settings, tell, live=True)
        on_action = both(
            diary,
            listener(stack, journal, screen, live=True),
            room.false_alarms(tell),
            room.echo_delays(lambda: assistant.session.echo_delay, tell),
            moved,
            Errands(assistant, settings, config.settings_file(), tell),
            room.findings_told(assistant.pack.check.findings, tell),
        )
        keys = keyboard_of(sys.stdin)
        typed = ", type it, or press Enter" if keys else ""
        tell(f"Listening. Say where it cramps{typed}. Ctrl-C ends it.")
        if intent:
            assistant.session.act(intent)
        watch, restarts = Watch(), Restarts()
        watch.ready()
        restarts.listens()
        hours = QuietHours(settings.quiet_hours, assistant.session)
        nights = Nights(settings.quiet_hours, assistant.session, memory, tell)
        by_hand = ByHand(assistant.session, assistant.pack, tell, keys=keys, button=button)
        claps = ClapCall(assistant.session, assistant.pack) if settings.clap else None
        passing = Together(watch, hours, nights, restarts, by_hand, diary)
        live.run(assistant.session, on_action, passing=passing, overhearing=claps)
