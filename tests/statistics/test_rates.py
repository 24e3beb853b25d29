"""Shares, means, medians, ratios and bounds against published vectors, statsmodels, scipy and arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from statsmodels.stats.proportion import proportion_confint

from queries.statistics import KINDS, derive
from queries.statistics.bootstrap import percentile_interval, resample_ratio
from queries.statistics.proportions import wilson


@pytest.mark.parametrize(
    ("numerator", "denominator", "lower", "upper"),
    [(8, 10, 0.4902, 0.9433), (0, 12, 0, 0.2425), (43, 114, 0.2936, 0.4688), (120, 200, 0.5308, 0.6654)],
)
def test_wilson_has_the_published_limits(numerator, denominator, lower, upper):
    assert wilson(numerator, denominator) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))


def test_wilson_equals_statsmodels_for_every_count_up_to_40():
    for n in range(1, 41):
        counts = np.arange(n + 1)
        np.testing.assert_allclose(wilson(counts, n), proportion_confint(counts, n, method="wilson"), atol=1e-9)


def test_the_published_exits_of_intensive_outpatient_care_have_the_published_shares():
    # TEDS 2004: completed, transferred, dropped out, terminated, other.
    exits = [43119, 20441, 26561, 16025, 8294]
    counts = pd.DataFrame({"numerator": exits, "denominator": sum(exits), "missing_n": 0})
    assert sum(exits) == 114_440
    shares = derive("proportion", counts, unit="share", options={})["value"]
    assert (100 * shares).round(1).tolist() == [37.7, 17.9, 23.2, 14.0, 7.2]


def test_a_share_of_nobody_is_empty():
    counts = pd.DataFrame({"group_name": ["North"], "numerator": [0], "denominator": [0], "missing_n": [3]})
    row = derive("proportion", counts, unit="share", options={}).iloc[0]
    assert np.isnan([row["value"], row["lower"], row["upper"]]).all()


def test_counts_are_their_own_value():
    counts = pd.DataFrame({"category": ["new", "left"], "count": [12, 0]})
    rows = derive("counts", counts, unit="count", options={})
    assert rows["value"].tolist() == rows["numerator"].tolist() == rows["denominator"].tolist() == [12, 0]


def person_sums(y: np.ndarray, n: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "numerator": [y.sum()],
            "denominator": [n.sum()],
            "clusters": [len(y)],
            "sum_yy": [(y * y).sum()],
            "sum_yn": [(y * n).sum()],
            "sum_nn": [(n * n).sum()],
        }
    )


def test_a_cluster_interval_agrees_with_a_bootstrap_of_persons_within_a_tenth_of_its_width():
    random = np.random.default_rng(11)
    weeks = random.integers(2, 13, 300).astype(float)
    hours = weeks * random.normal(9, 3, 300).clip(0)
    row = derive("cluster_ratio", person_sums(hours, weeks), unit="hours", options={}).iloc[0]
    draws = np.random.default_rng(20240701).integers(0, 300, (4000, 300))
    lower, upper = np.quantile(hours[draws].sum(axis=1) / weeks[draws].sum(axis=1), [0.025, 0.975])
    tolerance = 0.1 * (upper - lower)
    assert row["value"] == pytest.approx(hours.sum() / weeks.sum(), abs=1e-12)
    assert row["lower"] == pytest.approx(lower, abs=tolerance)
    assert row["upper"] == pytest.approx(upper, abs=tolerance)


def test_with_one_week_a_person_the_cluster_interval_is_that_of_a_mean():
    hours = np.array([9.0, 3.0, 12.0, 0.0, 6.0])
    row = derive("cluster_ratio", person_sums(hours, np.ones(5)), unit="hours", options={}).iloc[0]
    interval = scipy.stats.t.interval(0.95, 4, loc=hours.mean(), scale=scipy.stats.sem(hours))
    assert (row["lower"], row["upper"]) == pytest.approx(interval, abs=1e-9)


def test_more_weeks_of_the_same_persons_do_not_narrow_the_interval():
    met, weeks = np.array([4.0, 0.0, 3.0, 1.0]), np.array([4.0, 4.0, 4.0, 4.0])
    once = derive("cluster_ratio", person_sums(met, weeks), unit="share", options={}).iloc[0]
    thrice = derive("cluster_ratio", person_sums(3 * met, 3 * weeks), unit="share", options={}).iloc[0]
    assert (once["lower"], once["upper"]) == pytest.approx((thrice["lower"], thrice["upper"]), abs=1e-12)


def test_a_share_that_all_persons_have_takes_the_wilson_interval_of_the_persons():
    row = derive("cluster_ratio", person_sums(np.full(12, 5.0), np.full(12, 5.0)), unit="share", options={}).iloc[0]
    assert row["value"] == 1
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(float(x) for x in wilson(12, 12)), abs=1e-9)


def test_one_person_has_a_ratio_but_no_interval_of_hours():
    row = derive("cluster_ratio", person_sums(np.array([18.0]), np.array([2.0])), unit="hours", options={}).iloc[0]
    assert row["value"] == 9
    assert np.isnan([row["lower"], row["upper"]]).all()


def test_rows_that_rest_on_few_persons_are_marked_for_the_gate():
    few = derive("cluster_ratio", person_sums(np.full(10, 5.0), np.full(10, 12.0)), unit="share", options={}).iloc[0]
    enough = derive("cluster_ratio", person_sums(np.full(11, 5.0), np.full(11, 12.0)), unit="share", options={}).iloc[0]
    assert few["is_suppressed"]
    assert not enough["is_suppressed"]


def test_a_distribution_equals_numpy_and_scipy():
    days = np.array([1, 1, 2, 5, 5, 5, 9, 14, 20, 31, 33, 40], dtype=float)
    amounts, weights = np.unique(days, return_counts=True)
    counts = pd.DataFrame({"amount": amounts, "weight": weights})
    rows = derive("distribution", counts, unit="days", options={"target": 9}).set_index("statistic")
    for statistic, p in (("median", 50), ("p25", 25), ("p75", 75)):
        assert rows.at[statistic, "value"] == pytest.approx(np.percentile(days, p), abs=1e-9)
    ninetieth = derive("distribution", counts, unit="days", options={"statistics": ["p90"]})
    assert ninetieth["value"].tolist() == pytest.approx([np.percentile(days, 90)], abs=1e-9)
    reference = scipy.stats.quantile_test(days, q=days.min(), p=0.5).confidence_interval(0.95)
    assert (rows.at["median", "lower"], rows.at["median", "upper"]) == (reference.low, reference.high)
    interval = scipy.stats.t.interval(0.95, 11, loc=days.mean(), scale=scipy.stats.sem(days))
    assert (rows.at["mean", "lower"], rows.at["mean", "upper"]) == pytest.approx(interval, abs=1e-9)
    # 9, 14, 20, 31, 33 and 40 reach 9 days: 6 of 12.
    assert rows.at["share_at_target", "value"] == 0.5
    assert set(rows["denominator"]) == {12}


def test_a_distribution_counts_missing_amounts_apart():
    counts = pd.DataFrame({"amount": [4.0, np.nan], "weight": [3, 2]})
    row = derive("distribution", counts, unit="days", options={"statistics": ["mean"]}).iloc[0]
    assert (row["value"], row["denominator"], row["missing_n"]) == (4, 3, 2)


def test_a_distribution_of_one_person_has_no_interval_and_of_nobody_no_value():
    one = derive("distribution", pd.DataFrame({"amount": [4.0], "weight": [1]}), unit="days", options={})
    assert one["value"].tolist() == [4.0] * 4
    assert one["lower"].isna().all()
    nobody = derive("distribution", pd.DataFrame({"amount": [np.nan], "weight": [2]}), unit="days", options={})
    assert nobody["value"].isna().all()
    assert nobody["missing_n"].tolist() == [2] * 4


def test_a_mean_change_from_sums_equals_scipy():
    change = np.array([5.0, -2.0, 8.0, 3.0, 0.0, 6.0])
    counts = pd.DataFrame({"n": [6], "sum_x": [change.sum()], "sum_xx": [(change**2).sum()]})
    row = derive("mean_change", counts, unit="points", options={}).iloc[0]
    interval = scipy.stats.ttest_1samp(change, 0).confidence_interval(0.95)
    assert row["value"] == pytest.approx(20 / 6, abs=1e-9)
    assert (row["lower"], row["upper"]) == pytest.approx((interval.low, interval.high), abs=1e-9)


def test_a_bootstrap_is_the_same_whatever_the_order_and_the_binning_of_the_rows():
    single = pd.DataFrame({"numerator_amount": [100.0, 300.0, 100.0, 50.0], "denominator_amount": 1.0, "weight": 1})
    binned = pd.DataFrame({"numerator_amount": [300.0, 50.0, 100.0], "denominator_amount": 1.0, "weight": [1, 1, 2]})
    first, second = (derive("bootstrap", counts, unit="USD", options={}) for counts in (single, binned))
    assert (
        first[["value", "lower", "upper"]].to_numpy().tolist()
        == second[["value", "lower", "upper"]].to_numpy().tolist()
    )
    assert first["value"].iloc[0] == 550 / 4


def test_a_bootstrap_interval_agrees_with_scipy_within_a_tenth_of_its_width():
    random = np.random.default_rng(5)
    cost, days = random.gamma(2, 500, 200), random.integers(1, 60, 200).astype(float)
    lower, upper = percentile_interval(resample_ratio(cost, days, np.ones(200)))
    reference = scipy.stats.bootstrap(
        (cost, days),
        lambda c, d, axis: c.sum(axis=axis) / d.sum(axis=axis),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=4000,
        rng=np.random.default_rng(20240701),
    ).confidence_interval
    tolerance = 0.1 * (reference.high - reference.low)
    assert (lower, upper) == (pytest.approx(reference.low, abs=tolerance), pytest.approx(reference.high, abs=tolerance))


@pytest.mark.parametrize("digits", [2, -3])
def test_many_persons_have_the_interval_of_the_delta_method(digits):
    # Skewed costs and uneven days of 40,000 persons: neither pooling nor binning may lose the spread of the extremes.
    random = np.random.default_rng(9)
    cost, days = random.lognormal(8, 1.2, 40_000).round(digits), random.integers(1, 60, 40_000).astype(float)
    counts = pd.DataFrame({"numerator_amount": cost, "denominator_amount": days, "weight": 1})
    drawn = derive("bootstrap", counts, unit="USD", options={}).iloc[0]
    reference = derive("cluster_ratio", person_sums(cost, days), unit="USD", options={}).iloc[0]
    tolerance = 0.05 * (reference["upper"] - reference["lower"])
    assert drawn["value"] == pytest.approx(reference["value"], rel=1e-12)
    for limit in ("lower", "upper"):
        assert drawn[limit] == pytest.approx(reference[limit], abs=tolerance)


def test_a_bootstrap_whose_denominator_can_be_0_has_no_upper_limit():
    counts = pd.DataFrame({"numerator_amount": [100.0, 100.0], "denominator_amount": [1.0, 0.0], "weight": [1, 3]})
    row = derive("bootstrap", counts, unit="USD", options={}).iloc[0]
    assert row["value"] == 400
    assert np.isnan(row["upper"])


def test_a_missing_result_counts_against_improvement_and_for_deterioration():
    # 20 are due, 15 have a result, 6 of them have the event.
    counts = pd.DataFrame({"numerator": [6], "observed": [15], "denominator": [20]})
    improved = derive("bounds", counts, unit="share", options={}).set_index("statistic")["value"].to_dict()
    assert improved == {
        "follow_up": 15 / 20,
        "missing_is_worst": 6 / 20,
        "complete_case": 6 / 15,
        "lower_bound": 6 / 20,
        "upper_bound": 11 / 20,
    }
    worse = derive("bounds", counts, unit="share", options={"higher_is": "worse"}).set_index("statistic")["value"]
    assert worse["missing_is_worst"] == 11 / 20


def test_every_kind_gives_no_rows_for_no_counts():
    columns = [
        "group_name category step period numerator denominator missing_n clusters sum_yy sum_yn sum_nn amount weight n",
        "sum_x sum_xx sum_y sum_xy direction events censored numerator_amount denominator_amount count observed arm",
    ]
    nothing = pd.DataFrame({name: pd.Series(dtype=float) for line in columns for name in line.split()})
    for kind in KINDS:
        assert derive(kind, nothing, unit="share", options={"tau": 90, "day": 90}).empty


def test_an_unknown_kind_lists_the_kinds():
    with pytest.raises(ValueError, match="proportion, cluster_ratio"):
        derive("guess", pd.DataFrame(), unit="share", options={})
