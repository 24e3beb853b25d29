"""Means of arms against each other: arithmetic by hand, and intervals against scipy's bootstrap of several samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from queries.statistics import derive
from queries.statistics.bootstrap import REPLICATES


def arm(name: str, amounts, coefficient: float = 1, *, is_divisor: bool = False, units=1.0, **columns) -> pd.DataFrame:
    """The rows of one arm: one person an amount."""
    columns = {"group_name": "All", "missing_n": 0, "is_divisor": is_divisor} | columns
    own = {
        "arm": name,
        "coefficient": coefficient,
        "numerator_amount": amounts,
        "denominator_amount": units,
        "weight": 1,
    }
    return pd.DataFrame(own | columns)


def contrast(*arms: pd.DataFrame) -> pd.Series:
    rows = derive("contrast", pd.concat(arms), unit="USD", options={})
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_difference_is_that_of_the_means_and_counts_the_persons_of_all_arms():
    # (100 + 300)/2 − (60 + 80 + 100)/3 = 120.
    row = contrast(arm("inpatient", [100.0, 300.0], missing_n=4), arm("IOP", [60.0, 80.0, 100.0], -1, missing_n=3))
    assert (row["value"], row["denominator"], row["clusters"], row["missing_n"]) == (120, 5, 2, 7)


def test_a_ratio_divides_by_the_arm_that_is_the_divisor():
    # A mean stay of 4,000 over 800/4 = 200 for a day.
    days = arm("IOP", [300.0, 500.0], units=[2.0, 2.0], is_divisor=True)
    assert contrast(arm("inpatient", [3000.0, 5000.0]), days)["value"] == 20


def test_intervals_agree_with_scipy_within_a_tenth_of_their_width():
    random = np.random.default_rng(5)
    stays, episodes = random.gamma(2, 3000, 150), random.gamma(3, 1400, 400)
    for row, statistic in (
        (contrast(arm("stay", stays), arm("IOP", episodes, -1)), lambda x, y, axis: x.mean(axis) - y.mean(axis)),
        (
            contrast(arm("stay", stays), arm("IOP", episodes, is_divisor=True)),
            lambda x, y, axis: x.mean(axis) / y.mean(axis),
        ),
    ):
        reference = scipy.stats.bootstrap(
            (stays, episodes), statistic, n_resamples=4000, method="percentile", rng=np.random.default_rng(20240701)
        ).confidence_interval
        tolerance = 0.1 * (reference.high - reference.low)
        assert row["lower"] == pytest.approx(reference.low, abs=tolerance)
        assert row["upper"] == pytest.approx(reference.high, abs=tolerance)
        assert row["method"] == f"bootstrap 95 % over persons within each arm, {REPLICATES} draws"


def test_an_arm_that_stands_alone_has_the_row_of_a_ratio_of_sums():
    amounts = np.array([100.0, 250.0, 900.0, 40.0])
    alone = contrast(arm("IOP", amounts))
    counts = pd.DataFrame({"group_name": "All", "numerator_amount": amounts, "weight": 1, "missing_n": 0})
    ratio = derive("bootstrap", counts, unit="USD", options={}).iloc[0]
    for name in ("value", "lower", "upper", "numerator", "denominator", "clusters", "method"):
        assert alone[name] == ratio[name]


def test_the_same_arm_in_two_rows_is_drawn_once_and_in_another_group_anew():
    parts = [
        arm(name, amounts, coefficient, category=category, group_name=group)
        for group, shift in (("North", 0.0), ("South", 50.0))
        for category in ("first", "second")
        for name, amounts, coefficient in (("a", [100.0 + shift, 300.0], 1), ("b", [60.0, 80.0, 100.0], -1))
    ]
    rows = derive("contrast", pd.concat(parts), unit="USD", options={}).set_index(["group_name", "category"])
    limits = ["value", "lower", "upper"]
    assert rows.loc[("North", "first"), limits].tolist() == rows.loc[("North", "second"), limits].tolist()
    assert rows.loc[("South", "first"), "value"] == rows.loc[("North", "first"), "value"] + 25


def test_one_person_in_an_arm_leaves_a_value_without_an_interval():
    row = contrast(arm("inpatient", [500.0]), arm("IOP", [60.0, 80.0], -1))
    assert (row["value"], row["clusters"]) == (430, 1)
    assert np.isnan([row["lower"], row["upper"]]).all()


@pytest.mark.parametrize("is_divisor", [True, False])
def test_an_arm_whose_denominator_is_0_leaves_no_value(is_divisor):
    row = contrast(arm("inpatient", [500.0, 700.0]), arm("IOP", [60.0, 80.0], -1, units=0.0, is_divisor=is_divisor))
    assert np.isnan([row["value"], row["lower"], row["upper"]]).all()


def test_a_divisor_that_costs_nothing_leaves_no_value():
    row = contrast(arm("inpatient", [500.0, 700.0]), arm("IOP", [0.0, 0.0], is_divisor=True))
    assert np.isnan([row["value"], row["lower"], row["upper"]]).all()


def test_an_arm_of_few_persons_is_marked_for_the_gate():
    many, few = [float(n) for n in range(40)], [float(n) for n in range(10)]
    assert contrast(arm("inpatient", few), arm("IOP", many, -1))["is_suppressed"]
    assert not contrast(arm("inpatient", [*few, 99.0]), arm("IOP", many, -1))["is_suppressed"]
