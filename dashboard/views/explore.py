"""Explore: a person's own SELECT, run apart from the dashboard."""

import streamlit as st

from dashboard import data
from dashboard.footer import show_csv_button
from dashboard.wording import counted
from queries import disclosure, loads, workbench
from queries.export import safe_csv
from queries.warehouse import WarehouseError, warehouse_home

EXAMPLE = """select site, count(*) as episodes, round(avg(attended_hours), 1) as mean_hours
from mart.episode
where is_started
group by site
order by site"""
LIMIT_ROWS, TIMEOUT_SECONDS = 1000, 5

st.caption("One SELECT (or DESCRIBE, SUMMARIZE, PIVOT, EXPLAIN) on the read-only warehouse. It can break nothing.")
if not disclosure.may_see_cases():
    st.info(
        "Rows of single patients are hidden on this server, and your own SQL could show them. Where everybody who can "
        "open this page may see patients, start it with `IOP_SHOW_CASES=yes iop dashboard`. The measures are open "
        "without it.",
        title="Your own SQL is switched off",
        icon=":material/lock:",
    )
    st.code(EXAMPLE, language="sql")
else:
    with st.form("explore", border=False):
        sql = st.text_area("SQL", value=EXAMPLE, height=180, key="explore_sql", persist_state="session")
        is_asked = st.form_submit_button("Run", type="primary", icon=":material/play_arrow:")
    if is_asked:
        try:
            with st.spinner("Running"):
                found = workbench.run_sql(warehouse_home(), sql, limit_rows=LIMIT_ROWS, timeout_seconds=TIMEOUT_SECONDS)
        except (workbench.WorkbenchError, WarehouseError) as error:
            st.error(str(error), title="Not run", icon=":material/block:")
        else:
            number = counted(len(found.frame), "row")
            st.caption(f"{'First ' if found.is_truncated else ''}{number} in {found.seconds:.2f} s")
            st.dataframe(found.frame, hide_index=True, alt="Rows of the query")
            show_csv_button(safe_csv(found.frame).encode(), "explore.csv")
with st.expander("Tables and columns", icon=":material/schema:", on_change="rerun", key="explore_tables") as tables:
    if tables.open:
        rows = loads.dictionary(data.current_warehouse())
        st.dataframe(rows, hide_index=True, alt="Every table and column with its meaning")
