"""Relapse: return to use during and after care, urine tests and abstinence."""

import streamlit as st

from dashboard import sidebar
from dashboard.card import show_card
from dashboard.charts.bounds import draw_bounds
from dashboard.charts.dots import draw_dots
from dashboard.charts.retention_curve import draw_retention_curve
from dashboard.charts.spread import draw_spread
from dashboard.charts.trajectory import draw_trajectory
from dashboard.layout import cards, choose_parameter, open_tab
from dashboard.missing import show_missing

chosen = sidebar.selection()

for name, tab in open_tab(("During care", "After leaving", "Urine tests", "Abstinence and medication"), "relapse_view"):
    with tab:
        if name == "During care":
            with cards():
                show_card("lapse_curve", draw_retention_curve, chosen, step_label="Day in care")
                show_card("lapse", draw_bounds, chosen)
                show_card("relapse_endpoints", draw_dots, chosen)
        elif name == "After leaving":
            day = choose_parameter("return_to_use_after_discharge", "day", "Days after leaving", key="after_day")
            with cards():
                for split, question in (
                    ("none", "How many returned to use after they left?"),
                    ("exit_class", "Does it depend on how they left?"),
                    ("step_down", "Does it depend on the next level of care?"),
                ):
                    show_card(
                        "return_to_use_after_discharge",
                        draw_bounds,
                        chosen,
                        parameters={"day": day, "split": split},
                        question=question,
                    )
            if st.toggle("Fill in those lost by a model", key="after_model", bind="query-params"):
                show_missing("return_to_use_after_discharge", chosen, {"day": day})
        elif name == "Abstinence and medication":
            with cards():
                show_card("continuous_abstinence", draw_bounds, chosen)
                show_card("longest_abstinence", draw_spread, chosen, value_label="Weeks")
                show_card("days_abstinent", draw_dots, chosen)
                show_card("past_month_abstinence", draw_bounds, chosen)
                show_card("addiction_medication_started", draw_dots, chosen)
        else:
            with cards():
                show_card("urine_completion", draw_dots, chosen, by="site")
                show_card("urine_positivity_by_week", draw_trajectory, chosen)
                show_card("urine_positivity", draw_dots, chosen)
                show_card("patients_with_positive_urine", draw_bounds, chosen)
                show_card("urine_negative_of_expected", draw_dots, chosen, by="site")
