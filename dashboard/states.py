"""What a page says when there is nothing to show: no warehouse, nobody, too few, an error."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.wording import counted, day
from queries import disclosure
from queries.answer import Answer
from queries.warehouse import Warehouse, WarehouseError, current_version, warehouse_home

SECONDS_BETWEEN_LOOKS = 20
COMPUTING = "Computing …"


def show_no_warehouse(message: str) -> None:
    """The whole page, where the warehouse is not there or cannot be read."""
    st.title("IOP Outcomes")
    st.warning(message, title="There is nothing to show yet", icon=":material/database_off:")
    st.markdown("To look around with the invented sample clinic, or to load your own exports, run in a terminal:")
    st.code("iop demo\niop load FOLDER --source canonical", language="bash")
    st.caption("This page looks for data by itself: it needs no restart.")


@st.fragment(run_every=SECONDS_BETWEEN_LOOKS)
def watch_for_version(shown: str | None) -> None:
    """Draw the page anew when another version has been published than the one that it shows (None: none)."""
    try:
        published = current_version(warehouse_home())
    except WarehouseError:
        published = None
    if published != shown:
        st.rerun()


def show_error(message: str) -> None:
    """One card that could not be answered; the others go on."""
    st.error(message, title="This could not be computed", icon=":material/error:")


def show_empty(answer: Answer, warehouse: Warehouse) -> None:
    """One card that nobody matches, with where the data are and the remedy."""
    found = data.coverage(warehouse)
    where = "The warehouse holds no episodes."
    if found.first_day and found.last_day:
        where = (
            f"{counted(found.sites, 'site')} {'has' if found.sites == 1 else 'have'} data from {day(found.first_day)} "
            f"to {day(found.last_day)}."
        )
    measure = answer.measure
    remedy = "Widen the dates or remove a filter in the sidebar."
    if measure.topic in ("outcomes", "relapse", "cost"):
        remedy += f" Or the records that it counts are not in the data ({measure.title.lower()})."
    st.info(f"{where} {remedy}", title="No episodes match these filters", icon=":material/filter_alt_off:")


def show_suppressed() -> None:
    """One card whose every number is too small to show."""
    smallest = disclosure.threshold()
    st.info(
        f"A rate or count would rest on 1–{smallest - 1}, or give such a number away. Choose a longer period, more "
        "sites or no comparison.",
        title=f"Hidden: fewer than {smallest} people",
        icon=":material/visibility_off:",
    )


def show_cases_hidden(what: str) -> None:
    """In place of a list of single people; ``what`` begins the sentence up to "hidden"."""
    st.caption(
        f":material/lock: {what} hidden on this server. Where everybody who can open it may see them, start it with "
        "`IOP_SHOW_CASES=yes iop dashboard`."
    )


def show_not_estimable(answer: Answer) -> None:
    """One card whose people are there but whose number cannot be had from them."""
    methods = [str(method) for method in answer.frame["method"].dropna().unique()]
    st.info(
        f"{'; '.join(methods).capitalize() or 'Too little is recorded'}. {answer.measure.formula}",
        title="No number for these people",
        icon=":material/hourglass_empty:",
    )


def say_unless_drawable(answer: Answer, warehouse: Warehouse) -> bool:
    """Say why an answer has nothing to draw; true where it has."""
    if is_wholly_suppressed(answer):
        show_suppressed()
    elif is_empty(answer):
        show_empty(answer, warehouse)
    elif is_not_estimable(answer):
        show_not_estimable(answer)
    else:
        return True
    return False


def is_not_estimable(answer: Answer) -> bool:
    """Whether people were counted and none of them is hidden, but there is no value."""
    return bool(answer.frame["value"].isna().all())


def is_empty(answer: Answer) -> bool:
    """Whether nobody was counted at all."""
    frame = answer.frame
    if frame.empty:
        return True
    is_counted = frame["denominator"].fillna(0) > 0
    return bool((~frame["is_suppressed"] & ~is_counted & frame["value"].isna()).all())


def is_wholly_suppressed(answer: Answer) -> bool:
    """Whether nothing may be shown: every row that has a number, or people without one, is hidden."""
    frame = answer.frame
    is_shown = ~frame["is_suppressed"] & (frame["value"].notna() | (frame["denominator"].fillna(0) > 0))
    return bool(frame["is_suppressed"].any() and not is_shown.any())
