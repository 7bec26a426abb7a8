"""The command `diary report`: the diary as a page for a doctor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voice_assist import clocks, content
from voice_assist.commands.diary import entries_kept
from voice_assist.commands.shared import content_option, settings_of, tell_line
from voice_assist.config import Settings
from voice_assist.diary.report.facts import GROUPS, NONE, chosen
from voice_assist.diary.report.nights import chosen as chosen_nights
from voice_assist.errors import DiaryError
from voice_assist.paper.browser import print_pdf

if TYPE_CHECKING:
    from voice_assist.diary.report.page import Report

OUT = "cramp-diary.html"

_date = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.option("--from", "first", type=_date, metavar="DATE", help="First night, such as 2026-01-31 (a year ago).")
@click.option("--to", "last", type=_date, metavar="DATE", help="Last night, by the date of its evening (last night).")
@click.option("--out", type=click.Path(path_type=Path), default=OUT, metavar="FILE", help=f"The page ({OUT}).")
@click.option("--pdf", type=click.Path(path_type=Path), metavar="FILE", help="Print it as a PDF too; a browser does.")
@click.option(
    "--include",
    default=NONE,
    metavar="WHAT",
    help=f"What it tells of you beside the cramps, with commas between: {', '.join(GROUPS)}, single names of "
    f"[person] in the settings, or {NONE} (the default).",
)
@content_option
def report_command(
    first: datetime | None, last: datetime | None, out: Path, pdf: Path | None, include: str, folder: Path | None
) -> None:
    """Write the diary as one page for a doctor: nights, places, how long, what was tried.

    It is one HTML file for any browser. Nothing leaves this machine: you give it to whom you choose.
    """
    # Late, here and below: who listens asks for none of it, and waits for all of it.
    from voice_assist.diary.report import words  # noqa: PLC0415
    from voice_assist.diary.report.page import written  # noqa: PLC0415

    settings = settings_of(folder=folder)
    report = _report(settings, first, last, [name.strip() for name in include.split(",") if name.strip()])
    page, missing = written(report)
    _write(out, page)
    if missing:
        tell_line(f"{missing[:1].upper()}{missing[1:]}.")
    period = report.period
    tell_line(f"Written: {out}, nights from {words.day(period.first)} to {words.day(period.last)}.")
    if pdf:
        print_pdf(out, pdf)
        tell_line(f"Printed: {pdf}")


def _report(settings: Settings, first: datetime | None, last: datetime | None, include: Sequence[str]) -> Report:
    """Return what the report is made of. Raises ContentError, DiaryError, and UsageError for what cannot be meant."""
    from voice_assist.diary.report.page import Report  # noqa: PLC0415

    pack, entries = content.load(settings.content), entries_kept()
    if not entries:
        raise DiaryError("the diary is empty: there is nothing to report yet")
    today = clocks.wall().date()
    try:
        facts = chosen(include, settings.person, pack.person)
    except ValueError as fault:
        raise click.BadParameter(str(fault), param_hint="--include") from None
    try:
        period = chosen_nights(entries, today, first and first.date(), last and last.date())
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None
    places = {protocol.name: protocol.title for protocol in pack.guide.protocols.values()}
    return Report(entries, period, today, facts, places)


def _write(path: Path, page: str) -> None:
    """Write a page that nobody else on this machine may read. Raises DiaryError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as error:
        raise DiaryError(f"{path} cannot be written: {error.strerror}; name another file with --out") from None
