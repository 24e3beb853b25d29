"""Overview: the numbers that matter, then six charts."""

from dashboard import sidebar
from dashboard.card import show_card
from dashboard.charts.bounds import draw_bounds
from dashboard.charts.dots import draw_dots
from dashboard.charts.exit_areas import draw_exit_areas
from dashboard.charts.flows import draw_flows
from dashboard.charts.monthly import draw_monthly
from dashboard.layout import cards, tiles
from dashboard.overview_contents import TILES
from dashboard.tile import show_tile

SITES = "Which sites keep people to day 30?"

chosen = sidebar.selection()

with tiles():
    for tile in TILES:
        show_tile(tile, chosen)
with cards():
    show_card("exit_curve", draw_exit_areas, chosen)
    show_card("target_attainment_by_month", draw_monthly, chosen, target_of="weekly_target_attainment")
    show_card("retained_at", draw_dots, chosen, by="site", question=SITES, target_of="retention_at")
    show_card("show_rate_by_month", draw_monthly, chosen, target_of="show_rate")
    show_card("reliable_improvement", draw_bounds, chosen, by="program", question="Do depression scores improve?")
    show_card("admissions_and_discharges", draw_flows, chosen)
