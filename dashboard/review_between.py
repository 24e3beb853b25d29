"""Groups of one rate in a funnel, and beside it as if each treated everybody's patients."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import review_data, states
from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Style
from dashboard.charts.funnel import draw_funnel_plot
from dashboard.review_card import Evidence, card, show_basis, show_evidence, show_figure
from dashboard.review_tables import table_of_case_mix, table_of_funnel
from dashboard.review_words import describe_case_mix, describe_funnel
from queries.answer import shape
from queries.filters import FILTERS, Selection
from queries.review.between import SIGNAL_IS_NO_VERDICT
from queries.review.case_mix import CaseMix, can_standardise
from queries.review.contents import Reviewed
from queries.review.rows import rows_of_case_mix, rows_of_funnel


def show_funnel(entry: Reviewed, selection: Selection, by: str) -> None:
    """The funnel on a card."""
    key, groups = f"funnel-{entry.measure}", FILTERS[by].label.lower()
    with card(key, f"{entry.label}: which differ by {groups} more than chance allows?"):
        with st.spinner(states.COMPUTING):
            found = review_data.funnel(entry, selection, by)
        if found is None:
            st.info("No funnel: this is no share of counted things, or every group is too small to show.")
            return
        takeaway = describe_funnel(found)
        st.markdown(takeaway)
        definition = entry.definition
        style = Style(unit="share", step_label=f"n ({definition.denominator_unit}s)")
        show_figure(draw_funnel_plot(found.frame, found.lines, style, definition.higher_is), key, takeaway)
        st.caption(
            "Limits: where 95 % and 99.8 % of groups of that size would lie if all had the same rate, no confidence "
            f"intervals ({found.method}). {SIGNAL_IS_NO_VERDICT}"
        )
        show_basis(found.answer, found.frame, int(found.frame["is_hidden"].sum()), groups)
        show_evidence(
            Evidence(found.answer, table_of_funnel(found), rows_of_funnel(found), f"funnel_{entry.measure}"), key
        )


def show_case_mix(entry: Reviewed, selection: Selection, by: str) -> None:
    """The standardised groups on a card."""
    key = f"adjusted-{entry.measure}"
    with card(key, f"{entry.label}: and given who their patients are?"):
        if not can_standardise(entry):
            st.info(
                "Not standardised: it counts sessions, weeks or tests, several a person. Early dropout, retention, "
                "completion, follow-up and improvement can be."
            )
            return
        with st.spinner(states.COMPUTING):
            found = review_data.case_mix(entry, selection, by)
        if found is None:
            st.info("Fewer than two groups may be shown. Choose a longer period or another comparison.")
            return
        takeaway = describe_case_mix(found)
        st.markdown(takeaway)
        show_figure(draw_dots(_ratios(found), Style(unit="", target=1.0, target_label="as expected")), key, takeaway)
        st.caption(
            "Observed over expected events with exact 95 % limits. Expected: each group's own patients at the rates of "
            "all shown groups, by program, severity and age group. Adjusted rate = O/E × the overall rate. What was "
            f"not recorded is not adjusted for. {SIGNAL_IS_NO_VERDICT}"
        )
        shown = found.frame.rename(columns={"persons": "denominator"})
        show_basis(found.answer, shown, 0, FILTERS[by].label.lower())
        show_evidence(
            Evidence(found.answer, table_of_case_mix(found), rows_of_case_mix(found), f"adjusted_{entry.measure}"), key
        )


def _ratios(found: CaseMix) -> pd.DataFrame:
    """O/E of each group in the shape that dots are drawn from."""
    frame = found.frame[["group_name", "value", "lower", "upper"]]
    return shape(frame.assign(statistic="ratio", denominator=found.frame["persons"]))
