"""Funnels, overdispersion, standardisation and panels of tests against the reference file, published values, scipy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from queries.statistics.funnels import NO_OVERDISPERSION, OVERDISPERSED, PLAIN, TOO_FEW, binomial_limit, funnel
from queries.statistics.multiplicity import deviation_p_value, flag_for_review
from queries.statistics.overdispersion import estimate_overdispersion
from queries.statistics.standardisation import expect_from_strata, standardise

ORACLE = Path(__file__).parent.parent / "oracle"

PROBABILITIES = (0.001, 0.025, 0.975, 0.999)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (20, (0.0015, 0.0812, 0.4873, 0.6137)),
        (50, (0.1031, 0.1661, 0.4201, 0.4991)),
        (100, (0.1603, 0.2069, 0.3869, 0.4416)),
        (200, (0.2005, 0.2350, 0.3620, 0.4001)),
    ],
)
def test_the_funnel_around_30_percent_has_the_published_limits(n, expected):
    for p, wanted in zip(PROBABILITIES, expected, strict=True):
        assert binomial_limit(n, 0.3, p) == pytest.approx(wanted, abs=5e-5)


def test_the_funnel_of_the_trial_sites_equals_the_reference():
    sites = pd.read_csv(ORACLE / "funnel_site.csv")
    for p in PROBABILITIES:
        limits = binomial_limit(sites["n"], sites["theta"].iloc[0], p)
        np.testing.assert_allclose(limits, sites[f"exactbinom_{p}"], rtol=0, atol=1e-9)
    units = funnel(sites["y"], sites["n"])
    np.testing.assert_allclose(units["target"], sites["theta"], rtol=0, atol=1e-12)
    # The site of two persons has limits outside 0 and 1, which a chart does not show.
    np.testing.assert_allclose(units["lower_998"], np.clip(sites["exactbinom_0.001"], 0, 1), rtol=0, atol=1e-9)
    np.testing.assert_allclose(units["upper_95"], np.clip(sites["exactbinom_0.975"], 0, 1), rtol=0, atol=1e-9)


def test_overdispersion_of_the_trial_sites_equals_the_reference():
    sites = pd.read_csv(ORACLE / "funnel_site.csv")
    # The reference works on the scale of proportions.
    s = np.sqrt(sites["theta"] * (1 - sites["theta"]) / sites["n"])
    spread = estimate_overdispersion(sites["z"], s)
    assert spread.phi_raw == pytest.approx(sites["phi_raw"].iloc[0], abs=1e-9)
    assert spread.phi == pytest.approx(sites["phi_wins10"].iloc[0], abs=1e-9)
    assert spread.tau_squared == pytest.approx(sites["tau2_DL_wins"].iloc[0], abs=1e-9)
    adjusted = (sites["p"] - sites["theta"]) / np.sqrt(s**2 + spread.tau_squared)
    np.testing.assert_allclose(adjusted, sites["z_adj_add"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(sites["z"] / np.sqrt(spread.phi), sites["z_adj_mult"], rtol=0, atol=1e-9)


def spread_units(units: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares between 0.3 and 0.7 of 100 persons each: far more apart than chance."""
    return np.round(np.linspace(30, 70, units)), np.full(units, 100.0)


def test_an_overdispersed_funnel_follows_the_arcsine_formula_and_is_wider():
    x, n = spread_units(12)
    units, plain = funnel(x, n, is_overdispersed=True), funnel(x, n)
    s, centre = 1 / 20, np.arcsin(np.sqrt(0.5))
    sigma = np.sqrt(s**2 + units["tau_squared"].iloc[0])
    np.testing.assert_allclose(units["upper_95"], np.sin(centre + 1.959964 * sigma) ** 2, atol=1e-6)
    np.testing.assert_allclose(units["lower_998"], np.sin(centre - 3.090232 * sigma) ** 2, atol=1e-6)
    np.testing.assert_allclose(units["z"], (np.arcsin(np.sqrt(x / n)) - centre) / sigma, atol=1e-12)
    assert set(units["method"]) == {OVERDISPERSED}
    assert (plain["position"] == "below 99.8 %").any()
    assert not units["position"].str.contains("99.8").any()


def test_with_nine_units_the_funnel_stays_plain_and_says_why():
    x, n = spread_units(9)
    # An empty unit is not a tenth one.
    units = funnel([*x, 0], [*n, 0], is_overdispersed=True)
    assert set(units["method"]) == {TOO_FEW}
    columns = ["lower_95", "upper_95", "lower_998", "upper_998", "z", "p_value", "position"]
    pd.testing.assert_frame_equal(units[columns], funnel([*x, 0], [*n, 0])[columns])
    assert set(funnel(*spread_units(10), is_overdispersed=True)["method"]) == {OVERDISPERSED}


def test_units_that_are_all_alike_have_no_overdispersion():
    units = funnel([30] * 12, [100] * 12, is_overdispersed=True)
    assert set(units["method"]) == {NO_OVERDISPERSION}
    assert units["tau_squared"].iloc[0] == units["phi"].iloc[0] == 0
    assert set(units["position"]) == {"within"}


def test_a_unit_is_outside_the_funnel_when_its_tail_probability_is_that_small():
    n, target = 30, 0.2
    for x in range(n + 1):
        position = funnel([x], [n], target=target)["position"].iloc[0]
        below, above = scipy.stats.binom.cdf(x, n, target), scipy.stats.binom.sf(x - 1, n, target)
        rarest = min(below, above)
        assert ("99.8" in position) == (rarest < 0.001)
        assert (position == "within") == (rarest >= 0.025)
        assert position.startswith("below") == (below < 0.025)


def test_two_of_two_lies_over_the_interpolated_line_and_is_still_not_rare():
    unit = funnel([2], [2], target=0.58).iloc[0]
    assert unit["value"] > unit["upper_998"]
    assert unit["position"] == "within"
    assert unit["p_value"] == pytest.approx(scipy.stats.binomtest(2, 2, 0.58).pvalue)


def test_a_unit_of_nobody_has_no_place_in_the_funnel():
    units = funnel([0, 6], [0, 20])
    assert units.loc[0, "position"] == "nobody"
    assert units.loc[0, ["value", "lower_95", "upper_998", "z", "p_value"]].isna().all()
    assert units.loc[1, "target"] == 0.3


@pytest.mark.parametrize("everybody", [0, 1])
def test_units_that_all_have_nobody_or_everybody_are_within(everybody):
    units = funnel([20 * everybody, 30 * everybody], [20, 30], is_overdispersed=True)
    assert set(units["position"]) == {"within"}
    assert set(units["value"]) == {everybody}


def test_no_units_give_no_rows_and_only_empty_units_give_no_target():
    assert funnel([], []).empty
    assert np.isnan(funnel([0], [0])["target"].iloc[0])
    assert set(funnel([0], [0])["method"]) == {PLAIN}
    assert np.isnan(estimate_overdispersion([], []).phi)


def test_one_unit_has_no_variance_between_units():
    assert estimate_overdispersion([3.0], [0.1]).tau_squared == 0


def test_a_funnel_refuses_counts_that_cannot_be_counts():
    for x, n in (([3], [2]), ([-1], [2]), ([0.5], [2])):
        with pytest.raises(ValueError, match="whole counts"):
            funnel(x, n)


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


def test_a_panel_is_adjusted_as_statsmodels_adjusts_it():
    p = np.random.default_rng(11).uniform(size=40) ** 2
    panel = flag_for_review(p)
    is_rejected, q, *_ = multipletests(p, alpha=0.10, method="fdr_bh")
    np.testing.assert_allclose(panel["q_value"], q, rtol=0, atol=1e-12)
    assert (panel["is_for_review"].to_numpy() == is_rejected).all()
    assert 0 < is_rejected.sum() < 40


def test_a_test_that_could_not_be_done_counts_for_nothing():
    panel = flag_for_review([0.04, np.nan, 0.09])
    np.testing.assert_allclose(panel["q_value"], [0.08, np.nan, 0.09])
    assert panel["is_for_review"].tolist() == [True, False, True]
    assert not flag_for_review([np.nan])["is_for_review"].any()
    assert flag_for_review([]).empty


def test_240_points_at_three_sigma_are_expected_to_signal_less_than_once_by_chance():
    assert 240 * deviation_p_value(3) == pytest.approx(0.648, abs=5e-4)
    assert np.isnan(deviation_p_value(np.nan))
