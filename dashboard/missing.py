"""One rate with its missing filled in by a model, and where it would tip over its target: made when it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import data, states
from dashboard.card import PLOTLY_CONFIG, first_line, reader_ink, remedy
from dashboard.charts.bounds import draw_bounds
from dashboard.charts.figure import Style, ink_figure
from dashboard.table import csv_of, file_name, table_of
from dashboard.takeaway import state_takeaway
from queries.answer import Answer
from queries.filters import Selection
from queries.sensitivity import Sensitivity, ask_sensitivity, describe_sensitivity
from queries.warehouse import Warehouse

log = logging.getLogger(__name__)

FILLING = "Filling in the missing twenty times …"

Parameters = tuple[tuple[str, Any], ...]


def show_missing(
    name: str, selection: Selection, parameters: Mapping[str, Any] | None = None, *, target: float | None = None
) -> None:
    """The bounds with the model's mark, the tipping points and what the model rests on; errors stay inside.

    ``target`` overrides the program's own.
    """
    with st.container(border=True, key=f"missing-{name}"):
        st.markdown("#### What if those without a result were known?")
        warehouse = data.current_warehouse()
        target = data.target(warehouse, name, selection) if target is None else target
        try:
            with st.spinner(FILLING):
                found = _ask(
                    warehouse,
                    name,
                    repr(selection),
                    tuple(sorted((parameters or {}).items())),
                    data.cache_key(warehouse),
                    target,
                    selection,
                )
        except Exception as error:  # One card that fails must not take the page with it.
            log.warning("%s could not be filled in: %s", name, first_line(error))
            states.show_error(remedy(error))
            return
        answer = found.answer
        if states.is_wholly_suppressed(answer):
            states.show_suppressed()
        elif states.is_empty(answer):
            states.show_empty(answer, warehouse)
        elif states.is_not_estimable(answer):
            states.show_not_estimable(answer)
        else:
            _show(found, target)


def _show(found: Sensitivity, target: float | None) -> None:
    answer = found.answer
    takeaway = state_takeaway(answer)
    st.markdown(takeaway)
    style = Style(unit=answer.measure.unit, target=target)
    figure = ink_figure(draw_bounds(answer.frame, style), reader_ink())
    st.plotly_chart(figure, key=f"missing-chart-{answer.measure.name}", config=PLOTLY_CONFIG, alt=takeaway)
    st.markdown("\n".join(f"* {sentence}" for sentence in describe_sensitivity(found)))
    methods = answer.frame.loc[answer.frame["statistic"] == "multiple_imputation", "method"].dropna()
    for method in dict.fromkeys(methods.head(1)):
        st.caption(f"Model: {method}.")
    _show_rows(answer)


def _show_rows(answer: Answer) -> None:
    key = answer.measure.name
    with st.container(horizontal=True, gap="small"):
        with st.popover("Table", icon=":material/table:", type="tertiary", key=f"missing-table-{key}"):
            st.dataframe(table_of(answer), hide_index=True, width="content", alt=answer.measure.title)
        st.download_button(
            "CSV",
            data=csv_of(answer),
            file_name=file_name(answer).replace(".csv", "_missing.csv"),
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            key=f"missing-csv-{key}",
            on_click="ignore",
        )


@st.cache_data(max_entries=200, show_spinner=False)
def _ask(
    _warehouse: Warehouse,
    name: str,
    selection_key: str,
    parameters: Parameters,
    key: str,
    target: float | None,
    _s: Selection,
) -> Sensitivity:
    return ask_sensitivity(_warehouse, name, _s, dict(parameters), target=target)
