"""What is one click away from every number: its definition, its table and its CSV."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import data
from dashboard.definition import show_definition
from dashboard.explanation import QUESTION
from dashboard.table import file_name, table_of
from queries.answer import Answer

HELP = "Suppressed numbers, with definition, filters and data version in each row"


def show_csv_button(
    content: bytes, file: str, *, key: str | None = None, label: str = "CSV", explained: str | None = None
) -> None:
    """A button that saves a CSV. It takes bytes, not a promise of them: a rerun would break the promise."""
    st.download_button(
        label,
        data=content,
        file_name=file,
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=key,
        on_click="ignore",
        help=explained,
    )


@st.fragment
def show_footer(
    answer: Answer,
    key: str,
    *,
    prefix: str = "",
    has_definition: bool = True,
    has_table: bool = True,
    table: pd.DataFrame | None = None,
    content: bytes | None = None,
    file: str | None = None,
    explained: str | None = HELP,
) -> None:
    """Definition, table and CSV of an answer; the first two are made when they are opened.

    ``table``, ``content`` and ``file`` are what a chart has of its own in place of the answer's rows, its CSV and the
    name of that file; ``explained`` is the CSV's help. ``prefix`` tells the widgets of two footers of one ``key``
    apart.
    """
    definition = rows = None
    with st.container(horizontal=True, gap="small"):
        if has_definition:
            definition = st.popover(
                "Definition",
                icon=":material/menu_book:",
                type="tertiary",
                key=f"{prefix}definition-{key}",
                on_change="rerun",
            )
        if has_table:
            rows = st.popover(
                "Table", icon=":material/table:", type="tertiary", key=f"{prefix}table-{key}", on_change="rerun"
            )
        show_csv_button(
            data.csv(answer) if content is None else content,
            file or file_name(answer),
            key=f"{prefix}csv-{key}",
            explained=explained,
        )
    if definition is not None and definition.open:
        with definition:
            show_definition(answer.measure, answer)
            if table is None:
                _link_to_measures(answer)
    if rows is not None and rows.open:
        with rows:
            st.dataframe(
                table_of(answer) if table is None else table,
                hide_index=True,
                width="content",
                key=f"{prefix}rows-{key}",
                alt=answer.measure.title,
            )


def _link_to_measures(answer: Answer) -> None:
    """To the reasons for who is counted, which the Measures page gives for an answer, not for a chart of several."""
    st.page_link(
        "views/measures.py",
        label=QUESTION,
        icon=":material/person_search:",
        query_params={"measure": answer.measure.name},
    )
    st.page_link(
        "views/measures.py",
        label="All measures",
        icon=":material/arrow_forward:",
    )
