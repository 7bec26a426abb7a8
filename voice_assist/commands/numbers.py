"""The command `numbers`: what a country's emergency number may be."""

from __future__ import annotations

import json

import click

from voice_assist import config, numbers


@click.command("numbers")
@click.argument("country", required=False, metavar="[COUNTRY]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def numbers_command(country: str | None, *, as_json: bool) -> None:
    """Show the candidates for the emergency number of COUNTRY (a name, or a code such as nz): none is checked."""
    if not country:
        raise click.UsageError(numbers.NOT_NAMED)
    row = numbers.candidates(country)
    if row is None:
        raise click.BadParameter(f"'{country}' is not in the table; {numbers.LOOK_UP}", param_hint="COUNTRY")
    if as_json:
        click.echo(json.dumps(numbers.as_json(row), ensure_ascii=False))
    else:
        for line in numbers.described(row, config.settings_file()):
            click.echo(line)
