"""The hours ledger: from the share of weeks on target to each week, to each session and its minutes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.states import show_cases_hidden
from dashboard.wording import counted, day
from queries import disclosure
from queries.cases import patient_weeks, week_sessions
from queries.filters import Selection
from queries.warehouse import Warehouse

MOST_WEEKS = 1000
VIEWS = ("Under target", "With a mismatch", "All weeks")

WEEK_COLUMNS: dict[str, Any] = {
    "week_start": st.column_config.DateColumn("Week from", format="YYYY-MM-DD"),
    "episode_id": "Episode",
    "site": "Site",
    "reason": "Why",
    "mismatches": "Does not agree",
    "scheduled_hours": st.column_config.NumberColumn("Scheduled h", format="%.1f"),
    "attended_hours": st.column_config.NumberColumn("Attended h", format="%.1f"),
    "target_hours": st.column_config.NumberColumn("Target h", format="%.1f"),
    "authorized_hours": st.column_config.NumberColumn("Authorised h", format="%.1f"),
    "billed_days": "Billed days",
    "patient_id": "Patient",
}
SESSION_COLUMNS: dict[str, Any] = {
    "session_date": st.column_config.DateColumn("Day", format="ddd YYYY-MM-DD"),
    "service_type": "Service",
    "status": "Status",
    "scheduled_minutes": "Scheduled min",
    "actual_minutes": "Attended min",
    "counted_minutes": "Counted min",
    "why": "Why",
    "modality": "Modality",
    "session_id": "Session",
}


def show_ledger(warehouse: Warehouse, selection: Selection) -> None:
    """The weeks of the chosen filters and, for the one that is picked, its sessions; where cases are shown."""
    st.markdown("#### Which minutes make the weekly hours?")
    if not disclosure.may_see_cases():
        show_cases_hidden("The ledger shows single patients, so it is")
        return
    weeks = patient_weeks(warehouse, selection)
    if weeks.empty:
        st.info("No week in care matches these filters.", icon=":material/filter_alt_off:")
        return
    eligible = weeks[weeks["is_eligible"]]
    st.markdown(
        f"{counted(len(eligible), 'full week')} in care, {eligible['is_on_target'].sum():,.0f} on target: the numbers "
        f"of Weeks on target. {counted(len(weeks) - len(eligible), 'week')} at the edges are left out."
    )
    view = st.segmented_control("Weeks", VIEWS, default=VIEWS[0], required=True, key="ledger_view", bind="query-params")
    found = _narrow(weeks, str(view))
    shown = found.head(MOST_WEEKS)
    if shown.empty:
        st.success("No week is like that.", icon=":material/check_circle:")
        return
    of_all = f" of {len(found):,}" if len(found) > len(shown) else ""
    st.caption(f"{counted(len(shown), 'week')}{of_all}, the newest first. Pick one to see its sessions.")
    picked = st.dataframe(
        shown,
        hide_index=True,
        column_config=WEEK_COLUMNS,
        column_order=list(WEEK_COLUMNS),
        on_select="rerun",
        selection_mode="single-row",
        key=f"ledger-weeks-{view}",
        alt="Weeks in care with their hours and bills",
    )
    rows = picked.selection.rows
    if rows and rows[0] < len(shown):
        _show_week(warehouse, shown.iloc[rows[0]])


def _narrow(weeks: pd.DataFrame, view: str) -> pd.DataFrame:
    if view == VIEWS[0]:
        return weeks[weeks["is_eligible"] & ~weeks["is_on_target"]]
    return weeks[weeks["mismatches"] != ""] if view == VIEWS[1] else weeks


def _show_week(warehouse: Warehouse, week: pd.Series) -> None:
    sessions = week_sessions(warehouse, str(week["episode_id"]), week["week_start"].date())
    minutes = float(sessions["counted_minutes"].sum())
    st.markdown(
        f"**{week['episode_id']}, week from {day(week['week_start'])}**: {minutes:,.0f} minutes counted = "
        f"{minutes / 60:.1f} hours; the target is {week['target_hours']:.0f}. {week['reason']}."
    )
    st.dataframe(
        sessions,
        hide_index=True,
        column_config=SESSION_COLUMNS,
        column_order=list(SESSION_COLUMNS),
        alt="Sessions of the week with the minutes that count",
    )
