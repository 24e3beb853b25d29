"""The command ``iop ask``: its options; what it does is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.terminal import completion
from dashboard.terminal.options import AsFormat, By, From, Home, OutFile, Settings, To
from dashboard.terminal.output import Format, format_of

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
    from dashboard.terminal.question import read_question

    if measure is None:
        answers.show_measures()
        return
    if definition:
        answers.show_definition(measure)
        return
    question = read_question(home, measure, filters, date_from=date_from, date_to=date_to, by=by, settings=settings)
    if bootstrap:
        from dashboard.terminal import drawing

        drawing.show_resampled(question, format_of(chosen_format, out), out)
    else:
        answers.show_answer(answers.ask(question), format_of(chosen_format, out), out)
