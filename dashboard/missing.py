"""One rate with its missing filled in by a model, and where it would tip over its target: made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import data, states
from dashboard.charts.bounds import draw_bounds
from dashboard.charts.figure import Style
from dashboard.containment import contained
from dashboard.footer import show_footer
from dashboard.plot import show_figure
from dashboard.table import csv_of, file_name
from dashboard.takeaway import state_takeaway
from queries.filters import Selection
from queries.sensitivity import Sensitivity, ask_sensitivity, describe_sensitivity
from queries.warehouse import Warehouse

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
        with contained(name, "filled in"):
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
            if states.say_unless_drawable(found.answer, warehouse):
                _show(found, target)


def _show(found: Sensitivity, target: float | None) -> None:
    answer = found.answer
    takeaway = state_takeaway(answer)
    st.markdown(takeaway)
    figure = draw_bounds(answer.frame, Style(unit=answer.measure.unit, target=target))
    show_figure(figure, f"missing-chart-{answer.measure.name}", takeaway)
    st.markdown("\n".join(f"* {sentence}" for sentence in describe_sensitivity(found)))
    methods = answer.frame.loc[answer.frame["statistic"] == "multiple_imputation", "method"].dropna()
    for method in dict.fromkeys(methods.head(1)):
        st.caption(f"Model: {method}.")
    show_footer(
        answer,
        answer.measure.name,
        prefix="missing-",
        has_definition=False,
        content=csv_of(answer),
        file=file_name(answer).replace(".csv", "_missing.csv"),
        explained=None,
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
