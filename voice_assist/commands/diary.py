"""The command `diary`: what is kept of your cramps, shown, erased, exported."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from voice_assist import config
from voice_assist.commands.shared import tell_line
from voice_assist.diary import shown
from voice_assist.diary.entries import Entry
from voice_assist.diary.store import Store, diary_file

LAST = 20
"""Entries that are listed if nobody says how many."""


@click.group("diary", invoke_without_command=True)
@click.option("--last", default=LAST, show_default=True, type=click.IntRange(min=1), help="How many to list.")
@click.pass_context
def diary_command(context: click.Context, last: int) -> None:
    """List your last cramps, the newest last. They are kept on this machine alone."""
    if context.invoked_subcommand is not None:
        return
    if not config.load().diary:
        tell_line("The diary is off: nothing new is kept. To keep one, set: diary = true")
    entries = entries_kept()
    for line in shown.lines(entries[-last:]):
        tell_line(line)
    if not entries:
        tell_line("The diary holds nothing.")


@diary_command.command("erase")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_command(*, yes: bool) -> None:
    """Erase the diary, for good."""
    file = diary_file()
    if not file.exists():
        tell_line("There is no diary.")
        return
    if not yes:
        click.confirm("Erase your diary for good?", abort=True)
    with closing(Store(file)) as store:
        count = store.erase()
    tell_line(f"Erased: {count} {'entry' if count == 1 else 'entries'}.")


@diary_command.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.csv")
def export_command(file: Path) -> None:
    """Write the diary to FILE.csv, a table for other programs."""
    entries = entries_kept()
    shown.write_table(entries, file)
    tell_line(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} in {file}.")


def entries_kept() -> Sequence[Entry]:
    """Return all entries, the oldest first; none where there is no diary. Raises DiaryError."""
    file = diary_file()
    if not file.exists():
        return ()
    with closing(Store(file)) as store:
        return store.entries()
