"""Charts are pure: rows of an answer in, a figure that plotly accepts out, nothing hidden drawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts.bounds import draw_bounds
from dashboard.charts.dots import draw_dots
from dashboard.charts.exit_areas import draw_exit_areas, fill_steps
from dashboard.charts.figure import Figure, Style, ink_figure
from dashboard.charts.flows import draw_flows
from dashboard.charts.leading import draw_leading
from dashboard.charts.lines import spread_labels
from dashboard.charts.monthly import draw_monthly
from dashboard.charts.nested import draw_nested
from dashboard.charts.palette import CATEGORY_COLORS, CYCLE, color_groups, color_of
from dashboard.charts.retention_curve import draw_retention_curve
from dashboard.charts.shares import draw_shares
from dashboard.charts.spread import draw_spread
from dashboard.charts.trajectory import draw_trajectory
from queries.answer import shape
from queries.warehouse import Warehouse

Draw = Callable[[pd.DataFrame, Style], Figure]

DRAWINGS: list[Draw] = [
    draw_bounds,
    draw_dots,
    draw_exit_areas,
    draw_flows,
    draw_leading,
    draw_monthly,
    draw_nested,
    draw_retention_curve,
    draw_shares,
    draw_spread,
    draw_trajectory,
]


def rows(*records: dict[str, object]) -> pd.DataFrame:
    return shape(pd.DataFrame([{"statistic": "share", "denominator": 100} | record for record in records]))


@pytest.mark.parametrize("draw", DRAWINGS)
@pytest.mark.parametrize("unit", ["share", "USD", "hours", "count"])
def test_every_chart_accepts_no_rows(draw: Draw, unit: str) -> None:
    go.Figure(draw(shape(pd.DataFrame(columns=["statistic"])), Style(unit, target=0.5)))


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_hidden_row_is_never_drawn(draw: Draw) -> None:
    frame = rows(
        {"group_name": "North", "value": 0.5, "lower": 0.4, "upper": 0.6, "step": 1, "period": date(2026, 1, 1)},
        {"group_name": "Hidden place", "value": None, "is_suppressed": True, "step": 1, "period": date(2026, 1, 1)},
    )
    assert "Hidden place" not in str(go.Figure(draw(frame, Style("share"))))


def test_dots_keep_the_order_of_names_and_rank_nobody() -> None:
    frame = rows(
        {"group_name": "A", "value": 0.3, "lower": 0.2, "upper": 0.4},
        {"group_name": "B", "value": 0.6, "lower": 0.5, "upper": 0.8},
    )
    figure = draw_dots(frame, Style("share", target=0.5))
    dots = figure["data"][0]
    assert dots["y"] == ["B", "A"]  # plotly draws the last of a list on top
    assert dots["error_x"]["array"].round(6).tolist() == [0.2, 0.1]
    assert figure["layout"]["shapes"][0]["x0"] == 0.5
    go.Figure(figure)


def test_a_dot_of_fewer_than_twenty_is_hollow_beside_a_target() -> None:
    frame = rows(
        {"group_name": "A", "value": 0.3, "denominator": 20},
        {"group_name": "B", "value": 0.6, "denominator": 19},
    )
    assert draw_dots(frame, Style("share", target=0.5))["data"][0]["marker"]["symbol"] == ["circle-open", "circle"]
    assert draw_dots(frame, Style("share"))["data"][0]["marker"]["symbol"] == ["circle", "circle"]


def test_a_published_value_that_may_be_compared_is_a_dotted_line() -> None:
    frame = rows({"group_name": "A", "value": 0.3}, {"group_name": "B", "value": 0.6})
    figure = draw_dots(frame, Style("share", target=0.5, benchmarks=((0.374, "published 2013"),)))
    assert [(shape["x0"], shape["line"]["dash"]) for shape in figure["layout"]["shapes"]] == [
        (0.5, "dash"),
        (0.374, "dot"),
    ]
    assert figure["layout"]["annotations"][-1]["text"] == "published 2013"


def test_stacked_exits_sum_to_one_although_steps_are_hidden() -> None:
    frame = rows(
        *(
            {"statistic": "cumulative_incidence", "category": category, "step": step, "value": value}
            for step, category, value in [
                (0, "completed or stepped down", 0.0),
                (0, "dropped out or terminated", 0.1),
                (30, "dropped out or terminated", 0.3),
                (60, "completed or stepped down", 0.4),
            ]
        )
    )
    shares = fill_steps(frame)
    assert shares.sum(axis=1).round(9).tolist() == [1, 1, 1]
    assert shares.loc[30, "in care"] == pytest.approx(0.7)  # 1 - 0.3
    assert shares.loc[60, "in care"] == pytest.approx(0.3)  # 1 - 0.3 - 0.4
    go.Figure(draw_exit_areas(frame, Style("share")))


def test_bounds_reach_from_the_worst_to_the_best_case() -> None:
    values = {"missing_is_worst": 0.3, "complete_case": 0.5, "lower_bound": 0.3, "upper_bound": 0.7}
    frame = rows(*({"statistic": name, "value": value} for name, value in values.items()))
    figure = draw_bounds(frame, Style("share"))
    bar = figure["data"][0]
    assert (bar["base"], [round(width, 6) for width in bar["x"]]) == ([0.3], [0.4])
    go.Figure(figure)


def test_with_too_few_followed_up_only_the_bounds_are_drawn() -> None:
    frame = rows(
        {"statistic": "missing_is_worst", "value": None},
        {"statistic": "lower_bound", "value": 0.38},
        {"statistic": "upper_bound", "value": 0.9},
    )
    figure = draw_bounds(frame, Style("share"))
    assert [trace["name"] for trace in figure["data"]] == ["worst to best case"]
    assert figure["data"][0]["base"] == [0.38]


def test_the_model_has_a_mark_of_its_own_and_each_group_says_how_many_have_a_result() -> None:
    values = {"follow_up": 0.71, "missing_is_worst": 0.3, "lower_bound": 0.3, "upper_bound": 0.7}
    frame = rows(
        *({"group_name": "North", "statistic": name, "value": value} for name, value in values.items()),
        {"group_name": "North", "statistic": "multiple_imputation", "value": 0.4, "lower": 0.35, "upper": 0.45},
    )
    figure = draw_bounds(frame, Style("share", target=0.5))
    marks = {trace["name"]: trace for trace in figure["data"]}
    assert list(marks) == ["worst to best case", "missing counts against us", "missing filled in by a model"]
    model = marks["missing filled in by a model"]
    assert (model["x"].tolist(), model["y"]) == ([0.4], ["North<br>71 % with a result"])
    go.Figure(figure)


def test_with_many_groups_only_the_highest_and_lowest_line_are_named() -> None:
    frame = rows(
        *(
            {"group_name": f"S{place}", "period": period, "value": 0.1 * place}
            for place in range(1, 10)
            for period in (date(2026, 1, 1), date(2026, 2, 1))
        )
    )
    labels = [label["text"] for label in draw_monthly(frame, Style("share"))["layout"]["annotations"]]
    assert labels == ["S1 10 %", "S9 90 %"]


def test_a_month_without_a_number_leaves_a_gap_and_the_target_is_drawn() -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    frame = rows(*({"period": month, "value": value} for month, value in zip(months, (0.5, None, 0.7), strict=True)))
    figure = go.Figure(draw_monthly(frame, Style("share", target=0.6)))
    assert figure.layout.shapes[0].y0 == 0.6
    assert figure.layout.annotations[0].text == "70 %"


def test_parts_of_a_whole_are_one_bar() -> None:
    frame = rows({"category": "attended", "value": 0.8}, {"category": "no_show", "value": 0.2})
    figure = draw_shares(frame, Style("share"))
    assert figure["layout"]["barmode"] == "stack"
    assert [trace["marker"]["color"] for trace in figure["data"]] == [
        CATEGORY_COLORS["attended"],
        CATEGORY_COLORS["no_show"],
    ]
    go.Figure(figure)


def test_what_is_hidden_fills_the_bar_up_to_the_whole() -> None:
    frame = rows(
        {"group_name": "North", "category": "recovered", "value": 0.5},
        {"group_name": "North", "category": "improved", "value": None, "is_suppressed": True},
        {"group_name": "North", "category": "deteriorated", "value": None, "is_suppressed": True},
        {"group_name": "North", "category": "unchanged", "value": 0.3},
        {"group_name": "South", "category": "recovered", "value": 0.6},
        {"group_name": "South", "category": "unchanged", "value": 0.4},
    )
    rest = draw_shares(frame, Style("share"))["data"][-1]
    assert (rest["name"], rest["y"]) == ("hidden (few people)", ["North"])
    assert rest["x"].round(9).tolist() == [0.2]  # 1 - 0.5 - 0.3


def test_bars_by_day_stand_in_the_order_of_the_days() -> None:
    frame = rows(
        *({"category": "dropped out", "step": step, "value": 0.3} for step in (60, 90)),
        {"category": "in care", "step": 30, "value": 0.6},
    )
    axis = draw_shares(frame, Style("share", step_label="Day"))["layout"]["xaxis"]
    assert axis["categoryarray"] == ["Day 30", "Day 60", "Day 90"]


def test_bases_of_cost_are_never_drawn_beside_each_other() -> None:
    frame = rows(
        {"group_name": "SUD", "category": "paid, per day in care", "value": 100},
        {"group_name": "SUD", "category": "charge, per day in care", "value": 300},
        {"group_name": "MH", "category": "paid, per day in care", "value": 110},
        {"group_name": "MH", "category": "charge, per day in care", "value": None, "is_suppressed": True},
    )
    figure = draw_leading(frame, Style("USD"))
    assert sorted(figure["data"][0]["x"]) == [100, 110]
    assert figure["layout"]["xaxis"]["title"]["text"] == "Paid (the others are in the table)"


def test_categories_in_two_levels_are_a_row_and_a_colour() -> None:
    frame = rows(
        {"category": "IOP (paid)", "value": 4000},
        {"category": "IOP, low severity (paid)", "value": 4500},
        {"category": "residential (paid)", "value": 6000},
    )
    figure = draw_nested(frame, Style("USD"))
    assert [trace["name"] for trace in figure["data"] if trace["mode"] == "markers"] == ["all", "low severity"]
    assert list(figure["layout"]["yaxis"]["ticktext"]) == ["residential", "IOP"]
    assert figure["layout"]["xaxis"]["title"]["text"] == "Paid"


def test_a_spread_runs_from_the_first_to_the_third_quartile() -> None:
    values = {"mean": 9.5, "median": 9.0, "p25": 7.0, "p75": 12.0}
    frame = rows(*({"statistic": name, "value": value} for name, value in values.items()))
    bar = draw_spread(frame, Style("hours", target=9))["data"][0]
    assert (bar["base"], bar["x"]) == ([7.0], [5.0])


def test_a_site_keeps_its_colour_when_others_are_filtered_away() -> None:
    colors = color_groups(["Bayview", "Central", "North"])
    assert colors["North"] == color_groups(["Bayview", "Central", "North"])["North"]
    assert color_of("North", colors, place=0) == color_of("North", colors, place=2)


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#ffffff", "#191817"])
@pytest.mark.parametrize("color", CYCLE)
def test_marks_contrast_with_a_light_and_a_dark_page(color: str, ground: str) -> None:
    lighter, darker = sorted((_luminance(color), _luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def test_labels_at_the_ends_of_lines_are_moved_apart() -> None:
    labels = [{"y": 0.50, "text": "A"}, {"y": 0.51, "text": "B"}, {"y": 0.9, "text": "C"}]
    first, second, third = (label["yshift"] for label in spread_labels(labels))
    assert second > first
    assert third == 0


def test_words_in_a_chart_take_the_colour_of_the_theme() -> None:
    figure = ink_figure(draw_dots(rows({"value": 0.5, "category": "x"}), Style("share")), "#33383f")
    assert figure["layout"]["xaxis"]["tickfont"]["color"] == "#33383f"
    go.Figure(figure)


def test_charts_draw_real_answers(clinic: Warehouse) -> None:
    from queries import catalog

    for by in (None, "site"):
        frame = catalog.ask(clinic, "exit_curve", by=by).frame
        assert go.Figure(draw_exit_areas(frame, Style("share"))).data
        frame = catalog.ask(clinic, "retained_at", by=by).frame
        assert go.Figure(draw_dots(frame, Style("share"))).data
