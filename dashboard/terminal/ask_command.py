"""The command ``iop ask``: its options; what it does is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.terminal import completion
from dashboard.terminal.options import AsFormat, By, From, Home, OutFile, Settings, To
from dashboard.terminal.output import Format

EXAMPLES = (
    "Examples: iop ask retention_at --site North --program SUD --from 2026-01-01 · "
    "iop ask retention_at --set day=60 --by site · iop ask show_rate --bootstrap · "
    "iop ask hours_by_month --format csv --out hours.csv"
)


def ask(
    filters: dict[str, list[str]],
    measure: Annotated[
        str | None,
        typer.Argument(
            help="Name of a measure; without one, all are listed.", autocompletion=completion.complete_measure
        ),
    ] = None,
    date_from: From = None,
    date_to: To = None,
    by: By = None,
    settings: Settings = None,
    bootstrap: Annotated[
        bool, typer.Option("--bootstrap", help="Recompute the interval by 2,000 draws of persons.")
    ] = False,
    definition: Annotated[bool, typer.Option("--definition", help="Show what it means, and its SQL.")] = False,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Answer one of the catalogue's questions, with the same numbers as the pages.

    Counts of 1–10, and what would give them away, are hidden.
    """
    from dashboard.terminal import answers
    from queries.warehouse import warehouse_home

    if measure is None:
        answers.show_measures()
    elif definition:
        answers.show_definition(measure)
    elif bootstrap:
        from dashboard.terminal import drawing

        chosen: dict[str, Any] = {"date_from": date_from, "date_to": date_to, "by": by, "settings": settings or []}
        drawing.show_resampled(
            home or warehouse_home(), measure, filters, _file_format(chosen_format, out), out, **chosen
        )
    else:
        answer = answers.ask(
            home or warehouse_home(),
            measure,
            filters,
            date_from=date_from,
            date_to=date_to,
            by=by,
            settings=settings or [],
        )
        answers.show_answer(answer, _file_format(chosen_format, out), out)


def _file_format(chosen: Format, out: Path | None) -> Format:
    return Format.csv if out and chosen is Format.table else chosen
