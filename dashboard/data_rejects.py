"""The Rejects tab of the Data page: counts, how to mend the records, and the records where cases are shown."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.footer import show_csv_button
from dashboard.states import show_cases_hidden
from dashboard.wording import counted
from queries import disclosure, fixes, loads
from queries.warehouse import Warehouse

ROWS_A_PAGE = 500

COLUMNS: dict[str, Any] = {
    "file": "File",
    "table_name": "For",
    "column_name": "Column",
    "rule": "Rule",
    "message": st.column_config.TextColumn("In words", width="large"),
    "records": st.column_config.NumberColumn("Records", format="localized"),
    "line": st.column_config.NumberColumn("Line", format="plain"),
    "raw_text": st.column_config.TextColumn("The record", width="large"),
}

HOW_TO_FIX = """
Correct the record where it was entered and export again: the next load takes it. Where that cannot be done, save the
file below, see in `iop_problem` what is wrong with each record, and correct the same lines (`iop_line`) in the export;
`iop rejects --download DIR` writes the same files.
"""


def show_rejects(warehouse: Warehouse) -> None:
    """Counts by file, column and rule; what to do; the files to correct; the records page by page."""
    counts = loads.reject_counts(warehouse)
    if counts.empty:
        st.success("No record was rejected in this load.", icon=":material/check_circle:")
        return
    st.markdown("Records that were not loaded, by file and broken rule:")
    with st.container(horizontal=True, gap="small"):
        wanted = {
            column: _choice(label, sorted(counts[column].unique()), f"reject_{column}")
            for column, label in (("file", "File"), ("rule", "Rule"), ("table_name", "Table"))
        }
    for column, value in wanted.items():
        counts = counts[counts[column] == value] if value else counts
    st.dataframe(counts, hide_index=True, alt="Rejected records by file and rule", column_config=COLUMNS)
    if counts["records"].isna().any():
        few = f"1–{disclosure.threshold() - 1} records"
        st.caption(f":material/lock: Empty: {few}, which may be of single patients, and what would give them away.")
    st.markdown(HOW_TO_FIX)
    if not disclosure.may_see_cases():
        show_cases_hidden("The records themselves show single patients, so they are")
        return
    with st.container(horizontal=True, gap="small"):
        for file, without_text in fixes.files_to_fix(warehouse):
            if wanted["file"] in (None, file):
                show_csv_button(fixes.fixes(warehouse, file), fixes.name_of(file), key=f"fix-{file}", label=file)
            if without_text:
                st.caption(f"{file}: {counted(without_text, 'record')} without text, since only 200,000 are kept.")
    chosen = {"file": wanted["file"], "rule": wanted["rule"], "table": wanted["table_name"]}
    found = loads.count_rejects(warehouse, **chosen)
    pages = max(1, -(-found // ROWS_A_PAGE))
    page = 1
    if pages > 1:
        page = st.number_input(f"Page, of {pages:,}", 1, pages, 1, key=f"reject_page_{found}")
    rows = loads.rejects(warehouse, **chosen, limit=ROWS_A_PAGE, offset=(int(page) - 1) * ROWS_A_PAGE)
    st.dataframe(rows, hide_index=True, alt="Rejected records with their text", column_config=COLUMNS)


def _choice(label: str, values: list[str], key: str) -> str | None:
    chosen = st.selectbox(label, ["All", *values], key=key)
    return None if chosen == "All" else chosen
