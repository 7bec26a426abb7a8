"""The door of the command line: every way out of the program, with its exit code.

It imports next to nothing at first, so that Ctrl-C is quiet from the first moment. The commands
themselves are in `commands`.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

NOBODY_READS = 1
"""Exit code when whoever read our lines has gone."""

USAGE = 2
"""Exit code after a command that does not exist, or is not meant so."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""


def main() -> None:
    """Run the command line and exit: 0, 1 for a fault, 2 for wrong usage, 130 for Ctrl-C."""
    try:
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    # Impatient fingers press it twice; nothing is left to interrupt.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(code)


def _run() -> int:
    # Late, all of it: to import takes time, in which Ctrl-C may come.
    import click  # noqa: PLC0415

    from voice_assist.errors import VoiceAssistError  # noqa: PLC0415
    from voice_assist.output import complain, tell_fault  # noqa: PLC0415
    from voice_assist.starting import uncollected  # noqa: PLC0415

    _never_choke()
    try:
        with uncollected():
            from voice_assist.commands import cli  # noqa: PLC0415

        # What a command returns is of no interest; click returns a code only where it was asked for help.
        return int(cli.main(prog_name="voice-assist", standalone_mode=False) or 0)
    except click.UsageError as usage:
        complain(_one_line(usage))
        return USAGE
    except VoiceAssistError as fault:
        tell_fault(fault)
        return fault.exit_code
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines has gone; Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _never_choke() -> None:
    """Let a terminal that lacks a letter show another one; a sentence is worth more than its dashes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _one_line(usage: click.UsageError) -> str:
    context = usage.ctx
    command = context.command_path if context else "voice-assist"
    return f"{' '.join(usage.format_message().split()).rstrip('.')}; see {command} --help"
