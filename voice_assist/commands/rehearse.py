"""Listen to a recording instead of the microphone: one of the user's, or the one that ships with the content."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path

import click

from voice_assist.assembly import assemble
from voice_assist.commands.shared import (
    content_option,
    journal_option,
    json_option,
    listener,
    model_option,
    open_assistant,
    profile_option,
    screen_of,
    settings_of,
    teller,
    times_option,
)
from voice_assist.config import Settings
from voice_assist.devices.recording import Recording, rehearse
from voice_assist.errors import DeviceError
from voice_assist.samples import seconds

DEMO = "demo.flac"
"""The recording in a content pack that is rehearsed where there is no microphone."""

DEMO_ANSWER = "voice-assist-demo.wav"
"""The spoken answer to it."""


@click.command("rehearse")
@click.argument("recording", type=click.Path(path_type=Path), metavar="IN.wav")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="OUT.wav",
    help="Write the spoken answer to OUT.wav.",
)
@journal_option
@profile_option
@model_option
@content_option
@times_option
@json_option
def rehearse_command(
    recording: Path,
    out: Path | None,
    journal: Path | None,
    profile: str | None,
    model: str | None,
    folder: Path | None,
    *,
    times: bool,
    as_json: bool,
) -> None:
    """Listen to a recording instead of the microphone, faster than real time."""
    settings = settings_of(profile, model, folder)
    rehearsed(settings, recording, out, journal, times=times, as_json=as_json)


def rehearse_demo(settings: Settings) -> None:
    """Rehearse the recording that ships with the content, and keep the spoken answer."""
    rehearsed(settings, settings.content / DEMO, _writable_folder(settings) / DEMO_ANSWER, None)


def _writable_folder(settings: Settings) -> Path:
    """Return where the demonstration's answer goes: here, or where one may write."""
    for folder in (Path(), settings.cache):
        # Tried, not asked: a system may promise what a read-only disk does not keep.
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return Path(tempfile.gettempdir())


def rehearsed(
    settings: Settings,
    path: Path,
    out: Path | None,
    journal: Path | None,
    *,
    times: bool = False,
    as_json: bool = False,
) -> None:
    """Rehearse a recording, tell what happens, and write the answer and the journal where they are wanted."""
    tell = teller(as_json=as_json)
    if journal and any(other and _same_file(journal, other) for other in (path, out)):
        raise DeviceError(f"{journal} cannot be the journal, too; give the journal another name")
    with ExitStack() as stack:
        recording = Recording(path)
        stack.callback(recording.close)
        assistant = open_assistant(stack, assemble(settings, tell, patient=True))
        on_action = listener(stack, journal, screen_of(as_json=as_json, words=True, times=times))
        result = rehearse(assistant.session, recording, on_action, out)
    tell(f"Heard {seconds(result.recorded):.1f} s of {path}.")
    if not result.settled:
        tell("It was not at rest when the longest wait was over; the end of the answer is missing.")
    if out:
        tell(f"The spoken answer is in {out}.")


def _same_file(one: Path, other: Path) -> bool:
    return one.absolute() == other.absolute() or (one.exists() and other.exists() and one.samefile(other))
