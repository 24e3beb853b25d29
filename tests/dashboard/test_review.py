"""The Review page: figures from rows, judged points in colour, sentences from numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts.control import JUDGED, draw_control
from dashboard.charts.figure import Style, ink_figure
from dashboard.charts.funnel import draw_funnel_plot
from dashboard.charts.palette import BLUE, GREY, VERMILLION
from dashboard.review_tables import table_of_chart
from dashboard.review_words import describe_assurance, describe_chart, describe_funnel, describe_limits
from queries.filters import select
from queries.review.between import draw_funnel
from queries.review.contents import find_reviewed
from queries.review.control import TOO_FEW, ControlChart, draw_limits
from queries.review.series import read_series
from queries.warehouse import Warehouse
from tests.dashboard.conftest import OpenApp
from tests.review.monthly_clinic import asker, attended_clinic

STYLE = Style("share", target=0.7)
STEADY = [(80, 100), (78, 100), (82, 100)] * 4


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """North: a year around 80 %, a month that is hidden, then two around 50 %. South: a year of 80 %, as it goes on."""
    north = [*STEADY, (95, 100), (50, 100), (52, 100)]
    opened = attended_clinic(tmp_path_factory.mktemp("page"), {"North": north, "South": [*STEADY, *STEADY[:3]]})
    yield opened
    opened.close()


def chart_of(warehouse: Warehouse, site: str, kind: str = "p", **choice) -> ControlChart:
    series = read_series(asker(warehouse), warehouse, find_reviewed("show_rate"), select({"site": site}))
    assert series is not None
    return draw_limits(series, kind=kind, **choice)


def markers(figure: dict) -> dict[str, dict]:
    return {trace["name"]: trace for trace in figure["data"] if trace["mode"] == "markers"}


def test_points_are_coloured_by_what_they_mean_for_patients(warehouse: Warehouse) -> None:
    figure = draw_control(chart_of(warehouse, "North").frame, STYLE)
    go.Figure(ink_figure(figure, "#33383f"))
    found = markers(figure)
    assert found["concern"]["marker"]["color"] == VERMILLION == JUDGED["concern"]
    assert found["common cause"]["marker"]["color"] == GREY
    assert len(found["concern"]["x"]) == 2
    assert "outside limits" in [label["text"] for label in figure["layout"]["annotations"]]


def test_a_hidden_month_is_a_gap_and_no_point(warehouse: Warehouse) -> None:
    chart = chart_of(warehouse, "North")
    assert chart.frame["is_hidden"].sum() == 1
    drawn = [x for trace in markers(draw_control(chart.frame, STYLE)).values() for x in trace["x"]]
    assert "2025-01-01" not in drawn
    assert len(drawn) == 14
    table = table_of_chart(chart)
    assert table.loc[table["Month"] == "January 2025", "Value"].item() == "hidden (1–10)"
    assert "Hidden months (1) are gaps" in describe_limits(chart)


def test_what_rests_on_too_few_is_drawn_without_a_colour(warehouse: Warehouse) -> None:
    frame = chart_of(warehouse, "North").frame
    few = frame.assign(judgement=frame["judgement"].where(frame["judgement"] != "concern", TOO_FEW))
    assert markers(draw_control(few, STYLE))[TOO_FEW]["marker"]["color"] == GREY


@pytest.mark.parametrize("kind", ["p", "p_laney", "xmr", "run"])
def test_every_kind_of_chart_draws_and_speaks(warehouse: Warehouse, kind: str) -> None:
    chart = chart_of(warehouse, "South", kind)
    go.Figure(draw_control(chart.frame, STYLE, recorded=[("2025-01-01", "on record")]))
    assert describe_chart(chart).startswith("Show rate: no change beyond chance at present. 82.0 % in March 2025")


def test_the_sentence_tells_the_change_and_warns_of_the_assurance_before_it(warehouse: Warehouse) -> None:
    chart = chart_of(warehouse, "North", target=0.9)
    assert "change for the worse since February 2025 (2 months below the lower limit)" in describe_chart(chart)
    assert "it has changed since" in describe_assurance(chart)
    assert "consistently met" in describe_assurance(chart_of(warehouse, "South", target=0.5))


def test_a_funnel_names_who_is_outside_and_ranks_nobody() -> None:
    groups = pd.DataFrame(
        {"group_name": ["A", "B"], "denominator": [50.0, 80.0], "value": [0.5, 0.9], "target": 0.7,
         "position": ["below 95 %", "within"]}
    )  # fmt: skip
    lines = pd.DataFrame(
        {"denominator": [40.0, 90.0]} | dict.fromkeys(("lower_95", "upper_95", "lower_998", "upper_998"), 0.7)
    )
    for higher_is, color in (("better", VERMILLION), ("worse", BLUE)):
        figure = draw_funnel_plot(groups, lines, Style("share"), higher_is)
        go.Figure(figure)
        assert markers(figure)["outside"]["marker"]["color"] == [color]
        assert [label["text"] for label in figure["layout"]["annotations"]] == ["A"]


def test_few_groups_of_sessions_are_not_judged(warehouse: Warehouse) -> None:
    found = draw_funnel(asker(warehouse), warehouse, find_reviewed("show_rate"), select(), "site")
    assert found is not None
    assert found.frame["p_value"].isna().all()
    assert "Not judged: sessions of one person are alike" in describe_funnel(found)


def test_the_page_offers_to_begin_anew_only_where_a_cause_is_on_record(open_app: OpenApp, sample_home: Path) -> None:
    app = open_app(sample_home, "review", review_view="Over time")
    assert [toggle.label for toggle in app.toggle] == ["Start the limits anew where a cause is on record"]
    assert "change for the worse since March 2026" in "\n".join(str(each.value) for each in app.markdown)
    app.selectbox(key="rate").set_value("crude_retention").run()
    assert list(app.toggle) == []
    assert [each.message for each in app.exception] == []


def test_the_panel_has_a_row_for_every_rate(open_app: OpenApp, sample_home: Path) -> None:
    app = open_app(sample_home, "review", review_view="All measures")
    assert [each.value for each in app.error] == []
    table = app.dataframe[0].value
    row = table.set_index("Measure").loc["Show rate"]
    assert row["Signal since"] == "Mar 2026"
    assert "Concern" in row["Variation"]
    assert "Sites to look at" in table.columns


def test_a_chart_that_is_hidden_throughout_has_no_limits_to_tell_of(warehouse: Warehouse) -> None:
    chart = chart_of(warehouse, "North")
    hidden = chart.frame.assign(value=float("nan"), centre=float("nan"), is_trial=True, is_hidden=True)
    assert describe_limits(replace(chart, frame=hidden)) == "No limits: no month may be shown."
