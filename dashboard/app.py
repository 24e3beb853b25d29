"""The front door in a browser: navigation and the shared sidebar, nothing else."""

from __future__ import annotations

import streamlit as st

from dashboard import data, sidebar, states
from queries.warehouse import WarehouseError

MEASURED = [
    st.Page(
        "views/overview.py",
        title="Overview",
        icon=":material/monitoring:",
        default=True,
        help="The numbers that matter, and where they differ.",
    ),
    st.Page(
        "views/retention.py",
        title="Retention",
        icon=":material/groups:",
        help="Who stays, who leaves, when and how.",
    ),
    st.Page(
        "views/hours.py",
        title="Hours",
        icon=":material/schedule:",
        url_path="hours",
        help="Weekly hours against nine, attendance and group size.",
    ),
    st.Page(
        "views/outcomes.py",
        title="Outcomes",
        icon=":material/trending_up:",
        help="Whether people get better, and what the missing scores could mean.",
    ),
    st.Page(
        "views/relapse.py",
        title="Relapse",
        icon=":material/history:",
        help="Return to use during and after care, urine tests and abstinence.",
    ),
    st.Page(
        "views/cost.py",
        title="Cost",
        icon=":material/payments:",
        help="What care costs, per result and beside inpatient care.",
    ),
    st.Page(
        "views/review.py",
        title="Review",
        icon=":material/query_stats:",
        url_path="review",
        help="What changes over time or differs between sites more than chance allows.",
    ),
]
ABOUT = [
    st.Page(
        "views/explore.py",
        title="Explore",
        icon=":material/terminal:",
        help="Your own SELECT on the warehouse.",
    ),
    st.Page(
        "views/loads.py",
        title="Data",
        icon=":material/database:",
        url_path="data",
        help="What was loaded, what was rejected and why, and what each column means.",
    ),
    st.Page(
        "views/measures.py",
        title="Measures",
        icon=":material/menu_book:",
        help="The definition of every number.",
    ),
]

# Drawn here, since the named icons of a tab are fetched from outside.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="6" fill="#005eb8"/>
<path d="M6 22l6-7 5 4 9-11" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round"/></svg>"""

st.set_page_config(page_title="IOP Outcomes", page_icon=ICON, layout="wide")
page = st.navigation([*MEASURED, *ABOUT], position="top")
st.sidebar.markdown("### IOP Outcomes")
try:
    warehouse = data.current_warehouse()
except WarehouseError as error:
    states.show_no_warehouse(str(error))
    states.watch_for_version(None)
    st.stop()
if page in MEASURED:
    sidebar.choose(warehouse)
else:
    sidebar.show_facts(warehouse)
st.title(page.title)
page.run()
states.watch_for_version(warehouse.version)
