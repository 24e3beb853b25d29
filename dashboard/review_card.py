"""Cards of the quality review: a sentence, a chart, what its limits mean, definition, table and CSV."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.card import PLOTLY_CONFIG, first_line, reader_ink, remedy
from dashboard.charts.figure import Figure, ink_figure
from dashboard.definition import show_definition
from dashboard.states import show_error
from dashboard.wording import counted, day
from queries.answer import Answer
from queries.export import safe_csv

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Evidence:
    """What is one click away from a chart: the answer it rests on, its table and the rows of its CSV."""

    answer: Answer
    table: pd.DataFrame
    rows: pd.DataFrame
    file: str


@contextmanager
def card(key: str, question: str) -> Iterator[None]:
    """A frame of its own; whatever goes wrong stays inside."""
    with st.container(border=True, key=f"card-{key}"):
        st.markdown(f"#### {question}")
        try:
            yield
        except Exception as error:  # One card that fails must not take the page with it.
            log.warning("%s could not be shown: %s", key, first_line(error))
            show_error(remedy(error))


def show_figure(figure: Figure, key: str, alt: str) -> None:
    """A figure in the reader's ink."""
    st.plotly_chart(ink_figure(figure, reader_ink()), key=f"chart-{key}", config=PLOTLY_CONFIG, alt=alt)


def show_basis(answer: Answer, shown: pd.DataFrame, hidden: int, thing: str) -> None:
    """n, what is hidden, unused filters and the cut-offs: the line under every chart."""
    n = float(shown["denominator"].sum()) if answer.measure.unit != "count" else float(shown["numerator"].sum())
    parts = [f"n = {counted(n, answer.measure.denominator_unit)}"]
    if "missing_n" in shown and shown["missing_n"].notna().any():
        parts.append(f"missing {float(shown['missing_n'].sum()):,.0f}")
    if hidden:
        parts.append(f"{hidden} of {len(shown)} {thing}s hidden (too few people)")
    if unused := answer.measure.unused_filters(answer.selection):
        parts.append(f"not used here: {', '.join(unused)}")
    st.caption(
        " · ".join([*parts, f"data to {day(answer.data_cut)}, evaluated at {day(answer.analysis_cut)}"])
        + f". {answer.selection.describe()}."
    )


@st.fragment
def show_evidence(evidence: Evidence, key: str) -> None:
    """Definition, table and CSV; the first two are made when they are opened."""
    answer = evidence.answer
    with st.container(horizontal=True, gap="small"):
        definition = st.popover(
            "Definition", icon=":material/menu_book:", type="tertiary", key=f"definition-{key}", on_change="rerun"
        )
        table = st.popover("Table", icon=":material/table:", type="tertiary", key=f"table-{key}", on_change="rerun")
        st.download_button(
            "CSV",
            data=safe_csv(evidence.rows).encode("utf-8-sig"),
            file_name=f"{evidence.file}_{answer.data_cut.isoformat()}.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            key=f"csv-{key}",
            on_click="ignore",
            help="Every point with limits, rule, baseline, filters and data version; hidden numbers are empty",
        )
    if definition.open:
        with definition:
            show_definition(answer.measure, answer)
    if table.open:
        with table:
            st.dataframe(evidence.table, hide_index=True, width="content", key=f"rows-{key}", alt=answer.measure.title)
