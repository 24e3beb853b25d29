"""The command ``iop sensitivity``: its options; what it does is imported when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.terminal.options import AsFormat, By, From, Home, MeasureName, OutFile, Settings, To
from dashboard.terminal.output import Format, format_of

EXAMPLES = (
    "Examples: iop sensitivity reliable_improvement --by program · "
    "iop sensitivity recovery --set instrument=GAD-7 --target 0.4"
)


def sensitivity(
    filters: dict[str, list[str]],
    measure: MeasureName,
    date_from: From = None,
    date_to: To = None,
    by: By = None,
    settings: Settings = None,
    target: Annotated[
        float | None,
        typer.Option("--target", help="A share to be held against; else the recorded target.", min=0, max=1),
    ] = None,
    chosen_format: AsFormat = Format.table,
    out: OutFile = None,
    home: Home = None,
) -> None:
    """Fill in missing results by a model, and say how the missing would have to have fared to change the answer.

    Twenty imputations from attendance, first score, kind of exit and program, pooled by Rubin's rules.
    """
    from dashboard.terminal import tipping
    from dashboard.terminal.question import read_question

    question = read_question(home, measure, filters, date_from=date_from, date_to=date_to, by=by, settings=settings)
    tipping.show_sensitivity(question, format_of(chosen_format, out), out, target=target)
