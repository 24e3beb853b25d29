"""Cost: what care costs, per result and beside inpatient care."""

from dashboard import sidebar
from dashboard.card import show_card
from dashboard.charts.dots import draw_dots
from dashboard.charts.leading import draw_leading
from dashboard.charts.nested import draw_nested
from dashboard.layout import cards, open_tab

chosen = sidebar.selection()

for name, tab in open_tab(("Cost of care", "Cost per result", "Beside inpatient care"), "cost_view"):
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
