"""Cost: what care costs, per result, beside inpatient care, and for the same kind of patient."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import data, sidebar
from dashboard.card import show_card
from dashboard.charts.acceptability import draw_acceptability
from dashboard.charts.compared import draw_compared
from dashboard.charts.dots import draw_dots
from dashboard.charts.figure import Figure, Style
from dashboard.charts.leading import draw_leading
from dashboard.charts.nested import draw_nested
from dashboard.charts.plane import draw_plane
from dashboard.layout import cards, choose_parameter, open_tab
from dashboard.takeaway_of_value import RESULTS
from queries.filters import Selection

VALUES = {"abstinent days": (25, 50, 100, 250, 1000)}
OTHER_VALUES = (1000, 2500, 5000, 10000, 25000, 50000)

chosen = sidebar.selection()


def plane_of(selection: Selection, parameters: dict[str, Any]) -> Callable[[pd.DataFrame, Style], Figure]:
    """The plane needs the differences of cost and result beside the shares of the draws."""

    def draw(frame: pd.DataFrame, style: Style) -> Figure:
        costs = data.answer("incremental_cost_effectiveness", selection, parameters).frame
        results = data.answer("adjusted_outcome_difference", selection, parameters).frame
        return draw_plane(frame, costs, results, style)

    return draw


def show_same_patients(chosen: Selection) -> None:
    """What 24-hour care costs more and brings more for the same kind of patient, and whether that is worth it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outcome = choose_parameter(
            "adjusted_outcome_difference", "outcome", "What counts as a good result", key="cost_result"
        )
        values = VALUES.get(outcome, OTHER_VALUES)
        value = st.selectbox(
            f"Worth of one more {RESULTS[outcome]}",
            values,
            index=values.index(100 if 100 in values else 25000),
            format_func=lambda dollars: f"${dollars:,}",
            key=f"cost_worth_{RESULTS[outcome].replace(' ', '_')}",
            bind="query-params",
            width=280,
        )
        level = choose_parameter("comparison_balance", "compared", "Balance with", key="cost_compared")
    result, worth = {"outcome": outcome}, {"outcome": outcome, "willingness_to_pay": value}
    # One comparison a picture: the levels of care.
    alone = replace(chosen, by=None)
    with cards():
        show_card("adjusted_cost_difference", draw_compared, chosen, value_label="US dollars more than IOP, a person")
        show_card(
            "adjusted_outcome_difference",
            draw_compared,
            chosen,
            parameters=result,
            value_label=f"{RESULTS[outcome].capitalize()}s more than IOP, per 100 people",
        )
        show_card("cost_effectiveness_plane", plane_of(alone, result), alone, parameters=result)
        show_card(
            "cost_effectiveness_acceptability",
            draw_acceptability,
            alone,
            parameters=worth,
            step_label=f"Worth of one more {RESULTS[outcome]}, US dollars",
        )
        show_card(
            "incremental_cost_effectiveness",
            draw_compared,
            alone,
            parameters=worth,
            value_label="US dollars a person",
        )
        show_card(
            "comparison_balance",
            draw_compared,
            alone,
            parameters={"compared": level},
            value_label=f"{level.capitalize()} less IOP, standard deviations",
        )


TABS = ("Cost of care", "Cost per result", "Beside inpatient care", "For the same patient")
for name, tab in open_tab(TABS, "cost_view"):
    if name == TABS[3]:
        with tab:
            show_same_patients(chosen)
        continue
    with tab, cards():
        if name == "Cost of care":
            show_card("cost_per_episode", draw_leading, chosen, by="program")
            show_card("cost_per_day", draw_leading, chosen, by="program")
            show_card("cost_per_attended_hour", draw_leading, chosen, by="site")
        elif name == "Cost per result":
            show_card("cost_per_completed_episode", draw_leading, chosen, by="program")
            show_card("cost_per_improved_episode", draw_leading, chosen, by="program")
            show_card("cost_per_abstinent_day", draw_leading, chosen, by="program")
        else:
            show_card(
                "cost_comparison",
                draw_nested,
                chosen,
                parameters={"part": "differences"},
                question="How much more does 24-hour care cost than IOP, as it is and at equal severity?",
                value_label="US dollars more than IOP",
            )
            show_card(
                "cost_comparison",
                draw_nested,
                chosen,
                parameters={"part": "means"},
                question="What does an episode cost at each level of care, by severity?",
            )
            show_card("price_comparison", draw_nested, chosen)
            show_card("break_even", draw_dots, chosen)
            show_card("break_even_step_up", draw_dots, chosen)
