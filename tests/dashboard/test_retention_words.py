"""What the Retention page says and draws of curves, tests and differences, from answers with known numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.charts.differences import draw_differences
from dashboard.charts.exit_areas import draw_exit_areas
from dashboard.charts.figure import Style
from dashboard.charts.retention_curve import draw_retention_curve, reading_days
from dashboard.table import table_of
from dashboard.takeaway import state_takeaway
from dashboard.takeaway_of_tests import describe_test, describe_tests_of_exits
from queries import catalog
from queries.answer import Answer, shape
from queries.filters import select
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return tiny_clinic(tmp_path_factory.mktemp("words"), episodes=[{"episode_id": "e1", "patient_id": "p1"}])


def answer(clinic: Warehouse, name: str, *rows: dict, by: str | None = "track", **parameters) -> Answer:
    asked = catalog.answer_unsuppressed(clinic, catalog.measure(name), select({}, by=by), parameters)
    return asked.with_frame(shape(pd.DataFrame(list(rows))))


def medians(clinic: Warehouse, **days: float) -> Answer:
    rows = [{"group_name": name, "statistic": "median", "value": day} for name, day in days.items()]
    return answer(clinic, "retention_curve", *rows)


def p(value: float, category: str = "", **row) -> dict:
    return {"statistic": "p_value", "value": value, "category": category, "method": "log-rank test"} | row


def test_two_groups_that_differ(clinic):
    said = describe_test(answer(clinic, "retention_compared", p(0.0031)), medians(clinic, day=58, evening=41))
    assert said == (
        "Day and evening differ (log-rank, p = 0.0031): half have left by day 41 (evening) against day 58 (day)."
    )


def test_a_large_p_is_no_sign_of_a_difference_and_never_no_difference(clinic):
    said = describe_test(answer(clinic, "retention_compared", p(0.41)), medians(clinic, day=44, evening=42, weekend=43))
    assert said.startswith("No sign of a difference: p = 0.41 (log-rank); half have left between day 42 (evening)")


def test_a_tiny_p_is_said_to_be_below_a_bound(clinic):
    assert "p < 0.0001" in describe_test(answer(clinic, "retention_compared", p(9.8e-24)), medians(clinic, a=1, b=2))


def test_what_is_not_tested_says_why(clinic):
    tested = answer(clinic, "retention_compared", p(float("nan"), method="nothing to compare: too few; left out: day"))
    assert describe_test(tested, medians(clinic, day=44)) == "Nothing to compare: too few."


def test_each_way_of_leaving_has_its_own_test(clinic):
    ways = answer(clinic, "exits_compared", p(0.002, "dropped out or terminated"), p(0.57, "completed or stepped down"))
    assert describe_tests_of_exits(ways) == (
        "The groups differ in dropped out or terminated (p = 0.002); no sign of a difference in completed or stepped "
        "down (p = 0.57) by Gray's test."
    )


def difference(group: str, value: float, lower: float, upper: float) -> dict:
    row = {"group_name": group, "category": "less day", "statistic": "difference", "denominator": 100}
    return row | {"value": value, "lower": lower, "upper": upper}


def test_a_group_that_keeps_fewer_says_how_many_and_against_whom(clinic):
    found = answer(clinic, "retention_difference", difference("evening", -7, -11, -3), difference("weekend", -2, -9, 5))
    assert state_takeaway(found) == (
        "Against day, evening keeps 7 points fewer to day 30 (3 to 11); no sign of a difference in weekend."
    )


def test_an_interval_that_holds_0_is_no_sign_of_a_difference(clinic):
    found = answer(clinic, "dropout_difference", difference("evening", 4, -2, 10), day=60)
    assert state_takeaway(found) == "No sign of a difference from day: loses 4 points more by day 60 (−2 to 10)."
    longer = answer(clinic, "mean_days_difference", difference("evening", 3.2, 1.1, 5.3), tau=60)
    assert state_takeaway(longer) == "Against day, evening stays 3.2 days longer in the first 60 (1.1 to 5.3)."


def test_p_and_chi_square_are_written_in_their_own_way(clinic):
    tested = answer(
        clinic, "retention_compared", p(0.0046), {"statistic": "chi_square", "value": 8.0, "method": "log-rank test"}
    )
    table = table_of(tested)
    assert table["Statistic"].tolist() == ["p-value", "χ²"]
    assert table["Value"].tolist() == ["0.0046", "8.0"]


def curve_rows(name: str, everybody: int, *steps: tuple[int, float, float | None, float | None]) -> list[dict]:
    rows = [
        {"group_name": name, "statistic": "survival", "step": day, "value": value, "numerator": events}
        | {"missing_n": censored, "is_suppressed": events is None, "denominator": None}
        for day, value, events, censored in steps
    ]
    return [*rows, {"group_name": name, "statistic": "median", "value": 20, "denominator": everybody}]


def test_a_curve_whose_first_step_is_hidden_starts_at_100_percent():
    frame = shape(pd.DataFrame(curve_rows("All", 100, (0, 0.99, None, None), (15, 0.5, 50, 0), (30, 0.3, 70, 0))))
    line = next(trace for trace in draw_retention_curve(frame, Style("share"))["data"] if "hovertemplate" in trace)
    assert (list(line["x"]), list(line["y"])) == ([0, 15, 30], [1.0, 0.5, 0.3])


def test_those_at_risk_stand_under_the_days_of_the_axis():
    rows = curve_rows("day", 100, (0, 1.0, 0, 0), (15, 0.5, 50, 12), (30, 0.3, 70, None))
    figure = draw_retention_curve(shape(pd.DataFrame(rows)), Style("share"))
    under = [label for label in figure["layout"]["annotations"] if label.get("yref") == "paper"]
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 15, 30]
    # 100 less 50 who left and 12 who were censored; a dash where the censored are hidden.
    assert [(label["x"], label["text"]) for label in under] == [
        (0, "Still at risk"), (0, "100"), (15, "38"), (30, "–")
    ]  # fmt: skip


def test_many_groups_have_their_numbers_at_risk_in_the_table_only():
    frame = shape(
        pd.DataFrame([row for name in "ABCDE" for row in curve_rows(name, 90, (0, 1.0, 0, 0), (20, 0.5, 45, 0))])
    )
    labels = draw_retention_curve(frame, Style("share"))["layout"]["annotations"]
    assert not [label for label in labels if label.get("yref") == "paper"]


@pytest.mark.parametrize(("last", "days"), [(79, [0, 15, 30, 45, 60, 75]), (168, [0, 30, 60, 90, 120, 150]), (5, [0])])
def test_an_axis_has_at_most_six_days(last, days):
    assert reading_days(pd.DataFrame({"step": [0, last]})) == days


def test_stacked_exits_start_with_everybody_in_care_on_day_0():
    rows = [
        {"statistic": "cumulative_incidence", "category": "dropped out or terminated", "step": day, "value": value}
        for day, value in ((5, 0.2), (9, 0.4))
    ]
    first = draw_exit_areas(shape(pd.DataFrame(rows)), Style("share"))["data"][0]
    assert (first["name"], list(first["x"]), list(first["y"])) == ("in care", [0, 5, 9], pytest.approx([1.0, 0.8, 0.6]))


def exits(group: str, category: str, *values: float) -> list[dict]:
    return [
        {"group_name": group, "category": category, "statistic": "cumulative_incidence", "step": day, "value": value}
        for day, value in zip((30, 60), values, strict=True)
    ]


def test_exits_that_only_one_group_shows_are_said_to_be_too_few_elsewhere(clinic):
    one = answer(
        clinic,
        "exit_curve",
        *exits("day", "other exit", 0.0, 0.1),
        *exits("evening", "completed or stepped down", 0, 0.5),
    )
    assert state_takeaway(one) == "Other exits by day 60: 10.0 % of day; elsewhere too few to show."
    nobody = answer(clinic, "exit_curve", *exits("day", "other exit", 0, 0), *exits("evening", "other exit", 0, 0))
    assert state_takeaway(nobody) == "Other exits by day 60: nobody in any group."


def test_a_reference_stands_at_zero_with_its_name():
    frame = shape(pd.DataFrame([difference("evening", -7, -11, -3)]))
    layout = draw_differences(frame, Style("percentage points"))["layout"]
    assert layout["shapes"][0]["x0"] == 0
    assert layout["annotations"][0]["text"].startswith("same as day:")
