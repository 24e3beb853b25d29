"""Groups of one rate in a funnel, and beside it as if each treated everybody's patients."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import review_data, states
from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style
from dashboard.charts.funnel import draw_funnel_plot
from dashboard.plot import show_figure
from dashboard.review_card import Evidence, card, show_evidence
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
        definition = entry.definition
        style = Style(unit="share", step_label=f"n ({definition.denominator_unit}s)")
        _show_groups(
            key,
            describe_funnel(found),
            draw_funnel_plot(found.frame, found.lines, style, definition.higher_is),
            "Limits: where 95 % and 99.8 % of groups of that size would lie if all had the same rate, no confidence "
            f"intervals ({found.method}).",
            Evidence(
                found.answer,
                points=found.frame,
                hidden=int(found.frame["is_hidden"].sum()),
                thing=groups,
                table=table_of_funnel(found),
                rows=rows_of_funnel(found),
                file=f"funnel_{entry.measure}",
            ),
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
        _show_groups(
            key,
            describe_case_mix(found),
            draw_dots(_ratios(found), Style(unit="", target=1.0, target_label="as expected")),
            "Observed over expected events with exact 95 % limits. Expected: each group's own patients at the rates of "
            "all shown groups, by program, severity and age group. Adjusted rate = O/E × the overall rate. What was "
            "not recorded is not adjusted for.",
            Evidence(
                found.answer,
                points=found.frame.rename(columns={"persons": "denominator"}),
                hidden=0,
                thing=FILTERS[by].label.lower(),
                table=table_of_case_mix(found),
                rows=rows_of_case_mix(found),
                file=f"adjusted_{entry.measure}",
            ),
        )


def _show_groups(key: str, takeaway: str, figure: Figure, limits: str, evidence: Evidence) -> None:
    st.markdown(takeaway)
    show_figure(figure, f"chart-{key}", takeaway)
    st.caption(f"{limits} {SIGNAL_IS_NO_VERDICT}")
    show_evidence(evidence, key)


def _ratios(found: CaseMix) -> pd.DataFrame:
    """O/E of each group in the shape that dots are drawn from."""
    frame = found.frame[["group_name", "value", "lower", "upper"]]
    return shape(frame.assign(statistic="ratio", denominator=found.frame["persons"]))
