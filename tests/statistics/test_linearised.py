"""Above some thousands of persons an interval is linearised: it says what the bootstrap says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from queries.statistics import bootstrap, derive
from queries.statistics.bootstrap import MANY, percentile_interval, ratio_interval, resample_ratio
from tests.statistics.test_contrasts import arm, contrast

TOLERANCE = 0.06
"""Of the width of the interval: 2,000 draws scatter by 4 % of it, and skewed costs shift it by 1 %."""


def costs(persons: int, seed: int = 3) -> np.ndarray:
    """Skewed as costs of care are: a standard deviation a little above the mean."""
    return np.random.default_rng(seed).lognormal(8, 0.9, persons)


@pytest.mark.parametrize("persons", [MANY + 1, 4 * MANY])
def test_the_linearised_interval_agrees_with_a_bootstrap_of_the_same_persons(monkeypatch, persons):
    amounts, days = costs(persons), np.random.default_rng(4).integers(1, 60, persons).astype(float)
    lower, upper, method = ratio_interval(amounts, days, np.ones(persons))
    assert method == "linearised 95 % over persons"
    monkeypatch.setattr(bootstrap, "MANY", persons)
    drawn = percentile_interval(resample_ratio(amounts, days, np.ones(persons)))
    assert (lower, upper) == pytest.approx(drawn, abs=TOLERANCE * (upper - lower))


def test_without_a_denominator_it_is_the_normal_interval_of_a_mean():
    amounts = costs(MANY + 1)
    row = derive("bootstrap", pd.DataFrame({"numerator_amount": amounts, "weight": 1}), unit="USD", options={}).iloc[0]
    expected = scipy.stats.norm.interval(0.95, amounts.mean(), scipy.stats.sem(amounts))
    assert (row["lower"], row["upper"]) == pytest.approx(expected, rel=1e-9)


def test_up_to_that_many_persons_it_is_drawn():
    amounts = costs(MANY)
    row = derive("bootstrap", pd.DataFrame({"numerator_amount": amounts, "weight": 1}), unit="USD", options={}).iloc[0]
    assert row["method"] == "bootstrap 95 % over persons, 2000 draws"


def test_bins_count_as_the_persons_in_them():
    amounts = costs(MANY + 1).round(-3)
    binned = pd.Series(amounts).value_counts().rename_axis("numerator_amount").rename("weight").reset_index()
    rows = [
        derive("bootstrap", counts, unit="USD", options={}).iloc[0]
        for counts in (pd.DataFrame({"numerator_amount": amounts, "weight": 1}), binned)
    ]
    assert rows[0]["lower"] == pytest.approx(rows[1]["lower"], rel=1e-12)


def test_a_difference_of_a_large_and_a_small_arm_agrees_with_scipy():
    large, small = costs(MANY + 1), costs(150, seed=8)
    row = contrast(arm("inpatient", small), arm("IOP", large, -1))
    reference = scipy.stats.bootstrap(
        (small, large),
        lambda x, y, axis: x.mean(axis) - y.mean(axis),
        n_resamples=2000,
        batch=200,
        method="percentile",
        rng=np.random.default_rng(20240701),
    ).confidence_interval
    assert (row["lower"], row["upper"]) == pytest.approx(reference, abs=0.08 * (reference.high - reference.low))
    assert row["method"].endswith("2000 draws (linearised in arms of more than 5,000)")
