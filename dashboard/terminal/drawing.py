"""Shows in the terminal an answer with its interval by drawing persons beside the one of the pages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dashboard.terminal import answers
from dashboard.terminal.output import Format, console, say, show_rows
from dashboard.terminal.question import Question
from queries.resampling import METHOD, Resampled, resample


def show_resampled(question: Question, chosen: Format, out: Path | None) -> None:
    """Draw, and show or write both intervals."""
    measure = question.measure
    found = resample(question.warehouse, measure.name, question.selection, question.parameters)
    if chosen is not Format.table:
        answers.show_answer(found.answer.with_frame(found.frame()), chosen, out)
        return
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
