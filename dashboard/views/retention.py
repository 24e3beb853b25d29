"""Retention: who stays, who leaves, when and how."""

from typing import Any

import streamlit as st

from dashboard import data, sidebar
from dashboard.card import Draw, show_card
from dashboard.charts.differences import draw_differences
from dashboard.charts.dots import draw_dots
from dashboard.charts.exit_areas import draw_exit_areas
from dashboard.charts.flows import draw_flows
from dashboard.charts.leading import draw_leading
from dashboard.charts.monthly import draw_monthly
from dashboard.charts.retention_curve import draw_retention_curve
from dashboard.charts.shares import draw_shares
from dashboard.layout import cards, choose_parameter, open_tab
from dashboard.takeaway_of_tests import describe_test, describe_tests_of_exits
from dashboard.worklist import show_people_to_call
from queries.answer import Answer

# The day that a target of retention_at speaks of.
TARGET_DAY = 30

chosen = sidebar.selection()


def say_whether_curves_differ(curve: Answer) -> str:
    """The log-rank test in words, where groups are compared."""
    return describe_test(data.answer("retention_compared", curve.selection), curve) if curve.selection.by else ""


def say_how_exits_differ(exits: Answer) -> str:
    """Gray's tests in words, where groups are compared."""
    return describe_tests_of_exits(data.answer("exits_compared", exits.selection)) if exits.selection.by else ""


def show_tracks(name: str, draw: Draw, parameters: dict[str, Any] | None, question: str, value_label: str = "") -> None:
    """A card with a question of its own that compares tracks, unless the reader compares something else."""
    show_card(name, draw, chosen, parameters=parameters, by="track", question=question, value_label=value_label)


for name, tab in open_tab(("Staying", "Leaving", "Access", "Flow"), "retention_view"):
    with tab:
        if name == "Access":
            with cards():
                show_card("referral_funnel", draw_dots, chosen)
                show_card("days_to_treatment", draw_dots, chosen, by="site", value_label="Days")
                show_card("waiting_list", draw_flows, chosen)
                show_card("capacity_used", draw_monthly, chosen)
        elif name == "Staying":
            day = choose_parameter("retained_at", "day", "Day in care", key="day")
            with cards():
                show_card("exit_curve", draw_exit_areas, chosen, say_more=say_how_exits_differ)
                show_card(
                    "retention_curve",
                    draw_retention_curve,
                    chosen,
                    step_label="Day in care",
                    say_more=say_whether_curves_differ,
                )
                show_card(
                    "retained_at",
                    draw_dots,
                    chosen,
                    parameters={"day": day},
                    by="site",
                    question=f"Which sites keep people to day {day}?",
                    target_of="retention_at" if day == TARGET_DAY else None,
                )
                show_tracks("retention_at", draw_shares, {"day": day}, f"Where are people at day {day}?")
                show_tracks(
                    "restricted_mean_days",
                    draw_dots,
                    {"tau": day},
                    f"How many of the first {day} days do people spend in care?",
                    "Days",
                )
                show_tracks(
                    "retention_difference",
                    draw_differences,
                    {"day": day},
                    f"Which tracks keep more people to day {day}?",
                    "Percentage points",
                )
                show_tracks(
                    "mean_days_difference",
                    draw_differences,
                    {"tau": day},
                    f"In which tracks do people stay longer, in the first {day} days?",
                    "Days",
                )
                show_card(
                    "days_lost",
                    draw_dots,
                    chosen,
                    parameters={"tau": day},
                    question=f"Of the first {day} days, how many are lost, and to which exits?",
                    value_label="Days",
                )
                show_card("median_days_to_dropout", draw_dots, chosen, by="track", value_label="Days")
        elif name == "Leaving":
            with cards():
                show_card("early_dropout", draw_dots, chosen, by="track")
                show_tracks(
                    "dropout_difference",
                    draw_differences,
                    None,
                    "Which tracks lose more people by day 30?",
                    "Percentage points",
                )
                show_card("step_up", draw_dots, chosen, by="program")
                show_card("completion_rate", draw_leading, chosen, by="site")
                show_card("step_down_completed", draw_dots, chosen, by="site")
                show_card("readmission", draw_dots, chosen, parameters={"day": 90}, by="program")
                show_card("program_engagement", draw_dots, chosen, by="site")
        else:
            with cards():
                show_card("admissions_and_discharges", draw_flows, chosen)
                show_card("census", draw_monthly, chosen)
                show_card("no_contact", draw_flows, chosen)
            show_people_to_call(data.current_warehouse(), chosen)
            st.caption("The last weeks are incomplete: people are counted as gone only after 30 days without contact.")
