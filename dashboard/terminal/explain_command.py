"""The commands that follow a number to its people: ``iop explain`` and ``iop ledger``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from dashboard.terminal.options import AsFormat, From, Home, MeasureName, Settings, To
from dashboard.terminal.output import Format

EXPLAIN_EXAMPLE = "Example: IOP_SHOW_CASES=yes iop explain early_dropout --site North --set sessions=6"
LEDGER_EXAMPLE = "Example: IOP_SHOW_CASES=yes iop ledger --episode E0000042 --week 2026-03-02"

Episode = Annotated[str | None, typer.Option("--episode", help="Only this episode.", metavar="ID")]


def explain(
    filters: dict[str, list[str]],
    measure: MeasureName,
    date_from: From = None,
    date_to: To = None,
    settings: Settings = None,
    episode: Episode = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only where the reason holds this.")] = None,
    chosen_format: AsFormat = Format.table,
    home: Home = None,
) -> None:
    """Say why somebody is in or out of a measure: how many for each reason and, for each episode, why.

    Single episodes need the setting IOP_SHOW_CASES=yes; the counts obey the small-number rules without it.
    """
    from dashboard.terminal import explaining
    from dashboard.terminal.question import read_question

    question = read_question(home, measure, filters, date_from=date_from, date_to=date_to, settings=settings)
    explaining.show_explanation(question, chosen_format, episode=episode, reason=reason)


def ledger(
    filters: dict[str, list[str]],
    date_from: From = None,
    date_to: To = None,
    episode: Episode = None,
    week: Annotated[
        datetime | None,
        typer.Option(
            "--week", help="The sessions of the week of this day.", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD"
        ),
    ] = None,
    chosen_format: AsFormat = Format.table,
    home: Home = None,
) -> None:
    """Follow the weekly hours to each session: which minutes count and why, and what was authorised and billed.

    It shows single patients, so it needs the setting IOP_SHOW_CASES=yes.
    """
    from dashboard.terminal import explaining
    from dashboard.terminal.question import read_selection

    warehouse, selection = read_selection(home, filters, date_from=date_from, date_to=date_to)
    explaining.show_ledger(warehouse, selection, chosen_format, episode=episode, week=week.date() if week else None)
