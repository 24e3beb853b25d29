"""The interval of one measure by drawing persons, on request: on the Measures page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import data
from dashboard.footer import show_csv_button
from dashboard.table import csv_of, table_of
from dashboard.wording import interval
from queries.filters import Selection
from queries.measure import Measure
from queries.resampling import METHOD, Resampled, can_resample, resample
from queries.statistics.bootstrap import REPLICATES
from queries.warehouse import Warehouse

BESIDE = "Bootstrap 95 %"


def table_beside(found: Resampled) -> pd.DataFrame:
    """The rows that were drawn for, with both intervals beside each other."""
    unit = found.answer.measure.unit
    drawn = [interval(lower, upper, unit) for lower, upper in zip(found.lower, found.upper, strict=True)]
    table = table_of(found.answer)
    table.insert(list(table.columns).index("95 % interval") + 1, BESIDE, drawn)
    return table[table[BESIDE] != ""]


@st.fragment
def show_resampling(measure: Measure, selection: Selection) -> None:
    """A button that draws; then the linearised interval and that of the draws."""
    if not can_resample(measure):
        return
    asked = f"drawn-{measure.name}"
    label = f"Recompute the interval by bootstrap ({REPLICATES:,} draws by person)"
    if st.button(label, icon=":material/casino:", key=f"draw-{measure.name}"):
        st.session_state[asked] = True
    if not st.session_state.get(asked):
        return
    warehouse = data.current_warehouse()
    with st.spinner("Drawing …"):
        table, content, population = _drawn(
            warehouse,
            measure.name,
            repr(selection),
            data.cache_key(warehouse),
            selection,
        )
    if table.empty:
        st.info("Nothing can be drawn: too few people, or no difference between them.", icon=":material/lock:")
        return
    st.dataframe(table, hide_index=True, key=f"drawn-rows-{measure.name}", alt=f"{measure.title} with both intervals")
    st.caption(
        f"{population}. {METHOD.capitalize()}; beside it the interval that the pages show. Hidden rows are left out."
    )
    show_csv_button(content, f"{measure.name}_bootstrap.csv", key=f"drawn-csv-{measure.name}")


@st.cache_data(max_entries=100, show_spinner=False)
def _drawn(
    _warehouse: Warehouse, name: str, selection_key: str, key: str, _s: Selection
) -> tuple[pd.DataFrame, bytes, str]:
    found = resample(_warehouse, name, _s)
    return table_beside(found), csv_of(found.answer.with_frame(found.frame())), _s.describe()
