"""Why somebody is in or out of a measure: the numbers by reason, and each episode where the server shows cases."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, states
from dashboard.reasons import COUNTED, number, summarise
from dashboard.wording import counted
from queries import disclosure
from queries.explain import Explanation, explain
from queries.filters import Selection
from queries.measure import Measure
from queries.reason_counts import ReasonCounts, count_reasons

QUESTION = "Why is somebody in or out?"
MOST_ROWS = 1000

COLUMNS: dict[str, Any] = {
    "episode_id": "Episode",
    "request_id": "Request",
    "is_in": "In",
    "reason": "Why",
    "category": "Part",
    "period": st.column_config.DateColumn("From", format="YYYY-MM-DD"),
    "patient_id": "Patient",
    "site": "Site",
    "program": "Program",
    "day_zero": st.column_config.DateColumn("Day 0", format="YYYY-MM-DD"),
    "exit_date": st.column_config.DateColumn("Exit", format="YYYY-MM-DD"),
    "requested_date": st.column_config.DateColumn("Asked", format="YYYY-MM-DD"),
    "in_denominator": st.column_config.NumberColumn("Denominator", format="%.6g"),
    "in_numerator": st.column_config.NumberColumn("Numerator", format="%.6g"),
}


@st.fragment
def show_explanation(measure: Measure, selection: Selection) -> None:
    """The measure's reasons for the chosen filters and parameters, in order: the first that holds is the reason."""
    st.markdown(f"#### {QUESTION}")
    if measure.not_listed:
        st.info(measure.not_listed, icon=":material/group_off:")
        return
    own = _choose_parameters(measure)
    warehouse = data.current_warehouse()
    with st.spinner(states.COMPUTING):
        found = explain(warehouse, measure.name, selection, own)
        counts = count_reasons(warehouse, found)
    st.markdown(summarise(found, counts))
    st.caption(f"{selection.describe()}. The filters are those of the pages.")
    if counts.selected == 0:
        return
    st.dataframe(
        _flow(found, counts),
        hide_index=True,
        width="content",
        key=f"reasons-{measure.name}",
        alt=f"{measure.title}: how many are in or out, by reason",
    )
    if counts.has_hidden:
        st.caption(f"Counts of 1–{disclosure.threshold() - 1}, and what gives them away, are hidden.")
    if disclosure.may_see_cases():
        _show_cases(found)
    else:
        states.show_cases_hidden("Single people are")


def _choose_parameters(measure: Measure) -> dict[str, Any]:
    chosen = [parameter for parameter in measure.parameters if parameter.choices]
    if not chosen:
        return {}
    with st.container(horizontal=True):
        return {
            parameter.name: st.selectbox(
                parameter.label,
                parameter.choices,
                index=parameter.choices.index(parameter.default),
                key=f"why-{measure.name}-{parameter.name}",
                width=320,
            )
            for parameter in chosen
        }


def _flow(found: Explanation, counts: ReasonCounts) -> pd.DataFrame:
    left_out = counts.left_out
    return pd.DataFrame(
        {
            "Reason": [COUNTED, *left_out["reason"]],
            f"{found.unit.capitalize()}s": [number(counts.counted), *map(number, left_out["units"])],
        }
    )


def _show_cases(found: Explanation) -> None:
    wanted = st.text_input(
        "Show those whose reason holds",
        key=f"why-{found.measure.name}",
        placeholder="excluded, week of 2026-03-02, in the numerator …",
        width=420,
    )
    rows = found.cases(reason=wanted.strip() or None, limit=MOST_ROWS + 1)
    if rows.empty:
        st.info("Nobody has such a reason. Try fewer words.", icon=":material/search_off:")
        return
    shown = rows.head(MOST_ROWS)
    note = f"Only the first {MOST_ROWS:,} rows are here; `iop explain {found.measure.name}` has all of them."
    st.caption(note if len(rows) > MOST_ROWS else f"{counted(len(shown), 'row')}.")
    st.dataframe(
        shown,
        hide_index=True,
        column_config=COLUMNS,
        column_order=[name for name in COLUMNS if name in shown and shown[name].fillna("").astype(str).ne("").any()],
        key=f"people-{found.measure.name}",
        alt=f"{found.measure.title}: who is in or out, and why",
    )
