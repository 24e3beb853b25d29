"""The command ``iop check``: what the data-quality checks found, one of them, or the rows behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.terminal import completion
from dashboard.terminal.options import AsFormat, Home, OutFile
from dashboard.terminal.output import Format, format_of

EXAMPLES = "Examples: iop check · iop check reason_missing · IOP_SHOW_CASES=yes iop check reason_missing --rows"


def check(
    name: Annotated[
        str | None,
        typer.Argument(
            help="One check; without it, all that found something.", autocompletion=completion.complete_check
        ),
    ] = None,
    rows: Annotated[bool, typer.Option("--rows", help="What breaks it; needs IOP_SHOW_CASES=yes.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Those that found nothing, too.")] = False,
    blocked: Annotated[
        bool, typer.Option("--blocked", help="Of the load that a check kept from being published.")
    ] = False,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Show what the data-quality checks of the last load found; exit code 1 when a blocking one fails."""
    from dashboard.terminal import checking
    from queries.checks import open_blocked
    from queries.warehouse import open_warehouse, warehouse_home

    folder = home or warehouse_home()
    warehouse = open_blocked(folder) if blocked else open_warehouse(folder)
    wanted = format_of(chosen_format, out)
    if name is None:
        if rows:
            raise typer.BadParameter("Name the check whose rows you want: iop check NAME --rows.", param_hint="--rows")
        is_sound = checking.show_checks(warehouse, wanted, out, is_all=show_all)
    else:
        is_sound = checking.show_check(warehouse, name, wanted, out, is_listing=rows)
    if not is_sound:
        raise typer.Exit(1)
