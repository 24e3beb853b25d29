"""Weeks, sessions and meetings are many and may still belong to few people: intervals and the gate count people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from queries import catalog
from queries.filters import select
from queries.statistics.distributions import clustered_mean_interval, mean_interval, quantile_interval
from queries.warehouse import Warehouse
from tests.clinic import tiny_clinic

OF_WEEKS_OR_MEETINGS = [
    "hours_per_week",
    "hours_by_month",
    "hours_band",
    "weekly_target_attainment",
    "target_attainment_by_month",
    "scheduled_intensity",
    "show_rate",
    "show_rate_by_month",
    "service_mix",
    "group_size",
    "group_over_limit",
]


def clinic(folder: Path, hours_a_week: list[float], *, weeks: int) -> Warehouse:
    """One completed person for each number of hours, held in one group on the Monday of every week."""
    people = range(1, len(hours_a_week) + 1)
    return tiny_clinic(
        folder,
        episodes=[
            {"episode_id": f"e{n}", "patient_id": f"p{n}", "discharge_day": 7 * weeks - 1}
            | {"discharge_reason": "completed"}
            for n in people
        ],
        sessions=[
            {"episode_id": f"e{n}", "day": 7 * week, "hours": hours, "group_id": "g1"}
            for n, hours in zip(people, hours_a_week, strict=True)
            for week in range(weeks)
        ],
    )


def exact(warehouse: Warehouse, name: str) -> pd.DataFrame:
    return catalog.answer_unsuppressed(warehouse, catalog.measure(name), select()).frame


@pytest.mark.parametrize("name", OF_WEEKS_OR_MEETINGS)
def test_many_weeks_of_few_people_are_hidden(tmp_path, name):
    # Two people in care for 24 weeks: 48 weeks, 48 sessions, 24 meetings.
    warehouse = clinic(tmp_path, [9, 6], weeks=24)
    assert len(exact(warehouse, name)) > 0
    assert catalog.ask(warehouse, name).frame["is_suppressed"].all()


def test_weeks_of_enough_people_are_shown(tmp_path):
    frame = catalog.ask(clinic(tmp_path, [9, 6] * 6, weeks=2), "hours_per_week").frame
    assert not frame["is_suppressed"].any()
    assert frame.set_index("statistic")["value"]["mean"] == 7.5


def test_the_interval_of_mean_hours_takes_persons_as_clusters(tmp_path):
    # 3, 6 and 9 hours in each of four weeks: mean 6, and residuals y − 6·4 of −12, 0 and 12.
    frame = exact(clinic(tmp_path, [3, 6, 9], weeks=4), "hours_per_week").set_index("statistic")
    half = t.ppf(0.975, 2) * (3 / 2 * (12**2 + 12**2) / 12**2) ** 0.5
    mean = frame.loc["mean"]
    assert (mean["value"], mean["lower"], mean["upper"]) == pytest.approx((6, 6 - half, 6 + half))
    assert mean["method"] == "linearised 95 %, clustered by person"
    assert mean["denominator"] == 12


def test_a_median_of_weeks_is_as_certain_as_the_people_behind_it():
    # Twelve people with the same hours in each of ten weeks are worth twelve amounts, and not 120.
    hours = np.arange(1.0, 13.0)
    weeks = np.full(12, 10.0)
    totals = hours * 10
    per_cluster = np.array([12, (totals**2).sum(), (totals * 10).sum(), 12 * 10**2])
    *_, size = clustered_mean_interval(hours, weeks, per_cluster)
    # The clustered variance has 12 − 1 in its denominator, that of independent weeks 120 − 1.
    assert size == pytest.approx(120 / (10 * (120 - 1) / 120 * 12 / 11))
    clustered = quantile_interval(hours, weeks, 0.5, size)
    assert clustered[0] == quantile_interval(hours, weeks, 0.5)[0] == 6.5
    assert clustered[1] < quantile_interval(hours, weeks, 0.5)[1]
    assert clustered[2] > quantile_interval(hours, weeks, 0.5)[2]


def test_one_week_a_person_gives_the_interval_of_independent_amounts():
    hours, weeks = np.array([2.0, 5.0, 6.0, 9.0, 11.0]), np.ones(5)
    per_cluster = np.array([5, (hours**2).sum(), hours.sum(), 5])
    *clustered, size = clustered_mean_interval(hours, weeks, per_cluster)
    assert clustered == pytest.approx(mean_interval(hours, weeks))
    assert size == pytest.approx(5)


def test_one_person_has_a_mean_and_no_interval(tmp_path):
    frame = exact(clinic(tmp_path, [9], weeks=12), "hours_per_week").set_index("statistic")
    assert frame["value"]["mean"] == 9
    assert frame[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.parametrize("size", [7, 20, 40, 41, 96])
def test_the_last_digit_of_a_sum_moves_no_rank(size: int) -> None:
    hours, weeks = np.arange(0.0, 12.0, 0.25), np.full(48, 2.0)
    exact = quantile_interval(hours, weeks, 0.5, size)
    assert quantile_interval(hours, weeks, 0.5, size * (1 - 1e-13)) == exact
    assert quantile_interval(hours, weeks, 0.5, size * (1 + 1e-13)) == exact
