"""Cost: what care costs, per result and beside inpatient care."""

from dashboard import sidebar
from dashboard.card import show_card
from dashboard.charts.dots import draw_dots
from dashboard.charts.leading import draw_leading
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
        else:
            show_card("cost_comparison", draw_dots, chosen)
            show_card("price_comparison", draw_dots, chosen)
            show_card("break_even", draw_dots, chosen)
