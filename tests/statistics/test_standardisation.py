"""Indirect standardisation against arithmetic by hand, published limits, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from statsmodels.stats.proportion import proportion_confint

from queries.statistics.standardisation import expect_from_strata, standardise

STRATA = pd.DataFrame(
    {
        "group_name": ["North", "North", "South", "South"],
        "stratum": ["mild", "severe", "mild", "severe"],
        "numerator": [10, 12, 5, 43],
        "denominator": [100, 20, 50, 80],
    }
)


def test_expected_events_are_those_of_everybody_in_the_same_strata():
    # Mild: 15 of 150, one in ten. Severe: 55 of 100. North: 100·0.1 + 20·0.55 = 21; South: 50·0.1 + 80·0.55 = 49.
    rows = expect_from_strata(STRATA)
    assert rows["group_name"].tolist() == ["North", "South"]
    np.testing.assert_allclose(rows["expected"], [21, 49])
    assert rows["expected"].sum() == rows["observed"].sum()
    assert rows["persons"].tolist() == [120, 130]


def test_a_site_with_sicker_patients_is_not_worse_once_they_are_counted():
    rows = expect_from_strata(STRATA)
    crude = rows["observed"] / rows["persons"]
    adjusted = standardise(rows["observed"], rows["expected"], persons=rows["persons"])
    # Crude: 18 % against 37 %. Adjusted: 22/21 and 48/49 of the overall 70 in 250.
    assert crude.iloc[1] > 2 * crude.iloc[0]
    np.testing.assert_allclose(adjusted["adjusted"], [22 / 21 * 0.28, 48 / 49 * 0.28])
    assert ((adjusted["lower"] < 1) & (adjusted["upper"] > 1)).all()


def test_a_stratum_without_persons_expects_nothing():
    counts = pd.DataFrame({"group_name": ["North"], "stratum": ["mild"], "numerator": [0], "denominator": [0]})
    assert expect_from_strata(counts)["expected"].tolist() == [0]


def test_poisson_limits_make_the_observed_count_just_as_rare_as_they_should():
    row = standardise([10], [8.0]).iloc[0]
    assert row["value"] == 1.25
    assert scipy.stats.poisson.sf(9, row["lower"] * 8) == pytest.approx(0.025, abs=1e-9)
    assert scipy.stats.poisson.cdf(10, row["upper"] * 8) == pytest.approx(0.025, abs=1e-9)
    # Garwood's published limits of a count of 10: 4.7954 and 18.3904.
    assert (row["lower"] * 8, row["upper"] * 8) == (pytest.approx(4.7954, abs=5e-5), pytest.approx(18.3904, abs=5e-5))
    assert row["p_value"] == pytest.approx(2 * scipy.stats.poisson.sf(9, 8))
    assert np.isnan(row["adjusted"])


def test_binomial_limits_are_those_of_clopper_and_pearson():
    row = standardise([22], [21.0], persons=[120]).iloc[0]
    low, high = proportion_confint(22, 120, method="beta")
    assert (row["lower"], row["upper"]) == (
        pytest.approx(low * 120 / 21, abs=1e-9),
        pytest.approx(high * 120 / 21, abs=1e-9),
    )
    assert row["p_value"] == pytest.approx(scipy.stats.binomtest(22, 120, 21 / 120).pvalue)


@pytest.mark.parametrize("persons", [None, [50]])
def test_no_observed_events_have_a_lower_limit_of_0(persons):
    row = standardise([0], [4.0], persons=persons).iloc[0]
    assert (row["value"], row["lower"]) == (0, 0)
    assert 0 < row["upper"] < 1


@pytest.mark.parametrize("persons", [None, [0]])
def test_nothing_expected_has_no_ratio(persons):
    row = standardise([0], [0.0], persons=persons).iloc[0]
    assert np.isnan([row["value"], row["lower"], row["upper"], row["p_value"]]).all()


def test_impossible_observations_are_refused():
    for observed, persons in (([-1], None), ([1.5], None), ([4], [3])):
        with pytest.raises(ValueError, match="Observed events"):
            standardise(observed, [1.0], persons=persons)
