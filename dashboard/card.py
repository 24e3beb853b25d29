"""One card: a question, the answer in a sentence, a chart, what it rests on, its definition, table and CSV."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from dashboard import data, states
from dashboard.basis import describe_basis
from dashboard.benchmark import describe_benchmark, marks
from dashboard.charts.figure import Figure, Style, ink_figure
from dashboard.charts.nested import draw_nested
from dashboard.charts.palette import color_groups
from dashboard.footer import show_footer
from dashboard.takeaway import state_takeaway
from queries.answer import Answer
from queries.filters import FilterError, Selection
from queries.measure import MeasureError

log = logging.getLogger(__name__)

Draw = Callable[[pd.DataFrame, Style], Figure]

PLOTLY_CONFIG = {"displaylogo": False, "modeBarButtons": [["toImage"]], "responsive": True}
OTHER_COMPARISONS = ("site", "track", "program")
INK = {"light": "#33383f", "dark": "#e3e6ea"}


def show_card(
    name: str,
    draw: Draw,
    selection: Selection,
    *,
    parameters: Mapping[str, Any] | None = None,
    by: str | None = None,
    question: str | None = None,
    step_label: str = "",
    value_label: str = "",
    target: float | None = None,
    target_label: str = "target",
    target_of: str | None = None,
    say_more: Callable[[Answer], str] | None = None,
) -> None:
    """Ask a measure and show it in a frame of its own; whatever goes wrong stays inside.

    ``by`` compares groups where the reader has not chosen a comparison. ``target`` overrides the program's own,
    which is looked up under the name ``target_of`` where that differs. ``say_more`` gives a second sentence.
    """
    compared = selection.by or (_comparison(selection, by) if by else None)
    chosen = replace(selection, by=compared)
    if by and compared != by:
        question = None
    key = "-".join([name, *(f"{value}" for value in (parameters or {}).values()), chosen.by or ""])
    with st.container(border=True, height="stretch", key=f"card-{key}".replace(" ", "_")):
        try:
            with st.spinner(states.COMPUTING):
                answer = data.answer(name, chosen, parameters)
        except Exception as error:  # One card that fails must not take the page with it.
            log.warning("%s could not be answered: %s", name, first_line(error))
            st.markdown(f"#### {question or name.replace('_', ' ').capitalize()}")
            states.show_error(remedy(error))
            return
        st.markdown(f"#### {question or answer.measure.question}")
        if target is None:
            target = data.target(data.current_warehouse(), target_of or name, chosen)
        _show_answer(answer, draw, key, target, target_label, step_label, value_label, say_more)


def _comparison(selection: Selection, by: str) -> str | None:
    """The comparison to show unasked: not one that the filters have narrowed to a single group."""
    values = dict(selection.values)
    return next((name for name in (by, *OTHER_COMPARISONS) if len(values.get(name, ())) != 1), None)


def _show_answer(
    answer: Answer,
    draw: Draw,
    key: str,
    target: float | None,
    target_label: str,
    step_label: str,
    value_label: str,
    say_more: Callable[[Answer], str] | None,
) -> None:
    warehouse = data.current_warehouse()
    published = data.benchmarks(warehouse, answer.measure.name)
    if states.is_wholly_suppressed(answer):
        states.show_suppressed()
    elif states.is_empty(answer):
        states.show_empty(answer, warehouse)
    elif states.is_not_estimable(answer):
        states.show_not_estimable(answer)
    else:
        style = Style(
            unit=answer.measure.unit,
            target=target,
            target_label=target_label,
            colors=_colors(answer),
            step_label=step_label,
            value_label=value_label,
            benchmarks=marks(published),
        )
        word = "week" if "week" in step_label.lower() else "day"
        takeaway = state_takeaway(answer, target, word, is_nested=draw is draw_nested)
        st.markdown(takeaway)
        if say_more and (more := say_more(answer)):
            st.markdown(more)
        try:
            figure = ink_figure(draw(answer.frame, style), reader_ink())
            if figure["data"]:
                alt = takeaway or answer.measure.title
                st.plotly_chart(figure, key=f"chart-{key}", config=PLOTLY_CONFIG, alt=alt)
            else:
                states.show_suppressed()
        except Exception as error:  # One card that fails must not take the page with it.
            log.warning("%s could not be drawn: %s", answer.measure.name, first_line(error))
            states.show_error("The chart could not be drawn. Its table and CSV are below.")
    if answer.warning:
        st.caption(f":material/warning: {answer.warning}")
    for found in published:
        line = describe_benchmark(found, answer.measure.unit, answer.data_cut)
        st.caption(f":material/compare_arrows: Published: {line}")
    st.caption(describe_basis(answer))
    show_footer(answer, key)


def reader_ink() -> str | None:
    """The text colour of the reader's theme, where the browser has told it."""
    return INK.get(st.context.theme.type or "")


def _colors(answer: Answer) -> dict[str, str]:
    by = answer.selection.by
    if by is None:
        return {}
    known = [value for value, _ in data.options(data.current_warehouse()).get(by, [])]
    return color_groups(known)


def remedy(error: Exception) -> str:
    if isinstance(error, MeasureError | FilterError):
        return str(error)
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return (
            "The warehouse was built by another version of IOP Outcomes. Load the export again: "
            "`iop load DIR --source NAME`."
        )
    return (
        "The measure failed on these data. `iop check` says whether the load is sound; the server's log has the cause."
    )


def first_line(error: Exception) -> str:
    """What went wrong in one line of the log."""
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
