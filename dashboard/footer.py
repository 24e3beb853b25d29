"""What is one click away from every number: its definition, its table and its CSV."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.definition import show_definition
from dashboard.explanation import QUESTION
from dashboard.table import file_name, table_of
from queries.answer import Answer


@st.fragment
def show_footer(answer: Answer, key: str, *, has_table: bool = True) -> None:
    """Definition, table and CSV of an answer; the first two are made when they are opened."""
    with st.container(horizontal=True, gap="small"):
        definition = st.popover(
            "Definition", icon=":material/menu_book:", type="tertiary", key=f"definition-{key}", on_change="rerun"
        )
        table = None
        if has_table:
            table = st.popover("Table", icon=":material/table:", type="tertiary", key=f"table-{key}", on_change="rerun")
        st.download_button(
            "CSV",
            data=data.csv(answer),
            file_name=file_name(answer),
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            key=f"csv-{key}",
            on_click="ignore",
            help="Suppressed numbers, with definition, filters and data version in each row",
        )
    if definition.open:
        with definition:
            show_definition(answer.measure, answer)
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
    if table is not None and table.open:
        with table:
            st.dataframe(
                table_of(answer), hide_index=True, width="content", key=f"rows-{key}", alt=answer.measure.title
            )
