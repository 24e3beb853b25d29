"""One number that matters: value, interval, n, target and its last months."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, states
from dashboard.benchmark import describe_benchmark, describe_briefly
from dashboard.containment import contained
from dashboard.footer import show_footer
from dashboard.overview_contents import Tile
from dashboard.takeaway import CENTRAL, central_rows
from dashboard.verdict import TOO_FEW, meets_target
from dashboard.wording import UNANSWERED, counted, in_unit, interval
from queries import disclosure
from queries.answer import Answer
from queries.filters import Selection

MONTHS_OF_TREND = 12
MARKS = {
    True: ":material/check_circle: target {} met",
    False: ":material/flag: target {} not met",
    None: f"target {{}}: {TOO_FEW}",
}
"""How a tile says whether its target is met; of too few people it says neither."""


def show_tile(tile: Tile, selection: Selection) -> None:
    """A metric in plain words with its sparkline over the last twelve whole months."""
    with st.container(border=True, key=f"tile-{tile.measure}", height="stretch", gap="xsmall"):

        def show_failure(_: Exception) -> None:
            st.metric(tile.label, UNANSWERED)
            st.caption("This could not be computed. `iop check` says whether the load is sound.")

        values = None
        with contained(tile.measure, show=show_failure), st.spinner(states.COMPUTING):
            answer = data.answer(tile.measure, replace(selection, by=None), tile.parameters)
            row = headline(answer, tile.statistic)
            values = trend_of(tile, answer, selection)
        if values is None:
            return
        unit = answer.measure.unit
        st.metric(
            tile.label,
            bounds_of(answer) or (in_unit(row["value"], unit) if row else UNANSWERED),
            help=_explain(answer),
            chart_data=values if len(values) >= 3 else None,
            chart_type="line",
        )
        st.caption(_describe(answer, row, tile.target_of or tile.measure))
        show_footer(answer, f"tile-{tile.measure}", has_table=False)


def headline(answer: Answer, statistic: str | None = None) -> dict[Any, Any] | None:
    """The row that speaks for a measure; None where nobody was counted, and without a value where it is hidden."""
    frame = answer.frame
    rows = frame[frame["statistic"] == statistic] if statistic else central_rows(frame, answer.measure.unit)
    return rows.iloc[0].to_dict() if len(rows) else None


def bounds_of(answer: Answer) -> str:
    """Worst to best case, where so few were followed up that there is no rate; else empty."""
    shown = answer.frame[answer.frame["value"].notna()].drop_duplicates("statistic").set_index("statistic")["value"]
    is_rate_known = any(name in shown.index for name in CENTRAL)
    if is_rate_known or not {"lower_bound", "upper_bound"} <= set(shown.index):
        return ""
    return interval(shown["lower_bound"], shown["upper_bound"], answer.measure.unit)


def trend_of(tile: Tile, answer: Answer, selection: Selection) -> list[float]:
    """The values of the sparkline: the last months where a measure has them, else the last whole quarters."""
    whole = replace(selection, by=None)
    if tile.by_month:
        frame = data.answer(tile.by_month, whole).frame.sort_values("period")
        return [float(value) for value in frame["value"].dropna().tail(MONTHS_OF_TREND)]
    asked = data.quarterly_answers(tile.measure, whole, answer.parameters, answer.analysis_cut)
    rows = [headline(each, tile.statistic) for each in asked]
    return [float(row["value"]) for row in rows if row is not None and pd.notna(row["value"])]


def _explain(answer: Answer) -> str:
    """What the number is, and whom the published value beside it describes."""
    text = f"{answer.measure.question} {answer.measure.formula} The line shows the last months or quarters."
    compared = [found for found in answer.published if found.comparable != "no"][:1]
    lines = [describe_benchmark(found, answer.measure.unit, answer.data_cut) for found in compared]
    return " ".join([text, *(f"Published: {line}" for line in lines)])


def _describe(answer: Answer, row: dict[Any, Any] | None, target_of: str) -> str:
    if row is None:
        return "No episodes match these filters."
    if row["is_suppressed"]:
        return f"Hidden: fewer than {disclosure.threshold()} people."
    if bounds_of(answer):
        counts = f"n = {counted(row['denominator'], answer.measure.denominator_unit)}"
        return f"Worst to best case · {counts} · too few were followed for a rate"
    if pd.isna(row["value"]):
        return "No episodes match these filters." if not row["denominator"] else f"Not known: {row['method']}."
    measure = answer.measure
    parts = [interval(row["lower"], row["upper"], measure.unit)]
    if pd.notna(row["denominator"]):
        parts.append(f"n = {counted(row['denominator'], measure.denominator_unit)}")
    target = data.target(data.current_warehouse(), target_of, answer.selection)
    if target is not None:
        parts.append(MARKS[meets_target(row, target, measure)].format(in_unit(target, measure.unit)))
    parts.append(describe_briefly(list(answer.published), measure.unit, answer.data_cut))
    return " · ".join(part for part in parts if part)
