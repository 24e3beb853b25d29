"""The sentence above a chart: said from the rows, judged against a target only where enough people are counted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.takeaway import state_takeaway
from dashboard.verdict import meets_target
from queries import catalog
from queries.warehouse import Warehouse
from tests.dashboard.answers import answer_of


def test_a_share_is_said_with_its_interval_and_target(clinic: Warehouse) -> None:
    answer = answer_of(clinic, "completion_rate", {"value": 0.414, "lower": 0.32, "upper": 0.51})
    assert state_takeaway(answer, 0.5) == ("41.4 % (32.0–51.0 %) of 100 episodes; the target of 50.0 % is not met.")


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (19, "75.0 % (60.0–85.0 %) of 19 episodes; the target is 50.0 %: too few to judge (n < 20)."),
        (20, "75.0 % (60.0–85.0 %) of 20 episodes; the target of 50.0 % is met."),
    ],
)
def test_under_twenty_a_share_is_shown_with_its_interval_and_not_judged(clinic: Warehouse, n: int, said: str) -> None:
    answer = answer_of(clinic, "completion_rate", {"value": 0.75, "lower": 0.6, "upper": 0.85, "denominator": n})
    assert state_takeaway(answer, 0.5) == said


def test_a_verdict_follows_the_direction_of_the_measure_and_never_a_hidden_n(clinic: Warehouse) -> None:
    lost, kept = catalog.measure("early_dropout"), catalog.measure("completion_rate")
    assert (lost.higher_is, kept.higher_is) == ("worse", "better")
    for value, is_met in ((0.4, False), (0.5, True), (0.6, True)):
        assert meets_target({"value": value, "denominator": 20}, 0.5, kept) is is_met
    for value, is_met in ((0.4, True), (0.5, True), (0.6, False)):
        assert meets_target({"value": value, "denominator": 20}, 0.5, lost) is is_met
    for n in (19, 0, pd.NA):
        assert meets_target({"value": 0.6, "denominator": n}, 0.5, kept) is None


def test_groups_are_said_from_the_lowest_to_the_highest_and_whether_they_overlap(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "completion_rate",
        {"group_name": "North", "value": 0.7, "lower": 0.6, "upper": 0.8},
        {"group_name": "South", "value": 0.4, "lower": 0.3, "upper": 0.5},
    )
    assert state_takeaway(answer) == ("From 40.0 % (South) to 70.0 % (North); these two intervals do not overlap.")


def test_groups_are_compared_within_one_category_never_across(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "cost_per_episode",
        {"group_name": "North", "category": "paid", "value": 4000.0, "statistic": "mean"},
        {"group_name": "North", "category": "paid", "value": 3000.0, "statistic": "median"},
        {"group_name": "North", "category": "charge", "value": 9000.0, "statistic": "mean"},
        {"group_name": "South", "category": "paid", "value": 5000.0, "statistic": "mean"},
    )
    assert state_takeaway(answer) == "Paid: from $4,000 (North) to $5,000 (South)."


def test_nested_categories_are_said_by_the_outer_one(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "cost_comparison",
        {"category": "inpatient less IOP, crude (paid)", "value": 2751.0, "statistic": "mean"},
        {"category": "inpatient less IOP, at equal severity (paid)", "value": 1939.0, "statistic": "mean"},
    )
    said = "Inpatient less IOP: crude $2,751 and at equal severity $1,939."
    assert state_takeaway(answer, is_nested=True) == said


def test_two_rules_for_missing_weeks_are_said_together(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "relapse_endpoints",
        {"category": "any use", "value": 0.6, "statistic": "missing_is_negative"},
        {"category": "any use", "value": 0.8, "statistic": "missing_is_positive"},
        {"category": "dropout", "value": 0.1, "statistic": "as_recorded"},
    )
    assert state_takeaway(answer) == (
        "80.0 % have an answer that no missing week could change. From missing counted as no use to missing counted as "
        "use: any use 60.0 % to 80.0 %."
    )


def test_a_share_with_missing_results_begins_with_how_many_have_one(clinic: Warehouse) -> None:
    rows = [
        {"statistic": "follow_up", "value": 0.62},
        {"statistic": "missing_is_worst", "value": 0.3, "lower": 0.2, "upper": 0.4},
        {"statistic": "complete_case", "value": 0.5},
        {"statistic": "lower_bound", "value": 0.3},
        {"statistic": "upper_bound", "value": 0.7},
    ]
    assert state_takeaway(answer_of(clinic, "reliable_improvement", *rows)) == (
        "62.0 % have a follow-up score. 30.0 % (20.0–40.0 %) when a missing result counts against us; the truth lies "
        "between 30.0 % and 70.0 %; 50.0 % among those with a result."
    )
    few = [rows[0] | {"value": 0.5}, *rows[3:]]
    assert state_takeaway(answer_of(clinic, "past_month_abstinence", *few)) == (
        "50.0 % have a report at follow-up. That is too few for a rate; the truth lies between 30.0 % and 70.0 %, "
        "whatever became of those lost."
    )


def test_groups_with_too_few_results_for_a_rate_are_named(clinic: Warehouse) -> None:
    north = [
        {"group_name": "North", "statistic": "follow_up", "value": 0.8},
        {"group_name": "North", "statistic": "missing_is_worst", "value": 0.3, "lower": 0.2, "upper": 0.4},
        {"group_name": "North", "statistic": "lower_bound", "value": 0.3},
    ]
    south = [
        {"group_name": "South", "statistic": "follow_up", "value": 0.4},
        {"group_name": "South", "statistic": "lower_bound", "value": 0.1},
    ]
    assert state_takeaway(answer_of(clinic, "reliable_improvement", *north, *south)) == (
        "From 40.0 % (South) to 80.0 % (North) have a follow-up score. When missing results count against us: North: "
        "30.0 % (20.0–40.0 %). Too few followed up for a rate: South."
    )


def test_a_mean_of_those_with_a_result_begins_with_how_many_have_one(clinic: Warehouse) -> None:
    row = {"statistic": "mean", "value": -5.2, "lower": -6.0, "upper": -4.4, "denominator": 60, "missing_n": 40}
    assert state_takeaway(answer_of(clinic, "paired_change", row)) == (
        "60.0 % have a follow-up score. −5.2 points (−6.0 to −4.4 points)."
    )


def test_where_only_the_number_with_a_result_may_be_shown_nothing_more_is_said(clinic: Warehouse) -> None:
    answer = answer_of(clinic, "reliable_deterioration", {"statistic": "follow_up", "value": 0.7})
    assert state_takeaway(answer) == "70.0 % have a follow-up score."


def test_stages_are_said_in_their_order(clinic: Warehouse) -> None:
    stages = ({"category": name, "value": value} for name, value in (("asked", 1.0), ("day 30", 0.5), ("day 90", 0.6)))
    answer = answer_of(clinic, "referral_funnel", *stages)
    assert state_takeaway(answer) == "Asked 100.0 %, day 30 50.0 % and day 90 60.0 %."


def test_the_only_part_that_is_shown_is_named(clinic: Warehouse) -> None:
    answer = answer_of(
        clinic,
        "waiting_list",
        {"category": "14 to 29 days", "value": 13.0, "statistic": "count"},
        {"category": "under 7 days", "is_suppressed": True, "statistic": "count"},
    )
    assert state_takeaway(answer) == "14 to 29 days: 13."


def test_a_curve_is_read_where_a_tenth_remains(clinic: Warehouse) -> None:
    steps = {0: 1.0, 30: 0.7, 60: 0.2, 79: 0.01, 95: 0.0}
    curve = ({"step": step, "value": value, "statistic": "survival"} for step, value in steps.items())
    answer = answer_of(clinic, "retention_curve", *curve, {"value": 43.0, "statistic": "median"})
    assert state_takeaway(answer) == "At day 60: 20.0 % still in care; down to half by day 43."


def test_the_latest_month_is_held_against_the_months_before(clinic: Warehouse) -> None:
    months = [{"period": date(2026, month, 1), "value": value} for month, value in ((1, 0.6), (2, 0.8), (3, 0.5))]
    answer = answer_of(clinic, "completion_rate", *months, axis="period")
    # (0.6 + 0.8) / 2 = 0.7
    assert state_takeaway(answer) == (
        "March 2026: 50.0 %, against 70.0 % on average in the 2 months before. Lowest: 50.0 % in March 2026."
    )
