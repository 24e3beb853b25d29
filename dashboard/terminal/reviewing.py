"""Puts a quality review on the screen or into a file: the same numbers as its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.review_tables import table_of_all, table_of_case_mix, table_of_chart, table_of_funnel
from dashboard.review_words import (
    describe_assurance,
    describe_case_mix,
    describe_chart,
    describe_funnel,
    describe_limits,
    describe_panel,
    describe_records,
)
from dashboard.terminal.answers import cut_offs, hidden_counts
from dashboard.terminal.output import Format, say, show_rows, write
from dashboard.terminal.question import read_selection
from queries import catalog
from queries.answer import Answer
from queries.filters import Selection
from queries.review.between import SIGNAL_IS_NO_VERDICT, draw_funnel
from queries.review.case_mix import standardise_groups
from queries.review.contents import REVIEWED, Reviewed, find_reviewed
from queries.review.control import ChartError, ControlChart, draw_limits
from queries.review.panel import compare_all
from queries.review.recorded import read_changes, read_target
from queries.review.rows import rows_of_case_mix, rows_of_chart, rows_of_funnel, rows_of_panel
from queries.review.series import Ask, read_series
from queries.warehouse import Warehouse

NUMBERS = {"Value", "Centre", "Limits", "Count", "n", "Observed", "Expected", "O/E", "Latest", "Target"}


@dataclass(frozen=True)
class Review:
    """What is shown: a title, sentences, a table and the rows of a file with the answer that they rest on."""

    title: str
    lines: list[str]
    table: pd.DataFrame
    rows: pd.DataFrame
    answer: Answer


def review(
    home: Path | None,
    name: str | None,
    filters: Mapping[str, list[str]],
    *,
    dates: tuple[str | None, str | None],
    by: str,
    kind: str | None,
    rules: str,
    is_rebased: bool,
    is_funnel: bool,
    is_adjusted: bool,
) -> Review:
    """One rate over time, between groups or standardised; without a name all rates.

    Raises MeasureError, FilterError or ChartError for what is not known or does not fit.
    """
    entry = find_reviewed(name) if name else None
    warehouse, chosen = read_selection(home, filters, date_from=dates[0], date_to=dates[1], by=by)

    def ask(measure: str, selection: Selection, parameters: Mapping[str, Any]) -> Answer:
        return catalog.ask_selection(warehouse, measure, selection, parameters)

    if entry is None:
        return _all(ask, warehouse, chosen, by, rules)
    if is_funnel:
        return _funnel(ask, warehouse, entry, chosen, by)
    if is_adjusted:
        return _adjusted(warehouse, entry, chosen, by)
    return _over_time(_chart(ask, warehouse, entry, chosen, kind, rules, is_rebased))


def show_review(found: Review, chosen: Format, out: Path | None) -> None:
    """Show or write a review in the format asked for."""
    if chosen is not Format.table:
        content = {**found.answer.provenance(), "says": found.lines, "rows": found.rows}
        write(found.rows, chosen, out, json_content=content)
        return
    columns = {str(name): "right" if name in NUMBERS else "left" for name in found.table.columns}
    show_rows(found.title, columns, found.table.itertuples(index=False, name=None))
    facts = found.answer.provenance()
    for line in found.lines:
        say(line)
    say(f"Counted: {facts['population']}. {hidden_counts()}")
    say(cut_offs(facts))


def _chart(
    ask: Ask,
    warehouse: Warehouse,
    entry: Reviewed,
    chosen: Selection,
    kind: str | None,
    rules: str,
    is_rebased: bool,
) -> ControlChart:
    series = read_series(ask, warehouse, entry, chosen)
    if series is None:
        raise ChartError(f"The chosen dates hold not one whole month of {entry.measure}. Widen them.")
    changes, target = read_changes(warehouse, entry, chosen), read_target(warehouse, entry, chosen)
    return draw_limits(series, kind=kind, rules=rules, target=target, changes=changes, is_rebased=is_rebased)


def _over_time(chart: ControlChart) -> Review:
    lines = [describe_chart(chart), describe_assurance(chart), *describe_records(chart), describe_limits(chart)]
    said = [line for line in lines if line]
    title = f"{chart.series.entry.label} over time"
    return Review(title, said, table_of_chart(chart), rows_of_chart(chart), chart.series.answer)


def _funnel(ask: Ask, warehouse: Warehouse, entry: Reviewed, chosen: Selection, by: str) -> Review:
    found = draw_funnel(ask, warehouse, entry, chosen, by)
    if found is None:
        raise ChartError(f"{entry.measure} has no funnel: it is no share of counted things, or nobody may be shown.")
    lines = [describe_funnel(found), f"Limits: {found.method}.", SIGNAL_IS_NO_VERDICT]
    return Review(f"{entry.label} by {by}", lines, table_of_funnel(found), rows_of_funnel(found), found.answer)


def _adjusted(warehouse: Warehouse, entry: Reviewed, chosen: Selection, by: str) -> Review:
    found = standardise_groups(warehouse, entry, chosen, by)
    if found is None:
        raise ChartError(
            f"{entry.measure} cannot be standardised: it counts several things a person, or fewer than two groups may "
            "be shown."
        )
    lines = [describe_case_mix(found), "Adjusted rate = O/E × the overall rate.", SIGNAL_IS_NO_VERDICT]
    title = f"{entry.label} by {by}, given program, severity and age group"
    return Review(title, lines, table_of_case_mix(found), rows_of_case_mix(found), found.answer)


def _all(ask: Ask, warehouse: Warehouse, chosen: Selection, by: str, rules: str) -> Review:
    charts, funnels = [], []
    for entry in REVIEWED:
        try:
            charts.append(_chart(ask, warehouse, entry, chosen, None, rules, False))
        except ChartError:
            continue  # A rate that the dates leave no whole month of has no row.
        found = draw_funnel(ask, warehouse, entry, chosen, by)
        funnels += [found] if found is not None else []
    if not charts:
        raise ChartError("The chosen dates hold not one whole month. Widen them.")
    panel, answer = compare_all(funnels), charts[0].series.answer
    lines = [describe_panel(panel), SIGNAL_IS_NO_VERDICT, "One of them: iop review MEASURE, with --funnel by site."]
    rows = table_of_all(charts, panel)
    names = [chart.series.entry.measure for chart in charts]
    table = (
        rows.drop(columns=["Target"]).assign(Measure=names).rename(columns={"Groups to look at": f"{by}s to look at"})
    )
    return Review("Quality review", lines, table, rows_of_panel(panel, answer), answer)
