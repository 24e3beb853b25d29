"""Lists of people for the program's own work, where the server shows cases."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.states import show_cases_hidden
from dashboard.wording import counted, day
from queries import disclosure
from queries.cases import no_contact_cases
from queries.filters import Selection
from queries.warehouse import Warehouse

COLUMNS: dict[str, Any] = {
    "episode_id": "Episode",
    "patient_id": "Patient",
    "action": "What to do",
    "days_without_contact": "Days without contact",
    "site": "Site",
    "program": "Program",
    "track": "Track",
    "admission_date": st.column_config.DateColumn("Admitted", format="YYYY-MM-DD"),
    "last_attended_date": st.column_config.DateColumn("Last service", format="YYYY-MM-DD"),
    "sessions_attended": "Sessions attended",
}


def show_people_to_call(warehouse: Warehouse, selection: Selection) -> None:
    """Open episodes without an attended service for 7 days or more, longest first; where cases are hidden, how to see
    them."""
    with st.container(border=True, key="card-people-to-call"):
        st.markdown("#### Whom should the program call?")
        if not disclosure.may_see_cases():
            show_cases_hidden("The list names single patients, so it is")
            return
        people = no_contact_cases(warehouse, selection)
        if people.empty:
            st.success("Every open episode has had a service in the last week.", icon=":material/check_circle:")
            return
        number = counted(len(people), "open episode")
        st.markdown(f"{number} without an attended service for 7 days or more at {day(warehouse.data_cut)}.")
        st.dataframe(
            people,
            hide_index=True,
            alt="Open episodes without contact",
            column_config=COLUMNS,
            column_order=list(COLUMNS),
        )
