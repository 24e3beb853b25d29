"""Data: what was loaded, what was rejected and why, whether it is sound, and what each column means."""

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data
from dashboard.footer import show_csv_button
from dashboard.layout import open_tab
from dashboard.states import show_cases_hidden
from dashboard.wording import counted, day
from queries import disclosure, loads
from queries.export import safe_csv

ICONS = {"block": ":material/error:", "warn": ":material/warning:", "note": ":material/info:"}

FILE_COLUMNS: dict[str, Any] = {
    "file": "File",
    "table_name": "Feeds",
    "rows_read": st.column_config.NumberColumn("Read", format="localized"),
    "rows_accepted": st.column_config.NumberColumn("Accepted", format="localized"),
    "rows_rejected": st.column_config.NumberColumn("Rejected", format="localized"),
    "rows_superseded": st.column_config.NumberColumn("Superseded", format="localized"),
    "bytes": st.column_config.NumberColumn("Size", format="bytes"),
}

FEW = f"Empty: 1–{disclosure.threshold() - 1} records, which may be of single patients, and what would give them away."


def total(counts: pd.Series) -> str:
    """The sum of what is shown, said to be more where something is hidden."""
    return ("at least " if counts.isna().any() else "") + f"{counts.sum():,.0f}"


warehouse = data.current_warehouse()
files = loads.files(warehouse)
facts = data.version_facts(warehouse)

with st.grid(5, min_column_width=180, gap="small"):
    st.metric("Data to", day(warehouse.data_cut), border=True)
    st.metric("Evaluated at", day(warehouse.analysis_cut), border=True, help="Late records may still come in.")
    st.metric("Records read", f"{files['rows_read'].sum():,.0f}", border=True)
    st.metric("Rejected", total(files["rows_rejected"]), border=True)
    st.metric("Superseded", total(files["rows_superseded"]), border=True)
st.caption(
    f"Version {warehouse.version} · source {warehouse.source} · rules {warehouse.rule_version}"
    + (f" · exported {facts['exported_at']:%Y-%m-%d %H:%M}" if facts.get("exported_at") else "")
    + f" · built by IOP Outcomes {facts.get('code_version') or 'of unknown version'}"
)

for name, tab in open_tab(("Files", "Rejects", "Checks", "Rules", "Dictionary"), "data_view"):
    with tab:
        if name == "Files":
            st.markdown("Every record read is accounted for: read = accepted + rejected + superseded.")
            st.dataframe(
                files.drop(columns=["sha256"]),
                hide_index=True,
                alt="Records read, accepted, rejected and superseded by file",
                height="content",
                column_config=FILE_COLUMNS,
            )
            superseded = loads.superseded(warehouse)
            if len(superseded):
                st.markdown("Records that another record or the mapping replaces:")
                st.dataframe(superseded, hide_index=True, alt="Superseded records by file and reason")
            if files["rows_accepted"].isna().any() or superseded["record_count"].isna().any():
                st.caption(f":material/lock: {FEW}")
        elif name == "Rejects":
            counts = loads.reject_counts(warehouse)
            if counts.empty:
                st.success("No record was rejected in this load.", icon=":material/check_circle:")
            else:
                st.markdown("Records that were not loaded, by file and broken rule:")
                st.dataframe(counts, hide_index=True, alt="Rejected records by file and rule")
                if counts["records"].isna().any():
                    st.caption(f":material/lock: {FEW}")
                if disclosure.may_see_cases():
                    file = st.selectbox("File", ["All", *sorted(counts["file"].unique())], key="reject_file")
                    rows = loads.rejects(warehouse, file=None if file == "All" else file)
                    st.dataframe(rows, hide_index=True, alt="Rejected records with their text")
                    show_csv_button(safe_csv(rows).encode(), "rejects.csv")
                else:
                    show_cases_hidden("The records themselves show single patients, so they are")
        elif name == "Checks":
            checks = loads.checks(warehouse)
            st.markdown(f"{counted(int(checks['is_found'].sum()), 'check')} of {len(checks)} found something.")
            for row in checks.to_dict("records"):
                icon = ICONS.get(row["severity"], "") if row["is_found"] else ":material/check_circle:"
                share = f"{row['found']} of {row['denominator']:,.0f}"
                st.markdown(f"{icon} **{row['title']}**: {share}. {row['message'] or ''}")
        elif name == "Rules":
            st.markdown("The named rules that the derived tables were built with; a clinic or trial may set its own.")
            st.dataframe(loads.rules(warehouse), hide_index=True, alt="Named rules with values and sources")
        else:
            known = loads.tables(warehouse)
            names = (known["schema_name"] + "." + known["table_name"]).tolist()
            table = st.selectbox("Table", ["All", *names], key="table", bind="query-params")
            rows = loads.dictionary(warehouse, None if table == "All" else table)
            st.dataframe(rows, hide_index=True, height=560, alt="Every column with its type, unit and meaning")
