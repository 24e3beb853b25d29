"""Shows in the terminal an answer with its interval by drawing persons beside the one of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from dashboard.terminal import answers
from dashboard.terminal.output import Format, console, say, show_rows
from queries import catalog
from queries.filters import select
from queries.resampling import METHOD, Resampled, resample
from queries.warehouse import open_warehouse


def show_resampled(
    home: Path,
    name: str,
    filters: Mapping[str, list[str]],
    chosen_format: Format,
    out: Path | None,
    *,
    date_from: str | None,
    date_to: str | None,
    by: str | None,
    settings: list[str],
) -> None:
    """Draw for the flags of ``iop ask --bootstrap`` and show or write both intervals."""
    catalog.measure(name)  # A misspelt name is told before anything is opened.
    warehouse = open_warehouse(home)
    chosen = select(answers.read_filters(warehouse, filters), date_from=date_from, date_to=date_to, by=by)
    found = resample(warehouse, name, chosen, answers.read_settings(settings))
    if chosen_format is not Format.table:
        answers.show_answer(found.answer.with_frame(found.frame()), chosen_format, out)
        return
    measure = found.answer.measure
    console().print(f"[bold]{measure.title}[/bold]")
    say(measure.question)
    columns, rows = answers.table_of(found.answer)
    show_rows(
        "", columns | {"Bootstrap 95 %": "right"}, [[*row, cell] for row, cell in zip(rows, _drawn(found), strict=True)]
    )
    for line in [*answers.footnotes(found.answer), METHOD[:1].upper() + METHOD[1:]]:
        say(line)


def _drawn(found: Resampled) -> list[str]:
    limits = pd.DataFrame({"lower": found.lower, "upper": found.upper}).to_dict("records")
    return [answers.interval(row, found.answer.measure.unit) for row in limits]
