"""Hours delivered: weekly hours against nine, attendance and group size."""

from dashboard import data, sidebar
from dashboard.card import show_card
from dashboard.charts.dots import draw_dots
from dashboard.charts.monthly import draw_monthly
from dashboard.charts.shares import draw_shares
from dashboard.charts.spread import draw_spread
from dashboard.charts.trajectory import draw_trajectory
from dashboard.layout import cards, open_tab
from dashboard.ledger import show_ledger
from dashboard.review_over_time import show_control_chart
from queries.review.contents import find_reviewed

NINE_HOURS = 9.0

chosen = sidebar.selection()

for name, tab in open_tab(("Weekly hours", "Attendance", "Services and groups", "Ledger"), "hours_view"):
    if name == "Ledger":
        with tab:
            with cards():
                show_card("billing_mismatches", draw_dots, chosen)
                show_card("certification_current", draw_dots, chosen, by="site")
            show_ledger(data.current_warehouse(), chosen)
        continue
    with tab, cards():
        if name == "Weekly hours":
            show_card(
                "hours_by_week_of_care",
                draw_trajectory,
                chosen,
                value_label="Hours a week",
                target=NINE_HOURS,
                target_label="adult target",
            )
            show_card("hours_band", draw_shares, chosen, by="track")
            show_card("target_attainment_by_month", draw_monthly, chosen, target_of="weekly_target_attainment")
            show_card("weekly_target_attainment", draw_dots, chosen, by="site")
            show_card(
                "hours_per_week",
                draw_spread,
                chosen,
                by="site",
                value_label="Hours a week",
                target=NINE_HOURS,
                target_label="adult target",
            )
            show_card("scheduled_intensity", draw_dots, chosen, by="site")
            show_card("persistent_attainment", draw_dots, chosen, by="site")
        elif name == "Attendance":
            if chosen.by:  # Limits are those of one process: groups are compared without them.
                show_card("show_rate_by_month", draw_monthly, chosen, target_of="show_rate")
            else:
                show_control_chart(
                    find_reviewed("show_rate"),
                    chosen,
                    question="Does the share of sessions that people come to change more than chance allows?",
                )
            show_card("show_rate", draw_dots, chosen, by="site")
            show_card("attendance_outcomes", draw_shares, chosen, by="track")
            show_card("attendance_to_scheduled", draw_dots, chosen, by="track")
            show_card("no_show_rate", draw_dots, chosen, by="track")
            show_card("partial_attendance", draw_dots, chosen, by="track")
            show_card("show_rate_by_modality", draw_dots, chosen)
        else:
            show_card("service_mix", draw_shares, chosen, by="program")
            show_card("group_size", draw_spread, chosen, by="site", value_label="People present")
            show_card("weekly_family_and_individual", draw_dots, chosen)
            show_card("dose_received", draw_spread, chosen, value_label="Hours")
            show_card("sessions_received", draw_spread, chosen, value_label="Sessions")
            show_card("weeks_with_service", draw_spread, chosen, value_label="Weeks")
            show_card("group_over_limit", draw_dots, chosen, by="site")
            show_card("hours_by_modality", draw_shares, chosen, by="site")
            show_card("medicare_day_type", draw_shares, chosen, by="track")
