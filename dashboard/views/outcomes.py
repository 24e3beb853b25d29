"""Outcomes: whether people get better, and what the missing scores could mean."""

from contextlib import nullcontext

import streamlit as st

from dashboard import sidebar
from dashboard.card import show_card
from dashboard.charts.bounds import draw_bounds
from dashboard.charts.dots import draw_dots
from dashboard.charts.nested import draw_nested
from dashboard.charts.shares import draw_shares
from dashboard.charts.trajectory import draw_trajectory
from dashboard.layout import cards, choose_parameter, open_tab
from dashboard.missing import show_missing

# Rates whose missing a model can fill in, by their names on the page.
RATES = {
    "Improvement": "reliable_improvement",
    "Deterioration": "reliable_deterioration",
    "Response": "response",
    "Recovery": "recovery",
    "Recovery on both": "nhs_recovery",
}

chosen = sidebar.selection()
instrument = {"instrument": choose_parameter("reliable_improvement", "instrument", "Instrument", key="instrument")}

for name, tab in open_tab(
    (
        "Change",
        "Improvement",
        "Recovery",
        "Pace and dose",
        "Depression and anxiety together",
        "Life and safety",
        "Missing scores",
    ),
    "outcomes_view",
):
    with tab, nullcontext() if name == "Missing scores" else cards():
        if name == "Change":
            show_card("score_by_week", draw_trajectory, chosen, parameters=instrument, value_label="Mean score")
            show_card("change_classes", draw_shares, chosen, parameters=instrument, by="program")
            show_card("severity_bands", draw_shares, chosen, parameters=instrument)
            show_card("follow_up_rate", draw_dots, chosen, parameters=instrument, by="site")
            show_card(
                "paired_change", draw_dots, chosen, parameters=instrument, by="program", value_label="Change in points"
            )
        elif name == "Improvement":
            show_card("reliable_improvement", draw_bounds, chosen, parameters=instrument, by="program")
            show_card("reliable_deterioration", draw_bounds, chosen, parameters=instrument, by="program")
            show_card("response", draw_bounds, chosen, parameters=instrument, by="program")
            if instrument["instrument"] == "PCL-5":
                show_card("ptsd_change_by_threshold", draw_shares, chosen, by="program")
        elif name == "Life and safety":
            show_card("functioning", draw_nested, chosen)
            show_card("incidents_in_care", draw_dots, chosen)
            show_card("satisfaction", draw_dots, chosen, by="program", value_label="Points")
            show_card("satisfaction_response", draw_dots, chosen, by="program")
            show_card("incidents_after_discharge", draw_dots, chosen)
        elif name == "Missing scores":
            of = st.segmented_control(
                "Rate", list(RATES), default="Improvement", required=True, key="missing_of", bind="query-params"
            )
            held = st.number_input(
                "Held against (%), otherwise the recorded target", 0, 100, None, key="missing_target", width=280
            )
            parameters = None if of == "Recovery on both" else instrument
            show_missing(RATES[of], chosen, parameters, target=None if held is None else held / 100)
        elif name == "Pace and dose":
            show_card("time_to_reliable_improvement", draw_shares, chosen, parameters=instrument, step_label="Day")
            show_card("effect_size", draw_dots, chosen, parameters=instrument, by="program")
            show_card(
                "change_after_week_four", draw_dots, chosen, parameters=instrument, value_label="Change in points"
            )
        elif name == "Depression and anxiety together":
            show_card("nhs_reliable_improvement", draw_bounds, chosen, by="program")
            show_card("nhs_reliable_recovery", draw_bounds, chosen, by="program")
            show_card("nhs_recovery", draw_bounds, chosen, by="program")
            show_card("nhs_reliable_deterioration", draw_bounds, chosen, by="program")
            show_card("thoughts_of_self_harm", draw_bounds, chosen, by="program")
        else:
            show_card("recovery", draw_bounds, chosen, parameters=instrument, by="program")
            show_card("reliable_recovery", draw_bounds, chosen, parameters=instrument, by="program")
            show_card("remission", draw_bounds, chosen, parameters=instrument, by="program")
